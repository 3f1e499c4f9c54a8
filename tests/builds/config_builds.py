"""clang --config=share/csan/csan.cfg: what csan-clang adds, spelled out."""
import re

import project


def front_end(p, *command):
    """The options of clang -cc1, without names of files that differ."""
    done = p.run(*command, "-O1", "-fPIC", "-g", "-###", "-c", "main.c")
    line = next(text for text in done.stderr.splitlines() if '"-cc1"' in text)
    words = [w.replace(f"{p.build}/share/csan/../../", f"{p.build}/") for w in re.findall(r'"([^"]*)"', line)]
    return sorted(w for w in words if "config" not in w and not w.startswith("-main-file"))


def test_same_flags(p):
    p.write("main.c", "int main(void) { return 0; }\n")
    ours = front_end(p, "csan-clang", project.FLAG)
    assert front_end(p, "clang-22", f"--config={p.build}/share/csan/csan.cfg") == ours


def test_project(p):
    config = f"--config={p.build}/share/csan/csan.cfg"
    tree = p.copy_counter("tree")
    for bug in (1, 0):
        done = p.run("make", "-j4", f"CC=clang-22 {config}", f"CXX=clang++-22 {config}", cwd=tree,
                     env={"CFLAGS": f"-g -DBUG={bug}", "CXXFLAGS": f"-g {project.ORDER}", "LDFLAGS": ""})
        assert done.stderr == "", done.stderr
        p.check(tree / "program", bug)
        p.run("make", "clean", cwd=tree)
        # A library, and a program that uses it: one runtime, the shared one, for both.
        p.quiet("clang-22", config, "-g", f"-DBUG={bug}", "-shared", "-fPIC", "-Wl,-z,defs", "counter.c",
                "odd.s", "even.S", "-o", "libcounter.so", cwd=tree)
        for compiler in (["clang++-22", config], ["csan-clang++", project.FLAG]):
            p.quiet(*compiler, "-g", project.ORDER, "main.cpp", "-L.", "-lcounter", "-Wl,-rpath,$ORIGIN",
                    "-o", "program", cwd=tree)
            p.check(tree / "program", bug)
