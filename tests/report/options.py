#!/usr/bin/env python3
"""What the options do, seen from outside: exit codes, formats, suppressions, the user's mistakes."""
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

        def run(options, code, *texts):
            done = subprocess.run([work / "racy"], capture_output=True, text=True, timeout=60,
                                  env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (options, done.returncode, done.stderr)
            for text in texts:
                assert text in done.stderr, (options, text, done.stderr)
            return done

        assert run("", 66, "WARNING: CSan: data race", "Why:").stdout == "done\n"
        run("exitcode=0", 0)
        run("exitcode=7", 7)
        run("halt_on_error=1", 66)
        run("format=tsan", 66, "WARNING: ThreadSanitizer: data race", "SUMMARY: ThreadSanitizer")
        record = json.loads(run("format=json", 66).stderr)
        assert record["schema"] == 1 and record["kind"] == "data-race"
        assert run("format=json", 66).stderr and record["fingerprint"] == json.loads(
            run("format=json", 66).stderr)["fingerprint"]
        run("help=1", 66, "halt_on_error", "quarantine_mb")
        run("halt_on_eror=1", 71, "did you mean 'halt_on_error'")
        run("format=xml", 71, "not text, json or tsan")
        run("exitcode=many", 71, "is not a whole number")
        run(f"log_path={work}/no/such/log", 66, "cannot write log_path", "WARNING: CSan")
        run(f"log_path={work}/log", 66)
        assert "data race" in next(work.glob("log.*")).read_text()
        (work / "good").write_text("# comment\nrace:^Work\n")
        run(f"suppressions={work}/good:print_suppressions=1", 0, "matched 1 time")
        (work / "bad").write_text("race:x\n\nrase:y\n")
        run(f"suppressions={work}/bad", 71, "bad:3: unknown suppression type 'rase'")
        run(f"suppressions={work}/none", 71, "cannot read the suppressions file")
        limited = subprocess.run(["bash", "-c", f"ulimit -v 4000000; {work}/racy"],
                                 capture_output=True, text=True)
        assert limited.returncode == 71 and "ulimit -v" in limited.stderr, limited
    print("options hold")


if __name__ == "__main__":
    main()
