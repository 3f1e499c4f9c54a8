"""What the tests of builds share: a scratch folder, CSan's compilers, a program and what it must say."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COUNTER = ROOT / "testdata/counter"
FLAG = "-fsanitize=concurrency"
ORDER = f"-I{ROOT}/tests/e2e/support"
SKIPPED = 77  # as ctest is told


class Skip(Exception):
    """The machine lacks what the test is about."""


class Project:
    """Of one test: runs commands in a folder of its own, with csan-clang and csan-clang++ in PATH."""

    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name).resolve()
        self.runtime = self.build / "lib/libclang_rt.concurrency-x86_64.so"
        self.env = {k: v for k, v in os.environ.items()
                    if k not in ("CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "CSAN_OPTIONS", "MAKEFLAGS")}
        self.env |= {"PATH": f"{self.build}/bin:{os.environ['PATH']}", "LC_ALL": "C",
                     "CC": "csan-clang", "CXX": "csan-clang++", "CCACHE_DISABLE": "1"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def flags(self, bug, more=""):
        """The environment of a build that is configured with our flag and nothing else of ours."""
        both = f"{FLAG} -g {ORDER} -DBUG={int(bug)} {more}".strip()
        return {"CFLAGS": both, "CXXFLAGS": f"{both} -std=c++20", "LDFLAGS": FLAG}

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def copy_counter(self, name):
        return pathlib.Path(shutil.copytree(COUNTER, self.folder / name))

    def run(self, *command, cwd=None, env=None, code=0, **more):
        """The finished process; anything but the wanted exit code fails the test."""
        command = [str(part) for part in command]
        done = subprocess.run(command, cwd=cwd or self.folder, env=self.env | (env or {}), text=True,
                              capture_output=True, timeout=300, **more)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{' '.join(command)}: exit code {done.returncode}, wanted {code}\n"
                                 f"{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done

    def quiet(self, *command, **more):
        """As run, and nothing may be printed: neither by clang nor by a linker."""
        done = self.run(*command, **more)
        assert done.stdout == "" and done.stderr == "", (command, done.stdout, done.stderr)

    def compile(self, *arguments, compiler="csan-clang++", **more):
        self.quiet(compiler, FLAG, "-g", ORDER, *arguments, **more)

    def racy(self, *command, at="counter.c", count=1, **more):
        """The program reports `count` races at line RACE of file `at` and exits with 66."""
        done = self.run(*command, code=None, **more)
        summaries = re.findall(r"SUMMARY: CSan: data race \S*?([^/\s]+):(\d+) ", done.stderr)
        assert done.returncode == 66, (command, done.returncode, done.stderr[-3000:])
        files = [name for name, _ in summaries]
        assert files == [at] * count, (files, done.stderr[-3000:])
        return done.stderr

    def silent(self, *command, output=None, **more):
        done = self.run(*command, **more)
        assert done.stderr == "", (command, done.stderr[-3000:])
        assert output is None or done.stdout == output, (command, done.stdout)

    def check(self, program, bug, **more):
        """The counter, built one way or the other."""
        if bug:
            self.racy(program, **more)
        else:
            self.silent(program, output="7\n", **more)


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            raise Skip(f"{tool} is not installed: tools/ci/install-packages test")


def disassembly(program, function):
    done = subprocess.run(["llvm-objdump-22", "-d", "--no-show-raw-insn", f"--disassemble-symbols={function}",
                           program], capture_output=True, text=True, check=True)
    return done.stdout
