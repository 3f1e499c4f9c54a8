#!/usr/bin/env python3
"""Builds and runs testdata/kernels: each KERNEL(name, "kind") must give a finding of its kind (of one of
those between "|") that names two of the lines marked RACE up to the next kernel, or the only one, and be
silent as its fix, with BUG=0.

usage: kernels.py --build DIR [--level O1] [--runs N] [--least PERCENT] [NAME...]
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
from collections import namedtuple

from compile import compile_program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
import run as e2e  # noqa: E402

Kernel = namedtuple("Kernel", "name kinds lines")


def kernels_in(source):
    found = []
    for number, line in enumerate(source.read_text().splitlines(), 1):
        if begins := re.match(r'KERNEL\((\w+), "([^"]+)"\)', line):
            found.append(Kernel(begins[1], begins[2].split("|"), set()))
        elif "// RACE" in line:
            found[-1].lines.add(number)
    return found


def stacks_of(record):
    steps = [step["stack"] for step in record["steps"]] if "steps" in record else [
        record["now"]["stack"], record["before"]["stack"]]
    return [stack for stack in steps if stack]


def names(record, kernel, source):
    """Whether it is of the kind, and its stacks have lines that are marked: at least two, if so many are."""
    lines = set().union(*(e2e.lines_in(stack, source) for stack in stacks_of(record)))
    return record["kind"] in kernel.kinds and len(kernel.lines & lines) >= min(2, len(kernel.lines))


def check_bug(kernel, source, done, records):
    if done.returncode != 66 or not any(names(record, kernel, source) for record in records):
        seen = [(r["kind"], [sorted(e2e.lines_in(s, source)) for s in stacks_of(r)]) for r in records]
        raise AssertionError(f"exit code {done.returncode}, no {kernel.kinds} names {sorted(kernel.lines)};"
                             f" got {seen}\n{done.stderr}")


def check_file(args, source, work):
    """The names of the bugs that were not found, and of the fixes that were not silent."""
    programs = [work / f"{source.stem}.{bug}" for bug in (0, 1)]
    for bug, program in enumerate(programs):
        compile_program(args.build, source, args.level, program, [f"-DBUG={bug}"])
    missed, loud = set(), set()
    kernels = [k for k in kernels_in(source) if not args.name or k.name in args.name]
    for kernel in kernels:
        for _ in range(args.runs):
            try:
                check_bug(kernel, source, *e2e.run_once(programs[1], work, arguments=[kernel.name])[:2])
            except (AssertionError, subprocess.TimeoutExpired) as error:
                print(f"MISSED {kernel.name}: {error}")
                missed.add(kernel.name)
            try:
                e2e.check_clean(*e2e.run_once(programs[0], work, arguments=[kernel.name])[:2])
            except (AssertionError, subprocess.TimeoutExpired) as error:
                print(f"LOUD {kernel.name}: {error}")
                loud.add(kernel.name)
    return len(kernels), missed, loud


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--level", default="O1")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--least", type=float, default=95, help="per cent of the bugs that must be named")
    parser.add_argument("name", nargs="*")
    args = parser.parse_args()
    count, missed, loud = 0, set(), set()
    with tempfile.TemporaryDirectory() as work:
        for source in sorted((ROOT / "testdata/kernels").glob("*.cpp")):
            if args.name and not any(k.name in args.name for k in kernels_in(source)):
                continue
            here, missed_here, loud_here = check_file(args, source, pathlib.Path(work))
            count, missed, loud = count + here, missed | missed_here, loud | loud_here
    named = 100 * (count - len(missed)) / max(count, 1)
    print(f"{count} kernels, {args.runs} runs each: {named:.0f} % named, {len(loud)} fixes not silent")
    sys.exit(1 if count == 0 or named < args.least or loud else 0)


if __name__ == "__main__":
    main()
