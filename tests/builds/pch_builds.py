"""Precompiled headers, given and found; C++20 modules, two phases and scanned by clang-scan-deps."""
import project


def test_precompiled_header(p):
    p.write("all.h", '#pragma once\n#include "order.h"\n#include <vector>\n'
                     "inline int value;\ninline void Add() { ++value; }  // RACE\n")
    p.write("main.cpp", "int main() { InTurn(Add, [] { if (BUG) Add(); }); }\n")
    for bug in (1, 0):
        flags = ("-std=c++20", "-O1", f"-DBUG={bug}")
        p.compile("-x", "c++-header", "all.h", *flags, "-o", "all.h.pch")
        for use in (("-include-pch", "all.h.pch"), ("-include", "all.h")):
            p.compile(*flags, *use, "-c", "main.cpp", "-o", "main.o")
            p.compile("main.o", "-o", "program")
            p.racy("./program", at="all.h") if bug else p.silent("./program")


def test_module(p):
    p.write("counter.cppm", "export module counter;\nint value;\n"
                            "export void Add() { ++value; }  // RACE\n")
    p.write("main.cpp", '#include "order.h"\nimport counter;\n'
                        "int main() { InTurn(Add, [] { if (BUG) Add(); }); }\n")
    for bug in (1, 0):
        flags = ("-std=c++20", f"-DBUG={bug}")
        p.compile(*flags, "--precompile", "counter.cppm", "-o", "counter.pcm")
        p.quiet("csan-clang++", project.FLAG, "-c", "counter.pcm", "-o", "counter.o")
        p.compile(*flags, "-fmodule-file=counter=counter.pcm", "-c", "main.cpp")
        p.compile("main.o", "counter.o", "-o", "program")
        p.racy("./program", at="counter.cppm") if bug else p.silent("./program")


def test_scanning(p):
    project.need("clang-scan-deps-22")
    p.write("counter.cppm", "module;\n#include <cstddef>\n#ifndef __SANITIZE_CONCURRENCY__\n"
                            "import nothing;\n#endif\nexport module counter;\n")
    # As CMake runs it, whose compiler is called csan-clang++.
    done = p.run("csan-clang-scan-deps", "-format=p1689", "--", p.build / "bin/csan-clang++",
                 "-std=c++20", project.FLAG, "-c", "counter.cppm", "-o", "counter.o")
    assert '"logical-name": "counter"' in done.stdout and "nothing" not in done.stdout, done.stdout
