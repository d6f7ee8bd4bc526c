"""Checkpoints that survive being killed: written aside, published by rename, verified before use.

A folder ``epoch-000010`` holds ``state`` (an Orbax checkpoint) and ``record.json`` with the history and the
size and CRC-32 of every file of ``state``; the record is what makes a checkpoint whole.

Orbax's own ``Checkpointer`` would publish and keep the last two as well, but it checks no arrays: with one bit of a
stored array flipped it restores wrong numbers without an error, and training would go on from them.
"""

import json
import os
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orbax.checkpoint import v1 as orbax

from landmark.errors import BadRun
from landmark.training.mesh import is_first_process, meet

KEPT = 2
"""Checkpoints that stay: the newest, and one before it in case the newest is damaged."""

RECORD = "record.json"
STATE = "state"
CHUNK = 1 << 24


@dataclass(frozen=True)
class Checkpoint:
    """What is needed to go on after an epoch: one row of the history per epoch that is done, and a tree of arrays."""

    epoch: int
    history: list[dict[str, float]]
    state: Any


def save(folder: Path, checkpoint: Checkpoint, identity: Mapping[str, Any]) -> None:
    """Write a checkpoint and remove all but the last few. All processes call this, on one shared folder.

    ``identity`` is what the checkpoint belongs to, in JSON's types.
    """
    aside = folder / f"epoch-{checkpoint.epoch:06d}.partial"
    final = aside.with_suffix("")
    if is_first_process():
        for stale in (aside, final):
            if stale.exists():
                shutil.rmtree(stale)
        aside.mkdir(parents=True)
    meet()
    orbax.save((aside / STATE).absolute(), checkpoint.state)
    if is_first_process():
        record = {
            "epoch": checkpoint.epoch,
            "identity": dict(identity),
            "history": checkpoint.history,
            "files": _digests(aside / STATE),
        }
        (aside / RECORD).write_text(json.dumps(record))
        os.replace(aside, final)
        for old in _published(folder)[KEPT:]:
            shutil.rmtree(old)
    meet()


def newest(folder: Path, template: Any, identity: Mapping[str, Any]) -> Checkpoint | None:
    """Read the newest whole checkpoint, passing over damaged and half-written ones; None where there is none.

    ``template`` is a tree of arrays of the shapes and types to expect. Raises BadRun if a whole checkpoint has another
    identity: it belongs to another configuration or other data.
    """
    for path in _published(folder):
        record = _record(path)
        if record is None or record["files"] != _digests(path / STATE):
            continue
        if record["identity"] != json.loads(json.dumps(dict(identity))):
            raise BadRun(
                f"The checkpoint {path} belongs to a training with other settings or other data, or of an earlier "
                "version; use the same settings, or start again in another folder."
            )
        state = orbax.load((path / STATE).absolute(), template)
        return Checkpoint(record["epoch"], record["history"], state)
    return None


def _published(folder: Path) -> list[Path]:
    return sorted(folder.glob("epoch-[0-9][0-9][0-9][0-9][0-9][0-9]"), reverse=True)


def _record(path: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((path / RECORD).read_text())
    except (OSError, ValueError):
        return None
    complete = isinstance(record, dict) and {"epoch", "identity", "history", "files"} <= record.keys()
    return record if complete else None


def _digests(folder: Path) -> dict[str, list[int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): [path.stat().st_size, _crc(path)] for path in files}


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            crc = zlib.crc32(chunk, crc)
    return crc
