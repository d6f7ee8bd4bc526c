"""What a training will cost on this machine, before it starts; says so where it will not fit."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from landmark.errors import BadConfiguration, BadData
from landmark.jobs.control import PROJECT
from landmark.models.cost import Task
from landmark.models.settings import AutoencoderConfiguration
from landmark.models.size import GIGABYTE
from landmark.settings import settings
from landmark.store import calibration
from landmark.store.activity import activities
from landmark.store.datasets import Dataset
from landmark.store.workspace import Workspace
from landmark.ui import resources
from landmark.ui.figure import metric
from landmark.ui.page import guarded
from landmark.ui.wording import duration
from landmark.wording import escaped, percent
from landmark.workflows.room import Room, check_room, seconds, task_of
from landmark.workflows.small_data import check_held_out

LOG = "calibration.log"
"""What the newest measurement said, in the home."""

RETRY_SECONDS = 120.0
"""How long a failure stands before the next page that asks has it tried again: what was in the way may be gone."""

UNTOLD = f"Measuring this machine ended without a result; {LOG} in the program's folder holds what it said."

SENTENCE = "landmark: "
"""What a line for people begins with; others are for programmers, and may name folders of the server."""


@dataclass(frozen=True)
class _Failure:
    sentence: str
    time: float


class Measurements:
    """The one measurement that is at work at a time, and the sentences of those that failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = Path(LOG)
        self._step = ""
        self._failed: dict[str, _Failure] = {}

    def ask(self, workspace: Workspace, dataset_id: str, network: AutoencoderConfiguration, step: str) -> str:
        """See to it that a training step is measured; call again until it is among the calibrations of the home.

        A measurement that failed is repeated when it is asked for after ``RETRY_SECONDS`` or ``forget``.

        Parameters
        ----------
        step
            What the time depends on, as in ``Task.step``.

        Returns
        -------
        str
            Why it failed, or "" while it is at work or waits for another measurement.
        """
        with self._lock:
            self._collect()
            failure = self._failed.get(step)
            if failure is not None and time.monotonic() < failure.time + RETRY_SECONDS:
                return failure.sentence
            if self._process is None:
                self._failed.pop(step, None)
                workspace.root.mkdir(parents=True, exist_ok=True)
                self._log, self._step = workspace.root / LOG, step
                with self._log.open("wb") as log:
                    self._process = subprocess.Popen(
                        command(dataset_id, network),
                        cwd=PROJECT,
                        env=os.environ | {"LANDMARK_HOME": str(workspace.root.absolute())},
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=log,
                    )
            return ""

    def forget(self, step: str) -> None:
        """Let a measurement that failed be tried again."""
        with self._lock:
            self._failed.pop(step, None)

    def _collect(self) -> None:
        """Take note of a measurement that has ended."""
        if self._process is None or self._process.poll() is None:
            return
        if self._process.returncode:
            said = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            told = bool(said) and said[-1].startswith(SENTENCE)
            sentence = said[-1].removeprefix(SENTENCE) if told else UNTOLD
            self._failed[self._step] = _Failure(sentence, time.monotonic())
        self._process = None


def command(dataset_id: str, network: AutoencoderConfiguration) -> list[str]:
    """Return the command that measures a training step of a network on a dataset."""
    words = [sys.executable, "-m", "landmark", "estimate", "--json", "--dataset", dataset_id]
    for name, value in network.model_dump(mode="json", exclude_defaults=True).items():
        words += ["--with", f"{name}={value}"]
    return words


@st.cache_resource(show_spinner=False)
def measurements() -> Measurements:
    """Return the measurements of this server."""
    return Measurements()


LOOK_SECONDS = 1.0

ON_CLUSTER = "The machines of the cluster cannot be measured from here."
BUSY = "Measured when the runs at work are finished: now they would slow it down."
MEASURING = "A training step is being measured on this machine; that takes about ten seconds, once."

_MEMORY = "Data, weights, Adam's moments, one batch, and the program itself."
_DEVICE = "Weights, Adam's moments, one batch, and the data where they fit."
_DISK = "Checkpoints while it runs, the trained network, and the predictions of held-out samples."


@dataclass(frozen=True)
class Speed:
    """How fast a training goes here; empty where it is not known, and why.

    Attributes
    ----------
    seconds
        Of the whole training.
    samples_per_second, share
        Speed, and the share of the machine's matrix-product rate that it is.
    measuring
        Whether it will be known soon.
    failed
        Whether measuring it went wrong.
    reason
        Why it is not known.
    """

    seconds: float | None = None
    samples_per_second: float = 0.0
    share: float = 0.0
    measuring: bool = False
    failed: bool = False
    reason: str = ""


def estimate(dataset: Dataset, network: AutoencoderConfiguration, runs: int = 1) -> bool:
    """Show time, speed, memory and disk of one or several trainings; tell whether they fit.

    The first time that such a network is asked for, one step of it is measured in the background.
    """
    task = task_of(dataset.manifest, network)
    try:
        room = check(dataset, network, runs)
    except BadConfiguration as error:
        st.error(f"This will not fit: {escaped(error)}", icon=":material/block:")
        return False
    speed = speed_here(dataset, task, room)
    if speed.measuring:
        st.fragment(_wait, run_every=LOOK_SECONDS)(dataset, task, room, runs)
    else:
        _figures(task, room, speed, runs)
    if speed.failed:
        st.button(
            "Measure again",
            key="measure-again",
            icon=":material/refresh:",
            on_click=guarded()(measurements().forget),
            args=(task.step,),
        )
    return True


def check(dataset: Dataset, network: AutoencoderConfiguration, runs: int = 1) -> Room:
    """Refuse what the data, or the machine that will train, cannot carry.

    Raises
    ------
    BadConfiguration
        Naming the field, its value and its bound.
    """
    try:
        check_held_out(dataset.manifest.split.get("test", 0))
    except BadData as error:
        raise BadConfiguration(str(error)) from error
    return check_room(resources.here(), task_of(dataset.manifest, network), runs, here=not _on_cluster())


def _on_cluster() -> bool:
    return settings().executor == "slurm"


def speed_here(dataset: Dataset, task: Task, room: Room) -> Speed:
    """Return how fast a training goes here, and have it measured where nothing else is at work."""
    known = calibration.read(resources.here())
    took = seconds(known, task, room.memory.loaded)
    if _on_cluster():
        return Speed(reason=ON_CLUSTER)
    if known is not None and took is not None:
        speed = task.network.batch_size / known.step_seconds[task.step]
        return Speed(took, speed, speed * task.size.flop_per_sample / known.matrix_rate)
    if any(item.active for item in activities(resources.here())):
        return Speed(reason=BUSY)
    failure = measurements().ask(resources.here(), dataset.id, task.network, task.step)
    return Speed(failed=True, reason=failure) if failure else Speed(measuring=True, reason=MEASURING)


def _wait(dataset: Dataset, task: Task, room: Room, runs: int) -> None:
    speed = speed_here(dataset, task, room)
    if not speed.measuring:
        st.rerun()
    _figures(task, room, speed, runs)


def _figures(task: Task, room: Room, speed: Speed, runs: int) -> None:
    with st.container(horizontal=True, gap="large", key="estimate"):
        metric(
            "Time, about",
            duration(runs * speed.seconds) if speed.seconds is not None else "not known yet",
            f"{runs} x {duration(speed.seconds)}" if runs > 1 and speed.seconds is not None else None,
            help=speed.reason
            or "From one step of this very network, timed on this machine, times the steps of all epochs; and what "
            "reading, compiling and measuring the reconstruction take.",
        )
        if speed.seconds is not None:
            metric(
                "Samples per second",
                f"{speed.samples_per_second:,.0f}",
                f"{percent(round(speed.share, 2))} of the matrix-product rate",
                help="The rate at which this machine multiplies large matrices is what a training could reach at best. "
                "Larger batches come closer to it.",
            )
        free = "" if _on_cluster() else f"{_gigabytes(room.memory_available)} free"
        _amount("Memory, at most", room.memory.host, free, _MEMORY)
        if room.device_memory and not _on_cluster():
            _amount("On the accelerator", room.memory.device, _gigabytes(room.device_memory), _DEVICE)
        _amount("Disk", room.disk, f"{_gigabytes(room.disk_free)} free", _DISK)
    if speed.reason:
        st.caption(speed.reason)
    if _on_cluster():
        return
    if not room.memory.loaded:
        st.caption(
            "The dataset is large for this memory: it is read from the disk while training runs, with the same result."
        )
    if room.memory.host > room.memory_available:
        st.warning(
            f"Only {_gigabytes(room.memory_available)} of memory are free now. Close other programs, or wait until "
            "other runs are finished."
        )


def _amount(label: str, needed: int, there: str, text: str) -> None:
    metric(label, _gigabytes(needed), f"of {there}" if there else None, help=text)


def _gigabytes(count: float) -> str:
    """Write an amount of memory: "1.2 GB", "45 MB"."""
    return f"{count / GIGABYTE:,.1f} GB" if count >= 0.95e8 else f"{max(round(count / 1e6), 1)} MB"
