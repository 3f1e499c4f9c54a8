"""Clang's other modes: queries, preprocessing, several outputs, standard input; as without the flag."""
import project

SOURCE = "int value;\nint f(void) { return ++value; }\n"


def test_queries(p):
    p.write("a.c", SOURCE)
    for query in (["--version"], ["-dumpmachine"], ["-dumpversion"], ["-print-search-dirs"], ["--help"],
                  ["-print-file-name=libc.so"], ["-print-prog-name=ld"], ["-print-resource-dir"],
                  ["-print-libgcc-file-name"], ["-print-multi-os-directory"], ["-print-targets"], ["-v"],
                  ["-fsyntax-only", "a.c"], ["-M", "a.c"], ["-MM", "a.c"], ["--analyze", "a.c"],
                  ["-cc1", "-fsyntax-only", "a.c"], ["-cc1", "-help"], []):
        flag = [] if query[:1] == ["-cc1"] else [project.FLAG]
        ours = p.run("csan-clang", *flag, *query, code=None)
        plain = p.run("clang-22", *query, code=None)
        for said in ("stdout", "returncode"):
            assert getattr(ours, said) == getattr(plain, said), (query, ours, plain)
        strip = lambda text: text.replace("clang-22:", "clang:")
        assert strip(ours.stderr) == strip(plain.stderr), (query, ours.stderr, plain.stderr)


def test_commands_are_shown(p):
    p.write("a.c", SOURCE)
    done = p.run("csan-clang", project.FLAG, "-###", "a.c")
    assert "csan-pass.so" in done.stderr and '"-cc1"' in done.stderr, done.stderr
    assert project.FLAG + '"' not in done.stderr
    assert not (p.folder / "a.out").exists()


def test_preprocessing(p):
    p.write("a.c", "#ifdef __SANITIZE_CONCURRENCY__\nours\n#endif\n"
                   "#ifdef __SANITIZE_THREAD__\nfor_libraries\n#endif\n"
                   "#if __has_feature(thread_sanitizer)\nfeature\n#endif\n")
    text = p.run("csan-clang", project.FLAG, "-E", "-P", "a.c").stdout
    assert text.split() == ["ours", "for_libraries", "feature"], text
    assert p.run("csan-clang", "-E", "-P", "a.c").stdout.split() == []


def instrumented(p, name):
    return "__csan_init" in p.run("nm", name).stdout


def test_outputs(p):
    p.write("a.c", SOURCE)
    p.write("b.c", SOURCE.replace("value", "other").replace("f(", "g("))
    p.write("main.c", "int f(void);\nint g(void);\nint main(void) { return f() + g(); }\n")
    p.compile("-c", "-MMD", "a.c", "b.c", compiler="csan-clang")
    assert instrumented(p, "a.o") and instrumented(p, "b.o")
    assert (p.folder / "a.d").read_text().split() == ["a.o:", "a.c"]
    p.compile("a.c", "b.c", "main.c", "-o", "program", compiler="csan-clang")
    p.run("./program", code=2)
    p.compile("-S", "a.c", compiler="csan-clang")
    p.quiet("csan-clang", project.FLAG, "-c", "a.s", "-o", "a2.o")
    assert instrumented(p, "a2.o")
    p.compile("-S", "-emit-llvm", "a.c", compiler="csan-clang")
    assert "call void @__csan_init" in (p.folder / "a.ll").read_text()
    for stream in (["-x", "c", "-"], ["-xc", "/dev/stdin"]):
        p.compile("-c", *stream, "-o", "a3.o", compiler="csan-clang", input=SOURCE)
        assert instrumented(p, "a3.o")
    # What comes before "-x none" concerns the inputs, not our own.
    p.compile("-x", "c", "a.c", "b.c", "main.c", "-o", "program", compiler="csan-clang")
    p.run("./program", code=2)
    done = p.run("sh", "-c", f"csan-clang {project.FLAG} -c a.c -o - > a4.o")
    assert done.stderr == "" and instrumented(p, "a4.o")
    p.run("csan-clang", project.FLAG, "-save-temps", "a.c", "b.c", "main.c", "-o", "program")
    assert (p.folder / "a.i").exists() and (p.folder / "a.bc").exists()
    p.run("./program", code=2)


def test_output_names_that_look_like_flags(p):
    p.write("a.c", SOURCE)
    p.compile("-c", "a.c", "-o", project.FLAG, compiler="csan-clang")
    assert instrumented(p, f"./{project.FLAG}")
    p.quiet("csan-clang", "-c", "a.c", "-o", project.FLAG)  # a name alone asks for nothing
    assert not instrumented(p, f"./{project.FLAG}")
