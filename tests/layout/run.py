#!/usr/bin/env python3
"""Starts a racy program and its clean twin under every layout of the address space.

usage: run.py --build DIR [--bits 28,32]    --bits needs root: it sets vm.mmap_rnd_bits meanwhile
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BITS = pathlib.Path("/proc/sys/vm/mmap_rnd_bits")
LINKS = {"default": [], "pie": ["-fPIE", "-pie"], "no-pie": ["-no-pie"], "fno-pie": ["-fno-pie", "-no-pie"]}
STARTS = {
    "as it is": 'exec "$@"',
    "setarch -R": 'exec setarch -R "$@"',
    "stack unlimited": 'ulimit -s unlimited; exec "$@"',
    "both": 'ulimit -s unlimited; exec setarch -R "$@"',
    "small stack": 'ulimit -s 1024; exec "$@"',
}
KINDS = 5  # of memory, in place.cpp


def compile_all(build, work):
    for name, flags in LINKS.items():
        subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", "-O1", "-std=c++20",
                        *flags, HERE / "place.cpp", "-o", work / name], check=True)
        # Position independent whatever was asked for: e_type is ET_DYN.
        assert (work / name).read_bytes()[16:18] == b"\x03\x00", name


def check_start(work, link, start):
    for twin, code in (("racy", 66), ("clean", 0)):
        log = work / "log"
        done = subprocess.run(["bash", "-c", STARTS[start], "bash", work / link, twin, "last word"],
                              input="a line\n", capture_output=True, text=True, timeout=60,
                              env=dict(os.environ, PLACE="kept", CSAN_OPTIONS=f"format=json:log_path={log}"))
        where = (link, start, twin, done)
        assert done.returncode == code and not done.stderr, where
        assert done.stdout == "last word\nkept\na line\n", where
        records = []
        for path in work.glob("log.*"):
            records += [json.loads(line) for line in path.read_text().splitlines()]
            path.unlink()
        addresses = {record["now"]["address"] for record in records}
        assert (len(addresses) == KINDS) if twin == "racy" else not addresses, (where, addresses)


def check_foreign_link(build, work):
    """Objects of ours, linked by somebody who does not link PIE."""
    program = work / "foreign"
    subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-c",
                    HERE / "place.cpp", "-o", work / "place.o"], check=True)
    subprocess.run(["clang++-22", "-no-pie", work / "place.o", "-Wl,--whole-archive",
                    f"{build}/lib/libclang_rt.concurrency-x86_64.a", "-Wl,--no-whole-archive",
                    f"-Wl,--dynamic-list={build}/share/csan/dynamic.list", "-o", program], check=True)
    done = subprocess.run([program, "racy"], capture_output=True, text=True)
    assert done.returncode == 71 and not done.stdout, done
    assert done.stderr == ("CSan: this executable is not position independent; link it with csan-clang, "
                           "which links PIE.\n"), done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--bits")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        compile_all(args.build, work)
        if not args.bits:
            for link in LINKS:
                for start in STARTS if link == "default" else ["as it is"]:
                    check_start(work, link, start)
            check_foreign_link(args.build, work)
        else:
            before = BITS.read_text()
            try:
                for bits in args.bits.split(","):
                    BITS.write_text(bits)
                    for _ in range(20):  # where it falls is chance
                        check_start(work, "default", "as it is")
                    check_start(work, "default", "stack unlimited")
            finally:
                BITS.write_text(before)
    print("every layout works")


if __name__ == "__main__":
    main()
