"""A Slurm cluster of this machine alone, whose files are all in one folder. Whatever Slurm else runs here
is left alone: sockets, ports, spool and key are its own."""
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")
SBIN = "/usr/sbin"


def find(program):
    return shutil.which(program) or shutil.which(program, path=SBIN)


def lacking():
    return [program for program in PROGRAMS if find(program) is None]


def free_ports(n):
    """Held together, so that they differ; if somebody else takes one before it is used, that fails loudly."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    def __init__(self, folder, cpus):
        self.folder, self.cpus = pathlib.Path(folder), cpus
        self.folder.mkdir(mode=0o755)
        self.started = []
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))

    def __enter__(self):
        try:
            self.configure()
            self.start("munged", "--foreground", f"--key-file={self.folder}/key",
                       f"--socket={self.folder}/munge", f"--pid-file={self.folder}/munged.pid",
                       f"--seed-file={self.folder}/seed", f"--log-file={self.folder}/munged.log")
            self.until(lambda: (self.folder / "munge").exists(), "munged to listen")
            self.start("slurmctld", "-D", "-i")
            self.start("slurmd", "-D", "-N", "here")
            self.until(lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T"), "the node to be idle")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def configure(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir(mode=0o755)
        key = self.folder / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        controller, node = free_ports(2)
        user, host = getpass.getuser(), socket.gethostname()
        (self.folder / "slurm.conf").write_text(f"""
ClusterName=csan
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={self.folder}/munge
CredType=cred/munge
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/slurmd.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
MinJobAge=60
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
NodeName=here NodeHostname={host} NodeAddr=127.0.0.1 CPUs={self.cpus} State=UNKNOWN
PartitionName=all Nodes=here Default=YES MaxTime=10 State=UP
""")
        # Containers seldom may make control groups.
        (self.folder / "cgroup.conf").write_text("CgroupAutomount=no\n")

    def start(self, program, *args):
        out = open(self.folder / f"{program}.out", "w", encoding="utf-8")
        self.started.append((program, subprocess.Popen([find(program), *args], env=self.environment,
                                                       stdout=out, stderr=out,
                                                       stdin=subprocess.DEVNULL)))

    def ask(self, *command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout

    def until(self, happened, what):
        end = time.monotonic() + 120
        while not happened():
            ended = [name for name, process in self.started if process.poll() is not None]
            assert not ended, f"{ended[0]} has ended:\n{self.logs()}"
            assert time.monotonic() < end, f"waited in vain for {what}:\n{self.logs()}"
            time.sleep(0.2)

    def logs(self):
        return "".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}\n"
                       for path in sorted(self.folder.glob("*.[lo][ou][gt]")))

    def stop(self):
        """The daemons that this object has started, last first; a job's processes end with the node's."""
        for _, process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
