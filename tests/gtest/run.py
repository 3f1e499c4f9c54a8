#!/usr/bin/env python3
"""A GoogleTest that includes <csan/gtest.h> fails by the name of the test that has the finding.

usage: run.py --build DIR
"""
import argparse
import json
import os
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def failures_of(result):
    """{test: [message]} of GoogleTest's own report."""
    return {f"{suite['name']}.{test['name']}": [failure["failure"] for failure in test.get("failures", [])]
            for suite in result["testsuites"] for test in suite["testsuite"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)

        def failures(code, *flags, options=""):
            program = work / "tests"
            compiler = [f"{build}/bin/csan-clang++", "-g", "-O1", "-std=c++20", "-Wall", "-Werror", *flags]
            subprocess.run([*compiler, *HERE.glob("*_test.cpp"), "-lgtest", "-lgtest_main", "-o", program],
                           check=True)
            done = subprocess.run([program, f"--gtest_output=json:{work}/result.json"], capture_output=True,
                                  text=True, timeout=120, env=dict(os.environ, CSAN_OPTIONS=options))
            assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
            return failures_of(json.loads((work / "result.json").read_text()))

        checked = failures(66, "-fsanitize=concurrency")
        for test in ("Meter.CountsWithALock", "Meter.DiesCleanly", "Meter.DiesWithARace", "Meter.Aborts",
                     "Gauge.Waits"):
            assert checked[test] == [], checked
        (race,) = checked["Meter.CountsWithoutALock"]
        assert "CSan: data-race, fingerprint 0x" in race, race
        own, race = checked["Gauge.FailsAndRaces"]
        assert "the test's own failure" in own and "CSan: data-race" in race, (own, race)

        # Without the flag the header does nothing; the death test that expects a race does not get it.
        plain = failures(1, f"-I{HERE.parents[1] / 'runtime/include'}", "-pthread")
        assert {test for test, messages in plain.items() if messages} == {
            "Meter.DiesWithARace", "Gauge.FailsAndRaces"}, plain
        assert len(plain["Gauge.FailsAndRaces"]) == 1, plain
    print("tests fail by their names")


if __name__ == "__main__":
    main()
