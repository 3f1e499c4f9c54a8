"""A shell command bounded in time and memory, with what it used."""
import dataclasses
import os
import pathlib
import resource
import signal
import subprocess
import time

PAGE = resource.getpagesize()


@dataclasses.dataclass(frozen=True)
class Outcome:
    code: int
    wall: float  # seconds
    cpu: float  # seconds, of all its processes that were waited for
    peak: int  # bytes in memory at most, of all its processes, as seen four times a second
    output: str
    trouble: str  # why it was ended, or nothing


def _resident(session):
    """Bytes in memory of all processes of `session`; shadow counts, address space does not."""
    total = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * PAGE
    return total


def run(command, folder, environment, seconds, gigabytes, log):
    """Runs `command` in `folder`; its output, both streams, is also left in the file `log`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    trouble, peak = "", 0
    with open(log, "wb") as out:
        # `timeout` for the case that this process is ended first.
        process = subprocess.Popen(["timeout", "-k", "5", str(seconds + 30), "nice", "-n", "10",
                                    "bash", "-euo", "pipefail", "-c", command],
                                   cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        while True:
            try:
                process.wait(0.25)
                break
            except subprocess.TimeoutExpired:
                pass
            peak = max(peak, _resident(process.pid))
            if time.monotonic() - begin > seconds:
                trouble = f"ended after {seconds} s"
            elif peak > gigabytes << 30:
                trouble = f"ended with more than {gigabytes} GiB in memory"
            if trouble:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    output = pathlib.Path(log).read_text(errors="replace")
    return Outcome(process.returncode, time.monotonic() - begin, cpu, peak, output, trouble)
