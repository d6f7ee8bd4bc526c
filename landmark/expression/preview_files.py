"""A preview as files: what one process has seen, another can show."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.expression.logged import Logged
from landmark.expression.preview import Label, Names, Preview

ABOUT, VALUES = "preview.json", "values.npy"


def write(seen: Preview, folder: Path) -> None:
    """Write a preview into a folder."""
    about = {name: value for name, value in vars(seen).items() if name not in ("values", "corner")}
    about |= {name: asdict(about[name]) for name in ("rows", "columns", "logged")}
    about["labels"] = [asdict(label) for label in seen.labels]
    corner = seen.corner
    about["corner"] = {
        "index": list(map(str, corner.index)),
        "columns": list(map(str, corner.columns)),
        "data": corner.astype(float).to_numpy().tolist(),
    }
    np.save(folder / VALUES, seen.values, allow_pickle=False)
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Preview:
    """Read a preview that ``write`` wrote."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    about["logged"] = Logged(**about["logged"])
    for axis in ("rows", "columns"):
        about[axis] = Names(**about[axis] | {"examples": tuple(about[axis]["examples"])})
    about["labels"] = tuple(
        Label(**label | {"examples": tuple(label["examples"])}) for label in about["labels"]
    )
    about["kinds"] = {kind: tuple(found) for kind, found in about["kinds"].items()}
    about["corner"] = pd.DataFrame(**about["corner"], dtype=np.float32)
    for name in ("notes", "sample_names"):
        about[name] = tuple(about[name])
    return Preview(**about, values=np.load(folder / VALUES, allow_pickle=False))
