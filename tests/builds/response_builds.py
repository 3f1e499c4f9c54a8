"""Response files: nested, quoted, with the flag inside, and longer than a command line may be."""
import project

MAIN = """#include "order.h"
#include <cstdio>
int value;
int main() {
  std::puts(TEXT);
  InTurn([] { ++value; }, [] { if (BUG) ++value; });  // RACE
}
"""


def test_forms(p):
    p.write("two words/main file.cpp", MAIN)
    p.write("inner.rsp", '-DTEXT="\\"a b\\"" "two words/main file.cpp"\n')
    p.write("outer.rsp", "-O1\n@inner.rsp\n'-o' program -g\n")
    for bug in (1, 0):
        for command in ([project.FLAG, "@outer.rsp"], ["@flag.rsp"]):
            p.write("flag.rsp", f"{project.FLAG}\n@outer.rsp")
            p.quiet("csan-clang++", project.ORDER, f"-DBUG={bug}", *command)
            if bug:
                said = p.run("./program", code=66).stderr
                assert "two words/main file.cpp:6 in main" in said, said
            else:
                p.silent("./program", output="a b\n")
    done = p.run("csan-clang++", project.FLAG, "@missing.rsp", code=1)
    assert "missing.rsp" in done.stderr, done.stderr


def test_longer_than_a_command_line(p):
    p.write("main.cpp", MAIN)
    many = "".join(f"-I/no/such/folder/of/a/long/name/{n:060}\n" for n in range(30_000))
    p.write("long.rsp", f'{project.FLAG}\n-DBUG=1\n-DTEXT=\\"x\\"\n{many}main.cpp\n-o\nprogram\n')
    assert len(many) > 2 << 20
    for lists in ([], ["-fsanitize-concurrency-report-uninstrumented"]):
        p.quiet("csan-clang++", "-g", project.ORDER, "@long.rsp", *lists)
        p.racy("./program", at="main.cpp")
