#!/usr/bin/env python3
"""Programs that define a callback learn of each finding once, and a GoogleTest fails by its own name.

usage: callbacks.py --build DIR
"""
import argparse
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        records = work / "records"

        def compile_with(*flags):
            subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", "-O1", "-std=c++20",
                            f'-DCALLBACK_RECORDS="{records}"', *flags, HERE / "callbacks.cpp",
                            "-lgtest", "-lgtest_main", "-o", work / "tests"], check=True)

        def run(options, code, *arguments):
            # A callback that met its own finding would wait for ever.
            done = subprocess.run([work / "tests", *arguments], capture_output=True, text=True, timeout=60,
                                  env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (options, done.returncode, done.stdout, done.stderr)
            return done

        def fails_by_name(done):
            assert "[  FAILED  ] Meter.CountsWithoutALock (" in done.stdout, done.stdout
            assert done.stdout.count("[       OK ]") == 2, done.stdout
            assert done.stdout.count("a finding") == 2, done.stdout
            assert "an access changed errno" not in done.stdout, done.stdout

        compile_with("-DOF_TSAN")
        done = run("", 66)
        fails_by_name(done)
        assert done.stderr.count("WARNING: CSan: data race") == 2, done.stderr

        compile_with()
        done = run(f"format=json:log_path={work}/log", 66)
        fails_by_name(done)
        # What the callback gets is the record, whole.
        (log,) = work.glob("log.*")
        assert records.read_text() == log.read_text() != ""
        read = subprocess.run([f"{build}/bin/records_read_back", records], capture_output=True, text=True)
        assert read.returncode == 0 and len(read.stdout.splitlines()) == 2, read
        records.unlink()
        # In every format, and the program's own exit code if that is asked for.
        fails_by_name(run("format=tsan:exitcode=0", 1))
        assert len(records.read_text().splitlines()) == 2
        records.unlink()
        # Not called for what is not reported.
        (work / "suppressions").write_text("race:*\n")
        quiet = ("--gtest_filter=Meter.CountsWith*", "--gtest_brief=1")
        for options in (f"suppressions={work}/suppressions:exitcode=0", "report_bugs=0:exitcode=0"):
            done = run(options, 1, *quiet)  # it counts its reports and finds none
            assert "a finding" not in done.stdout and not records.exists(), done
    print("callbacks are called")


if __name__ == "__main__":
    main()
