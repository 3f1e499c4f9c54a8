#!/usr/bin/env python3
"""Follows tools/guide/models.md: writes its files, runs its commands, and finds what they are said to print.

usage: guide.py --build DIR
"""
import argparse
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "tools/guide/models.md"


def blocks(text):
    """[(name or None, text)] of what is indented by four, with the name that a line before gives it."""
    found = re.findall(r"(?:^`([\w.]+)`:\n\n)?((?:^    .*\n|^\n(?=    ))+)", text, re.M)
    return [(name, re.sub(r"^    ", "", block, flags=re.M).strip("\n") + "\n") for name, block in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    env = dict(os.environ, PATH=f"{build}/bin:/usr/lib/llvm-22/bin:{os.environ['PATH']}", CSAN_OPTIONS="")
    files, commands, said = 0, 0, ""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for name, text in blocks(GUIDE.read_text()):
            if name:
                (work / name).write_text(text)
                files += 1
                continue
            for line in text.splitlines():
                if line.startswith("... "):
                    assert line[4:] in said, (line, said)
                    said = said.replace(line[4:], "")
                    continue
                assert "WARNING" not in said and "NOTE" not in said, said
                done = subprocess.run(line.removeprefix("$ "), shell=True, cwd=work, env=env,
                                      capture_output=True, text=True, timeout=120)
                said = done.stdout + done.stderr
                assert done.returncode == (66 if "WARNING" in said else 0), (line, done)
                commands += 1
    assert "WARNING" not in said and "NOTE" not in said, said
    assert files == 8 and commands == 8, (files, commands)
    print(f"{commands} commands of the guide do what it says")


if __name__ == "__main__":
    main()
