#!/usr/bin/env python3
"""What the options do, seen from outside: exit codes, formats, suppressions, the user's mistakes.

A mistake that is found at start is one sentence and exit code 71, before anything of the program has
run; what goes wrong later costs neither a report nor the program's work.
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

PROGRAM = """
#include <cstdio>
#include <thread>
int counter;
void Work() { counter++; }
int main() {
  std::thread a(Work), b(Work);
  a.join();
  b.join();
  std::puts("done");
  // Never closed: what is in its buffer is the program's work as well.
  std::fputs("whole", std::fopen("work.out", "w"));
  return 3;
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "racy.cpp").write_text(PROGRAM)
        subprocess.run([f"{args.build}/bin/csan-clang++", "-fsanitize=concurrency", "-g",
                        work / "racy.cpp", "-o", work / "racy"], check=True)

        def run(options, code, *texts, command="exec ./racy"):
            (work / "work.out").unlink(missing_ok=True)
            done = subprocess.run(["bash", "-c", command], cwd=work, capture_output=True, text=True,
                                  timeout=60, env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (options, done.returncode, done.stderr)
            for text in texts:
                assert text in done.stderr, (options, text, done.stderr)
            if code == 71:
                assert done.stderr.count("\n") == 1 and done.stderr.startswith("CSan: "), done.stderr
                assert not done.stdout and not (work / "work.out").exists(), done
            elif "halt_on_error" not in options:
                assert done.stdout == "done\n" and (work / "work.out").read_text() == "whole", done
            return done

        run("", 66, "WARNING: CSan: data race", "Why:")
        run("exitcode=0", 3)
        run("exitcode=7", 7)
        run("halt_on_error=1", 66)
        run("format=tsan", 66, "WARNING: ThreadSanitizer: data race", "SUMMARY: ThreadSanitizer")
        record = json.loads(run("format=json", 66).stderr)
        assert record["schema"] == 2 and record["kind"] == "data-race"
        assert run("format=json", 66).stderr and record["fingerprint"] == json.loads(
            run("format=json", 66).stderr)["fingerprint"]
        run("help=1", 66, "halt_on_error", "quarantine_mb")
        run("halt_on_eror=1", 71, "did you mean 'halt_on_error'")
        run("format=xml", 71, "not text, json or tsan")
        run("exitcode=many", 71, "is not a whole number")
        run("exitcode=256", 71, "exitcode='256' is not a whole number from 0 to 255.")
        run("zzzzzzzzzzzz=1", 71, "there is no option 'zzzzzzzzzzzz'; help=1 lists them.")
        run("halt_on_error", 71, "write halt_on_error=VALUE.")
        run(f"log_path={work}/no/such/log", 66, "cannot write log_path", "WARNING: CSan")
        # A device that is full: the report is written elsewhere, not lost.
        run(f"log_path={work}/full", 66, "cannot write to log_path", "WARNING: CSan",
            command="ln -s /dev/full full.$$; exec ./racy")
        run("external_symbolizer_path=/no/such", 66, "no llvm-symbolizer found", "WARNING: CSan")
        run(f"log_path={work}/log", 66)
        assert "data race" in next(work.glob("log.*")).read_text()
        (work / "good").write_text("# comment\nrace:^Work\n")
        run(f"suppressions={work}/good:print_suppressions=1", 3, "matched 1 time")
        done = run(f"suppressions={work}/good:print_suppressions=1:log_path={work}/counts", 3)
        assert not done.stderr and "matched 1 time" in next(work.glob("counts.*")).read_text()
        (work / "bad").write_text("race:x\n\nrase:y\n")
        run(f"suppressions={work}/bad", 71, "bad:3: unknown suppression type 'rase'")
        run(f"suppressions={work}/none", 71, "cannot read the suppressions file")
        (work / "form").write_text("race\n")
        run(f"suppressions={work}/form", 71, "form:1: 'race' is not of the form type:template.")
        (work / "binary").write_bytes(b"race:x\n\x7fELF\x01\x02\x00")
        run(f"suppressions={work}/binary", 71, "binary:2: this is not text.")
        run(f"suppressions={work}", 71, "cannot read the suppressions file")
        run("", 71, "no address space for", "lift 'ulimit -v'", command="ulimit -v 4000000; exec ./racy")
    print("options hold")


if __name__ == "__main__":
    main()
