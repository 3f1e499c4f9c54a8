#!/usr/bin/env python3
"""Runs random programs and compares what is reported, step by step, with the reference model.

Each finding must be a race of the model, made where and with the locks the record says; each race
that the model says must be reported has to be.

usage: run.py --build DIR [--first SEED] [--count N] [--together] [--slots N] [--level O1] [--show]
              [--shrink]
"""
import argparse
import bisect
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import happens_before as hb
from programs import make_program, runs

HERE = pathlib.Path(__file__).resolve().parent
NAMES = [n for n in dir(hb) if n.isupper() and isinstance(getattr(hb, n), int)]
CODES = {getattr(hb, n): n for n in NAMES if n not in ("RELAXED", "CONSUME", "ACQUIRE", "RELEASE",
                                                        "ACQ_REL", "SEQ_CST")}
VERBS = {(False, False): "read", (True, False): "write", (False, True): "atomic read",
         (True, True): "atomic write"}


class Steps:
    """Which step's code an offset in the executable belongs to."""

    def __init__(self, program):
        nm = subprocess.run(["nm", "-C", "-S", "--defined-only", program], capture_output=True, text=True,
                            check=True).stdout
        found = re.findall(r"^([0-9a-f]+) ([0-9a-f]+) \S .*Step<(\d+)>", nm, re.M)
        self.rows = sorted((int(at, 16), int(size, 16), int(step)) for at, size, step in found)

    def of(self, frame):
        offset = int(frame["offset"], 16)
        i = bisect.bisect_right(self.rows, (offset, 1 << 60, 0)) - 1
        if i >= 0 and offset <= self.rows[i][0] + self.rows[i][1]:
            return self.rows[i][2]
        return None


def parse(stderr):
    """The arena line's fields, and for each program its counts and records."""
    arena, programs = None, []
    for line in stderr.splitlines():
        word = line.split(" ", 1)[0]
        if word == "arena":
            a, m, ms, rw, rws = line.split()[1:]
            arena = (int(a, 16), int(m, 16), int(ms), int(rw, 16), int(rws))
        elif word == "program":
            programs.append({"counts": None, "records": [], "other": []})
        elif word == "count":
            programs[-1]["counts"] = [int(n) for n in line.split()[1:]]
        elif line.startswith("{"):
            programs[-1]["records"].append(json.loads(line))
        else:
            programs[-1]["other"].append(line)
    return arena, programs


def describe(op):
    return f"T{op.thread} {CODES[op.code]} size={op.size} offset={op.offset} order={op.order} " \
           f"failure={op.failure} object={op.object}"


class Comparison:
    def __init__(self, seed, ops, got, arena, steps):
        self.seed, self.ops, self.got, self.arena, self.steps = seed, ops, got, arena, steps
        self.expected = hb.Program().run(ops)
        self.problems = []
        created = [op.object for op in ops if op.code == hb.SPAWN]
        self.thread_of = dict(enumerate([0, *created]))  # actors are numbered as they are created

    def problem(self, text):
        self.problems.append(text)

    def run(self, together):
        if self.got["other"] or self.got["counts"] is None:
            self.problem(f"DIED or spoke: {self.got['other']}")
            return self.problems
        for i, (count, expected) in enumerate(zip(self.got["counts"], self.expected)):
            if count and (expected is None or not expected.may):
                self.problem(f"FALSE step {i}: reported, but races with nothing: {describe(self.ops[i])}")
            if not count and expected is not None and expected.must:
                self.problem(f"MISSED step {i}: {describe(self.ops[i])} races with steps "
                             f"{sorted(e.step for e in expected.may)}")
        if not together:
            reported = {self.check_record(r) for r in self.got["records"]}
            counted = {i for i, n in enumerate(self.got["counts"]) if n}
            if reported != counted:
                self.problem(f"LOST records of steps {sorted(counted ^ reported, key=str)}")
        return self.problems

    def check_record(self, record):
        now, before = record["now"], record["before"]
        step = self.steps.of(now["stack"][0])
        expected = self.expected[step]
        if expected is None:
            self.problem(f"WRONG step {step}: reported at what is no access")
            return step
        self.check_access("now", step, now, [expected.access])
        if before["stack"] is None:
            self.problem(f"NO STACK step {step}: earlier access not kept")
            return step
        earlier = self.steps.of(before["stack"][0])
        candidates = [e for e in expected.may if e.step == earlier]
        if not candidates:
            self.problem(f"WRONG EARLIER step {step}: said {earlier} ({before['access']} "
                         f"{before['address']}+{before['size']}), races are with "
                         f"{sorted(e.step for e in expected.may)}")
        else:
            self.check_access("before", step, before, candidates)
        return step

    def check_access(self, which, step, said, candidates):
        base, mutexes, mutex_size, rwlocks, rwlock_size = self.arena
        locks = set()
        for lock in said["locks"]:
            at = int(lock["address"], 16)
            locks.add(("rwlock", (at - rwlocks) // rwlock_size) if rwlocks <= at < rwlocks + 2 * rwlock_size
                      else ("mutex", (at - mutexes) // mutex_size))
        said = (self.thread_of.get(said["actor"]), said["access"], int(said["address"], 16) - base,
                said["size"], locks)
        for e in candidates:
            if said == (e.thread, VERBS[e.write, e.atomic], e.offset, e.size, set(e.locks)):
                return
        truth = [(e.thread, VERBS[e.write, e.atomic], e.offset, e.size, set(e.locks)) for e in candidates]
        self.problem(f"WRONG FIELDS step {step}, {which}: said {said}, is {truth}")


def run_programs(program, programs, together, options):
    text = [str(len(programs))]
    for ops in programs:
        text.append(str(len(ops)))
        text += [" ".join(map(str, op)) for op in ops]
    options += ":symbolize=0:format=json:exitcode=0" + (":report_bugs=0" if together else "")
    done = subprocess.run([program, *(["together"] if together else [])], input="\n".join(text),
                          capture_output=True, text=True, timeout=600,
                          env=dict(os.environ, CSAN_OPTIONS=options))
    if done.returncode != 0:
        sys.exit(f"the interpreter ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return parse(done.stderr)


def kind_of(problem):
    return " ".join(re.match(r"[A-Z ]+", problem)[0].split())


def shrink(program, ops, kind, arena_steps, options):
    """The smallest part of a program found by leaving out one or two steps that has such a problem."""
    def pairs(ops):
        everything = list(range(len(ops)))
        singles = [[i] for i in everything]
        doubles = [[i, k] for i in everything for k in everything[i + 1:]]
        return singles + (doubles if len(ops) < 30 else [d for d in doubles if d[1] - d[0] < 12])

    while True:
        smaller = [[op for i, op in enumerate(ops) if i not in out] for out in pairs(ops)]
        smaller = [s for s in smaller if s and runs(s)]
        for first in range(0, len(smaller), 50):
            batch = smaller[first:first + 50]
            arena, results = run_programs(program, batch, False, options)
            found = [s for s, got in zip(batch, results) if kind in map(
                kind_of, Comparison(0, s, got, arena, arena_steps).run(False))]
            if found:
                ops = min(found, key=len)
                break
        else:
            return ops


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--level", default="O1")
    parser.add_argument("--together", action="store_true", help="all in one process, counts only")
    parser.add_argument("--slots", type=int, default=248, help="few make actors take over foreign ones")
    parser.add_argument("--show", action="store_true", help="print each program that fails")
    parser.add_argument("--shrink", action="store_true", help="print a small one for each problem")
    parser.add_argument("--first-epoch", type=int, default=0, help="words have the low 20 bits of one")
    args = parser.parse_args()
    options = f"slots={args.slots}:first_epoch={args.first_epoch}"
    seeds = range(args.first, args.first + args.count)
    programs = [make_program(seed) for seed in seeds]
    failed = racy = 0
    with tempfile.TemporaryDirectory() as work:
        program = pathlib.Path(work) / "tape"
        subprocess.run([f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-g1",
                        f"-{args.level}", HERE / "tape.cpp", "-o", program], check=True)
        steps = Steps(program)
        arena, results = run_programs(program, programs, args.together, options)
        for seed, ops, got in zip(seeds, programs, results):
            comparison = Comparison(seed, ops, got, arena, steps)
            problems = comparison.run(args.together)
            racy += any(e is not None and e.may for e in comparison.expected)
            if not problems:
                continue
            failed += 1
            print(f"seed {seed}:", *problems, sep="\n  ")
            for kind in {kind_of(p): 0 for p in problems} if args.shrink else []:
                small = shrink(program, ops, kind, steps, options)
                arena_now, again = run_programs(program, [small], False, options)
                print(f"  shrunk {kind}:", *Comparison(seed, small, again[0], arena_now, steps).run(False),
                      *(f"    {i:2} {describe(op)}" for i, op in enumerate(small)), sep="\n")
            if args.show:
                print(*(f"    {i:2} {describe(op)}" for i, op in enumerate(ops)), sep="\n")
    print(f"{args.count} programs, {racy} with races: {failed} failed")
    sys.exit(1 if failed or len(results) != args.count else 0)


if __name__ == "__main__":
    main()
