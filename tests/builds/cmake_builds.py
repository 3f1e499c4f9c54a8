"""CMake: try_compile, try_run, check_*, find_package(Threads), a precompiled header, assembly, ctest.

One configuration, whose probes take the time, is built in several ways.
"""
import project


def test_ways_to_build(p):
    tree = p.copy_counter("tree")
    # -std is CMake's business here.
    env = {k: v.replace(" -std=c++20", "") for k, v in p.flags(1).items()}

    def build(bug, *options):
        flags = [f"-DCMAKE_{language}_FLAGS={env['CFLAGS'].replace('BUG=1', f'BUG={bug}')}"
                 for language in ("C", "CXX", "ASM")]
        done = p.run("cmake", "-G", "Ninja", "-S", ".", "-B", "build", *flags, *options, cwd=tree, env=env)
        assert "warning" not in (done.stdout + done.stderr).lower(), done.stdout + done.stderr
        built = p.run("ninja", "-C", "build", cwd=tree)
        # clang itself finds -MD unused for plain assembly.
        said = [line for line in built.stdout.splitlines()
                if "warning" in line and "argument unused" not in line]
        assert not said, said
        p.check(tree / "build/program", bug)

    build(1, "-DBUILD_SHARED_LIBS=ON", "-DCMAKE_BUILD_TYPE=Release")
    done = p.run("ctest", "--test-dir", tree / "build", code=8)  # the test fails by its exit code
    assert "1 tests failed" in done.stdout, done.stdout
    build(0)
    p.run("ctest", "--test-dir", tree / "build", "-j2")
    build(1, "-DBUILD_SHARED_LIBS=OFF")
    interprocedural = ("-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON",
                       f"-DCMAKE_EXE_LINKER_FLAGS={project.FLAG} -fuse-ld=lld")
    build(1, *interprocedural)
    build(0, *interprocedural)
