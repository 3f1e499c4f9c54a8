#!/usr/bin/env python3
"""Builds small projects with CSan as users would; each file beside this one is a test.

usage: run.py --build DIR [NAME...], or run.py --list. Exit code 77 if nothing could be tested.
"""
import argparse
import importlib
import pathlib
import sys

import project

HERE = pathlib.Path(__file__).resolve().parent
NAMES = sorted(p.stem.removesuffix("_builds") for p in HERE.glob("*_builds.py"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    if options.list:
        print(*NAMES, sep="\n")
        return 0
    tested = False
    for name in options.name or NAMES:
        module = importlib.import_module(f"{name}_builds")
        try:
            for function in [f for n, f in vars(module).items() if n.startswith("test_")]:
                with project.Project(options.build) as scratch:
                    function(scratch)
            print(f"{name}: as it should be")
            tested = True
        except project.Skip as skip:
            print(f"{name}: skipped: {skip}")
    return 0 if tested else project.SKIPPED


if __name__ == "__main__":
    sys.exit(main())
