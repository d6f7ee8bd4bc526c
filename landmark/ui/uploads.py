"""Files that came through the browser: kept on disk until they are imported."""

import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from landmark.errors import BadData
from landmark.runs.sweep import sweep_uploads
from landmark.ui import resources


def spool(file: BinaryIO, name: str) -> Path:
    """Write an uploaded file below the home folder and return where it is."""
    folder = resources.here().uploads / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path = folder / (Path(name).name or "upload")
    _copy(file, path)
    return path


def spool_together(files: Sequence[tuple[str, BinaryIO]], name: str) -> Path:
    """Write uploaded files into one folder of this name below the home folder and return where it is.

    Parameters
    ----------
    files
        Name of each file, relative to the folder it was chosen in, and its content.
    name
        Of the folder.

    Raises
    ------
    BadData
        If two files have the same name.
    """
    folder = resources.here().uploads / secrets.token_hex(8) / name
    folder.mkdir(parents=True)
    for relative, file in files:
        parts = [part for part in Path(relative).parts if part not in ("/", "..", ".")]
        path = folder.joinpath(*parts)
        if path.exists():
            raise BadData(f"Two of the files are called {path.name}. Rename one of them.")
        path.parent.mkdir(parents=True, exist_ok=True)
        _copy(file, path)
    return folder


def _copy(file: BinaryIO, path: Path) -> None:
    file.seek(0)
    with path.open("wb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)


def keep(path: Path) -> bool:
    """Tell whether an uploaded file is still there; one that a page shows is kept from being swept."""
    try:
        os.utime(path.parent)
    except FileNotFoundError:
        return False
    return path.exists()


def sweep() -> None:
    """Remove uploaded files that are imported, and those that no unfinished run asks for any more."""
    sweep_uploads(resources.here())


def server_files(folder: Path, most: int = 500) -> list[str]:
    """Return the files below the server's import folder, relative to it; links that lead out are left out."""
    root = folder.resolve()
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.resolve().is_relative_to(root):
            found.append(str(path.relative_to(root)))
            if len(found) == most:
                break
    return found
