"""Objects that were not compiled by us: they work, and a link can name them."""
import project

LIST = "-fsanitize-concurrency-report-uninstrumented"
NOTE = "note: not compiled with -fsanitize=concurrency: "
MAIN = """#include "order.h"
int Plain(int);
extern int datum;
int main() { InTurn([] { Plain(1); }, [] { Plain(datum); }); }
"""


def link(p, *arguments, code=0):
    done = p.run("csan-clang++", project.FLAG, project.ORDER, *arguments, LIST, "-o", "program", code=code)
    assert done.stdout == "", done.stdout  # the linker's own list is not shown
    lines = done.stderr.splitlines()
    return [line.split(NOTE)[1] for line in lines if NOTE in line], [x for x in lines if NOTE not in x]


def test_list(p):
    p.write("main.cpp", MAIN)
    p.write("plain.cpp", "static int sum;\nint Plain(int n) { return sum += n; }\n")
    p.write("unused.cpp", "int Unused(int n) { return n; }\n")
    p.write("data.cpp", "int datum = 2;\n")  # nothing to check, but ours
    p.quiet("clang++-22", "-c", "plain.cpp", "unused.cpp")
    p.compile("-c", "main.cpp", "data.cpp")
    p.run("ar", "cr", "libplain.a", "unused.o", "plain.o", "data.o")
    for linker in ("bfd", "lld", "gold"):
        use = f"-fuse-ld={linker}"
        assert link(p, "main.o", "data.o", "plain.o", use) == (["plain.o"], [])
        # Only what the linker took.
        named, rest = link(p, "main.o", "-L.", "-lplain", use)
        assert (len(named), rest) == (1, []), (linker, named, rest)
        assert named[0].endswith("libplain.a(plain.o)"), (linker, named)
        assert link(p, "main.cpp", "data.o", "plain.o", use) == (["plain.o"], [])
    p.silent("./program")  # not seen: what no order is known of is no race
    p.compile("-c", "plain.cpp", "-o", "ours.o")
    assert link(p, "main.o", "data.o", "ours.o") == ([], [])
    p.racy("./program", at="plain.cpp")
    p.compile("-flto", "-c", "plain.cpp", "data.cpp")
    assert link(p, "main.o", "data.o", "plain.o", "-flto", "-fuse-ld=lld") == ([], [])
    p.quiet("clang++-22", "-flto", "-c", "plain.cpp")
    assert link(p, "main.o", "data.o", "plain.o", "-flto", "-fuse-ld=lld") == (["plain.o"], [])
    assert link(p, "-shared", "plain.o", "-flto", "-fuse-ld=lld") == (["plain.o"], [])


def test_nothing_but_a_link_lists(p):
    p.write("data.cpp", "int datum = 2;\n")
    p.compile("-c", "data.cpp", LIST)
    named, rest = link(p, "data.o", code=1)  # no main
    assert named == [] and any("main" in line for line in rest), rest


SPIN = """#include <stdatomic.h>
static atomic_flag taken = ATOMIC_FLAG_INIT;
void SpinLock(void) { while (atomic_flag_test_and_set_explicit(&taken, memory_order_acquire)) {} }
void SpinUnlock(void) { atomic_flag_clear_explicit(&taken, memory_order_release); }
double Sum(int n, double a, double b, long c, long d, long e, long f, long g, long h, long i, ...) {
  return n + a + b + c + d + e + f + g + h + i;
}
"""
SPIN_MAIN = """#include "order.h"
#include <stdlib.h>
#include <unistd.h>
extern "C" {
void SpinLock();
void SpinUnlock();
double Sum(int, double, double, long, long, long, long, long, long, long, ...);
void __csan_on_report(const char *) { write(1, "told", 4); }
}
int value;
void Locked() { SpinLock(); ++value; SpinUnlock(); }
void Plain() { ++value; }
void Before() { SpinLock(); SpinUnlock(); ++value; }
int main() {
  InTurn(FIRST, SECOND);
  if (Sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) != 55) abort();
}
"""


def test_order_that_a_stock_library_may_keep(p):
    """A race that only a module without instrumentation may order is noted and fails nothing."""
    p.write("spin.c", SPIN)
    p.write("main.cpp", SPIN_MAIN)
    p.quiet("gcc", "-O2", "-shared", "-fPIC", "spin.c", "-o", "libspin.so")
    # Unbound, and bound by addresses that are no longer writable; and where no thread is sure to be ordered.
    for first, second, link, fails in (("Locked", "Locked", "-Wl,-z,lazy", False),
                                       ("Locked", "Locked", "-Wl,-z,now,-z,relro", False),
                                       ("Locked", "Plain", "-Wl,-z,lazy", True),
                                       ("Plain", "Locked", "-Wl,-z,now", True),
                                       ("Plain", "Plain", "-Wl,-z,lazy", True)):
        p.compile("main.cpp", f"-DFIRST={first}", f"-DSECOND={second}", "./libspin.so", link, "-o", "program")
        if fails:
            assert p.run("./program", code=66).stdout == "told"
            continue
        done = p.run("./program")
        said = done.stderr
        assert done.stdout == "", done.stdout
        assert "CSan: possible data race" in said and "libspin.so may" in said, said
        assert "noted 1 possible race, which did not make the program fail" in said, said
        p.run("./program", env={"CSAN_OPTIONS": "foreign_order=0"}, code=66)
        assert p.run("./program", env={"CSAN_OPTIONS": "format=tsan"}).stderr == ""
        p.run("./program", env={"CSAN_OPTIONS": "halt_on_error=1"})


def test_order_kept_by_others_counts(p):
    """A lock of the C library in code that is not ours orders what is ours."""
    p.write("lock.c", "#include <pthread.h>\nstatic pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
                      "void Lock(void) { pthread_mutex_lock(&m); }\n"
                      "void Unlock(void) { pthread_mutex_unlock(&m); }\n")
    p.write("main.cpp", '#include "order.h"\nextern "C" void Lock();\nextern "C" void Unlock();\nint value;\n'
                        "void Add() { Lock(); ++value; Unlock(); }\n"
                        "int main() { InTurn(Add, [] { if (BUG) ++value; else Add(); }); }\n")
    p.quiet("clang-22", "-c", "lock.c")
    p.quiet("clang-22", "-shared", "-fPIC", "lock.c", "-o", "liblock.so")
    for where in ("lock.o", "./liblock.so"):
        for bug in (1, 0):
            p.compile("main.cpp", f"-DBUG={bug}", where, "-o", "program")
            p.racy("./program", at="main.cpp") if bug else p.silent("./program")
