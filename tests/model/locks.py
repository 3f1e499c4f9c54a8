#!/usr/bin/env python3
"""Runs random lock programs and compares what is reported with what their schedules can do.

Each `lock-order-inversion` must name threads and locks that some schedule of the program leaves waiting for
each other; where the run has a sync-preserving deadlock, one must be reported.

Seeds of programs that once were judged wrongly come first.

usage: locks.py --build DIR [--first SEED] [--count N] [--show]
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from lock_programs import Maker, Trace, hangs, lock_of, run_once

ONCE_WRONG = [1236, 1779, 2050, 2312]
HERE = pathlib.Path(__file__).resolve().parent


def build(args, out):
    subprocess.run([f"{args.build}/bin/csan-clang++", "-std=c++20", "-fsanitize=concurrency", "-g", "-O1",
                    str(HERE / "lock_tape.cpp"), "-o", str(out)], check=True)


def execute(tape, trace_ops):
    text = "".join(f"{op.thread} {op.code} {op.object}\n" for op in trace_ops)
    env = dict(os.environ, CSAN_OPTIONS="format=json")
    done = subprocess.run([tape], input=text, capture_output=True, text=True, env=env, timeout=120)
    lines = done.stdout.splitlines()
    names = {int(a, 16): (kind, n) for kind, line in zip("mr", lines) for n, a in enumerate(line.split())}
    records = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    return done, names, records


def waits_in(record, names, thread_of):
    return frozenset((thread_of[step["actor"]], names[int(step["object"], 16)])
                     for step in record["steps"] if "asks" in step["what"])


def check(tape, seed):
    """(problems, whether there was something to find, whether the run could be judged)"""
    program = Maker(seed).make()
    r = random.Random(seed)
    run = next((run for run in (run_once(program, r) for _ in range(20)) if run), None)
    if run is None:
        return [], False, False
    trace, got = run
    model = Trace(program, trace, got)
    possible = hangs(program, got | {k: None for k in trace_reads(program) if k not in got})
    if possible is None:
        return [], False, False
    done, names, records = execute(tape, model.ops)
    problems = []
    if done.returncode not in (0, 66) or any(r["kind"] not in ("lock-order-inversion", "possible-inversion")
                                             for r in records):
        problems.append(f"exit code {done.returncode}: {done.stderr[-2000:]}")
        return problems, False, True
    created = [op.object for op in model.ops if op.code == "spawn"]
    thread_of = dict(enumerate([0, *created]))
    told = [waits_in(r, names, thread_of) for r in records if r["kind"] == "lock-order-inversion"]
    for waits in told:
        if not any(waits <= hang for hang in possible):
            problems.append(f"FALSE: {sorted(waits)} never wait for each other; hangs: {possible}")
    witnesses = model.deadlocks()
    for waits in witnesses:
        if not any(waits <= hang for hang in possible):
            problems.append(f"THE MODEL IS WRONG: {sorted(waits)} has a witness and never happens")
    if witnesses and not told:
        problems.append(f"MISSED: {[sorted(w) for w in witnesses]}")
    return problems, bool(witnesses), True


def trace_reads(program):
    return [(t, i) for t, ops in program.items() for i, op in enumerate(ops)
            if op.code in ("read", "load", "write")]


def show(seed):
    program = Maker(seed).make()
    trace, _ = next(run for run in (run_once(program, r) for r in [random.Random(seed)] * 20) if run)
    for t, i in trace:
        op = program[t][i]
        print("        " * t, op.code, op.object)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if args.show:
        show(args.first)
    failed = found = judged = 0
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(2) as pool:
        tape = pathlib.Path(work) / "lock_tape"
        build(args, tape)
        seeds = [*(ONCE_WRONG if args.count >= 100 else []), *range(args.first, args.first + args.count)]
        for seed, (problems, any_witness, could) in zip(seeds, pool.map(lambda s: check(tape, s), seeds)):
            found += any_witness
            judged += could
            failed += bool(problems)
            for problem in problems:
                print(f"seed {seed}: {problem}")
    print(f"{len(seeds)} programs, {judged} judged, {found} with a deadlock to predict: {failed} failed")
    sys.exit(1 if failed or (args.count >= 100 and found < args.count // 20) else 0)


if __name__ == "__main__":
    main()
