#!/usr/bin/env python3
"""Options, kinds of findings and the operations of models: what is written of them is made from their tables.

The tables between "<!-- SOURCE -->" and "<!-- end -->" are as flags.inc, findings.def and others have them;
options that the top README names exist; each option is looked at somewhere in the runtime.

usage: options.py ROOT [--fix]
"""
import pathlib
import re
import sys

FLAG = re.compile(r'^CSAN_FLAG\((\w+), (\w+), (.+?),\s+"(.*)"\)$', re.M)
RANGE = re.compile(r"^CSAN_FLAG_RANGE\((\w+), (\w+), (\w+)\)$", re.M)
FINDING = re.compile(r'^CSAN_FINDING\((\w+), "(.*)", "(.*)",\s+"(\w+)"\)$', re.M)
OPERATION = re.compile(r'^CSAN_OPERATION\((\w+), "([^"]+)", (\w+),\s+"(.*)"\)$', re.M)
CHECK = re.compile(r'^CSAN_CHECK\((\w+), "(.*)", (\w+),\s+"(.*)",\s+"(.*)"\)$', re.M)


def options_table(text):
    ranges = {name: f"{int(least, 0)} to {int(most, 0)}" for name, least, most in RANGE.findall(text)}
    rows = ["| option | default | values | meaning |", "|---|---|---|---|"]
    for kind, name, default, meaning in FLAG.findall(text):
        values = {"bool": "0 or 1", "string": "text", "int": ranges.get(name)}[kind]
        default = {"false": "0", "true": "1", '""': ""}.get(default, default.strip('"'))
        rows.append(f"| `{name}` | {default} | {values} | {meaning} |")
    return "\n".join(rows)


def findings_table(text):
    rows = ["| kind | title | silenced by |", "|---|---|---|"]
    return "\n".join(rows + [f"| `{name}` | {title} | `{silenced_by}:` |"
                             for _, name, title, silenced_by in FINDING.findall(text)])


def checks_table(text):
    rows = ["| kind | what | instead |", "|---|---|---|"]
    return "\n".join(rows + [f"| `{name}` | {title} | {fix} |"
                             for _, name, _, title, fix in CHECK.findall(text)])


def operations_table(text):
    rows = ["| operation | what is told | may wait |", "|---|---|---|"]
    return "\n".join(rows + [f"| `{name}` | {told} | {'' if waits == 'Never' else 'yes'} |"
                             for _, name, waits, told in OPERATION.findall(text)])


TABLES = [  # source, how an entry begins, entry, table, where it is documented
    ("runtime/config/flags.inc", "CSAN_FLAG(", FLAG, options_table, "runtime/config/README.md"),
    ("runtime/report/findings.def", "CSAN_FINDING(", FINDING, findings_table,
     "runtime/report/README.md"),
    ("tools/audit/checks.def", "CSAN_CHECK(", CHECK, checks_table, "tools/audit/README.md"),
    ("llvm-pass/abi/operations.def", "CSAN_OPERATION(", OPERATION, operations_table,
     "llvm-pass/model/README.md")]


def check_table(root, source, entry, pattern, table, readme, fix):
    text = (root / source).read_text()
    assert len(pattern.findall(text)) == text.count(f"\n{entry}"), f"{source}: an entry is not understood"
    path = root / readme
    written = path.read_text()
    begin, end = f"<!-- {source.split('/')[-1]} -->\n", "\n<!-- end -->"
    assert begin in written, f"{readme}: no place for the table of {source}"
    head, rest = written.split(begin, 1)
    tail = rest.split(end, 1)[1]
    wanted = head + begin + table(text) + end + tail
    if written == wanted:
        return []
    if fix:
        path.write_text(wanted)
        return []
    return [f"{readme}: not as {source} says; run tests/tidy/options.py . --fix"]


def check_use(root):
    names = {name for _, name, _, _ in FLAG.findall((root / "runtime/config/flags.inc").read_text())}
    sources = "".join(p.read_text() for p in sorted((root / "runtime").rglob("*.cc")))
    problems = [f"flags.inc: nothing looks at {name}" for name in sorted(names)
                if f"flags().{name}" not in sources]
    readme = (root / "README.md").read_text()
    options = readme.split("## Options", 1)[1].split("\n## ", 1)[0]
    for name in re.findall(r"`(\w+)=", options):
        if name not in names | {"CSAN_OPTIONS", "key"}:
            problems.append(f"README.md: there is no option {name}")
    return problems


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = check_use(root)
    for table in TABLES:
        problems += check_table(root, *table, fix="--fix" in sys.argv[2:])
    print("\n".join(problems) or "as the tables say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
