"""ccache: objects of before an upgrade of the plugin are not taken for new ones."""
import hashlib
import os
import re
import shutil

import project

SOURCE = "int value;\nvoid Add(void) { ++value; }\n"


def hits(p):
    return int(re.search(r"(?m)^cache_miss\s+(\d+)", p.run("ccache", "--print-stats").stdout)[1]), sum(
        int(n) for n in re.findall(r"(?m)^(?:direct|preprocessed)_cache_hit\s+(\d+)",
                                   p.run("ccache", "--print-stats").stdout))


def copy(p):
    """An installation of our own that can be upgraded."""
    for name in ("bin", "lib", "share", "include"):
        (p.folder / "csan" / name).mkdir(parents=True)
    shutil.copytree(p.build / "share/csan/models", p.folder / "csan/share/csan/models",
                    dirs_exist_ok=True)
    for name in ("bin/csan-clang", "lib/csan-pass.so", "share/csan/csan.cfg"):
        (p.folder / "csan" / name).parent.mkdir(exist_ok=True)
        shutil.copy2(p.build / name, p.folder / "csan" / name)
    return p.folder / "csan"


def test_upgrade_of_the_plugin(p):
    project.need("ccache")
    p.write("a.c", SOURCE)
    prefix = copy(p)
    driver = prefix / "bin/csan-clang"
    parts = [prefix / "lib/csan-pass.so", *sorted((prefix / "share/csan/models").iterdir())]
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in parts)).hexdigest().encode()
    assert digest in driver.read_bytes(), "the driver holds no hash of the plugin and its models"
    for check in ("mtime", "content"):
        p.env |= {"CCACHE_DIR": str(p.folder / f"cache.{check}"), "CCACHE_COMPILERCHECK": check}
        p.env.pop("CCACHE_DISABLE", None)
        compile_it = ("ccache", driver, project.FLAG, "-c", "a.c", "-o", "a.o")
        for count in ((1, 0), (1, 1)):
            p.quiet(*compile_it)
            assert hits(p) == count, (check, hits(p))
        p.quiet("ccache", driver, "-c", "a.c", "-o", "a.o")
        assert hits(p) == (2, 1), "with and without the flag are different objects"
        # As the build would: a new plugin makes a new driver, of the same size.
        time = driver.stat().st_mtime
        text = driver.read_bytes()
        new = hashlib.sha256(digest).hexdigest().encode()
        driver.write_bytes(text.replace(digest, new))
        digest = new
        os.utime(driver, (time, time if check == "content" else time + 1))
        p.quiet(*compile_it)
        assert hits(p) == (3, 1), (check, hits(p))


def test_configuration_file(p):
    """Plain clang does not know the plugin's hash: ccache is told of the file."""
    project.need("ccache")
    p.write("a.c", SOURCE)
    prefix = copy(p)
    plugin = prefix / "lib/csan-pass.so"
    p.env |= {"CCACHE_DIR": str(p.folder / "cache"), "CCACHE_EXTRAFILES": str(plugin)}
    p.env.pop("CCACHE_DISABLE", None)
    compile_it = ("ccache", "clang-22", f"--config={prefix}/share/csan/csan.cfg", "-c", "a.c", "-o", "a.o")
    for count in ((1, 0), (1, 1)):
        p.quiet(*compile_it)
        assert hits(p) == count, hits(p)
    with open(plugin, "ab") as out:
        out.write(b"new")
    p.quiet(*compile_it)
    assert hits(p) == (2, 1), hits(p)
