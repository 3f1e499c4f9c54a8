"""What configure steps compile and run: nothing is said but by the probe, and it ends as it would."""
import time

import project

PROBES = {"conftest.c": "int main(void) { return 3; }\n",
          "cmTC_1a2b3.cpp": "#include <thread>\nint main() { std::thread([] {}).join(); return 3; }\n"}


def test_probes(p):
    for name, text in PROBES.items():
        p.write(name, text)
        compiler = "csan-clang" if name.endswith(".c") else "csan-clang++"
        for level in ("-O0", "-O2"):
            p.quiet(compiler, project.FLAG, level, name, "-o", "probe", "-Wall", "-Wextra", "-Werror")
            p.quiet("./probe", code=3)
            # Where configure closes descriptors, or reads what a probe prints of itself.
            p.quiet("sh", "-c", "./probe <&- 2>/dev/null", code=3)
            p.quiet("sh", "-c", "./probe >&- 2>&-", code=3)
    p.write("signal.c", "#include <signal.h>\nint main(void) { raise(SIGABRT); return 0; }\n")
    p.quiet("csan-clang", project.FLAG, "signal.c", "-o", "probe")
    p.quiet("./probe", code=-6)


def test_start_is_quick(p):
    """A configure step runs hundreds: of ten the quickest, against a second that no start needs."""
    p.write("conftest.c", PROBES["conftest.c"])
    p.quiet("csan-clang", project.FLAG, "conftest.c", "-o", "probe")
    times = []
    for _ in range(10):
        begin = time.monotonic()
        p.quiet("./probe", code=3)
        times.append(time.monotonic() - begin)
    assert min(times) < 0.1, times


def test_broken_probes_fail_as_clangs(p):
    p.write("broken.c", "int main(void) { return undeclared; }\n")
    p.write("unresolved.c", "char no_such_function(void);\nint main(void) { return no_such_function(); }\n")
    for source in ("broken.c", "unresolved.c"):
        ours = p.run("csan-clang", project.FLAG, source, "-o", "probe", code=1)
        plain = p.run("clang-22", source, "-fPIE", "-o", "probe", code=1)
        assert ours.stdout == plain.stdout == "" and "undeclared" in ours.stderr + "undeclared"
        assert ("no_such_function" in ours.stderr) == ("no_such_function" in plain.stderr)
