#!/usr/bin/env python3
"""CSan installed, by CMake and as a Debian package, and used as its users would.

usage: run.py --build DIR
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LISTED = {"bin/csan", "share/man/man1/csan.1", "bin/csan-clang", "bin/csan-clang++", "bin/csan-audit",
          "lib/csan-pass.so", "lib/libclang_rt.concurrency-x86_64.a",
          "lib/libclang_rt.concurrency-x86_64.so", "lib/libcsan_go.a", "include/csan/report.h",
          "include/csan/go.h", "share/csan/csan.cfg", "share/csan/dynamic.list",
          "share/man/man1/csan-clang.1", "share/man/man7/csan-options.7",
          "share/bash-completion/completions/csan-audit", "share/csan/ci/slurm.sh",
          "share/doc/csan/guide/README.md",
          "lib/cmake/CSan/CSanConfig.cmake"}


def run(*command, code=0, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **more)
    assert code is None or done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


def consumer(work, name):
    return shutil.copytree(HERE / "consumer", work / name)


def outcomes(text):
    """Which tests passed, by what ctest or meson say."""
    lines = re.findall(r"Test +#\d+: (\S+) \.+\W*(Passed|Failed)|^ *\d+/\d+ (\S+) +(OK|FAIL)", text, re.M)
    return {one or other: (a or b) in ("Passed", "OK") for one, a, other, b in lines}


def check_package(prefix, work, compiler):
    """find_package, its targets and csan_add_test, with csan-clang and with clang itself."""
    name = f"package.{prefix.name}.{pathlib.Path(compiler).name}"
    source = consumer(work, name)
    build = work / f"{name}.build"
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler}", "-DCONSUMER_BUG=ON")
    run("cmake", "--build", build)
    text = run("ctest", "--test-dir", build, code=8)
    assert outcomes(text) == {"plain": True, "fix": True, "go": True, "bug": False, "silenced": True,
                              "quiet": True}, text
    records = [json.loads(line) for path in (build / "records").iterdir()
               for line in path.read_text().splitlines()]
    assert records and all(r["kind"] == "data-race" for r in records), records
    assert "bug" in run("ctest", "--test-dir", build, "-N", "-L", "csan")


def check_wrong_compiler(prefix, work):
    text = run("cmake", "-S", consumer(work, "wrong"), "-B", work / "wrong.build", "-G", "Ninja",
               f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_CXX_COMPILER=g++", code=1)
    assert "CSan needs csan-clang or clang 22" in re.sub(r"\s+", " ", text), text


def check_toolchain(prefix, work):
    source = consumer(work, "toolchain")
    (source / "CMakePresets.json").write_text(json.dumps(
        {"version": 4, "include": [str(prefix / "share/csan/CMakePresets.json")]}))
    run("cmake", "--preset", "csan", "-G", "Ninja", "-DCONSUMER_WHOLE=ON", "-DCONSUMER_BUG=ON", cwd=source)
    run("cmake", "--build", "--preset", "csan", cwd=source)
    text = run("ctest", "--preset", "csan", cwd=source, code=8)
    assert outcomes(text) == {"fix": True, "bug": False} and "data race" in text, text


def check_meson(prefix, work):
    source = consumer(work, "meson")
    environment = dict(os.environ, PATH=f"{prefix}/bin:{os.environ['PATH']}")
    run("meson", "setup", "--native-file", prefix / "share/csan/csan.ini", work / "meson.build", source,
        env=environment)
    text = run("meson", "test", "-C", work / "meson.build", code=1, env=environment)
    assert outcomes(text) == {"bug": False, "fix": True}, text


def check_bazel(prefix, work):
    """Debian has no Bazel: the flags that its configuration adds are given to the compiler that it names."""
    text = (prefix / "share/csan/csan.bazelrc").read_text()
    settings = re.findall(r"^(build|test):csan --(\w+)=(\S+)$", text, re.M)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(settings) == len(lines) > 6, (settings, lines)
    flags = {name: [value for _, one, value in settings if one == name] for _, name, _ in settings}
    (compiler,) = [value.removeprefix("CC=") for value in flags["repo_env"] if value.startswith("CC=")]
    assert flags["test_env"] == ["CSAN_OPTIONS"] and flags["strip"] == ["never"], flags
    # Bazel compiles each file by itself, and links C++ with the C compiler and -lstdc++.
    source = consumer(work, "bazel")
    for name, code in (("bug", 66), ("fix", 0)):
        run(prefix / "bin" / compiler, *flags["copt"], "-c", source / f"{name}.cpp", "-o",
            work / f"bazel.{name}.o")
        run(prefix / "bin" / compiler, work / f"bazel.{name}.o", "-lstdc++", "-lm", *flags["linkopt"], "-o",
            work / f"bazel.{name}")
        text = run(work / f"bazel.{name}", code=code)
        assert ("data race" in text) == bool(code) and (not code or "bug.cpp" in text), text


def check_manual(prefix):
    for path in sorted((prefix / "share/man").rglob("*.[17]")):
        text = run("man", "--warnings", "-l", path) if shutil.which("man") else path.read_text()
        assert path.read_text().startswith(".so ") or "CSAN" in text.upper(), path
    options = (prefix / "share/man/man7/csan-options.7").read_text()
    flags = re.findall(r"^CSAN_FLAG\(\w+, (\w+),", (ROOT / "runtime/config/flags.inc").read_text(), re.M)
    assert flags and all(f"\\fB{flag}=" in options for flag in flags)
    complete = ("source {}; COMP_WORDS=({} {}); COMP_CWORD=1; _{}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    folder = prefix / "share/bash-completion/completions"
    for name, begun, wanted in (("csan-clang", "-fsanitize=", "-fsanitize=concurrency"),
                                ("csan-audit", "--form", "--format="), ("csan", "rep", "report")):
        text = run("bash", "-c", complete.format(folder / name, name, begun, name.replace("-", "_")))
        assert wanted in text.split() or wanted[1:] in text.split(), (name, text)


def steps_of(example):
    """The scripts of a CI example, in order, and the variables that it sets."""
    text = yaml.safe_load(example.read_text())
    job = text.get("jobs", text)["csan"]
    if "steps" in job:
        return [step["run"] for step in job["steps"] if "run" in step], job["env"]
    return (["\n".join(job["before_script"] + job["script"]), "\n".join(job["after_script"])],
            job["variables"])


def check_ci(example, package, work, bug):
    """An example as it stands, on a project in the current folder. Its apt-get fetches nothing, and unpacks
    the package into a scratch root. The test step fails if and only if the project has a bug."""
    source = consumer(work, f"ci.{example.stem}.{bug}")
    lists = source / "CMakeLists.txt"
    lists.write_text(lists.read_text().replace('CONSUMER_WHOLE "" OFF', 'CONSUMER_WHOLE "" ON').replace(
        "if(CONSUMER_BUG)", f"if({bug})"))
    root, fake = source / "root", source / "fake"
    fake.mkdir()
    (fake / "apt-get").write_text(
        f'#!/bin/sh\nfor word; do case $word in *.deb) dpkg-deb -x "$word" {root} || exit; esac; done\n')
    (fake / "apt-get").chmod(0o755)
    steps, variables = steps_of(example)
    environment = dict(os.environ)
    environment.update(variables, CSAN_DEB=package.as_uri(),
                       PATH=f"{fake}:{root}/usr/bin:{os.environ['PATH']}")
    failed = []
    for step in steps:
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", step], cwd=source, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            failed.append((step, done.stdout))
    assert len(failed) == bug, failed
    assert all("ctest" in step for step, _ in failed), failed
    assert any("Test Passed." in path.read_text() for path in source.rglob("LastTest.log"))
    results = source / "csan-results"
    assert ("data race" in (results / "csan.html").read_text()) == bug
    assert len(json.loads((results / "csan.sarif").read_text())["runs"][0]["results"]) == bug
    assert ("<failure" in (results / "csan.xml").read_text()) == bug


def check_package_file(package, work):
    """dpkg installs it, what it brings is reached from the usual places, and it leaves nothing."""
    root = work / "root"
    (root / "var/lib/dpkg/info").mkdir(parents=True)
    (root / "var/lib/dpkg/updates").mkdir()
    (root / "var/lib/dpkg/status").touch()
    dpkg = (*(() if os.geteuid() == 0 else ("fakeroot",)), "dpkg", f"--root={root}", "--force-depends",
            "--force-not-root", "--log=/dev/null")
    run(*dpkg, "-i", package)
    for path in ("bin/csan-clang", "bin/csan-clang++", "bin/csan-audit", "lib/cmake/CSan/CSanConfig.cmake",
                 "share/man/man1/csan-audit.1", "share/bash-completion/completions/csan-audit",
                 "share/doc/csan/copyright"):
        assert (root / "usr" / path).exists(), path
    depends = run("dpkg-deb", "-f", package, "Depends")
    assert "clang-22" in depends and "libclang-cpp22" in depends and "libllvm22" in depends, depends
    source = consumer(work, "deb")
    run(root / "usr/bin/csan-clang++", "-fsanitize=concurrency", source / "bug.cpp", "-o", work / "deb.bug")
    assert "data race" in run(work / "deb.bug", code=66)
    run("cmake", "-S", source, "-B", work / "deb.build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={root}/usr",
        f"-DCMAKE_CXX_COMPILER={root}/usr/bin/csan-clang++")
    run(*dpkg, "-r", "csan")
    left = [path for path in root.rglob("*") if "var/lib/dpkg" not in str(path) and not path.is_dir()]
    assert not left and not (root / "usr/lib/csan").exists(), left


def check_debian(build, work):
    run("cpack", "-B", work / "cpack", cwd=build)
    (package,) = (work / "cpack").glob("csan_*_amd64.deb")
    check_package_file(package, work)
    for example in sorted((ROOT / "tools/install/ci").glob("*.yml")):
        for bug in (False, True):
            check_ci(example, package, work, bug)


def check_installed(prefix, work):
    for path in LISTED:
        assert (prefix / path).exists(), path
    check_package(prefix, work, prefix / "bin/csan-clang++")
    check_package(prefix, work, "clang++-22")
    check_wrong_compiler(prefix, work)
    check_toolchain(prefix, work)
    check_bazel(prefix, work)
    check_manual(prefix)
    if shutil.which("meson"):
        check_meson(prefix, work)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name).resolve()
        run("cmake", "--install", build, "--prefix", work / "first")
        # What is installed may be moved.
        (work / "first").rename(work / "csan")
        check_installed(work / "csan", work)
        check_debian(build, work)
    print("installed, used")


if __name__ == "__main__":
    main()
