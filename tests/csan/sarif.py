#!/usr/bin/env python3
"""The SARIF of csan agrees with the standard's schema and stays within what GitHub ingests.

testdata/sarif has the schema of what csan writes, made from the standard. OASIS's own schema is not part of
the tree; with --schema FILE the same logs are held against it too (npm pack @microsoft/jest-sarif has it).

usage: sarif.py --build DIR [--schema FILE]
"""
import argparse
import copy
import gzip
import json
import pathlib
import random
import re
import sys
import tempfile

from tool import KINDS, METER, STEP, Tool, evil

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OWN = json.loads((ROOT / "testdata/sarif/sarif-2.1.0-csan.schema.json").read_text())
GITHUB = {"results": 25_000, "gzip": 10_000_000, "steps": 10_000}


class Checker:
    def __init__(self, tool, schemas):
        from jsonschema.validators import validator_for
        self.tool, self.schemas = tool, [validator_for(schema)(schema) for schema in schemas]

    def mistakes(self, log):
        return [[one.message[:300] for one in schema.iter_errors(log)] for schema in self.schemas]

    def log(self, name, records, *flags, code=2):
        path, out = self.tool.write(f"{name}.log", records), self.tool.work / f"{name}.sarif"
        done = self.tool("report", "--format=none", "--prefix-map=/src=src", f"--sarif={out}", *flags, path,
                         code=code)
        text = out.read_bytes()
        log = json.loads(text)
        (run,) = log["runs"]
        # The schema takes a minute for 25,000 results, which are alike: a thousand of them do.
        some = run["results"][::1 + len(run["results"]) // 1000]
        mistakes = self.mistakes(dict(log, runs=[dict(run, results=some)]))
        assert not any(mistakes), (name, mistakes)
        assert len(gzip.compress(text, 6)) <= GITHUB["gzip"], len(gzip.compress(text, 6))
        assert len(run["results"]) <= GITHUB["results"]
        for result in run["results"]:
            steps = [len(flow["locations"]) for code in result["codeFlows"] for flow in code["threadFlows"]]
            assert sum(steps) <= GITHUB["steps"], sum(steps)
        return log, run, done.stderr


def check_kinds(checker):
    """Every kind, and what a record may lack."""
    kinds = list(KINDS.values())
    assert len(kinds) > 20, kinds
    records = [dict(METER[0], kind=kind, fingerprint=hex(i + 1)) for i, kind in enumerate(kinds)]
    records.append(dict(METER[0], kind="deadlock", fingerprint="0x1001",
                        steps=[STEP, dict(STEP, actor=2, what="holds", name="", stack=[])]))
    bare = copy.deepcopy(METER[0])
    bare.update(fingerprint="0x1002", actors=[], modules=[], why="")
    for access in (bare["now"], bare["before"]):
        access.update(stack=None, locks=[])
    records += [bare, dict(evil(METER[0]), fingerprint="0x1003"), *METER]
    _, run, _ = checker.log("kinds", records)
    assert {result["ruleId"] for result in run["results"]} >= set(kinds)
    checker.log("clean", [], code=0)
    _, run, _ = checker.log("trouble", [METER[0], "not a record"])
    assert not run["invocations"][0]["executionSuccessful"]
    assert "not JSON" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def check_schemas_reject(checker):
    """A schema that accepts anything is none."""
    log, _, _ = checker.log("one", METER[:1])
    spoils = [lambda log, run, result: log.pop("version"),
              lambda log, run, result: log.update(version="2.0.0"),
              lambda log, run, result: run.pop("tool"),
              lambda log, run, result: run["tool"]["driver"].pop("name"),
              lambda log, run, result: result.pop("message"),
              lambda log, run, result: result.update(level="fatal"),
              lambda log, run, result: result.update(rank_of_it=1),
              lambda log, run, result: result.update(baselineState="old"),
              lambda log, run, result: result["codeFlows"][0].pop("threadFlows"),
              lambda log, run, result: (
                  result["locations"][0]["physicalLocation"]["region"].update(startLine=0)),
              lambda log, run, result: run["invocations"][0].pop("executionSuccessful"),
              lambda log, run, result: run.update(columnKind="bytes")]
    for i, spoil in enumerate(spoils):
        spoilt = copy.deepcopy(log)
        spoil(spoilt, spoilt["runs"][0], spoilt["runs"][0]["results"][0])
        assert all(checker.mistakes(spoilt)), (i, checker.mistakes(spoilt))


def left_out(run):
    notes = run["invocations"][0]["toolExecutionNotifications"]
    return int(re.match(r"(\d+) of \d+ findings are left out", notes[0]["message"]["text"])[1])


def check_number(checker):
    """More results than GitHub takes: those that fail the run are kept; it is said that others are not."""
    many = GITHUB["results"] + 40
    small = copy.deepcopy(METER[0])
    small.update(actors=[], modules=[])
    text = json.dumps(small).replace(METER[0]["fingerprint"], "0x%x")
    known = checker.tool.write("known.log", [text % i for i in range(1, 31)])
    _, run, said = checker.log("many", [text % i for i in range(1, many + 1)], f"--baseline={known}")
    assert len(run["results"]) == GITHUB["results"] and left_out(run) == 40
    assert f"sarif: 40 of {many} findings are left out" in said, said
    assert {result["baselineState"] for result in run["results"]} == {"new"}


def check_size(checker):
    """Names that do not compress."""
    chance = random.Random(1)
    records = []
    for i in range(700):
        record = copy.deepcopy(METER[0])
        frame = record["now"]["stack"][0]
        record.update(fingerprint=hex(i + 1))
        record["now"]["stack"] = [dict(frame, function=f"{chance.getrandbits(8000):x}") for _ in range(20)]
        records.append(record)
    _, run, said = checker.log("large", records)
    assert 100 < len(run["results"]) < 700 and left_out(run) == 700 - len(run["results"])
    assert "are left out" in said, said


def check_flows(checker):
    """A ring of many, each deep in calls."""
    frame = METER[0]["now"]["stack"][0]
    deep = [dict(frame, line=line) for line in range(1, 500)]
    steps = [dict(STEP, actor=i, stack=deep) for i in range(300)]
    _, run, _ = checker.log("deep", [dict(METER[0], kind="deadlock", steps=steps)])
    (result,) = run["results"]
    assert len(result["codeFlows"][0]["threadFlows"]) > 10 and 10 < len(result["relatedLocations"]) <= 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--schema", type=pathlib.Path)
    args = parser.parse_args()
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("skipped: there is no jsonschema (Debian: python3-jsonschema)")
        sys.exit(77)
    schemas = [OWN] + ([json.loads(args.schema.read_text())] if args.schema else [])
    with tempfile.TemporaryDirectory() as name:
        checker = Checker(Tool(args.build, pathlib.Path(name) / "work"), schemas)
        check_kinds(checker)
        check_schemas_reject(checker)
        check_number(checker)
        check_size(checker)
        check_flows(checker)
    print("valid")


if __name__ == "__main__":
    main()
