"""Shared libraries: complete ones (-z defs), several, opened at run time, in programs without CSan."""
import project

HALF = """int {name}_value;
void {name}_add() {{ ++{name}_value; }}  // RACE
"""
PLUGIN = """#include "order.h"
static int value;
extern "C" int run() {
  InTurn([] { ++value; }, [] { if (BUG) ++value; });  // RACE
  return 0;
}
"""
HOST = """#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char** argv) {
  (void)argc;
  void* library = dlopen(argv[1], RTLD_NOW | MODE);
  if (library == NULL) {
    puts(dlerror());
    return 3;
  }
  int (*run)(void) = (int (*)(void))dlsym(library, "run");
  return run();
}
"""


def test_libraries_that_leave_nothing_undefined(p):
    p.write("half.cpp", HALF.format(name="half"))
    p.write("main.cpp", '#include "order.h"\nvoid half_add();\n'
                        'int main() { InTurn(half_add, [] { if (BUG) half_add(); }); }\n')
    ways = ["-Wl,-z,defs", "-Wl,-zdefs", "-Wl,--no-undefined", "-z defs", "-Xlinker -z -Xlinker defs"]
    for linker in ("bfd", "lld"):
        for way in ways if linker == "bfd" else ways[:1]:
            p.compile("-shared", "-fPIC", "half.cpp", "-o", "libhalf.so", f"-fuse-ld={linker}", *way.split())
        for bug in (1, 0):
            p.compile("main.cpp", f"-DBUG={bug}", "-L.", "-lhalf", "-Wl,-rpath,$ORIGIN",
                      f"-fuse-ld={linker}", "-o", "program")
            p.racy("./program", at="half.cpp") if bug else p.silent("./program")
    # One runtime: that of the program, although the library names the shared one.
    maps = p.run("ldd", "./program").stdout
    assert "concurrency" not in maps, maps


def test_several_libraries(p):
    for name in ("one", "two"):
        p.write(f"{name}.cpp", HALF.format(name=name))
        p.compile("-O2", "-fvisibility=hidden" if name == "two" else "-O1", "-shared", "-fPIC", f"{name}.cpp",
                  f"-D{name}_add=__attribute__((visibility(\"default\"))) {name}_add", "-o", f"lib{name}.so")
    p.write("main.cpp", '#include "order.h"\nvoid one_add();\nvoid two_add();\nint main() {\n'
                        '  InTurn(one_add, [] { if (BUG & 1) one_add(); });\n'
                        '  InTurn(two_add, [] { if (BUG & 2) two_add(); });\n}\n')
    for bug in (0, 1, 2):
        p.compile("main.cpp", f"-DBUG={bug}", "-L.", "-lone", "-ltwo", "-Wl,-rpath,$ORIGIN", "-o", "program")
        p.racy("./program", at=f"{('', 'one', 'two')[bug]}.cpp") if bug else p.silent("./program")


def plugins(p):
    p.write("plugin.cpp", PLUGIN)
    p.write("host.c", HOST)
    for bug in (1, 0):
        for name, way in (("open", []), ("complete", ["-Wl,-z,defs"])):
            p.compile("-shared", "-fPIC", f"-DBUG={bug}", "plugin.cpp", "-o", f"{name}{bug}.so", *way)


def test_opened_by_an_instrumented_program(p):
    plugins(p)
    p.compile("host.c", "-DMODE=0", "-o", "host", compiler="csan-clang")
    for name in ("open", "complete"):
        p.racy("./host", f"./{name}1.so", at="plugin.cpp")
        p.silent("./host", f"./{name}0.so")


def test_opened_by_a_program_without_csan(p):
    plugins(p)
    p.quiet("csan-clang", "host.c", "-DMODE=0", "-o", "host")  # without the flag: plain clang
    preload = {"LD_PRELOAD": str(p.runtime)}
    for name in ("open", "complete"):
        done = p.run("./host", f"./{name}1.so", code=3)
        assert "undefined symbol: __csan" in done.stdout or p.runtime.name in done.stdout, done.stdout
        p.racy("./host", f"./{name}1.so", at="plugin.cpp", env=preload)
        p.silent("./host", f"./{name}0.so", env=preload)
    # The options count, and what symbolizes is not run with the runtime.
    options = {"CSAN_OPTIONS": f"exitcode=5:log_path={p.folder}/log"}
    p.run("./host", "./open1.so", env=preload | options, code=5)
    logs = list(p.folder.glob("log.*"))
    assert len(logs) == 1 and "plugin.cpp" in logs[0].read_text(), logs
    # Found, but too late to stand in front of the C library.
    late = p.run("./host", "./complete1.so", env={"LD_LIBRARY_PATH": str(p.runtime.parent)}, code=71)
    assert late.stderr.count("\n") == 1 and "LD_PRELOAD=" in late.stderr, late.stderr
    python = ("python3", "-c", "import ctypes, sys; ctypes.CDLL(sys.argv[1]).run()")
    p.racy(*python, p.folder / "open1.so", at="plugin.cpp", env=preload)
    p.silent(*python, p.folder / "open0.so", env=preload)


def test_deep_binding_is_left_out(p):
    plugins(p)
    p.compile("host.c", "-D_GNU_SOURCE", "-DMODE=RTLD_DEEPBIND", "-o", "host", compiler="csan-clang")
    said = p.racy("./host", "./open1.so", at="plugin.cpp", env={"CSAN_OPTIONS": "print_stats=1"})
    assert "left out: RTLD_DEEPBIND: 1" in said, said
    p.silent("./host", "./open0.so")


def test_libraries_are_sought_where_the_caller_lies(p):
    """dlopen by name, by way of the caller's own path."""
    p.write("library/plugin.cpp", PLUGIN)
    p.write("host.c", HOST)
    p.write("main.c", "int Host(int argc, char** argv);\n"
                      "int main(int argc, char** argv) { return Host(argc, argv); }\n")
    p.compile("-shared", "-fPIC", "-DBUG=1", "library/plugin.cpp", "-o", "library/libplugin.so")
    p.compile("-shared", "-fPIC", "-DMODE=0", "-Dmain=Host", "host.c", "-Wl,-rpath,$ORIGIN/library",
              "-o", "libhost.so", compiler="csan-clang")
    p.compile("main.c", "-L.", "-lhost", "-Wl,-rpath,$ORIGIN", "-o", "host", compiler="csan-clang")
    p.racy("./host", "libplugin.so", at="plugin.cpp")


def test_library_without_csan_in_an_instrumented_program(p):
    plugins(p)
    p.quiet("csan-clang++", project.ORDER, "-shared", "-fPIC", "-DBUG=1", "plugin.cpp", "-o", "plain.so")
    p.compile("host.c", "-DMODE=0", "-o", "host", compiler="csan-clang")
    p.silent("./host", "./plain.so")  # its accesses are not seen


def test_preloaded_runtime_leaves_instrumented_programs_theirs(p):
    plugins(p)
    p.compile("host.c", "-DMODE=0", "-o", "host", compiler="csan-clang")
    preload = {"LD_PRELOAD": str(p.runtime)}
    p.racy("./host", "./complete1.so", at="plugin.cpp", env=preload)
    p.silent("./host", "./complete0.so", env=preload)
    p.run("sh", "-c", "true | cat; exit 5", env=preload, code=5)
