"""How fast machines were measured to be, kept in the home so that it is measured once.

One entry per machine; a machine whose device has changed is measured anew. Two processes that write at once may
lose a figure of one of them, which is then measured again.
"""

import socket
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from landmark.configuration import Configuration
from landmark.errors import BadRun
from landmark.store.files import read_json, write_json
from landmark.store.workspace import Workspace

FILE = "calibration.json"


class Calibration(Configuration):
    """What is known of one machine's speed."""

    device: str = Field(description="What trains there, in words.")
    device_memory: int | None = Field(
        None, description="Memory of an accelerator, in bytes; empty where the processors train."
    )
    host_rate: float = Field(description="FLOP per second of NumPy's float32 matrix product.")
    matrix_rate: float = Field(description="FLOP per second of float32 matrix products of all its devices.")
    step_seconds: Mapping[str, float] = Field(
        default_factory=dict, description="Seconds of one training step, by what it depends on."
    )


def read(workspace: Workspace) -> Calibration | None:
    """Return what is known of this machine, or None."""
    entry = _all(workspace).get(socket.gethostname())
    try:
        return Calibration(**entry) if entry else None
    except (TypeError, ValidationError):  # of another version: measured again
        return None


def write(workspace: Workspace, calibration: Calibration) -> None:
    """Keep what is known of this machine."""
    workspace.root.mkdir(parents=True, exist_ok=True)
    entries = {**_all(workspace), socket.gethostname(): calibration.model_dump(mode="json")}
    write_json(workspace.root / FILE, entries)


def _all(workspace: Workspace) -> dict[str, Any]:
    path = workspace.root / FILE
    try:
        return read_json(path) if path.is_file() else {}
    except BadRun:  # damaged: measured again
        return {}
