#!/usr/bin/env python3
"""Builds and runs bug/clean twins: each file is a bug with -DBUG=1 and its correct twin with -DBUG=0.

A bug must exit with 66 and give a record of the kind named in its first line, and on an object of the
kind that a second line "// OBJECT: …" names (or with the words of "// WHY: …"), whose stacks name the
lines marked RACE (both, where two are marked; of findings in steps all); a clean twin must exit with 0
and say nothing; a bug whose kind is a note exits with 0.
A file with "#ifdef LIBRARY" is also compiled with -DLIBRARY, into a library beside the
program, PROGRAM.so. With a second line "// STOCK: …" the file is compiled with -fsanitize=thread by
each compiler that it names, and linked by ours; "// EACH: …" names flags that it is compiled with in
turn. The functions named after "// STACK: …" must be the innermost ones of the later stack.
"// ACTOR: …" is the kind of an actor of the record, which was made at a line marked MADE; coroutines, at all
such lines. "// OPTIONS: …" is added to CSAN_OPTIONS. A bug that says on standard
error when its last step begins (support/last_step.h) must have its record within SECONDS of it, if given.

usage: run.py --build DIR [--level O1,O2] [--runs N] [--within SECONDS] [FILTER...]

A FILTER is what the path of a pair begins with: locks/ is not deadlocks/.
"""
import argparse
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

NOTES = {"possible-inversion", "possible-loss", "lock-contention"}  # told, but fail nothing
# Each area by GNU ld, which is the default, and by LLVM's, which takes a third of the time.
LINKER = {"O2": ["-fuse-ld=lld"], "O3": ["-fuse-ld=lld"]}
HERE = pathlib.Path(__file__).resolve().parent
slowest_s = {}


def marked_lines(source, mark="RACE"):
    return {n for n, text in enumerate(source.read_text().splitlines(), 1) if f"// {mark}" in text}


def kind_of(source):
    return source.read_text().splitlines()[0].removeprefix("// KIND: ").strip()


def told(source, what):
    """What the second or third line says after "// WHAT: "; empty if neither does."""
    prefix = f"// {what}: "
    said = [line for line in source.read_text().splitlines()[1:3] if line.startswith(prefix)]
    return said[0].removeprefix(prefix).strip() if said else ""


def compile_stock(args, source, level, bug, out, compiler):
    """With another compiler's -fsanitize=thread; gcc says of fences that its TSan does not know them."""
    standard = [] if source.suffix == ".c" else ["-std=c++17"]
    return [[compiler, "-fsanitize=thread", "-g", "-w", f"-{level}", f"-DBUG={bug}", *standard, "-c",
             str(source), "-o", f"{out}.o"],
            [f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", f"{out}.o", "-o", str(out)]]


def precompiled(args, level, flags):
    """None with flags of which clang says that the header would have needed them too."""
    kind = ".no-builtin" if "-fno-builtin" in flags else ""
    header = f"{args.build}/tests/e2e/headers{kind}.{level}.pch"
    return [] if {"-mcx16", "-shared"} & set(flags) else ["-include-pch", header]


def compile_twin(args, source, level, bug, out, stock, each):
    compiler = "csan-clang" if source.suffix == ".c" else "csan-clang++"
    told_flags = told(source, "FLAGS").replace("{build}", str(args.build)).replace("{tests}", str(HERE))

    def command(program, *more):
        flags = [*more, *each, *told_flags.split(), *LINKER.get(level, [])]
        standard = [] if source.suffix == ".c" else ["-std=c++20", *precompiled(args, level, flags)]
        return [f"{args.build}/bin/{compiler}", "-fsanitize=concurrency", "-g", f"-{level}", *standard,
                f"-DBUG={bug}", str(source), *flags, "-o", program]

    commands = [command(str(out))]
    if "#ifdef LIBRARY" in source.read_text():
        commands.append(command(f"{out}.so", "-DLIBRARY", "-shared", "-fPIC"))
    for one in compile_stock(args, source, level, bug, out, stock) if stock else commands:
        done = subprocess.run(one, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"does not compile:\n{done.stderr}")


def check_time(args, source, done, written):
    """`written` is when the log was."""
    steps = [float(line.split()[2]) for line in done.stderr.splitlines()
             if line.startswith("last step ")]
    if not steps:
        return
    took = written - max(steps)
    slowest_s[source.stem] = max(took, slowest_s.get(source.stem, 0))
    if took > args.within:
        raise AssertionError(f"bug: the report came {took:.2f} s after the last step")


def run_once(program, work, options="", arguments=()):
    for old in work.glob("log.*"):
        old.unlink()
    env = dict(os.environ, CSAN_OPTIONS=f"format=json:log_path={work}/log:{options}")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=env, timeout=120)
    records = []
    written = 0
    for log in work.glob("log.*"):
        records += [json.loads(line) for line in log.read_text().splitlines()]
        written = max(written, log.stat().st_mtime)
    return done, records, written


def lines_in(stack, source):
    return {f["line"] for f in stack or [] if pathlib.Path(f["file"]).name == source.name}


def has_actor(source, record, kind):
    made = marked_lines(source, "MADE")
    if kind == "coroutine":
        created = [one["created"] for one in record.get("coroutines", [])]
        return made <= set().union(*(lines_in(stack, source) for stack in created))
    return any(one.get("kind", "thread") == kind and lines_in(one["created"], source) & made
               for one in record["actors"])


def check_bug(source, done, records):
    marked, kind = marked_lines(source), kind_of(source)
    wanted = 0 if kind in NOTES else 66
    if done.returncode != wanted:
        raise AssertionError(f"bug: exit code {done.returncode}, wanted {wanted}\n{done.stderr}")
    for record in records:
        if told(source, "OBJECT") not in ("", record["object"]["kind"]):
            continue
        if told(source, "WHY") not in record["why"]:
            continue
        if told(source, "ACTOR") and not has_actor(source, record, told(source, "ACTOR")):
            continue
        if "steps" in record:
            steps = set().union(*(lines_in(step["stack"], source) for step in record["steps"]))
            if record["kind"] == kind and marked <= steps:
                return
            continue
        now = lines_in(record["now"]["stack"], source)
        before = lines_in(record["before"]["stack"], source)
        both = (now | before) & marked == marked or (now & marked and before & marked)
        alone = len(marked) == 1 and now & marked
        functions = [f["function"].split("(")[0] for f in record["now"]["stack"] or []]
        if functions[:len(told(source, "STACK").split())] != told(source, "STACK").split():
            continue
        if record["kind"] == kind and (not marked or both or alone):
            return
    seen = [(r["kind"], [(f["function"], f["line"]) for f in (r["now"]["stack"] or [])[:3]],
             [(f["function"], f["line"]) for f in (r["before"]["stack"] or [])[:3]]) for r in records]
    raise AssertionError(f"bug: no {kind} names lines {sorted(marked)}; got {seen}")


def check_clean(done, records):
    if done.returncode != 0 or records or "CSan" in done.stderr:
        raise AssertionError(f"clean: exit code {done.returncode}, {len(records)} records\n"
                             f"{done.stderr}{json.dumps(records[:1])[:3000]}")


def check(args, source, level, work, stock, each):
    for bug in (1, 0):
        program = work / "program"
        compile_twin(args, source, level, bug, program, stock, each)
        for _ in range(args.runs):
            done, records, written = run_once(program, work, told(source, "OPTIONS"))
            if bug:
                check_bug(source, done, records)
                check_time(args, source, done, written)
            else:
                check_clean(done, records)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--level", default="O1")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--within", type=float, default=float("inf"))
    parser.add_argument("filter", nargs="*")
    args = parser.parse_args()
    sources = sorted(p for p in HERE.glob("*/*") if p.suffix in (".c", ".cpp"))
    if args.filter:
        sources = [s for s in sources if any(str(s.relative_to(HERE)).startswith(f) for f in args.filter)]
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for source in sources:
            variants = itertools.product(args.level.split(","), told(source, "STOCK").split() or [""],
                                         [[flag] for flag in told(source, "EACH").split()] or [[]])
            for level, stock, each in variants:
                try:
                    check(args, source, level, pathlib.Path(work), stock, each)
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    failed += 1
                    print(f"FAILED {source.relative_to(HERE)} -{level} {' '.join([stock, *each])}: {error}")
    if slowest_s:
        worst = max(slowest_s, key=slowest_s.get)
        print(f"{len(slowest_s)} hangs named at most {slowest_s[worst]:.2f} s after their last steps"
              f" (that was {worst})")
    print(f"{len(sources)} pairs, levels {args.level}, {args.runs} runs each: {failed} failed")
    sys.exit(1 if failed or not sources else 0)


if __name__ == "__main__":
    main()
