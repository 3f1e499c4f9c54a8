"""Link-time optimisation: instrumented once, when compiled; checks survive inlining by the linker."""
import re
import subprocess

import project

MAIN = """#include "order.h"
void Add(int* at);
int value;
int main() { InTurn([] { Add(&value); }, [] { if (BUG) Add(&value); }); }
"""
LIBRARY = """void Add(int* at) { ++*at; }  // RACE
"""
LINKERS = ("lld", "bfd")


def sources(p):
    p.write("main.cpp", MAIN)
    p.write("library.cpp", LIBRARY)


def test_thin_and_full(p):
    project.need("ld.bfd")
    sources(p)
    for kind in ("thin", "full"):
        for bug in (1, 0):
            p.compile(f"-flto={kind}", "-O2", "-c", "main.cpp", "library.cpp", f"-DBUG={bug}")
            for linker in LINKERS:
                p.compile(f"-flto={kind}", "-O2", f"-fuse-ld={linker}", "main.o", "library.o",
                          "-o", "program")
                if not bug:
                    p.silent("./program")
                    continue
                said = p.racy("./program", at="library.cpp")
                # Add has been inlined, so its frames are at one place, and nobody is named twice.
                frames = re.findall(r"#\d+ (.*?) /\S+:\d+:\d+ \(program\+(\w+)\)", said)
                add = [at for name, at in frames if name == "Add(int*)"]
                lambdas = [at for name, at in frames if re.fullmatch(r"main::\$_\d::operator.*", name)]
                assert len(add) == 2 and set(add) <= set(lambdas), said
                assert len(lambdas) == 2, said
                check_once(p.folder / "program")


def check_once(program):
    """Two inlined copies of one access and the function itself, if it was kept: one check each."""
    text = project.disassembly(program, "main") + "".join(
        project.disassembly(program, name) for name in functions(program))
    calls = len(re.findall(r"call.*__csan_write4", text))
    assert 2 <= calls <= 3, text
    # The test is inline: it compares with the epoch, and no call goes to TSan's hooks.
    assert text.count("%fs:0x80") >= calls and "__tsan_write" not in text, text


def functions(program):
    names = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    return [line.split()[2] for line in names.splitlines()
            if re.search(r" [tTwW] (_Z3AddPi|\S*_M_run\S*)$", line)]


def test_objects_for_both(p):
    sources(p)
    p.compile("-flto", "-ffat-lto-objects", "-O2", "-fuse-ld=lld", "-DBUG=1", "main.cpp", "library.cpp",
              "-o", "program")
    p.racy("./program", at="library.cpp")
    p.compile("-O2", "-c", "-flto", "-ffat-lto-objects", "-DBUG=1", "main.cpp", "library.cpp")
    p.compile("-fuse-ld=bfd", "main.o", "library.o", "-o", "program")  # the machine code
    p.racy("./program", at="library.cpp")


def test_bitcode_is_not_instrumented_again(p):
    sources(p)
    p.compile("-O1", "-emit-llvm", "-c", "-DBUG=1", "main.cpp", "library.cpp")
    for source in ("main", "library"):
        p.quiet("csan-clang++", project.FLAG, "-g", "-O2", "-c", f"{source}.bc", "-o", f"{source}.o")
    text = project.disassembly(p.folder / "library.o", "_Z3AddPi")
    assert text.count("%fs:0x80") == 1, text
    p.compile("main.o", "library.o", "-o", "program")
    p.racy("./program", at="library.cpp")
