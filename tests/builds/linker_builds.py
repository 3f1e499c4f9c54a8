"""Linker options that drop, fold, hide or rename: none loses a race or the runtime."""
import project

MAIN = """#include "order.h"
#include <cstdlib>
int value;
#ifdef WRAPS
extern "C" void* __real_calloc(size_t n, size_t size);
extern "C" void* __wrap_calloc(size_t n, size_t size) { return __real_calloc(n, size); }
#endif
void First() { ++value; }
void Second() { if (BUG) ++value; }  // RACE
void Unused() { --value; }
void Twin() { --value; }
int main() {
  std::free(std::calloc(3, 5));
  InTurn(First, Second);
}
"""
OPTIONS = ["-Wl,--gc-sections -ffunction-sections -fdata-sections",
           "-Wl,--gc-sections -ffunction-sections -fdata-sections -fuse-ld=lld",
           "-Wl,--as-needed", "-Wl,--icf=all -fuse-ld=lld -ffunction-sections", "-Wl,--wrap=calloc -DWRAPS",
           "-Wl,-z,now -Wl,-z,relro", "-Wl,--no-undefined", "-fvisibility=hidden -fvisibility-inlines-hidden",
           "-Wl,--exclude-libs,ALL", "-Wl,--version-script=hide", "-Wl,--version-script=hide -fuse-ld=lld",
           "@hide.rsp", "-rdynamic", "-Wl,-Bsymbolic", "-no-pie", "-static-libstdc++ -static-libgcc",
           "-nodefaultlibs -lstdc++ -lm -lc -lgcc_s -lgcc", "-s"]


def test_options(p):
    p.write("main.cpp", MAIN)
    p.write("hide", "{ global: main; local: *; };\n")
    p.write("hide.rsp", "-Wl,--version-script=hide\n")
    for options in OPTIONS:
        p.compile("main.cpp", "-DBUG=1", *options.split(), "-o", "program")
        if options == "-s":
            assert p.run("./program", code=66).stderr.count("SUMMARY") == 1
        else:
            p.racy("./program", at="main.cpp")
        p.compile("main.cpp", "-DBUG=0", *options.split(), "-o", "program")
        p.silent("./program")


def test_relocatable_objects(p):
    p.write("main.cpp", MAIN)
    p.compile("-c", "main.cpp", "-DBUG=1")
    p.compile("-r", "main.o", "-o", "whole.o")
    assert " T __csan" not in p.run("nm", "whole.o").stdout
    p.compile("whole.o", "-o", "program")
    p.racy("./program", at="main.cpp")


def test_libraries_by_hand(p):
    p.write("library.c", "int value;\nvoid Add(void) { value++; }\n")
    p.compile("-nostdlib", "-shared", "-fPIC", "library.c", "-o", "libadd.so", compiler="csan-clang")
    p.write("versions", "ADD_1 { global: Add; local: *; };\n")
    p.compile("-shared", "-fPIC", "library.c", "-Wl,--version-script=versions", "-o", "libadd.so",
              compiler="csan-clang")
    p.write("main.cpp", '#include "order.h"\nextern "C" void Add();\n'
                        'int main() { InTurn([] { Add(); }, [] { if (BUG) Add(); }); }\n')
    for bug in (1, 0):
        p.compile("main.cpp", f"-DBUG={bug}", "-L.", "-ladd", "-Wl,-rpath,$ORIGIN", "-o", "program")
        p.racy("./program", at="library.c") if bug else p.silent("./program")
