#!/usr/bin/env python3
"""Whether each public header of golib has an example, says what it orders, and whether the examples compile.

An example is a run of indented lines in a header's first comment; examples.h declares what they use.

usage: examples.py ROOT CXX
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# They hold no type that a program names.
WITHOUT = {"chan_core.h", "wait_list.h"}


def examples(header):
    """Its examples: (line number, text)."""
    found, now = [], []
    for number, line in enumerate(header.read_text().splitlines(), 1):
        if line.startswith("//     "):
            now.append(line[7:])
            continue
        if now:
            found.append((number - len(now), "\n".join(now)))
        now = []
        if not line.startswith("//"):
            break
    return found


def main():
    root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
    include = root / "runtime/include"
    problems, source = [], ['#include "examples.h"']
    for header in sorted((include / "csan/go").glob("*.h")):
        if header.name in WITHOUT:
            continue
        text = header.read_text().split("#pragma once")[0]
        if "Happens-before:" not in text and header.name != "panic.h":
            problems.append(f"{header}: no paragraph 'Happens-before:'")
        found = examples(header)
        if not found:
            problems.append(f"{header}: no example")
        for line, code in found:
            name = re.sub(r"\W", "_", header.stem)
            source.append(f'void Example_{name}_{line}();\nvoid Example_{name}_{line}() {{\n'
                          f'#line {line} "{header}"\n{code}\n}}')
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "examples.cpp"
        file.write_text("\n".join(source) + "\n")
        done = subprocess.run([compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-Wno-unused-variable",
                               "-fsyntax-only", f"-I{include}", f"-I{HERE}", str(file)],
                              capture_output=True, text=True)
        problems += [done.stderr] if done.returncode != 0 else []
    print("\n".join(problems) or f"{len(source) - 1} examples compile")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
