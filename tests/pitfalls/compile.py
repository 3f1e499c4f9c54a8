"""Programs of testdata, compiled with the headers that tests/e2e precompiles, <csan/go.h> among them."""
import subprocess


def compile_program(build, source, level, program, flags=()):
    folder = "".join(path.read_text() for path in source.parent.iterdir())
    go = [f"{build}/lib/libcsan_go.a", "-lboost_context"] if "<csan/go.h>" in folder else []
    header = f"{build}/tests/e2e/headers.{level}.pch"
    done = subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", f"-{level}",
                           "-std=c++20", "-include-pch", header, source, *flags, *go, "-o", program],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"does not compile:\n{done.stderr}")
