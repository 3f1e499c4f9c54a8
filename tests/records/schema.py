"""The part of JSON Schema 2020-12 that tools/common/record.schema.json uses."""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None)}
KNOWN = {"$schema", "$defs", "title", "description", "type", "const", "enum", "pattern", "minimum",
         "required", "properties", "items", "$ref", "additionalProperties",
         "minItems", "maxItems", "uniqueItems"}


def mistakes(value, schema, root, where="record", strict=False):
    """What of `value` is not as the schema says; `strict`: nor may it have a field that is not named."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and type(value) not in [TYPES[name] for name in types]:
        return [f"{where} is not of type {' or '.join(types)}"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{where} is not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{where} does not match {schema['pattern']}")
    if "minimum" in schema and value < schema["minimum"]:
        found.append(f"{where} is less than {schema['minimum']}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{where}.{key} is missing" for key in schema.get("required", []) if key not in value]
        if strict:
            found += [f"{where}.{key} is not in the schema" for key in value if key not in properties]
        for key in value.keys() & properties.keys():
            found += mistakes(value[key], properties[key], root, f"{where}.{key}", strict)
    if isinstance(value, list):
        for i, item in enumerate(value):
            found += mistakes(item, schema["items"], root, f"{where}[{i}]", strict)
    return found
