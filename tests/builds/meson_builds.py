"""Meson: its checks, a library that may leave nothing undefined (b_lundef), a precompiled header."""
import project


def test_libraries(p):
    project.need("meson", "ninja")
    for bug, library in ((1, "shared"), (0, "static")):
        tree = p.copy_counter(f"{library}{bug}")
        env = {k: v.replace(" -std=c++20", "") for k, v in p.flags(bug).items()}
        done = p.run("meson", "setup", "build", f"-Ddefault_library={library}", cwd=tree, env=env)
        assert "WARNING" not in done.stdout, done.stdout
        p.run("ninja", "-C", "build", cwd=tree)
        p.check(tree / "build/program", bug)
        p.run("meson", "test", "-C", "build", cwd=tree, code=int(bug))
