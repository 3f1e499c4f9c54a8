#!/usr/bin/env python3
"""Keeps the tables of runtime/frontend (interceptors.def, tsan/ and goroutine/interface.def) in step with
the code.

Every function of the tables is exported by the runtime and written in the file that its table names, or
made from libc/calls.def; those of interceptors.def and calls.def have a case in tests/interceptors or a
place in its elsewhere.txt; every exported function that is not a hook of ours is in a table, and so is
every function that <csan/annotate.h> declares; interceptors.md and the two interface.md are what the
tables make of it. `--fix` writes them.

usage: interceptors.py ROOT (BUILD | --fix)
"""
import itertools
import pathlib
import re
import sys

ENTRY = re.compile(r'CSAN_INTERCEPTOR\((\w+),\s*"([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)')
TSAN_ENTRY = re.compile(r'CSAN_TSAN_FUNCTION\(\s*"([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)')
ANNOTATION = re.compile(r'CSAN_ANNOTATION\(\s*"([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)')
CALL = re.compile(r"^CSAN_(?:WAIT_|NAME_|LOOK_|OPEN_)?CALL\(", re.M)
OURS = re.compile(r"__csan_")  # hooks: called by instrumented code only
HEAD = """# What is intercepted

Made from `interceptors.def` by `tests/tidy/interceptors.py . --fix`. The file names are relative to
this folder; each says at its top which order it makes, why that accuses no correct program and what
it can miss.
"""

TSAN_HEAD = """# ThreadSanitizer's interface

Made from `interface.def` by `tests/tidy/interceptors.py . --fix`. The file names are relative to the
folder above. {a,b} stands for either.
"""

ANNOTATIONS_HEAD = """# What libraries tell

Made from `interface.def` by `tests/tidy/interceptors.py . --fix`. The file names are relative to the
folder above. {a,b} stands for either. `include/csan/annotate.h` says how each is used.
"""


def read_table(path, entry=ENTRY, macro="CSAN_INTERCEPTOR"):
    """[(section, [(name, header, file, effect)])]"""
    sections = []
    text = path.read_text()
    for part in re.split(r"^(?=// )", text, flags=re.M):
        entries = entry.findall(part)
        if entries:
            sections.append((part.splitlines()[0].removeprefix("// "), entries))
    assert sum(len(e) for _, e in sections) == text.count(f"\n{macro}("), "an odd entry"
    return sections


def document(sections):
    out = [HEAD]
    for title, entries in sections:
        out += [f"\n## {title}\n", "| function | header | file | effect |", "|---|---|---|---|"]
        out += [f"| `{n}` | `<{h}>` | {f}.cc | {effect} |" for n, h, f, effect in entries]
    return "\n".join(out) + "\n"


def arguments(text):
    """Of a macro's call whose arguments begin `text`: up to the closing parenthesis."""
    out, depth, quoted, start = [], 0, False, 0
    for i, char in enumerate(text):
        quoted ^= char == '"'
        if quoted:
            continue
        depth += (char in "([{") - (char in ")]}")
        if depth < 0 or (depth == 0 and char == ","):
            out.append(" ".join(text[start:i].split()))
            start = i + 1
        if depth < 0:
            return out
    raise AssertionError("an odd entry")


def effect_of(accesses):
    """What a line of calls.def tells, in words."""
    reads, writes = [], []
    for verb, what in re.findall(r"\.(\w+)\(&?\*?(\w+)", accesses):
        if verb != "If":
            (reads if verb in ("Text", "In", "InSet", "Bytes", "Word", "Number") else writes).append(what)
    said = [f"{verb} {' and '.join(dict.fromkeys(what))}"
            for verb, what in (("reads", reads), ("writes", writes)) if what]
    return ", ".join(said)


def read_calls(path):
    """As read_table, of libc/calls.def."""
    sections = []
    for part in re.split(r"^(?=// )", path.read_text(), flags=re.M):
        calls = [arguments(part[m.end():]) for m in CALL.finditer(part)]
        if calls:
            entries = [(c[1], c[4].strip('"'), "libc/calls", effect_of(c[5])) for c in calls]
            sections.append((part.splitlines()[0].removeprefix("// "), entries))
    return sections


def read_tsan_table(path):
    return read_table(path, TSAN_ENTRY, "CSAN_TSAN_FUNCTION")


def read_annotations(root):
    return read_table(root / "runtime/frontend/goroutine/interface.def", ANNOTATION, "CSAN_ANNOTATION")


def annotations(root):
    """Their names."""
    return {n for _, part in read_annotations(root) for e in part for n in expand(e[0])}


def tsan_document(sections, head=TSAN_HEAD):
    out = [head]
    for title, entries in sections:
        out += [f"\n## {title}\n", "| function | file | effect |", "|---|---|---|"]
        out += [f"| `{n}` | {f}.cc | {effect} |" for n, f, effect in entries]
    return "\n".join(out) + "\n"


def expand(name):
    """What a name with {a,b} stands for."""
    parts = [p[1:-1].split(",") if p.startswith("{") else [p] for p in re.split(r"(\{[^}]*\})", name)]
    return ["".join(one) for one in itertools.product(*parts)]


def exported(build):
    listed = (build / "share/csan/dynamic.list").read_text()
    return {n for n in re.findall(r"^(\w+);", listed, re.M) if not OURS.match(n)}


def checked(root):
    """{function: where it is checked, or why not}; also yields what elsewhere.txt gets wrong."""
    where = {}
    for source in (root / "tests/interceptors").glob("*.cpp"):
        for names in re.findall(r'\b(?:ACCESS|ORDER|REMADE|BLOCK_OF)\(\s*"([^"]+)"', source.read_text()):
            where |= dict.fromkeys(names.split(), source.name)
    for line in (root / "tests/interceptors/elsewhere.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, place = line.split(" ", 1)
            where[name] = place
    return where


def uncovered(root, names):
    where = checked(root)
    yield from (f"{n}: neither a case in tests/interceptors nor a place in its elsewhere.txt"
                for n in names if n not in where)
    yield from (f"{n}: checked by tests/interceptors, but not intercepted" for n in where if n not in names)
    for name, place in where.items():
        if "/" in place and not place.startswith("- ") and not (root / "tests/e2e" / place).exists():
            yield f"{name}: elsewhere.txt names {place}, which does not exist"


def problems_of_annotations(root, build):
    names = annotations(root)
    header = (root / "runtime/include/csan/annotate.h").read_text()
    declared = set(re.findall(r"^CSAN_MAY .*?(__csan_\w+)\(", header, re.M))
    symbols = set(re.findall(r"^(\w+);", (build / "share/csan/dynamic.list").read_text(), re.M))
    yield from (f"{n}: not in both goroutine/interface.def and annotate.h" for n in sorted(names ^ declared))
    yield from (f"{n}: in goroutine/interface.def, but the runtime does not export it"
                for n in sorted(names - symbols))
    sections = read_annotations(root)
    frontend = root / "runtime/frontend"
    yield from (f"{name}: not in {file}.cc" for _, part in sections for name, file, _ in part
                if name.split("{")[0] not in (frontend / f"{file}.cc").read_text())
    if (frontend / "goroutine/interface.md").read_text() != tsan_document(sections, ANNOTATIONS_HEAD):
        yield "goroutine/interface.md is not what interface.def makes; run this with --fix"


def problems_of(sections, tsan_sections, root, build):
    frontend = root / "runtime/frontend"
    entries = [e for _, part in sections for e in part]
    tsan_entries = [e for _, part in tsan_sections for e in part]
    names = [e[0] for e in entries] + [n for e in tsan_entries for n in expand(e[0])]
    symbols = exported(build)
    yield from (f"{n}: twice in interceptors.def" for n in sorted({n for n in names if names.count(n) > 1}))
    yield from (f"{n}: in interceptors.def, but the runtime does not export it"
                for n in names if n not in symbols)
    yield from (f"{n}: exported by the runtime, but not in interceptors.def"
                for n in sorted(symbols - set(names)))
    yield from uncovered(root, [e[0] for e in entries])
    for name, _, file, _ in entries:
        path = frontend / f"{file}.cc"
        stem = re.match(r"_Z(?:nwm|nam|dlPvm?|daPvm?)|\w+", name)[0]  # their variants are made by a macro
        if not path.exists():
            yield f"{name}: {file}.cc does not exist"
        elif file != "libc/calls" and not re.search(rf"\b{stem}\b", path.read_text()):
            yield f"{name}: not in {file}.cc"
    for name, file, _ in tsan_entries:
        path = frontend / f"{file}.cc"
        text = path.read_text() if path.exists() else ""
        if re.split(r"[{\d]", name)[0] not in text:
            yield f"{name}: not in {file}.cc"
    if (frontend / "tsan/interface.md").read_text() != tsan_document(tsan_sections):
        yield "interface.md is not what interface.def makes; run this with --fix"
    if (frontend / "interceptors.md").read_text() != document(sections):
        yield "interceptors.md is not what interceptors.def makes; run this with --fix"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    frontend = root / "runtime/frontend"
    sections = read_table(frontend / "interceptors.def") + read_calls(frontend / "libc/calls.def")
    tsan_sections = read_tsan_table(frontend / "tsan/interface.def")
    if sys.argv[2] == "--fix":
        (frontend / "interceptors.md").write_text(document(sections))
        (frontend / "tsan/interface.md").write_text(tsan_document(tsan_sections))
        (frontend / "goroutine/interface.md").write_text(
            tsan_document(read_annotations(root), ANNOTATIONS_HEAD))
        return
    build = pathlib.Path(sys.argv[2])
    problems = [*problems_of(sections, tsan_sections, root, build), *problems_of_annotations(root, build)]
    print("\n".join(problems) or f"{sum(len(e) for _, e in sections + tsan_sections)} lines")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
