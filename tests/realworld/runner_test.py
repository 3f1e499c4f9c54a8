#!/usr/bin/env python3
"""The runner's own test: a program with a race and a choice of tables. usage: runner_test.py --build DIR"""
import argparse
import os
import pathlib
import subprocess
import tempfile

PROGRAM = r"""
#include <pthread.h>
#include <stdio.h>
static int shared;
static void *Add(void *unused) {
  shared++;
  return unused;
}
int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], 0, Add, 0);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
  puts("ok 1 - added");
#ifdef __SANITIZE_CONCURRENCY__
  puts("DIFFERENTok 2 - the same");
#else
  puts("ok 2 - the same");
#endif
  return 0;
}
"""
TABLE = """
package = "racy"
what = "a counter"
build = "{build}"
binaries = ["racy"]
[tests]
count = "./racy; {also}"
"""
BUILD = '$CC $CFLAGS racy.c -o racy -pthread'
EXPLAINED = "# FINDINGS.md: racy 1: two threads count\nrace_top:^Add$\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    runner = pathlib.Path(__file__).resolve().parent / "run"
    with tempfile.TemporaryDirectory() as temporary:
        top = pathlib.Path(temporary)
        tree = top / "work" / "racy-1.0"
        for folder in (tree, top / "programs"):
            folder.mkdir(parents=True)

        def run(code, text, build_line=BUILD, also="true", different="", suppressions="", limit=""):
            (top / "programs" / "racy.toml").write_text(
                limit + TABLE.format(build=build_line, also=also))
            (tree / "racy.c").write_text(PROGRAM.replace("DIFFERENT", different))
            (top / "racy.supp").write_text(suppressions)
            (top / "FINDINGS.md").write_text(
                "## racy 1: two threads count\n" if suppressions == EXPLAINED else "none\n")
            done = subprocess.run([runner, "racy", "--build", build, "--work", top / "work", "--programs",
                                   top], capture_output=True, text=True, timeout=120, env=dict(os.environ))
            assert done.returncode == code and text in done.stdout + done.stderr, (text, done)

        run(1, "racy: 1 reports without an explanation")
        run(0, "2 of 2 tests passed, the same natively; findings 1, false reports 0", suppressions=EXPLAINED)
        run(1, "FINDINGS.md has no section 'racy 2'", suppressions="# FINDINGS.md: racy 2\nrace:Add\n")
        run(1, "no line '# FINDINGS.md: racy", suppressions="race_top:^Add$\n")
        run(1, "racy, count: only with CSan: not ok the same", different="not ", suppressions=EXPLAINED)
        run(1, "without the runtime", build_line="clang-22 $CFLAGS racy.c -o racy -pthread")
        run(1, "the build failed", build_line="false")
        run(1, "racy, count: ended after 1 s", also="sleep 60", suppressions=EXPLAINED,
            limit="test_limit = 1\n")
        run(1, "ended with more than 0 GiB in memory", also="sleep 1", suppressions=EXPLAINED,
            limit="memory = 0\n")
    print("the runner sees what it should")


if __name__ == "__main__":
    main()
