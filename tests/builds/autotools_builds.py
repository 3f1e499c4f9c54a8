"""autoconf, automake and libtool: probes, a static and a shared library, libtool's wrapper script."""
import project


def test_static_and_shared(p):
    project.need("autoreconf", "libtoolize")
    tree = p.copy_counter("tree")
    (tree / "m4").mkdir()
    (tree / "Makefile").unlink()
    p.run("autoreconf", "-i", cwd=tree)
    done = p.run("./configure", "-q", cwd=tree, env=p.flags(1))
    assert "ConcurrencySanitizer" not in done.stderr and "CSan" not in done.stderr, done.stderr
    config = (tree / "config.log").read_text()
    assert "result: exit code 7" in config, config[-4000:]
    for bug in (1, 0):
        # What was configured is kept; only our macro changes.
        flags = [f"{k}={v}" for k, v in p.flags(bug).items()]
        p.run("make", "-j4", *flags, cwd=tree)
        assert (tree / ".libs/libcounter.so").exists() and (tree / ".libs/libcounter.a").exists()
        for program in ("program", "program_static"):
            p.check(tree / program, bug)
        p.run("make", "clean", cwd=tree)
