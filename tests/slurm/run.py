#!/usr/bin/env python3
"""A suite of four tests as an array job of four tasks on a real Slurm: each test is run once, somewhere, and
what they find is merged.

usage: run.py --build DIR
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from cluster import Cluster, lacking

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "tools/install/ci/slurm.sh"
PARTS = 4
LISTS = """
cmake_minimum_required(VERSION 3.25)
project(suite LANGUAGES CXX)
enable_testing()
foreach(test one two three four five)
  add_executable(${test} race.cpp)
  add_test(NAME ${test} COMMAND ${test})
endforeach()
target_compile_definitions(two PRIVATE RACY=1)
target_compile_definitions(five PRIVATE RACY=1)
"""
RACE = """
#include <thread>
int counter;
void Work() { counter++; }
int main() {
  std::thread a(Work);
#if !defined(RACY)
  a.join();
#endif
  Work();
  if (a.joinable()) a.join();
}
"""


def project(folder, build, lists):
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(lists)
    (folder / "race.cpp").write_text(RACE)
    flags = "-fsanitize=concurrency -g"
    subprocess.run(["cmake", "-S", ".", "-B", "build/csan", "-G", "Ninja", f"-DCMAKE_CXX_FLAGS={flags}",
                    f"-DCMAKE_CXX_COMPILER={build}/bin/csan-clang++"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/csan"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def submit(cluster, folder, build, code):
    environment = {key: value for key, value in cluster.environment.items() if "SHARD" not in key}
    done = subprocess.run(["bash", EXAMPLE, str(PARTS)], cwd=folder, capture_output=True, text=True,
                          timeout=300, env=dict(environment, PATH=f"{build}/bin:{os.environ['PATH']}"))
    logs = "".join(path.read_text() for path in sorted(folder.glob("csan-results/part-*.log")))
    assert done.returncode == code, (done, logs, cluster.logs())
    return done, logs


def check_findings(cluster, folder, build):
    done, logs = submit(cluster, folder, build, 2)
    # Each test in one part only, whatever part that was.
    ran = re.findall(r"Test +#\d+: (\w+) ", logs)
    assert sorted(ran) == ["five", "four", "one", "three", "two"], (ran, logs)
    parts = sorted((folder / "csan-results/records").iterdir())
    assert [part.name for part in parts] == [str(i) for i in range(PARTS)], parts
    # The same race in two programs, of two parts.
    assert re.search(r"seen \d+ times in 2 files", done.stdout), done.stdout
    (run,) = json.loads((folder / "csan-results/csan.sarif").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["data-race"], run
    assert all((folder / "csan-results" / name).stat().st_size for name in ("csan.xml", "csan.html"))
    done, _ = submit(cluster, folder, build, 1)
    assert "is there already" in done.stderr


def check_clean(cluster, folder, build):
    done, _ = submit(cluster, folder, build, 0)
    assert "0 findings" in done.stdout, done


def check_part_that_fails(cluster, folder, build):
    """What was not run is not clean."""
    done, _ = submit(cluster, folder, build, 4)
    assert "not every part was run whole" in done.stderr, done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = pathlib.Path(parser.parse_args().build).resolve()
    if lacking():
        print(f"skipped: Slurm's {', '.join(lacking())} is not installed (Debian: slurm-wlm, munge)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        # Slurm's daemons may run as another user, who has to get in.
        work.chmod(0o755)
        clean = LISTS.replace("RACY=1", "CLEAN=1")
        with Cluster(work / "cluster", cpus=2) as cluster:
            check_findings(cluster, project(work / "racy", build, LISTS), build)
            check_clean(cluster, project(work / "clean", build, clean), build)
            failing = clean + "add_test(NAME fails COMMAND ${CMAKE_COMMAND} -E false)\n"
            check_part_that_fails(cluster, project(work / "failing", build, failing), build)
    print("run as array jobs")


if __name__ == "__main__":
    main()
