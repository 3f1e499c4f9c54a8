#!/usr/bin/env python3
"""Runs the commands of README.md: those that set up another project's build, and those of ours.

usage: commands.py --build DIR
"""
import argparse
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEMO = ROOT / "testdata/pitfalls/03-shared-counter"
MAKEFILE = """
server: server.o
\t$(CXX) $(LDFLAGS) server.o -o $@
server.o: server.cpp server.h
\t$(CXX) $(CXXFLAGS) -std=c++20 -c server.cpp -o $@
"""
CMAKELISTS = """
cmake_minimum_required(VERSION 3.25)
project(server CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(Threads REQUIRED)
add_executable(server server.cpp)
target_link_libraries(server Threads::Threads)
"""
BUILDS = {"make": (("Makefile", MAKEFILE), "make"),
          "cmake": (("CMakeLists.txt", CMAKELISTS), "cmake -G Ninja . && ninja")}


def commands():
    """The blocks that are indented by four."""
    return re.findall(r"^    (.*)$", (ROOT / "README.md").read_text(), re.M)


def check_project(setup, build, work):
    """As somebody would: sources of their own, the two lines, their build, their program."""
    (name, text), command = BUILDS[build]
    for twin, code in (("bug", 66), ("fix", 0)):
        project = work / build / twin
        project.mkdir(parents=True)
        (project / name).write_text(text)
        (project / "server.cpp").write_text((DEMO / f"{twin}.cpp").read_text())
        (project / "server.h").write_text((DEMO / "server.h").read_text())
        script = "\n".join([*setup, command])
        done = subprocess.run(["bash", "-ec", script], cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, (build, done.stdout, done.stderr)
        done = subprocess.run([project / "server"], capture_output=True, text=True)
        assert done.returncode == code, (build, twin, done)
        # Compiled with -g: the report names the line.
        assert ("server.h:" in done.stderr or "server.cpp:" in done.stderr) == (twin == "bug"), done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = pathlib.Path(parser.parse_args().build).resolve()
    os.environ["PATH"] = f"{build}/bin:{os.environ['PATH']}"
    setup = [c for c in commands() if c.startswith("export ")]
    assert len(setup) == 2 and "CFLAGS" in " ".join(setup), setup
    others = set(commands()) - set(setup)
    assert others == {"tools/ci/quickstart", "tools/ci/test"}, f"not tested: {others}"
    with tempfile.TemporaryDirectory() as work:
        for name in BUILDS:
            check_project(setup, name, pathlib.Path(work))
    # All tests but without running them, this one among them.
    done = subprocess.run([ROOT / "tools/ci/test", "-N"], capture_output=True, text=True)
    assert done.returncode == 0, done
    listed = set(re.findall(r"Test +#\d+: (\S+)", done.stdout))
    assert {"unit", "readme.commands", "readme.quickstart", "e2e.plain.O1"} <= listed, done.stdout
    print("the README's commands work")


if __name__ == "__main__":
    main()
