#!/usr/bin/env python3
"""csan report: merging, every format, and records that nobody should have written.

usage: report.py --build DIR
"""
import argparse
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "records"))
from schema import mistakes  # noqa: E402
from tool import EVIL, KINDS, METER, Tool, evil  # noqa: E402

SARIF = json.loads((ROOT / "testdata/sarif/sarif-2.1.0-csan.schema.json").read_text())
FORMATS = ["text", "records", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "tsan"]


class Reporter(Tool):
    def report(self, *inputs, code=2, flags=()):
        """The report in all formats, and what was said on standard error."""
        files = {name: self.work / f"out.{name}" for name in FORMATS}
        done = self("report", "--format=none", "--prefix-map=/src=src", *flags, *inputs, code=code,
                    *(f"--{name}={path}" for name, path in files.items()))
        assert not done.stdout
        return {name: path.read_text() for name, path in files.items()}, done.stderr


def check_sarif(text, results):
    log = json.loads(text)
    assert not mistakes(log, SARIF, SARIF, strict=True), mistakes(log, SARIF, SARIF, strict=True)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules) and len(run["results"]) == results
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"] and len(result["locations"]) == 1
        ids = [one["id"] for one in result["relatedLocations"]]
        assert ids == list(range(1, len(ids) + 1))
        for flow in result["codeFlows"]:
            assert flow["threadFlows"] and all(one["locations"] for one in flow["threadFlows"])
        for uri in re.findall(r'"uri": "([^"]*)"', json.dumps(result)):
            assert ".." not in uri.split("/") and (uri.startswith("file:///") or not uri.startswith("/")), uri
    return run


def check_formats(tool):
    log = tool.write("log.1", METER)
    out, said = tool.report(log)
    assert not said
    run = check_sarif(out["sarif"], 2)
    race = run["results"][0]
    assert race["ruleId"] == "data-race" and race["level"] == "error"
    place = race["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "src/meter.c", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 13, "startColumn": 10}
    flows = race["codeFlows"][0]["threadFlows"]
    assert [flow["message"]["text"] for flow in flows] == ["thread T1", "thread T2"]
    assert any("earlier write" in one["message"]["text"] for one in race["relatedLocations"])
    suite = xml.etree.ElementTree.fromstring(out["junit"]).find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "2", "0")
    assert suite[0].get("file") == "src/meter.c" and "holding lock" in suite[0].find("failure").text
    assert out["github"].startswith("::error file=src/meter.c,line=13,col=10,title=CSan%3A data race::")
    gitlab = json.loads(out["gitlab"])
    assert gitlab[0]["location"] == {"path": "src/meter.c", "lines": {"begin": 13}}
    assert len({one["fingerprint"] for one in gitlab}) == 2
    document = json.loads(out["json"])
    assert document["complete"] and document["findings"][0]["record"] == METER[0]
    assert [json.loads(line) for line in out["records"].splitlines()] == METER
    assert ">     13 | line 13;" in out["text"] and "1 time in 1 file" in out["text"]
    assert "race:^Reset$" in out["text"] and "\x1b" not in out["text"]
    assert out["tsan"].count("WARNING: ThreadSanitizer:") == out["tsan"].count("SUMMARY:") == 2
    assert "| **new** | data race | src/meter.c:13:10 |" in out["markdown"]
    assert "\x1b[" in tool("report", "--color=always", log, code=2).stdout
    summary = tool.work / "summary.md"
    tool("report", "--format=github", log, code=2, GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text().startswith("## CSan: 2 findings")


def check_kinds(tool):
    """What fails no program is a note here too."""
    notes = re.findall(r"kind != FindingKind::(\w+)", (ROOT / "runtime/report/finding.h").read_text())
    assert notes and set(notes) < set(KINDS), notes
    log = tool.write("kinds.log", [dict(METER[0], kind=kind) for kind in KINDS.values()])
    document = json.loads(tool("report", "--format=json", log, code=2).stdout)
    found = {one["record"]["kind"]: one["note"] for one in document["findings"]}
    assert found == {kind: name in notes for name, kind in KINDS.items()}, found
    # Advice is chosen by parts of names: those of one kind are not another's.
    for kind, advice in [("close-of-nil", "Make the channel"), ("waitgroup-add-in-goroutine", "Add before"),
                         ("lock-held-at-exit", "Unlock on each path"), ("lock-held-over-wait", "")]:
        log = tool.write("kind.log", [dict(METER[0], kind=kind)])
        (one,) = json.loads(tool("report", "--format=json", log, code=2).stdout)["findings"]
        assert one["advice"].startswith(advice) and bool(one["advice"]) == bool(advice), (kind, one["advice"])


def check_merging(tool):
    """However the records are split, the report is the same."""
    other = copy.deepcopy(METER[0])
    other.update(fingerprint="0x1", pid=9)
    records = METER * 3 + [other]
    one = tool.write("one/log.1", records)
    for i, record in enumerate(records):
        tool.write(f"many/log.{len(records) - i}", [record])
    merged = [json.loads(line) for line in tool.report(one)[0]["records"].splitlines()]
    assert sorted(record.get("count", 1) for record in merged) == [1, 3, 3]
    many, _ = tool.report(tool.work / "many")
    assert {(r["fingerprint"], r.get("count", 1)) for r in merged} == {
        (r["fingerprint"], r.get("count", 1)) for r in map(json.loads, many["records"].splitlines())}
    assert "3 times in 3 files" in many["text"] and "7 records in 7 files" in many["text"]
    # What was merged merges again.
    again = tool.write("again/a", merged)
    tool.write("again/b", merged[:1])
    out, _ = tool.report(again.parent)
    counts = [json.loads(line).get("count", 1) for line in out["records"].splitlines()]
    assert sorted(counts) in ([1, 3, 6], [2, 3, 3]), counts


def check_hostile(tool):
    forged = dict(evil(METER[0]), kind=EVIL, fingerprint="0x2")
    traversal = copy.deepcopy(METER[0])
    (tool.work.parent / "secret").write_text("".join(f"secret {i}\n" for i in range(40)))
    (tool.work / "src/link.c").symlink_to(tool.work.parent / "secret")
    for i, path in enumerate(["/src/../../secret", "/src/link.c", "/etc/passwd", "/dev/zero", "/src", "/"]):
        traversal["fingerprint"] = f"0x{i + 16:x}"
        traversal["now"]["stack"][0]["file"] = path
        tool.write(f"hostile/log.{i}", [traversal])
    newer = dict(METER[0], schema=99)
    tool.write("hostile/log.9", [METER[0], "not json", newer, "[" * 1000, METER[1], forged,
                                 json.dumps(METER[1])[:300]])
    (tool.work / "hostile/log.bin").write_bytes(bytes(range(256)) * 40)
    out, said = tool.report(tool.work / "hostile")
    check_sarif(out["sarif"], 9)
    for text in ("schema 99", "nested more than 16 deep", "was the program killed", "log.bin:1: this is not"):
        assert text in said, (text, said)
    assert "secret 1" not in "".join(out.values()) and "root:x" not in "".join(out.values())
    for name, text in out.items():
        assert "\x1b" not in text and "\u202e" not in text or name in ("records", "json"), name
        assert not re.search("[\x00-\x08\x0b-\x1f]", text), name
    # The page's own script is its only one.
    assert out["html"].count("<script") == 1 and "{{{title}}}" in out["html"]
    assert "<script" not in out["markdown"] and "<script" not in out["junit"]
    assert not re.search("^::error::x", out["github"], re.M)
    assert "`" not in out["markdown"].split("<details>")[0]
    suite = xml.etree.ElementTree.fromstring(out["junit"]).find("testsuite")
    assert suite.get("errors") == "1" and suite.get("failures") == "9"
    assert not json.loads(out["json"])["complete"] and len(json.loads(out["json"])["problems"]) > 4
    # Nothing but trouble is not clean.
    tool.write("trouble/log", ["x"])
    tool.report(tool.work / "trouble", code=4)
    tool.write("empty/log", [])
    out, _ = tool.report(tool.work / "empty", code=0)
    assert 'tests="1" failures="0"' in out["junit"]


def check_junit_size(tool):
    """More than GitLab reads: what fails the run is kept first, and it is said that there was more."""
    def large(numbers, stack):
        return [dict(METER[0], fingerprint=hex(i), now=dict(METER[0]["now"], stack=stack)) for i in numbers]

    frame = METER[0]["now"]["stack"][0]
    old = large(range(1, 41), [dict(frame, file="&" * 100_000)])
    new = large(range(100, 300), [dict(frame, function="&" * 2000)] * 20)
    known = tool.write("known.log", old)
    for many, fails in ((old + new[:100], False), (old + new, True)):
        log = tool.write("large.log", many)
        done = tool("report", "--format=junit", f"--baseline={known}", log, code=2)
        assert 28_000_000 < len(done.stdout.encode()) <= 30_000_000, len(done.stdout)
        suite = xml.etree.ElementTree.fromstring(done.stdout).find("testsuite")
        *kept, last = suite.findall("testcase")
        assert int(suite.get("tests")) == len(kept) + 1 and last.get("name") == "findings left out"
        said = last[0].get("message")
        assert said.startswith(f"{len(many) - len(kept)} of {len(many)} findings are left out"), said
        assert f"junit: {said}" in done.stderr and last[0].tag == ("failure" if fails else "skipped")
        failures = [case for case in kept if case.find("failure") is not None]
        assert int(suite.get("failures")) == len(failures) + fails
        assert len(failures) == (len(kept) if fails else 100) and 100 < len(kept) < 150, len(kept)


def check_mistakes(tool):
    for args, text in [((), "report what?"), (("--sarf=x", "a"), "did you mean"),
                       (("--format=xml", "a"), "there is no format 'xml'"),
                       (("--prefix-map=x", "a"), "OLD=NEW"), (("--color=red", "a"), "auto, always or never"),
                       (("--json=/no/such/dir/x", "log.1"), "there is no folder '/no/such/dir'"),
                       (("--json=src", "log.1"), "cannot write 'src': it is a folder."),
                       (("--json=/dev/full", "log.1"), "cannot write '/dev/full': No space left"),
                       (("--html=", "log.1"), "--html= needs a value."), (("-x", "log.1"), "no option '-x'."),
                       (("--source-root=/no/such", "log.1"), "there is no folder '/no/such'."),
                       (("--debug-dir=/no/such", "log.1"), "there is no folder '/no/such'."),
                       (("--baseline=/no/such", "log.1"), "the baseline: /no/such: cannot be read")]:
        said = tool("report", *args, code=1).stderr
        assert text in said and said.count("\n") == 1, (args, said)
    # A device stays one.
    assert pathlib.Path("/dev/full").is_char_device()
    assert "it is a device" in tool("report", "/dev/zero", code=4).stderr
    tool("report", "/dev/null", code=0)
    # What is there is lost only to what is whole, and a link stays one.
    (tool.work / "kept").write_text("old")
    (tool.work / "link").symlink_to("kept")
    tool("report", "--format=none", "--records=link", "log.1", code=2)
    assert (tool.work / "link").is_symlink() and len((tool.work / "kept").read_text().splitlines()) == 2
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([tool.csan, "report", "log.1"], cwd=tool.work, stdout=full,
                              stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "cannot write to standard output" in done.stderr, done
    assert "cannot be read" in tool("report", "/no/such", code=4).stderr
    assert "there is no command" in tool("reprot", code=1).stderr
    assert "what?" in tool(code=1).stderr
    assert "report" in tool("--help", code=0).stdout
    assert "--sarif=<file>" in tool("report", "--help", code=0).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as name:
        tool = Reporter(build, pathlib.Path(name) / "work")
        check_formats(tool)
        check_kinds(tool)
        check_merging(tool)
        check_hostile(tool)
        check_junit_size(tool)
        check_mistakes(tool)
    print("reported")


if __name__ == "__main__":
    main()
