"""A SLURM cluster of one node, for tests: daemons of its own, in a folder of its own, on ports of its own."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
PATIENCE = 30

CONFIGURATION = """
ClusterName=test
FirstJobId={job}
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
KillWait=5
ReturnToService=2
NodeName=localhost NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=short Nodes=localhost Default=YES MaxTime=60 State=UP
"""


def missing() -> str:
    """Return why no cluster can be started here, or ""."""
    if not os.environ.get("LANDMARK_TEST_SLURM"):
        return "tests on a real SLURM take four minutes: `make slurm` runs them"
    absent = [program for program in PROGRAMS if not _which(program)]
    if absent:
        return "SLURM is not installed: `make slurm` installs it on Debian (packages slurm-wlm and munge)"
    return "" if os.geteuid() == 0 else "only root can start a SLURM of its own"


@contextmanager
def cluster(folder: Path, cores: int = 2) -> Iterator[dict[str, str]]:
    """Run a cluster while the block runs; yields the environment variables its commands need."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    # JAX derives a port from the number of the job: two of these clusters at once must not count alike.
    job = 1 + secrets.randbelow(50_000)
    text = CONFIGURATION.format(
        folder=folder, cores=cores, controller=_free_port(), daemon=_free_port(), job=job
    )
    (folder / "slurm.conf").write_text(text)
    (folder / "cgroup.conf").write_text("CgroupAutomount=no\n")
    environment = {"SLURM_CONF": str(folder / "slurm.conf")}
    with ExitStack() as daemons:
        munge = (
            "munged", "--foreground", "--force", f"--socket={folder}/munge.socket", f"--key-file={key}",
            f"--pid-file={folder}/munge.pid", f"--seed-file={folder}/munge.seed", "--num-threads=2",
        )  # fmt: skip
        daemons.enter_context(_daemon(munge, folder, environment))
        _until(lambda: (folder / "munge.socket").exists(), "munged", folder)
        daemons.enter_context(_daemon(("slurmctld", "-D", "-i"), folder, environment))
        daemons.enter_context(_daemon(("slurmd", "-D", "-N", "localhost"), folder, environment))
        _until(lambda: "idle" in _say(environment, "sinfo", "-h", "-o", "%T"), "the node", folder)
        try:
            yield environment
        finally:
            _say(environment, "scancel", "--user=root")
            _until(lambda: not _say(environment, "squeue", "-h"), "the end of all jobs", folder)


@contextmanager
def _daemon(command: tuple[str, ...], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / f"{command[0]}.out").open("wb") as output:
        process = subprocess.Popen(
            [_which(command[0]), *command[1:]], env=os.environ | environment, stdout=output, stderr=output
        )
        try:
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _which(program: str) -> str:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _say(environment: dict[str, str], *command: str) -> str:
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    ).stdout.strip()


def _until(condition, what: str, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            logs = "\n".join(f"{path}:\n{path.read_text()[-2000:]}" for path in folder.glob("*.[lo][ou][gt]"))
            raise TimeoutError(f"SLURM: waited in vain for {what}\n{logs}")
        time.sleep(0.1)
