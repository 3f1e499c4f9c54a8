#!/usr/bin/env python3
"""Builds and runs the stress programs; each run has its expected result below.

usage: run.py --build DIR [--list] [FILTER...]   a filter is part of a run's name, =NAME the whole
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIRST, SECOND = "WriteOfTheFirst", "WriteOfTheSecond"


def silent(done, records):
    assert done.returncode == 0 and not records, f"exit code {done.returncode}, {records[:1]}"


def all_kept(done, records):
    silent(done, records)
    lost = re.findall(r"without a free slot: (\d+)", done.stderr)
    assert lost and set(lost) == {"0"}, f"unrecorded accesses: {lost}"


def bounded(done, records):
    silent(done, records)
    early, late = map(int, re.findall(r"\d+", done.stdout))
    assert late - early < 64 << 10, f"grew from {early} to {late} KiB"


def races(first, second):
    """One race, and both stacks begin in these functions."""
    def check(done, records):
        assert done.returncode == 66, f"exit code {done.returncode}: not found\n{done.stderr[-500:]}"
        for record in records:
            stacks = [[f["function"] for f in record[which]["stack"] or []] for which in ("before", "now")]
            if all(any(wanted in f for f in stack) for wanted, stack in zip((first, second), stacks)):
                return
        raise AssertionError(f"wrong stacks: {json.dumps(records)[:1500]}")
    return check


def all_found(done, _):
    found, trials = map(int, re.findall(r"\d+", done.stdout))
    assert found >= trials, f"found {found} of {trials}"


def each_judged(done, _):
    early, trials, missed, invented = map(int, re.findall(r"\d+", done.stdout))
    assert 0 < early < trials and missed == 0 and invented == 0, done.stdout


def some_found(done, records):
    assert done.returncode == 66 and records, f"exit code {done.returncode}"


IN_TURN, AT_ONCE, FAR = "many_threads_in_turn", "many_threads_at_once", "far_apart"
# A sweep takes its time, in which so many slots do not run out.
ALONE, FEW = "epochs_of_one_thread", ("slots=14", "print_stats=1")
RUNS = {  # name: source, arguments, check, options
    "in_turn.single": (IN_TURN, "batch=1", bounded),
    "in_turn.batches": (IN_TURN, "batch=100", bounded),
    "in_turn.locks": (IN_TURN, "batch=1 locks=100", bounded),
    "in_turn.single.bug": (IN_TURN, "batch=1 bug=1", races(FIRST, "WriteOfTheLast")),
    "in_turn.batches.bug": (IN_TURN, "batch=100 bug=1", races(FIRST, "WriteOfTheLast")),
    "at_once": (AT_ONCE, "", silent),
    "at_once.early.bug": (AT_ONCE, "bug=1 first=5 second=200", races(FIRST, SECOND)),
    "at_once.late.bug": (AT_ONCE, "bug=1 first=900 second=950", races(FIRST, SECOND)),
    "at_once.mixed.bug": (AT_ONCE, "bug=1 first=3 second=990", races(FIRST, SECOND)),
    "head_on.writes": ("head_on", "kind=0", all_found),
    "head_on.read": ("head_on", "kind=1", all_found),
    "head_on.bytes": ("head_on", "kind=2", all_found),
    "head_on.atomic": ("head_on", "kind=3", all_found),
    "head_on.vtable": ("head_on", "kind=4", all_found),
    "head_on.unaligned_writes": ("head_on", "kind=5", all_found),
    "head_on.unaligned_read": ("head_on", "kind=6", all_found),
    "head_on.wide_writes": ("head_on", "kind=7", all_found),
    "head_on.wide_read": ("head_on", "kind=8", all_found),
    "head_on.wide_write": ("head_on", "kind=9", all_found),
    "large_blocks": ("large_blocks", "", bounded),
    "large_blocks.bug": ("large_blocks", "bug=1", some_found),
    "large_blocks.write.bug": ("large_blocks", "bug=2", some_found),
    "large_blocks.alone.bug": ("large_blocks", "bug=1 threads=0", some_found),
    "flag": ("flag", "", each_judged),
    "flag.strong": ("flag", "strong=1", each_judged),
    "far_apart": (FAR, "pairs=1000000", silent),
    "far_apart.bug": (FAR, "pairs=1000000 bug=1", races(FIRST, SECOND)),
    "many_epochs": ("many_epochs", "", silent, "slots=12"),
    "many_epochs.bug": ("many_epochs", "bug=1", races(FIRST, SECOND), "slots=12"),
    "many_epochs.held": ("many_epochs", "holders=10 rounds=2000000", silent, "slots=12"),
    "many_epochs.held.bug": ("many_epochs", "bug=1 holders=10 rounds=2000000", races(FIRST, SECOND),
                             "slots=12"),
    "epochs_of_one_thread": (ALONE, "", all_kept, *FEW),
    "epochs_of_one_thread.bug": (ALONE, "bug=1", races(FIRST, SECOND), *FEW),
    "epochs_of_one_thread.forked": (ALONE, "child=1", all_kept, *FEW),
    "epochs_of_one_thread.forked.bug": (ALONE, "child=1 bug=1", races(FIRST, SECOND), *FEW),
    "epochs_of_one_thread.alone": (ALONE, "child=1 alone=1", all_kept, *FEW),
    "epochs_of_one_thread.alone.bug": (ALONE, "child=1 alone=1 bug=1", races(FIRST, SECOND), *FEW),
    "nested_locks": ("nested_locks", "", silent),
    "nested_locks.bug": ("nested_locks", "bug=1", races(FIRST, SECOND)),
    "migration": ("migration", "", silent),
    "migration.bug": ("migration", "bug=1", some_found),
    "migration.long": ("migration", "rounds=200000", silent),
    "vector.v2": ("vector", "x86-64-v2", None),
    "vector.v3": ("vector", "x86-64-v3", None),
    "vector.v4": ("vector", "x86-64-v4", None),
}


def compile_program(args, source, flags, out):
    command = [f"{args.build}/bin/csan-clang++", "-std=c++20", "-g1", "-O2", *flags,
               str(HERE / f"{source}.cpp"), "-pthread", "-o", str(out)]
    subprocess.run(command, check=True)


def run_program(program, arguments, work, options=()):
    for old in work.glob("log.*"):
        old.unlink()
    done = subprocess.run([program, *arguments.split()], capture_output=True, text=True, timeout=120,
                          env=dict(os.environ,
                                   CSAN_OPTIONS=":".join(["format=json", f"log_path={work}/log", *options])))
    records = []
    for log in work.glob("log.*"):
        records += [json.loads(line) for line in log.read_text().splitlines()]
    return done, records


def run_vector(args, march, work):
    """Both builds print the same, at each level."""
    if march == "x86-64-v4" and " avx512f " not in pathlib.Path("/proc/cpuinfo").read_text():
        print("this processor has no AVX-512: nothing run")
        return
    # Left to itself the compiler uses 256 of AVX-512's 512 bits.
    choices = [["-O2"], ["-O3"]] + ([["-O3", "-mprefer-vector-width=512"]] if march == "x86-64-v4" else [])
    for level in choices:
        printed = []
        for flags in ([], ["-fsanitize=concurrency"]):
            compile_program(args, "vector", [*level, f"-march={march}", *flags], work / "program")
            done, records = run_program(work / "program", "", work)
            silent(done, records)
            printed.append(done.stdout)
        assert printed[0] == printed[1], f"{level}: native {printed[0]}, checked {printed[1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("filter", nargs="*")
    args = parser.parse_args()
    names = [n for n in RUNS if not args.filter or any(f in n or f == '=' + n for f in args.filter)]
    if args.list:
        print(*names, sep="\n")
        return
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        built = None
        for run in names:
            source, arguments, check, *options = RUNS[run]
            try:
                if check is None:
                    run_vector(args, arguments, work)
                    built = None
                    continue
                if source != built:
                    compile_program(args, source, ["-fsanitize=concurrency"], work / "program")
                    built = source
                check(*run_program(work / "program", arguments, work, options))
            except (AssertionError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {run}: {error}")
    print(f"{len(names)} runs: {failed} failed")
    sys.exit(1 if failed or not names else 0)


if __name__ == "__main__":
    main()
