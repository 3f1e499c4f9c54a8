"""Plain make: the flags in the usual variables, or the flag in the compiler's name, with many jobs."""
import project


def test_flags_in_variables(p):
    tree = p.copy_counter("tree")
    for bug in (1, 0):
        done = p.run("make", "-j4", cwd=tree, env=p.flags(bug))
        assert done.stderr == "", done.stderr  # a job server that is lost makes make warn
        p.check(tree / "program", bug)
        p.run("make", "clean", cwd=tree)


def test_flag_in_the_compilers_name(p):
    tree = p.copy_counter("tree")
    for bug in (1, 0):
        p.run("make", "-j4", f"CC=csan-clang {project.FLAG}", f"CXX=csan-clang++ {project.FLAG}", cwd=tree,
              env={"CFLAGS": f"-g -DBUG={bug}", "CXXFLAGS": f"-g {project.ORDER}", "LDFLAGS": ""})
        p.check(tree / "program", bug)
        p.run("make", "clean", cwd=tree)
