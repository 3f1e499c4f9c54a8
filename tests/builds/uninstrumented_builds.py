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
