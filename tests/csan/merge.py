#!/usr/bin/env python3
"""1 000 files with 100 000 records are merged in 10 seconds of processors and 500 MB, be they equal or all
different.

usage: merge.py --build DIR
"""
import argparse
import itertools
import json
import os
import pathlib
import subprocess
import tempfile

from tool import METER

FILES, RECORDS = 1000, 100_000
SECONDS, KILOBYTES = 10, 500_000
# As deep as stacks of real programs are.
FRAMES = 12


def template():
    """A record of 40 frames, as text with what differs as fields of str.format."""
    stack = [dict(METER[0]["now"]["stack"][0], function=f"project::Handler{i}::Handle(Request const&)%N%",
                  file=f"/src/handlers/handler_{i}.cpp") for i in range(FRAMES)]
    record = json.loads(json.dumps(METER[0]))
    record.update(fingerprint="0x%I%", why="why %I%")
    for access in (record["now"], record["before"]):
        access.update(stack=stack, address="0x%I%")
    record["object"]["allocated"] = stack
    text = json.dumps(record, separators=(",", ":")).replace("{", "{{").replace("}", "}}")
    return text.replace("%N%", "{name}").replace("%I%", "{id:x}") + "\n"


def write(folder, distinct):
    """`distinct` records are, and one frame of them in ten has a name of its own."""
    text, numbers = template(), itertools.count(1 << 40)
    folder.mkdir()
    for i in range(FILES):
        with open(folder / f"log.{i}", "w") as file:
            for j in range(RECORDS // FILES):
                n = next(numbers) if distinct else 1 << 40 | j
                file.write(text.format(id=n, name=n // 10))


def check(csan, folder, distinct):
    process = subprocess.Popen([csan, "report", "--format=none", folder])
    _, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 2
    seconds = used.ru_utime + used.ru_stime
    print(f"{'distinct' if distinct else 'equal'}: {seconds:.1f} s, {used.ru_maxrss // 1024} MiB")
    assert seconds <= SECONDS and used.ru_maxrss <= KILOBYTES, (seconds, used.ru_maxrss)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    csan = f"{pathlib.Path(parser.parse_args().build).resolve()}/bin/csan"
    for distinct in (False, True):
        with tempfile.TemporaryDirectory() as name:
            write(pathlib.Path(name) / "logs", distinct)
            check(csan, pathlib.Path(name) / "logs", distinct)


if __name__ == "__main__":
    main()
