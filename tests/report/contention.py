#!/usr/bin/env python3
"""Lock contention at exit: exact counts in text and records; silence without the option."""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# The other thread finds the mutex taken three times, each for 100 ms, and the table once.
PROGRAM = """
#include <unistd.h>
#include <mutex>
#include <shared_mutex>
#include <pthread.h>
#include "order.h"
std::mutex mutex;
std::shared_mutex table;
long counter;
__attribute__((noinline)) void Count() {
  mutex.lock();  // COUNT
  counter++;
  mutex.unlock();
}
__attribute__((noinline)) void Look() {
  std::shared_lock lock(table);  // LOOK
  asm volatile("" ::: "memory");
}
__attribute__((noinline)) void Alone() {
  std::lock_guard lock(mutex);
  asm volatile("" ::: "memory");
}
// As glibc marks them.
UNSEEN void AwaitWaiter(std::mutex& m) {
  while (__atomic_load_n(&m.native_handle()->__data.__lock, __ATOMIC_RELAXED) != 2) usleep(100);
}
UNSEEN void AwaitReader(std::shared_mutex& m) {
  const auto* lock = static_cast<pthread_rwlock_t*>(m.native_handle());
  while (__atomic_load_n(&lock->__data.__readers, __ATOMIC_RELAXED) >> 3 == 0) usleep(100);
}
int main() {
  std::thread other([] {
    for (int i = 1; i <= 3; i++) {
      AwaitStep(2 * i - 1);
      Count();
      ReachStep(2 * i);
    }
    AwaitStep(7);
    Look();
  });
  for (int i = 1; i <= 3; i++) {
    mutex.lock();
    ReachStep(2 * i - 1);
    AwaitWaiter(mutex);
    usleep(100000);
    mutex.unlock();
    AwaitStep(2 * i);
    Alone();
  }
  table.lock();
  ReachStep(7);
  AwaitReader(table);
  usleep(50000);
  table.unlock();
  other.join();
  for (int i = 0; i < 100; i++) Count();
  for (int i = 0; i < 10; i++) Look();
}
"""


def total(records, source, line):
    """Of the places that differ only in who calls."""
    rows = [r["contention"] for r in records
            if any(f["line"] == line and f["file"].endswith(source) for f in r["steps"][0]["stack"])]
    return {key: sum(row[key] for row in rows) for key in ("acquisitions", "contended", "wait_ms")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    lines = PROGRAM.split("\n")
    count_line = next(i for i, line in enumerate(lines, 1) if "// COUNT" in line)
    look_line = next(i for i, line in enumerate(lines, 1) if "// LOOK" in line)
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "busy.cpp").write_text(PROGRAM)
        subprocess.run([f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-g", "-O1",
                        f"-I{HERE.parent}/e2e/support", work / "busy.cpp", "-o", work / "busy"], check=True)

        def run(options):
            done = subprocess.run([work / "busy"], cwd=work, capture_output=True, text=True, timeout=60,
                                  env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == 0, (options, done.returncode, done.stderr)
            return done.stderr

        def records(options):
            return [json.loads(line) for line in run(options).splitlines() if line.startswith("{")]

        assert run("") == ""

        both = records("report_lock_contention=1:format=json")
        assert {r["kind"] for r in both} == {"lock-contention"}, both
        waits = [r["contention"]["wait_ms"] for r in both]
        assert waits == sorted(waits, reverse=True), waits
        # The thread's calls; the main thread's come another way, and never wait.
        counted = total(both, "busy.cpp", count_line)
        assert counted["acquisitions"] == 3 and counted["contended"] == 3, counted
        assert counted["wait_ms"] >= 300, counted
        looked = total(both, "busy.cpp", look_line)
        assert looked["acquisitions"] == 1 and looked["contended"] == 1 and looked["wait_ms"] >= 50, looked
        assert len(both) == 2, both

        text = run("report_lock_contention=1")
        assert text.count("NOTE: CSan: lock that is waited for") == 2, text
        assert "was the last of 3 to take here, 3 of them after a wait," in text, text
        assert "CSan: noted" not in text, text


if __name__ == "__main__":
    main()
