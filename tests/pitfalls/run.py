#!/usr/bin/env python3
"""Builds and runs testdata/pitfalls: NAME/bug.cpp must give the finding that its first lines tell of, as in
tests/e2e/run.py, and each NAME/fix*.cpp must be silent.

usage: run.py --build DIR [--level O1,O2] [--runs N] [NAME...]
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from compile import compile_program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
import run as e2e  # noqa: E402


def own_threads(record):
    return {a["id"] for a in record["actors"] if a["name"].startswith("csan-go")}


def check(args, folder, level, work):
    bug = folder / "bug.cpp"
    for source in [bug, *sorted(folder.glob("fix*.cpp"))]:
        program = work / "program"
        compile_program(args.build, source, level, program)
        for _ in range(args.runs):
            done, records, _ = e2e.run_once(program, work, e2e.told(bug, "OPTIONS"))
            if source == bug:
                e2e.check_bug(source, done, records)
                # Threads of <csan/go.h> that have nothing to do are in nobody's way.
                idle = [s for r in records for s in r.get("steps", []) if s["actor"] in own_threads(r)]
                assert not idle, f"idle threads are told of: {idle}"
            else:
                e2e.check_clean(done, records)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--level", default="O1")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("name", nargs="*")
    args = parser.parse_args()
    folders = [f for f in sorted((ROOT / "testdata/pitfalls").iterdir())
               if f.is_dir() and (not args.name or any(n in f.name for n in args.name))]
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for folder in folders:
            for level in args.level.split(","):
                try:
                    check(args, folder, level, pathlib.Path(work))
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    failed += 1
                    print(f"FAILED {folder.name} -{level}: {error}")
    print(f"{len(folders)} pitfalls, levels {args.level}, {args.runs} runs each: {failed} failed")
    sys.exit(1 if failed or not folders else 0)


if __name__ == "__main__":
    main()
