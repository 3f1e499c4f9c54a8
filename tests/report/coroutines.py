#!/usr/bin/env python3
"""What is said of coroutines: who resumed them, where lost ones are suspended; formats and options."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import tempfile

E2E = pathlib.Path(__file__).resolve().parent.parent / "e2e"
RESUMED = re.compile(r"#0 Increment\(\) \S*shared_counter\.cpp:13:\d+ \(\S+\), "
                     r"coroutine resumed at (coroutine\.h|shared_counter\.cpp):\d+\n")
CREATED = re.compile(r"  Coroutine Work\(Parked\*\) \(resumed by thread T\d+\) created at:\n"
                     r"    #0 main \S*created\.cpp:(\d+):")
# Each creates the next when it is resumed; their paths must not grow with them.
CHAIN = '''
#include "support/coroutine.h"
Parked at;
long n;
void Count();
Detached Next() {
  co_await at;
  Count();
  if (n < 4200000) Next();
}
void Count() { n++; }
int main() {
  std::thread([] {}).join();
  for (Next(); at.handle;) std::exchange(at.handle, nullptr).resume();
  return n == 4200000 ? 0 : 1;
}
'''
LOST = re.compile(r"Main thread left a coroutine suspended for ever:\n"
                  r"    #0 Work\(\) \S*lost_handle\.cpp:8:3 ")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)

        def compile_bug(program, source=None):
            subprocess.run([f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", "-std=c++20", "-g",
                            "-O1", "-DBUG=1", f"-I{E2E}", source or E2E / f"coroutines/{program}.cpp",
                            "-o", work / program], check=True)

        def run(program, options="", code=66):
            done = subprocess.run([work / program], cwd=work, capture_output=True, text=True, timeout=60,
                                  env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (options, done.returncode, done.stderr)
            return done.stderr

        compile_bug("shared_counter")
        text = run("shared_counter")
        assert RESUMED.search(text) and "(.resume)" not in text, text
        records = run("shared_counter", "format=json")
        (work / "records").write_text(records)
        frame = json.loads(records.splitlines()[0])["now"]["stack"][0]
        assert (frame["function"], frame["coroutine"]) == ("Increment()", "resumed"), frame
        report = subprocess.run([f"{args.build}/bin/csan", "report", "records"], cwd=work,
                                capture_output=True, text=True)
        assert re.search(r"#0 +Increment\(\) .*shared_counter\.cpp:13.* \(coroutine, resumed\)\n",
                         report.stdout), report

        compile_bug("created")
        source = (E2E / "coroutines/created.cpp").read_text().splitlines()
        made = {n for n, line in enumerate(source, 1) if "// MADE" in line}
        for options in ("", "format=tsan"):
            text = run("created", options)
            assert {int(line) for line in CREATED.findall(text)} == made, (options, text)
        (work / "records").write_text(run("created", "format=json"))

        def report(format):
            return subprocess.run([f"{args.build}/bin/csan", "report", f"--format={format}", "records"],
                                  cwd=work, capture_output=True, text=True).stdout

        for format in ("text", "tsan", "html"):
            assert "oroutine Work(Parked*) (resumed by thread T2) created" in report(format), report(format)
        again = json.loads(report("records").splitlines()[0])["coroutines"]
        assert {one["created"][0]["line"] for one in again} == made and again[0]["actor"] == 2, again
        related = json.loads(report("sarif"))["runs"][0]["results"][0]["relatedLocations"]
        assert made <= {r["physicalLocation"]["region"]["startLine"] for r in related
                        if r["message"]["text"].startswith("coroutine Work")}, related

        (work / "chain.cpp").write_text(CHAIN)
        compile_bug("chain", work / "chain.cpp")
        assert "lost: stacks not kept: 0\n" in run("chain", "print_stats=1", 0)

        compile_bug("lost_handle")
        text = run("lost_handle")
        assert LOST.search(text) and "nobody can ever resume or destroy it" in text, text
        assert "ThreadSanitizer: coroutine that nobody" in run("lost_handle", "format=tsan")
        record = json.loads(run("lost_handle", "format=json").splitlines()[0])
        assert record["kind"] == "coroutine-leak" and len(record["steps"]) == 2, record
        (work / "supp").write_text("coroutine:^Work\n")
        assert not run("lost_handle", "suppressions=supp", 0)
        assert not run("lost_handle", "report_coroutine_leaks=0", 0)


if __name__ == "__main__":
    main()
