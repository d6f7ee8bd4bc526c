"""Measuring this machine in a process of its own: what trains is never loaded by the server."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from landmark.jobs.control import PROJECT
from landmark.models.settings import AutoencoderConfiguration
from landmark.runs.home import Home

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

    def ask(self, home: Home, dataset_id: str, network: AutoencoderConfiguration, step: str) -> str:
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
                home.root.mkdir(parents=True, exist_ok=True)
                self._log, self._step = home.root / LOG, step
                with self._log.open("wb") as log:
                    self._process = subprocess.Popen(
                        command(dataset_id, network),
                        cwd=PROJECT,
                        env=os.environ | {"LANDMARK_HOME": str(home.root.absolute())},
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
