#!/usr/bin/env python3
"""Builds each family of cases (case.h) and runs it as bug and as clean twin.

usage: run.py --build DIR [FAMILY...]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def check(build, source, work):
    program = work / source.stem
    # Calls stay calls; a case that ignores a result is not the compiler's business.
    subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-g1", "-O1",
                    "-fno-builtin", "-Wno-everything", source, "-pthread", "-o", program], check=True)
    for twin in ("bug", "clean"):
        # In a session of its own: cases send signals to their process group.
        done = subprocess.run([program, twin], capture_output=True, text=True, timeout=60,
                              start_new_session=True,
                              env=dict(os.environ, CSAN_OPTIONS=f"symbolize=0:log_path={work}/log"))
        wanted = 66 if twin == "bug" else 0
        if done.returncode != wanted or "cases, 0 failed" not in done.stderr:
            raise AssertionError(f"{twin}: exit code {done.returncode}\n{done.stderr}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("family", nargs="*")
    args = parser.parse_args()
    sources = [s for s in sorted(HERE.glob("*.cpp")) if not args.family or s.stem in args.family]
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for source in sources:
            try:
                check(args.build, source, pathlib.Path(work))
            except (AssertionError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {source.stem}: {error}")
    print(f"{len(sources)} families: {failed} failed")
    sys.exit(1 if failed or not sources else 0)


if __name__ == "__main__":
    main()
