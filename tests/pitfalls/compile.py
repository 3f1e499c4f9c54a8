"""Programs with <csan/go.h>, which takes longer to compile than they do: compiled once for all of a level."""
import functools
import subprocess


def compile_one(build, level, arguments):
    done = subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", f"-{level}",
                           "-std=c++20", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"does not compile:\n{done.stderr}")


@functools.cache
def go_flags(build, level, work):
    header = work / f"go.{level}.pch"
    compile_one(build, level, ["-x", "c++-header", f"{build}/include/csan/go.h", "-o", header])
    return ["-include-pch", header, f"{build}/lib/libcsan_go.a", "-lboost_context"]


def compile_program(build, source, level, program, flags=()):
    folder = "".join(path.read_text() for path in source.parent.iterdir())
    go = go_flags(build, level, program.parent) if "<csan/go.h>" in folder else []
    compile_one(build, level, [source, *flags, *go, "-o", program])
