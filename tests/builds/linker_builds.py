"""Linker options that drop, fold, hide or rename: none loses a race or the runtime."""
import project

# In C, which is compiled quicker.
MAIN = """#include <pthread.h>
#include <stdlib.h>
#include "order.h"
int value;
#ifdef WRAPS
void* __real_calloc(size_t n, size_t size);
void* __wrap_calloc(size_t n, size_t size) { return __real_calloc(n, size); }
#endif
static void* First(void* arg) {
  ++value;
  ReachStep(1);
  return arg;
}
static void* Second(void* arg) {
  AwaitStep(1);
  if (BUG) ++value;  // RACE
  return arg;
}
void Unused(void) { --value; }
void Twin(void) { --value; }
int main(void) {
  pthread_t threads[2];
  free(calloc(3, 5));
  pthread_create(&threads[0], NULL, First, NULL);
  pthread_create(&threads[1], NULL, Second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
}
"""
CXX = """#include "order.h"
int value;
int main() { InTurn([] { ++value; }, [] { if (BUG) ++value; }); }  // RACE
"""
OPTIONS = ["-Wl,--gc-sections -ffunction-sections -fdata-sections",
           "-Wl,--gc-sections -ffunction-sections -fdata-sections -fuse-ld=lld",
           "-Wl,--as-needed", "-Wl,--icf=all -fuse-ld=lld -ffunction-sections", "-Wl,--wrap=calloc -DWRAPS",
           "-Wl,-z,now -Wl,-z,relro", "-Wl,--no-undefined", "-fvisibility=hidden",
           "-Wl,--exclude-libs,ALL", "-Wl,--version-script=hide", "-Wl,--version-script=hide -fuse-ld=lld",
           "@hide.rsp", "-rdynamic", "-Wl,-Bsymbolic", "-no-pie", "-nodefaultlibs -lc", "-s"]
OPTIONS_OF_CXX = ["-static-libstdc++ -static-libgcc", "-nodefaultlibs -lstdc++ -lm -lc -lgcc_s -lgcc"]


def test_options(p):
    p.write("main.c", MAIN)
    p.write("main.cpp", CXX)
    p.write("hide", "{ global: main; local: *; };\n")
    p.write("hide.rsp", "-Wl,--version-script=hide\n")
    for options in OPTIONS + OPTIONS_OF_CXX:
        compiler, source = (("csan-clang", "main.c") if options in OPTIONS else ("csan-clang++", "main.cpp"))
        p.compile(source, "-DBUG=1", *options.split(), "-o", "program", compiler=compiler)
        if options == "-s":
            assert p.run("./program", code=66).stderr.count("SUMMARY") == 1
        else:
            p.racy("./program", at=source)
        p.compile(source, "-DBUG=0", *options.split(), "-o", "program", compiler=compiler)
        p.silent("./program")


def test_relocatable_objects(p):
    p.write("main.c", MAIN)
    p.compile("-c", "main.c", "-DBUG=1", compiler="csan-clang")
    p.compile("-r", "main.o", "-o", "whole.o")
    assert " T __csan" not in p.run("nm", "whole.o").stdout
    p.compile("whole.o", "-o", "program")
    p.racy("./program", at="main.c")


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
