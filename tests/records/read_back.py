#!/usr/bin/env python3
"""Records that programs write agree with the schema and are read back with all their fields.

usage: read_back.py --build DIR
"""
import argparse
import copy
import json
import os
import pathlib
import subprocess
import tempfile

from schema import mistakes

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCHEMA = json.loads((ROOT / "tools/common/record.schema.json").read_text())
# Together they fill every field: locks, names, blocks, globals, frees.
PROGRAMS = ["plain/counter_int", "heap/use_after_free", "heap/double_free", "heap/free_race",
            "locks/wrong_mutex", "atomics/mixed", "threads/stack_variable", "deadlocks/ab_ba",
            "coroutines/shared_counter", "leaks/forgotten_sender"]


def records_of(program, build, work):
    source = ROOT / f"tests/e2e/{program}.cpp"
    subprocess.run([f"{build}/bin/csan-clang++", "-fsanitize=concurrency", "-g", "-std=c++20", "-DBUG=1",
                    source, "-o", work / "program"], check=True)
    log = work / program.replace("/", ".")
    done = subprocess.run([work / "program"], capture_output=True,
                          env=dict(os.environ, CSAN_OPTIONS=f"format=json:log_path={log}"))
    assert done.returncode == 66, done
    (written,) = work.glob(f"{log.name}.*")
    return written


def read_back(build, path):
    return subprocess.run([f"{build}/bin/records_read_back", path], capture_output=True, text=True)


def check_schema_rejects(record):
    """A check that accepts anything is none."""
    for spoil in (lambda r: r.pop("why"), lambda r: r.update(schema=3), lambda r: r.update(pid="1"),
                  lambda r: r["now"].update(access="jump"), lambda r: r["now"].update(size=-1),
                  lambda r: r.update(fingerprint="12"), lambda r: r["now"]["stack"][0].pop("line")):
        spoilt = copy.deepcopy(record)
        spoil(spoilt)
        assert len(mistakes(spoilt, SCHEMA, SCHEMA)) == 1, spoilt
    more = dict(record, later="a field of the future")
    assert not mistakes(more, SCHEMA, SCHEMA) and mistakes(more, SCHEMA, SCHEMA, strict=True)


def check_file(build, path):
    lines = path.read_text().splitlines()
    assert lines, path
    done = read_back(build, path)
    assert done.returncode == 0 and not done.stderr, done
    read = done.stdout.splitlines()
    assert len(read) == len(lines)
    for one, other in zip(lines, read):
        record = json.loads(one)
        if record["schema"] == SCHEMA["properties"]["schema"]["const"]:
            wrong = mistakes(record, SCHEMA, SCHEMA, strict=True)
            assert not wrong, (path, wrong)
        assert record == json.loads(other), (one, other)
    return [json.loads(line) for line in lines]


def check_everything_seen(records):
    """So that a field which no program fills is not taken for one that is read."""
    accesses = [r[which] for r in records for which in ("now", "before")]
    frames = [frame for a in accesses for frame in a["stack"] or []]
    assert all(any(frame[key] for frame in frames) for key in frames[0])
    assert {"write", "atomic write", "free"} <= {a["access"] for a in accesses}
    locks = [lock for a in accesses for lock in a["locks"]]
    assert any(lock["write"] and lock["taken"] for lock in locks)
    objects = [r["object"] for r in records]
    assert {"global", "heap", "stack"} <= {o["kind"] for o in objects}
    assert any(o["freed"] and o["allocated"] for o in objects) and any(o["name"] for o in objects)
    actors = [a for r in records for a in r["actors"]]
    assert all(any(a[key] for a in actors) for key in ("id", "os_id", "created"))
    assert {None, "goroutine"} <= {a.get("kind") for a in actors}
    coroutines = [one for r in records for one in r.get("coroutines", [])]
    assert any(one["function"] and one["actor"] and one["created"] for one in coroutines)
    assert all(len(module["build_id"]) == 40 for r in records for module in r["modules"])
    assert all(frame["module"] in [module["path"] for module in r["modules"]]
               for r in records for frame in r["now"]["stack"])
    assert all(r["why"] or r["kind"] == "double-free" for r in records)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    records = []
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for program in PROGRAMS:
            records += check_file(build, records_of(program, build, work))
        check_everything_seen(records)
        check_schema_rejects(records[0])
        for golden in sorted((ROOT / "testdata/records").glob("*.jsonl")):
            check_file(build, golden)
        half = work / "half"
        half.write_text(json.dumps(records[0]) + "\n" + json.dumps(records[0])[:100])
        done = read_back(build, half)
        assert done.returncode == 1 and len(done.stdout.splitlines()) == 1, done
        assert done.stderr.startswith(f"{half}:2: this is not JSON") and "killed" in done.stderr, done
    print(f"{len(records)} records read back")


if __name__ == "__main__":
    main()
