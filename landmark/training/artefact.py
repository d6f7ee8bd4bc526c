"""Trained networks on disk: arrays in an .npz without pickle, everything else as JSON."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landmark.errors import BadRun

ARRAYS = "parameters.npz"
DESCRIPTION = "network.json"


def save_artefact(
    folder: Path, kind: str, arrays: Mapping[str, Any], description: Mapping[str, Any], history: pd.DataFrame
) -> None:
    """Write a trained network into a folder, which is made where it is missing.

    ``kind`` is checked when it is read again; arrays lie in nested dictionaries, with string keys without a slash; the
    description is in JSON's types, and the history as from ``fit``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / ARRAYS, allow_pickle=False, **flatten(arrays))
    content = {"kind": kind, **description, "history": history.to_dict("records")}
    (folder / DESCRIPTION).write_text(json.dumps(content, indent=1))


def load_artefact(folder: Path, kind: str) -> tuple[dict[str, Any], dict[str, Any], pd.DataFrame]:
    """Read arrays, description and history of a trained network, as given to ``save_artefact``.

    Raises BadRun if the files are missing or damaged, or hold something else.
    """
    try:
        content = json.loads((folder / DESCRIPTION).read_text())
        with (folder / ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise BadRun(f"The trained network in {folder} is missing or damaged; train it again.") from error
    if content.get("kind") != kind:
        raise BadRun(f"{folder} holds no {kind} but a {content.get('kind')}.")
    return _unflatten(arrays), content, pd.DataFrame(content["history"])


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, np.ndarray]:
    """Name every array by its path, keys joined by slashes."""
    flat: dict[str, np.ndarray] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}/")
        else:
            flat[prefix + key] = np.asarray(value)
    return flat


def _unflatten(flat: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Undo ``flatten``."""
    tree: dict[str, Any] = {}
    for path, array in flat.items():
        *folders, name = path.split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = array
    return tree
