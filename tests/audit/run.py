#!/usr/bin/env python3
"""csan-audit finds what the comments of testdata/audit say, and nothing else; its records agree with the
schema, its exit codes and messages are as promised.

usage: run.py --build DIR
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = ROOT / "testdata/audit"
sys.path.insert(0, str(ROOT / "tests/records"))
from schema import mistakes  # noqa: E402 (its folder is no package)

SCHEMA = json.loads((ROOT / "tools/common/record.schema.json").read_text())
FLAGS = ["-std=c++20", f"-I{ROOT}/runtime/include"]


def audit(build, *arguments, **more):
    return subprocess.run([f"{build}/bin/csan-audit", *arguments], capture_output=True, text=True, **more)


def expected(path):
    return [(number, kind) for number, line in enumerate(path.read_text().splitlines(), 1)
            for kind in re.findall(r"// FINDING: (\S+)", line)]


def check_file(build, path):
    done = audit(build, "-format=json", path, "--", *FLAGS)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    for record in records:
        wrong = mistakes(record, SCHEMA, SCHEMA, strict=True)
        assert not wrong, (record, wrong)
        for step in record["steps"]:
            assert step["what"] and step["stack"][0]["file"] == str(path), step
    found = [(r["now"]["stack"][0]["line"], r["kind"]) for r in records]
    want = expected(path)
    assert want, path
    assert sorted(found) == sorted(want), (
        f"{path.name}: not found: {sorted(set(want) - set(found))}; "
        f"false: {sorted(set(found) - set(want))}\n{done.stderr}")
    assert done.returncode == 2, done
    return records


def check_names():
    """What the tables say of csan/go.h is declared there."""
    text = "".join(path.read_text() for path in (ROOT / "runtime/include/csan/go").glob("*.h"))
    tables = "".join((ROOT / f"tools/audit/{name}.def").read_text() for name in ("operations", "spawns"))
    names = re.findall(r'^CSAN_\w+\("csan::(?:(\w+)::)?(\w+)"', tables, re.M)
    assert len(names) > 30, names
    classes = {name: body for name, body in re.findall(r"^class (\w+)[^;{]*\{\n(.*?)^\};", text, re.M | re.S)}
    for scope, name in names:
        declared = re.search(rf"\b{name}\(", classes.get(scope, "") if scope else text)
        assert declared, f"csan/go.h has no {scope}::{name}"


def check_pitfalls(build):
    """Pairs of whole programs: a bug's lines that are found bear the kind, nothing is in its fix."""
    bugs = [bug for bug in sorted((ROOT / "testdata/pitfalls").glob("*/bug.cpp")) if expected(bug)]
    assert [bug.parent.name[:2] for bug in bugs] == ["01", "10", "12", "19", "23", "26", "27"], bugs
    for bug in bugs:
        check_file(build, bug)
        done = audit(build, bug.with_name("fix.cpp"), "--", *FLAGS)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), (bug, done)


def check_fingerprints(build, path, work):
    """They stay where lines are added and the file is elsewhere, and tell findings apart."""
    moved = work / path.name
    moved.write_text("\n" * 10 + path.read_text())
    of = [[(r["kind"], r["fingerprint"]) for r in map(json.loads, done.stdout.splitlines())] for done in (
        audit(build, "-format=json", file, "--", *FLAGS) for file in (path, moved))]
    assert of[0] == of[1]


def check_text(build):
    path = DATA / "threads.cpp"
    done = audit(build, path, "--", *FLAGS)
    lines = done.stdout.splitlines()
    warnings = [re.fullmatch(r"(.+):(\d+):\d+: warning: .+ \[(\S+)\]", line) for line in lines]
    places = [(int(m[2]), m[3]) for m in warnings if m]
    assert sorted(places) == sorted(expected(path)), places
    assert all(m or re.match(r".+:\d+:\d+: note: .", line) for m, line in zip(warnings, lines)), done.stdout
    assert sum("silences nothing" in line for line in lines) == 1, done.stdout


def check_database(build, work):
    """Files, folder and flags come from compile_commands.json; csan-clang's own flags are understood."""
    (work / "clean.cpp").write_text("int main() {}\n")
    shutil.copy(DATA / "channels.cpp", work / "go.cpp")
    commands = [{"directory": str(work), "file": name, "arguments":
                 ["csan-clang++", "-fsanitize=concurrency,undefined", "-fsanitize-concurrency=race", *FLAGS,
                  "-c", name]} for name in ("clean.cpp", "go.cpp")]
    (work / "compile_commands.json").write_text(json.dumps(commands))
    done = audit(build, "-p", work)
    assert done.returncode == 2 and str(work / "go.cpp") in done.stdout, done
    assert done.stdout.count("warning: ") == len(expected(DATA / "channels.cpp")), done
    done = audit(build, "-p", work, work / "clean.cpp")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


def check_trouble(build, work):
    clean = work / "clean.cpp"
    for file, code in ((clean, 0), (DATA / "threads.cpp", 2)):
        done = subprocess.run([f"{build}/bin/csan", "audit", file, "--", *FLAGS], capture_output=True)
        assert done.returncode == code, done
    broken = work / "broken.cpp"
    broken.write_text("int main() { return x; }\n")
    done = audit(build, broken, "--")
    assert done.returncode == 4 and "broken.cpp:1:21: error:" in done.stderr, done
    (work / "stale").mkdir()
    (work / "stale/compile_commands.json").write_text(json.dumps(
        [{"directory": str(work), "file": str(file), "command": f"cc -std=c++20 -c {file}"}
         for file in ("made.cpp", clean)]))
    done = audit(build, "-p", work / "stale")
    assert done.returncode == 4 and done.stderr.count("\n") == 1, done
    assert f"'{work}/made.cpp' of compile_commands.json is not there" in done.stderr, done
    for name, text in (("cut", "{"), ("gone", json.dumps([{"directory": "/no/such", "file": "x.cpp",
                                                           "command": "cc x.cpp"}]))):
        (work / name).mkdir()
        (work / name / "compile_commands.json").write_text(text)
    for arguments, says in ((["-p", work / "nowhere"], "compile_commands.json"),
                            (["-p", work / "cut"], "is no list of compiler commands"),
                            (["-p", work / "gone"], "which is not there"),
                            (["made.cpp", "--"], "there is no file 'made.cpp'."),
                            (["-p", work, clean, "made.cpp"], "there is no file 'made.cpp'."),
                            ([work, "--"], "is a folder"),
                            (["-format=xml", broken, "--"], "text or json"), (["--"], "no files")):
        done = audit(build, *arguments, cwd=work)
        assert done.returncode == 1 and says in done.stderr, done
        assert done.stderr.startswith("csan-audit: error: ") and done.stderr.count("\n") == 1, done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = pathlib.Path(parser.parse_args().build).resolve()
    check_names()
    records = []
    for path in sorted(DATA.glob("*.cpp")):
        records += check_file(build, path)
    assert len({r["fingerprint"] for r in records}) >= 0.9 * len(records)
    kinds = re.findall(r'CSAN_CHECK\(\w+, "([^"]+)"', (ROOT / "tools/audit/checks.def").read_text())
    assert {r["kind"] for r in records} == set(kinds), kinds
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name).resolve()
        check_fingerprints(build, DATA / "channels.cpp", work)
        check_database(build, work)
        check_trouble(build, work)
    check_text(build)
    check_pitfalls(build)
    print(f"{len(records)} findings")


if __name__ == "__main__":
    main()
