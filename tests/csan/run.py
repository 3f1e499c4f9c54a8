#!/usr/bin/env python3
"""csan run, diff, baselines and suppressions, of scripts that write records as programs do, and of one
real program.

usage: run.py --build DIR
"""
import argparse
import copy
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from tool import METER, Tool

# Writes the records of the file $1 where CSAN_OPTIONS says, as two processes would; then does the rest.
WRITER = r"""
log=$(printf %s "$CSAN_OPTIONS" | sed 's/.*log_path="\(.*\)"/\1/')
touch "$log.$$"
[ -n "$1" ] && cp "$1" "$log.1" && cp "$1" "$log.2"
shift
eval "$@"
"""
RACY = """
#include <thread>
int counter;
void Work() { counter++; }
int main() {
  std::thread a(Work), b(Work);
  a.join();
  b.join();
}
"""


class Runner(Tool):
    def prepare(self):
        (self.work / "writer.sh").write_text(WRITER)
        self.race = self.write("race.jsonl", METER[:1])
        self.both = self.write("both.jsonl", METER)
        self.none = ""

    def run(self, *flags, records="", then="", code, **env):
        out = self.work / "out.records"
        done = self("run", "--format=none", f"--records={out}", *flags, "--", "sh", "writer.sh", str(records),
                    then, code=code, **env)
        return done.stderr, [json.loads(line) for line in out.read_text().splitlines()]


def check_codes(tool):
    said, records = tool.run(records=tool.none, code=0)
    assert "csan: 0 findings." in said and not records
    said, records = tool.run(records=tool.race, code=2)
    assert [r["count"] for r in records] == [2] and "csan: 1 finding." in said
    said, _ = tool.run(then="exit 3", code=4)
    assert "run 1 ended with exit code 3." in said and "not complete" in said
    assert "signal 9" in tool.run(then="kill -9 $$", code=4)[0]
    tool.run(records=tool.race, then="exit 3", code=2)
    # Stopped by what was found: explained by that.
    tool.run(records=tool.race, then="exit 66", code=2)
    tool.run(f"--baseline={tool.race}", records=tool.race, then="exit 66", code=0)
    tool.run(records=tool.none, then="exit 66", code=4)
    assert "no program wrote records" in tool("run", "--", "true", code=4).stderr
    for args, text in [((), "run what?"), (("true",), "run what?"), (("--",), "run what?"),
                       (("-n", "0", "--", "true"), "is not a number"),
                       (("--shard=3/3", "--", "true"), "INDEX/TOTAL"),
                       (("--", "/no/such"), "cannot run '/no/such'"),
                       (("--keep=src", "--", "true"), "not empty"),
                       (("--keep=", "--", "true"), "--keep= needs a value."),
                       # Before the command has been run, which may take hours.
                       (("--baseline=/no/such", "--", "touch", "ran"), "the baseline: /no/such"),
                       (("--sarif=/no/such/x", "--", "touch", "ran"), "there is no folder '/no/such'")]:
        assert text in tool("run", *args, code=1).stderr, args
    assert not (tool.work / "ran").exists()
    assert "--repeat-until-found" in tool("run", "--help", code=0).stdout


def check_options(tool):
    """What the user has set stays; ours come last."""
    seen = tool.work / "seen"
    tool.run(then=f"printf %s \"$CSAN_OPTIONS\" >{seen}", code=0,
             CSAN_OPTIONS="slots=9:format=text:exitcode=5")
    options = seen.read_text()
    assert options.startswith("slots=9:format=text:exitcode=5:") and "exitcode=0" not in options
    assert options.index("format=json") > options.index("format=text")
    tool.run(then=f"printf %s \"$CSAN_OPTIONS\" >{seen}", code=0, CSAN_OPTIONS="")
    assert seen.read_text().startswith("exitcode=0:")


def check_repeats(tool):
    said, records = tool.run("-n", "3", "-j", "2", records=tool.race, code=2)
    assert said.count("ended well") == 3 and records[0]["count"] == 6 and "run 3 of 3" in said
    found = f"n=$(ls {tool.work}/n 2>/dev/null | wc -l); mkdir -p {tool.work}/n; touch {tool.work}/n/$n; " \
            f"[ $n -lt 3 ] || cp {tool.both} $log.9"
    said, records = tool.run("--repeat-until-found", then=found, code=2)
    assert said.count("ended well") == 4 and len(records) == 2, said
    said, _ = tool.run("--repeat-until-found", "-n", "2", code=0)
    assert said.count("ended well") == 2
    assert "made a mess" in tool.run("-n", "2", then="echo made a mess; exit 1", code=4)[0]
    kept = tool.work / "kept"
    tool.run(f"--keep={kept}", records=tool.race, code=2)
    assert "2 times" in tool("report", kept, code=2).stdout


def check_time(tool):
    """What takes too long is ended with what it started; nothing else is."""
    other = subprocess.Popen(["sleep", "300"])
    begin = time.monotonic()
    pids = tool.work / "pids"
    said, records = tool.run("--timeout=1", records=tool.race,
                             then=f"trap '' TERM; sleep 200 & echo $! >{pids}; wait", code=2)
    assert time.monotonic() - begin < 30 and "was ended by csan" in said and len(records) == 1
    assert not alive(int(pids.read_text())) and other.poll() is None
    other.kill()
    other.wait()


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def check_interrupt(tool):
    process = subprocess.Popen([tool.csan, "run", "--format=none", "--", "sh", "writer.sh", tool.race,
                                "touch started; sleep 100"], cwd=tool.work, stderr=subprocess.PIPE, text=True)
    while not (tool.work / "started").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 2 and "stopped by signal 2" in said and "1 finding" in said, said


def check_shards(tool):
    seen = tool.work / "shards"
    tell = f"echo $GTEST_SHARD_INDEX/$GTEST_TOTAL_SHARDS $TEST_SHARD_INDEX/$TEST_TOTAL_SHARDS >>{seen}"

    def shards(*flags, **env):
        seen.unlink(missing_ok=True)
        tool.run(*flags, then=tell, code=0, **env)
        lines = sorted(seen.read_text().split("\n")[:-1])
        assert all(line.split()[0] == line.split()[-1] for line in lines), lines
        return [line.split()[0] for line in lines]

    assert shards() == ["/"]
    assert shards("--shards=3") == ["0/3", "1/3", "2/3"]
    assert shards("--shard=1/4") == ["1/4"]
    assert shards("--shard=1/2", "--shards=2", "-n", "2") == ["2/4"] * 2 + ["3/4"] * 2
    status = tool.work / "status"
    assert shards(TEST_SHARD_INDEX="2", TEST_TOTAL_SHARDS="5", TEST_SHARD_STATUS_FILE=str(status)) == ["2/5"]
    assert status.exists()
    assert shards(GTEST_SHARD_INDEX="1", GTEST_TOTAL_SHARDS="2") == ["1/2"]
    slurm = {"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "5"}
    assert shards(**slurm) == ["2/3"]
    assert shards(CI_NODE_INDEX="1", CI_NODE_TOTAL="2") == ["0/2"]
    done = tool("run", "--", "true", code=1, GTEST_SHARD_INDEX="9", GTEST_TOTAL_SHARDS="2")
    assert "name no shard" in done.stderr
    ctest = tool.work / "ctest"
    ctest.write_text(f"#!/bin/sh\necho \"$@\" >>{seen}\n")
    ctest.chmod(0o755)
    seen.unlink()
    tool("run", "--shards=2", "--format=none", "--", ctest, "-R", "x", code=4)
    assert sorted(seen.read_text().splitlines()) == ["-R x -I 1,,2", "-R x -I 2,,2"]


def check_baseline(tool):
    said, records = tool.run(f"--baseline={tool.race}", records=tool.both, code=2)
    assert "2 findings, 1 of them new." in said
    tool.run(f"--baseline={tool.both}", records=tool.race, code=0)
    # A line was inserted into the function: the same bug, once.
    moved = dict(METER[0], fingerprint="0x7")
    tool.run(f"--baseline={tool.race}", records=tool.write("moved", [moved]), code=0)
    tool.run(f"--baseline={tool.race}", records=tool.write("second", [METER[0], moved]), code=2)
    done = tool("diff", tool.race, tool.write("new", [METER[1]]), code=2)
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == ["fixed", "new"], done
    done = tool("diff", tool.both, tool.race, code=0)
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == ["fixed", "still"]
    assert "the baseline" in tool("diff", "/no/such", tool.race, code=1).stderr
    assert "Name BASE and NEW" in tool("diff", tool.race, code=1).stderr
    junit = tool("report", "--format=junit", f"--baseline={tool.race}", tool.race, code=0).stdout
    assert 'failures="0"' in junit and "in the baseline" in junit


def check_suppress(tool):
    other = copy.deepcopy(METER[0])
    other.update(fingerprint="0x5")
    other["before"]["stack"][0].update(function="Drop")
    log = tool.write("three", METER + [other])
    who = ["--owner=ada", "--reason=it is to go soon", "--expires=2999-12-31"]
    # "Reset" would silence both races, "Add" this one only.
    done = tool("suppress", "--fingerprint=f469819c4d7eff5c", *who, log, code=0)
    assert done.stdout == ("# csan: owner=ada expires=2999-12-31 fingerprint=f469819c4d7eff5c "
                           "reason=it is to go soon\nrace_top:^Add$\n") and not done.stderr, done
    file = tool.work / "suppressions"
    tool("suppress", "--all", *who, f"--output={file}", log, code=0)
    assert file.read_text().count("# csan:") == 3 and "race_top:^Drop$" in file.read_text()
    for flags, text in [(who, "--fingerprint=HEX or --all"), (["--all", *who[1:]], "--owner=NAME"),
                        (["--all", who[0], who[2]], "--reason=TEXT"), (["--all", *who[:2]], "--expires"),
                        (["--all", *who[:2], "--expires=2999-13-31"], "--expires"),
                        (["--all", *who[:2], "--expires=2999-02-29"], "--expires"),
                        (["--all", *who[:2], "--expires=2001-01-31"], "is over already"),
                        (["--all", *who, "--output=/dev/full"], "cannot write '/dev/full'"),
                        (["--all", "--fingerprint=12", *who], "not both"),
                        (["--fingerprint=zz", *who], "is no hexadecimal number"),
                        (["--fingerprint=12", *who], "is the fingerprint right?")]:
        assert text in tool("suppress", *flags, log, code=1).stderr, flags
    file.write_text("# csan: owner=ada expires=2001-01-31 reason=x\nrace:^Old$\nrace:^Young$\n")
    counts = tool.write("counts", [{"suppression": "race:^Old$", "matches": 3},
                                   {"suppression": "race:^Young$", "matches": 0}])
    said, _ = tool.run(records=counts, code=4, CSAN_OPTIONS=f"suppressions={file}")
    assert f"{file}:2: 'race:^Old$' expired on 2001-01-31; its owner is ada." in said, said
    assert f"{file}:3: 'race:^Young$' matched nothing" in said and "'race:^Old$' matched" not in said


def check_program(tool, build):
    """A real program: found, kept as a baseline, suppressed."""
    (tool.work / "racy.cpp").write_text(RACY)
    subprocess.run([f"{pathlib.Path(build).resolve()}/bin/csan-clang++", "-fsanitize=concurrency", "-g",
                    "racy.cpp", "-o", "racy"], cwd=tool.work, check=True)
    done = tool("run", "-n", "2", "--records=base", "--sarif=s", "--junit=j", "--html=h", "--", "./racy",
                code=2)
    assert ">      4 | void Work() { counter++; }" in done.stdout, done.stdout
    assert all((tool.work / name).stat().st_size for name in "sjh")
    tool("run", "--baseline=base", "--", "./racy", code=0)
    record = json.loads((tool.work / "base").read_text().splitlines()[0])
    fingerprint = record["fingerprint"][2:].zfill(16)
    tool("suppress", f"--fingerprint={fingerprint}", "--owner=ada", "--reason=x", "--expires=2999-01-01",
         "--output=silent", "base", code=0)
    done = tool("run", "--", "./racy", code=0, CSAN_OPTIONS=f"suppressions={tool.work}/silent")
    assert "matched nothing" not in done.stderr and "0 findings" in done.stderr, done
    with open(tool.work / "silent", "a") as more:
        more.write("race:^Nothing$\n")
    done = tool("run", "--", "./racy", code=0, CSAN_OPTIONS=f"suppressions={tool.work}/silent")
    assert "'race:^Nothing$' matched nothing" in done.stderr, done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    build = parser.parse_args().build
    with tempfile.TemporaryDirectory() as name:
        os.environ["TMPDIR"] = name
        tool = Runner(build, pathlib.Path(name) / "work")
        tool.prepare()
        check_codes(tool)
        check_options(tool)
        check_repeats(tool)
        check_time(tool)
        check_interrupt(tool)
        check_shards(tool)
        check_baseline(tool)
        check_suppress(tool)
        check_program(tool, build)
        left = [path.name for path in pathlib.Path(name).iterdir() if path.name != "work"]
        assert not left, left
    print("run")


if __name__ == "__main__":
    main()
