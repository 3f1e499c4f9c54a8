#!/usr/bin/env python3
"""A bug has the same fingerprint in each run, wherever its code stands, and another bug has another.

usage: fingerprints.py --build DIR
"""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# Two fields and two globals, raced on in one function.
PROGRAM = """
#include <thread>
#include <mutex>
#include <cstdlib>
struct Meter { int sum, count; };
int total, other;
template <typename F> void Twice(F f) {
  std::thread a(f), b(f);
  a.join();
  b.join();
}
void Work(Meter *meter, int which) {
  if (which == 0)
    meter->sum++;
  if (which == 1)
    meter->count++;
  if (which == 2)
    total++;
  if (which == 3)
    other++;
}
int main(int argc, char **argv) {
  auto *meter = new Meter{};
  for (int i = 0; i < argc - 2; i++) std::thread([] {}).join();
  Twice([&] { Work(meter, std::atoi(argv[1])); });
  delete meter;
}
"""
RUNS = 20

# Records, then an end that gives the runtime no time for anything, or another program.
ENDS = """
#include <thread>
#include <csignal>
#include <unistd.h>
int counter, second;
int main(int argc, char **argv) {
  std::thread a([] { counter++; }), b([] { counter++; });
  a.join();
  b.join();
  if (argc == 2 && argv[1][0] == 'k') kill(getpid(), SIGKILL);
  if (argc == 2) execl(argv[0], argv[0], "a", "b", nullptr);
  std::thread c([] { second++; }), d([] { second++; });
  c.join();
  d.join();
}
"""


class Workshop:
    def __init__(self, build, work):
        self.build, self.work, self.n = build, work, 0

    def compile(self, text, *flags, folder="a"):
        folder = self.work / folder
        folder.mkdir(exist_ok=True)
        (folder / "p.cpp").write_text(text)
        self.n += 1
        program = folder / f"p{self.n}"
        subprocess.run([f"{self.build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", *flags,
                        folder / "p.cpp", "-o", program], check=True)
        return program

    def records(self, program, *args, code=66):
        self.n += 1
        log = self.work / f"log{self.n}"
        done = subprocess.run([program, *args], capture_output=True,
                              env=dict(os.environ, CSAN_OPTIONS=f"format=json:log_path={log}"))
        assert done.returncode == code, done
        return [json.loads(line) for path in self.work.glob(f"{log.name}.*")
                for line in path.read_text().splitlines() if line]

    def fingerprints(self, program, *args):
        return {record["fingerprint"] for record in self.records(program, *args)}


def check_stable(shop):
    program = shop.compile(PROGRAM)
    first = {which: shop.fingerprints(program, which) for which in "0123"}
    assert all(len(found) == 1 for found in first.values()), first
    assert len(set.union(*first.values())) == 4, first
    for run in range(RUNS):
        which = str(run % 4)
        assert shop.fingerprints(program, which) == first[which], which
    moved = shop.compile("// a line\n" * 10 + PROGRAM)
    other_folder = shop.compile(PROGRAM, folder="another-folder")
    optimised = shop.compile(PROGRAM, "-O2")
    for which in "0123":
        assert shop.fingerprints(moved, which) == first[which], which
        assert shop.fingerprints(other_folder, which) == first[which], which
        # Other threads came first: their numbers are not in it.
        assert shop.fingerprints(program, which, "more", "threads") == first[which], which
        assert len(shop.fingerprints(optimised, which)) == 1
    assert len(set.union(*(shop.fingerprints(optimised, which) for which in "0123"))) == 4


def check_steps(shop):
    """A deadlock and the order of its locks: its threads are found in any order."""
    text = (HERE.parent / "e2e/deadlocks/ab_ba.cpp").read_text()
    program = shop.compile(text, "-std=c++20", "-DBUG=1", f"-I{HERE.parent}/e2e/deadlocks")
    moved = shop.compile("// a line\n" * 10 + text, "-std=c++20", "-DBUG=1", f"-I{HERE.parent}/e2e/deadlocks")
    found = [{record["kind"]: record["fingerprint"] for record in shop.records(one)}
             for one in [program] * 5 + [moved] * 2]
    assert found[0].keys() == {"deadlock", "lock-order-inversion"}, found
    assert all(one == found[0] for one in found), found


def check_ends(shop):
    program = shop.compile(ENDS)
    assert len(shop.records(program, "kill", code=-signal.SIGKILL)) == 1
    records = shop.records(program, "exec")
    assert len(records) == 3 and len({r["pid"] for r in records}) == 1, records
    assert len({r["fingerprint"] for r in records}) == 2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    with tempfile.TemporaryDirectory() as name:
        shop = Workshop(parser.parse_args().build, pathlib.Path(name))
        check_stable(shop)
        check_steps(shop)
        check_ends(shop)
    print("the same in each run")


if __name__ == "__main__":
    main()
