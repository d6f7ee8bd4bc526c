"""Small files that are either whole or absent."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark.errors import BadRun


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON under a temporary name, then rename: a reader never sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    draft.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    draft.replace(path)


def flush(folder: Path) -> None:
    """Bring all files to the disk before a rename publishes them: a power cut must not leave empty ones."""
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    BadRun
        If the file is absent or damaged.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadRun(
            f"{path} is missing. The run or dataset it describes cannot be used; delete it."
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise BadRun(
            f"{path} is damaged. The run or dataset it describes cannot be used; delete it."
        ) from None
    if not isinstance(value, dict):
        raise BadRun(f"{path} is damaged. The run or dataset it describes cannot be used; delete it.")
    return value
