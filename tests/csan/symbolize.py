#!/usr/bin/env python3
"""csan names the frames of programs that could not name them: as they would have themselves, by way of the
build id, and never by another build; of split debug information, what is there.

usage: symbolize.py --build DIR
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from tool import Tool

RACY = """
#include <initializer_list>
#include <thread>
int counter, other;
static inline __attribute__((always_inline)) void Bump(int *at) {
  ++*at;
}
void Work() { Bump(&counter); }
void More() { other = 1; }
int main() {
  for (void (*f)() : {Work, More}) {
    std::thread a(f), b(f);
    a.join();
    b.join();
  }
}
"""


def records_of(program, log, options):
    subprocess.run([program], stderr=subprocess.DEVNULL,
                   env=dict(os.environ, CSAN_OPTIONS=f"{options}:format=json:log_path={log}"))
    (path,) = log.parent.glob(f"{log.name}.*")
    return [json.loads(line) for line in path.read_text().splitlines()], path


def names(records):
    return [[(f["function"], os.path.normpath(f["file"]), f["line"], f["column"], f["offset"])
             for f in r[which]["stack"] if f["file"]] for r in records for which in ("now", "before")]


def check_split(tool, compile_with, read):
    """With .dwo files or PROGRAM.dwp all is known; without, functions and lines are, and it is said."""
    work = tool.work
    compile_with("-gsplit-dwarf")
    (dwo,) = work.glob("*.dwo")
    _, path = records_of(work / "racy", work / "split", "symbolize=0")
    whole, said = read(path)
    assert any([f[0] for f in stack[:2]] == ["Bump(int*)", "Work()"] for stack in names(whole)) and not said
    dwo.rename(work / "away")
    less, said = read(path)
    assert said.count("\n") == 1 and f"calls may be missing, because {dwo} was not found" in said, said
    outermost = [[stack[-1][0]] for stack in names(whole)]
    assert sorted([f[0] for f in stack] for stack in names(less)) == sorted(outermost), (less, whole)
    assert ({(r["fingerprint"], r["now"]["stack"][0]["line"]) for r in less} ==
            {(r["fingerprint"], r["now"]["stack"][0]["line"]) for r in whole})
    # It is no failure: what is known stays known.
    tool("report", "--format=none", f"--baseline={path}", path, code=0)
    # The .dwo of another build is none.
    compile_with("-gsplit-dwarf", "-DX", "-O0", "-o", "other")
    next(work.glob("other*.dwo")).rename(dwo)
    assert read(path)[1] == said
    dwo.unlink()
    subprocess.run(["llvm-dwp-22", "away", "-o", "racy.dwp"], cwd=work, check=True)
    again, said = read(path)
    assert names(again) == names(whole) and not said, said
    (work / "racy.dwp").unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = pathlib.Path(parser.parse_args().build).resolve()
    with tempfile.TemporaryDirectory() as name:
        tool = Tool(build, pathlib.Path(name) / "work")
        work = tool.work

        def compile_with(*flags):
            (work / "racy.cpp").write_text(RACY)
            subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", "-O1", "-o", "racy",
                            *flags, "racy.cpp"], cwd=work, check=True)

        def read(path, *flags, code=2):
            done = tool("report", "--format=records", *flags, path, code=code)
            return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

        compile_with()
        by_itself, _ = records_of(work / "racy", work / "self", "symbolize=1")
        bare, bare_path = records_of(work / "racy", work / "bare", "symbolize=0")
        assert len(by_itself) == len(bare) == len({r["fingerprint"] for r in bare}) >= 2
        assert not any(f["function"] for r in bare for f in r["now"]["stack"])
        named, said = read(bare_path)
        assert sorted(names(named)) == sorted(names(by_itself)) and not said, (names(named), names(by_itself))
        assert any(stack[:2][-1][0] == "Work()" and stack[0][0] == "Bump(int*)" for stack in names(named))
        # Elsewhere.
        shutil.move(work / "racy", work / "elsewhere")
        assert "no file with its build id" in read(bare_path)[1]
        (work / "there").mkdir()
        shutil.copy(work / "elsewhere", work / "there/racy")
        named, said = read(bare_path, f"--prefix-map={work}={work}/there")
        assert sorted(names(named)) == sorted(names(by_itself)) and not said
        # Stripped, with the debug information in the folder for it.
        build_id = bare[0]["modules"][0]["build_id"]
        folder = work / "debug/.build-id" / build_id[:2]
        folder.mkdir(parents=True)
        shutil.copy(work / "elsewhere", folder / f"{build_id[2:]}.debug")
        named, said = read(bare_path, f"--debug-dir={work}/debug")
        assert sorted(names(named)) == sorted(names(by_itself)) and not said
        # Another build under the same name names nothing, nor does a file that a forged record asks for.
        compile_with("-DX", "-O0")
        named, said = read(bare_path)
        assert names(named) == [[]] * len(names(named)) and "no file with its build id" in said
        for path in ("/dev/zero", "/etc/passwd", "/", "/proc/self/mem"):
            text = json.dumps(bare[0]).replace(str(work / "racy"), path)
            bare_path = tool.write("forged", [text])
            assert "no file with its build id" in read(bare_path)[1], path
        bare_path = tool.write("forged", [json.dumps(bare[0]).replace(build_id, "")])
        assert not read(bare_path)[1]
        check_split(tool, compile_with, read)
    print("named")


if __name__ == "__main__":
    main()
