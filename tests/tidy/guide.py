#!/usr/bin/env python3
"""The user's guide has an entry for each kind of finding, below the type that silences it, and for no other.

usage: guide.py ROOT
"""
import pathlib
import re
import sys

from options import FINDING


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    table = (root / "runtime/report/findings.def").read_text()
    kinds = [(name, silenced_by) for _, name, _, silenced_by in FINDING.findall(table)]
    entries, kind = [], None
    for line in (root / "tools/guide/findings.md").read_text().splitlines():
        if line.startswith("## "):
            kind = re.search(r"\((\S+)\)$", line)
        if entry := re.match(r"- `([^`]+)`: \S", line):
            entries.append((entry[1], kind and kind[1]))
    problems = [f"findings.md: no entry for {name} below a heading with ({silenced_by})"
                for name, silenced_by in kinds if (name, silenced_by) not in entries]
    problems += [f"findings.md: there is no kind {name} that {silenced_by} silences"
                 for name, silenced_by in entries if (name, silenced_by) not in kinds]
    assert len(kinds) > 30 and len(set(entries)) == len(entries)
    print("\n".join(problems) or "each kind is in the guide")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
