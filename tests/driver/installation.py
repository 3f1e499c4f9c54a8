#!/usr/bin/env python3
"""An incomplete installation is named in one sentence, with exit code 1, and nothing is compiled.

usage: installation.py --build DIR
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import tempfile


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as work:
        prefix = pathlib.Path(work) / "csan"
        for folder in ("bin", "lib", "share/csan", "include"):
            (prefix / folder).mkdir(parents=True)
        shutil.copy(build / "bin/csan-clang", prefix / "bin/csan-clang")
        source = pathlib.Path(work) / "main.c"
        source.write_text("int main(void) { return 0; }\n")
        program = pathlib.Path(work) / "main"

        def compile_with(*arguments, **environment):
            return subprocess.run([prefix / "bin/csan-clang", *arguments], capture_output=True, text=True,
                                  env=dict(os.environ, **environment))

        def refused(done, *texts):
            assert done.returncode == 1, done
            assert all(text in done.stderr for text in texts), done.stderr
            assert done.stderr.count("\n") == 1, done.stderr
            assert not program.exists()

        build_it = ("-fsanitize=concurrency", str(source), "-o", str(program))
        refused(compile_with(*build_it), "lib/csan-pass.so' is missing", "install CSan again")
        shutil.copy(build / "lib/csan-pass.so", prefix / "lib/csan-pass.so")
        refused(compile_with(*build_it), "libclang_rt.concurrency-x86_64.a' is missing")
        # Without the flag nothing of CSan's is needed.
        done = compile_with(str(source), "-o", str(program))
        assert done.returncode == 0, done
        assert subprocess.run([program]).returncode == 0
        program.unlink()
        refused(compile_with(str(source), "-o", str(program), CSAN_CLANG="/no/such/clang"),
                "cannot run '/no/such/clang'", "set CSAN_CLANG")
    print("the installation is checked")


if __name__ == "__main__":
    main()
