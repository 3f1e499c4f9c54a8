"""csan as tests call it, and records that nobody should have written."""
import json
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
METER = [json.loads(line) for line in (ROOT / "testdata/records/meter.jsonl").read_text().splitlines()]
STEP = {"actor": 1, "what": "waits for the mutex", "object": "0x10", "name": "a",
        "stack": METER[0]["now"]["stack"]}
# Of the runtime: their names in records, by enumerator.
KINDS = dict(re.findall(r'^CSAN_FINDING\((\w+), "([^"]+)"',
                        (ROOT / "runtime/report/findings.def").read_text(), re.M))
EVIL = "</script><script>alert(1)</script><b>&\"'\x1b[31m\r\n::error::x\u202e`|{{{title}}}"


class Tool:
    def __init__(self, build, work):
        self.csan, self.work = f"{pathlib.Path(build).resolve()}/bin/csan", work
        work.mkdir(parents=True)
        # Where the records say that the source is.
        (work / "src").mkdir()
        (work / "src/meter.c").write_text("".join(f"line {i};\n" for i in range(1, 40)))

    def __call__(self, *args, code, **env):
        clean = {key: value for key, value in os.environ.items() if "SHARD" not in key and key != "CI"}
        done = subprocess.run([self.csan, *args], capture_output=True, text=True, cwd=self.work, timeout=120,
                              stdin=subprocess.DEVNULL, env=dict(clean, **env))
        assert done.returncode == code, (args, done)
        return done

    def write(self, name, records):
        path = self.work / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records))
        return path


def evil(value):
    """The record with every text that may be anything replaced."""
    if isinstance(value, dict):
        fixed = ("access", "kind", "fingerprint", "address", "offset", "begin", "object", "build_id")
        return {key: one if key in fixed and isinstance(one, str) else evil(one)
                for key, one in value.items()}
    if isinstance(value, list):
        return [evil(one) for one in value]
    return EVIL if isinstance(value, str) else value
