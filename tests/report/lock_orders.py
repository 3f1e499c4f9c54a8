#!/usr/bin/env python3
"""What is said of lock orders: each format, suppressions, options, and one report for one pair of places."""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# Many accounts, transfers back and forth; `possible` is a cycle that this run cannot prove.
PROGRAM = """
#include <mutex>
#include "order.h"
struct Account { std::mutex mutex; long balance; };
Account accounts[100];
std::mutex one, other;
__attribute__((noinline)) void Transfer(Account& from, Account& to) {
  std::lock_guard payer(from.mutex);
  std::lock_guard payee(to.mutex);
  from.balance--;
  to.balance++;
}
__attribute__((noinline)) void Possible(std::mutex& a, std::mutex& b) {
  std::lock_guard x(a);
  std::lock_guard y(b);
  asm volatile("" ::: "memory");
}
int main(int argc, char**) {
  if (argc > 1) {
    InTurn([] { Possible(one, other); },
           [] { one.lock(); one.unlock(); Possible(other, one); });
    return 3;
  }
  InTurn([] { for (int i = 0; i < 99; i++) Transfer(accounts[i], accounts[i + 1]); },
         [] { for (int i = 0; i < 99; i++) Transfer(accounts[i + 1], accounts[i]); });
  return 3;
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "bank.cpp").write_text(PROGRAM)
        (work / "supp").write_text("deadlock:Transfer\n")
        (work / "races.supp").write_text("race:Transfer\nmutex:Transfer\n")
        subprocess.run([f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-g", "-O1",
                        f"-I{HERE.parent}/e2e/support", work / "bank.cpp", "-o", work / "bank"], check=True)

        def run(options, code, *arguments):
            done = subprocess.run([work / "bank", *arguments], cwd=work, capture_output=True, text=True,
                                  timeout=60, env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (options, done.returncode, done.stderr)
            return done.stderr

        text = run("", 66)
        assert text.count("WARNING: CSan: lock-order-inversion (potential deadlock)") == 1, text
        assert text.count(" takes 0x") == text.count(" then asks for 0x") == 2, text
        assert text.count(" Transfer(") >= 4 and "it hangs if T" in text, text
        assert "To silence it: a line 'deadlock:Transfer" in text, text

        tsan = run("format=tsan", 66)
        assert "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=" in tsan, tsan
        assert "SUMMARY: ThreadSanitizer: lock-order-inversion (potential deadlock)" in tsan, tsan

        records = [json.loads(run("format=json", 66)) for _ in range(2)]
        assert records[0]["fingerprint"] == records[1]["fingerprint"], records
        steps = records[0]["steps"]
        assert len(steps) == 4 and all(step["stack"] for step in steps), steps
        assert {step["actor"] for step in steps} == {1, 2}, steps
        assert len({step["object"] for step in steps}) == 2, steps

        assert run("suppressions=supp", 3) == ""
        run("suppressions=races.supp", 66)
        assert run("detect_lock_orders=0", 3) == ""

        note = run("halt_on_error=1", 3, "possible")
        assert note.count("NOTE: CSan: ") == 1 and "WARNING" not in note, note
        assert note.endswith("CSan: noted 1 possible inversion, which did not make the program fail\n"), note
        assert run("report_possible_inversions=0", 3, "possible") == ""
    print("lock orders are told as they should be")


if __name__ == "__main__":
    main()
