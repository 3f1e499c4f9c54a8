#!/usr/bin/env python3
"""Runs programs under hostile conditions. usage: run.py --build DIR [--list] [NAME...]"""
import argparse
import errno
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
STRESS = HERE.parent / "stress"
SENTENCE = re.compile(r"CSan: [^\n]+\.\n")

# What the runtime asks of the kernel (platform/), each refused in turn. Left out is what no program starts
# without: mmap, openat, exit_group, rt_sigaction; and clone, without which there are no threads.
# The program itself needs some of these, so they are refused by what it can bear.
NO, NOT_HERE = errno.EPERM, errno.ENOSYS
SYSCALLS = {"madvise": (28, NO), "sched_yield": (24, NOT_HERE), "nanosleep": (35, NO), "ioctl": (16, NO),
            "personality": (135, NO), "prlimit64": (302, NO), "timer_create": (222, NOT_HERE),
            "timer_settime": (223, NO), "timer_gettime": (224, NO), "timer_delete": (226, NO),
            "pipe2": (293, NOT_HERE), "close_range": (436, NOT_HERE), "rt_sigprocmask": (14, NO),
            "membarrier": (324, NOT_HERE), "rseq": (334, NOT_HERE), "MADV_POPULATE_WRITE": (28, errno.EINVAL)}
SYMBOLIZER = {"pipe2": (293, NO), "wait4": (61, NO), "close_range": (436, NO)}


def compile_program(build, source, work, flags=("-fsanitize=concurrency",)):
    out = work / source.stem
    compiler = ["csan-clang", "-std=c17"] if source.suffix == ".c" else ["csan-clang++", "-std=c++20"]
    compiler[0] = f"{build}/bin/{compiler[0]}"
    subprocess.run([*compiler, "-g1", "-O1", "-w", *flags, source, "-pthread",
                    "-o", out], check=True)
    return out


def run(command, options="", timeout=90, **more):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=timeout,
                          env=dict(os.environ, CSAN_OPTIONS=options), **more)


def expect(condition, done):
    if not condition:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def live_threads(build, work):
    """2 000 live threads."""
    done = run([compile_program(build, STRESS / "many_threads_at_once.cpp", work), "threads=2000"])
    expect(done.returncode == 0 and not done.stderr, done)


def threads_over_time(build, work):
    """100 000 threads, a few at a time: no more memory at the end."""
    done = run([compile_program(build, STRESS / "many_threads_in_turn.cpp", work), "threads=100000",
                "batch=4"], timeout=400)
    expect(done.returncode == 0 and not done.stderr, done)
    early, late = map(int, re.findall(r"\d+", done.stdout))
    expect(late - early < 64 << 10, done)


def faults(build, work):
    """Each fault ends the program as it would without us, or calls its handler."""
    program = compile_program(build, HERE / "faults.cpp", work)
    kinds = {"read": signal.SIGSEGV, "write": signal.SIGSEGV, "wild": signal.SIGSEGV,
             "noncanonical": signal.SIGSEGV, "string": signal.SIGSEGV, "divide": signal.SIGFPE,
             "abort": signal.SIGABRT, "trap": signal.SIGILL, "overflow": signal.SIGSEGV,
             "thread_overflow": signal.SIGSEGV, "thread_write": signal.SIGSEGV}
    for what, number in kinds.items():
        done = run([program, what])
        expect(done.returncode == -number and not done.stderr, done)
        if what == "thread_overflow":
            continue  # the alternate stack is the main thread's
        done = run([program, what, "handled"])
        expect(done.returncode == 42 and not done.stderr, done)
        if not what.startswith("thread") and what != "abort":
            done = run([program, what, "jumps"])
            expect(done.returncode == 43 and not done.stderr, done)


def cancel(build, work):
    """Cancellation in the middle of a hook, and in the wait for another thread."""
    done = run([compile_program(build, HERE / "cancel.cpp", work)])
    expect(done.returncode == 0 and not done.stderr, done)
    program = compile_program(build, HERE / "cancelled_join.cpp", work)
    done = run([program])
    expect(done.returncode == 66 and "data race" in done.stderr, done)
    done = run([program, "clean"])
    expect(done.returncode == 0 and not done.stderr, done)


def memory(build, work):
    """Address space that ends in mid-run costs the program nothing that it would not lose without us."""
    program = compile_program(build, HERE / "memory.cpp", work, ["-fsanitize=concurrency", "-fno-builtin"])
    done = run([program], "symbolize=0")
    expect(done.returncode == 66 and "data race" in done.stderr, done)
    done = run([program, "clean"], "print_stats=1")
    spare = re.search(r"CSan: KiB of the spare, no other memory being had: (\d+)\n", done.stderr)
    expect(done.returncode == 0 and spare and int(spare[1]) > 0, done)
    done = run([compile_program(build, HERE / "reserve.cpp", work)])
    expect(done.returncode == 0 and not done.stderr, done)


def limits(build, work):
    """A limit at start is one clear sentence and exit code 71."""
    program = compile_program(build, HERE / "race.cpp", work)
    for what in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        for gigabytes in (1, 5000):
            def limit(what=what, size=gigabytes << 30):
                resource.setrlimit(what, (size, size))
            done = run([program], preexec_fn=limit)
            expect(done.returncode == 71 and SENTENCE.fullmatch(done.stderr) and not done.stdout, done)
            expect("ulimit -v" in done.stderr and "ulimit -d" in done.stderr, done)


def refused(build, work):
    """A system call that the kernel refuses: all is found all the same, or a sentence says what is wrong."""
    refuse = compile_program(build, HERE / "refuse.c", work, flags=())
    program = compile_program(build, HERE / "race.cpp", work)
    for name, (number, error) in SYSCALLS.items():
        racy = run([refuse, number, error, program], "symbolize=0")
        if racy.returncode == 71:
            expect(SENTENCE.fullmatch(racy.stderr), racy)
            continue
        print(f"{name}: checked", flush=True)
        expect(racy.returncode == 66 and "data race" in racy.stderr, racy)
        clean = run([refuse, number, error, program, "clean"])
        expect(clean.returncode == 0 and not clean.stderr, clean)
    # Without a symbolizer, a report of addresses.
    for name in ("pipe2", "wait4", "close_range"):
        racy = run([refuse, *SYMBOLIZER[name], program])
        expect(racy.returncode in (66, 5) and "data race" in racy.stderr, racy)


def dumps(build, work):
    """A core dump holds the program's memory, heap included, and not the shadow."""
    program = compile_program(build, HERE / "dumps.cpp", work)
    done = run([program])
    size, held = map(int, done.stdout.split())
    expect(size < 256 and held == 2, done)
    if pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip() != "core":
        return  # somebody else takes it
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    done = run([program, "abort"], cwd=work)
    expect(done.returncode == -signal.SIGABRT, done)
    cores = list(work.glob("core*"))
    expect(cores and 1 << 20 < cores[0].stat().st_size < 1 << 29, done)


def halted(build, work):
    """halt_on_error ends with an error whatever exitcode says."""
    program = compile_program(build, HERE / "race.cpp", work)
    for options, code in (("halt_on_error=1", 66), ("halt_on_error=1:exitcode=0", 66),
                          ("halt_on_error=1:exitcode=9", 9), ("exitcode=0", 0)):
        done = run([program], options)
        expect(done.returncode == code and "data race" in done.stderr, done)


def versions(build, work):
    """What our archive adds to a program needs no newer C library than 2.31."""
    def needed(program):
        listed = subprocess.run(["objdump", "-T", program], capture_output=True, text=True, check=True).stdout
        return {(m[2], m[1]) for m in re.finditer(r"\*UND\*.*\(?GLIBC_([0-9.]+)\)?\s+(\S+)", listed)}
    for source in (HERE / "race.cpp", HERE / "refuse.c"):
        own = needed(compile_program(build, source, work, flags=()))
        ours = needed(compile_program(build, source, work))
        added = {f"{n}@{v}" for n, v in ours - own if tuple(map(int, v.split("."))) > (2, 31)}
        # Functions that have moved from one library to another are older than their last move.
        libc = subprocess.run(["objdump", "-T", "/lib/x86_64-linux-gnu/libc.so.6"], capture_output=True,
                              text=True, check=True).stdout
        for name in (a.split("@")[0] for a in added):
            old = re.findall(rf"GLIBC_([0-9.]+)\)?\s+{re.escape(name)}\n", libc)
            if not any(tuple(map(int, v.split("."))) <= (2, 31) for v in old):
                raise AssertionError(f"{source.name} needs {name}, which 2.31 has not")


RUNS = {f.__name__: f for f in (live_threads, threads_over_time, faults, cancel, memory, limits, refused,
                                dumps, halted, versions)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("name", nargs="*")
    args = parser.parse_args()
    if args.list:
        print(*RUNS, sep="\n")
        return
    failed = 0
    for name in args.name or RUNS:
        with tempfile.TemporaryDirectory() as work:
            try:
                RUNS[name](args.build, pathlib.Path(work))
            except (AssertionError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {name}: {error}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
