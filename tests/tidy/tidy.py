#!/usr/bin/env python3
"""Rules that a machine keeps: layers, READMEs, line length, banned calls. usage: tidy.py ROOT"""
import pathlib
import re
import sys

# Bottom-up; a file includes its own layer or a lower one. The exceptions are the hot path, which is
# inlined through the layers, and the two functions of platform that base's lock and checks need.
LAYERS = [["base"], ["platform"], ["memory", "config"], ["shadow", "clock", "trace"],
          ["actor", "sync"], ["report"], ["detect"], ["frontend"], ["init"]]
EXCEPTIONS = {("frontend", "init")}  # EnsureInit and InitDone
BANNED = {r"\bstd::": "the runtime has no C++ library", r"\bprintf\(": "use base/format.h",
          r"\bassert\(": "use CSAN_CHECK"}


def layer_of(folder):
    return next(i for i, names in enumerate(LAYERS) if folder in names)


def check_runtime(root, problems):
    runtime = root / "runtime"
    for path in sorted(runtime.rglob("*")):
        if path.suffix not in (".h", ".cc", ".def", ".inc"):
            continue
        folder = path.relative_to(runtime).parts[0]
        if folder in ("include", "golib"):  # golib is a C++ library as any other
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            where = f"{path.relative_to(root)}:{number}"
            included = re.match(r'#include "([a-z_]+)/', line)
            if included and included[1] != "abi":
                other = included[1]
                if layer_of(other) > layer_of(folder) and (folder, other) not in EXCEPTIONS:
                    problems.append(f"{where}: {folder}/ may not include {other}/, a higher layer")
            code = line.split("//")[0]
            for pattern, reason in BANNED.items():
                if re.search(pattern, re.sub(r'"[^"]*"', '""', code)):
                    problems.append(f"{where}: {pattern}: {reason}")


# Nobody can break one.
MANGLED = re.compile(r"_Z\w{80}")


def check_everything(root, problems):
    for top in ("runtime", "llvm-pass", "tools", "tests", "testdata"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in (".h", ".cc", ".cpp", ".c", ".S", ".py", ".sh"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if len(line) > 110 and not MANGLED.search(line):
                    problems.append(f"{path.relative_to(root)}:{number}: {len(line)} columns")
    for top in ("runtime", "llvm-pass", "tools", "tests"):
        for folder in [root / top, *(p for p in (root / top).iterdir() if p.is_dir())]:
            if not (folder / "README.md").exists() and folder.name not in ("include",):
                problems.append(f"{folder.relative_to(root)}: no README.md")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = []
    check_runtime(root, problems)
    check_everything(root, problems)
    print("\n".join(problems) or "tidy")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
