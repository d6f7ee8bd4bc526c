"""Files that came through the browser: kept on disk until they are imported."""

import os
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from landmark.errors import BadData
from landmark.runs.activity import activities
from landmark.ui import resources

PATIENCE = 6 * 3600.0
"""Seconds that a file may lie without a run that asks for it and without a page that shows it."""

IMPORTS = ("import", "histones")
"""Kinds of run that read uploaded files."""

ASKED_FOR = ("path", "annotations")
"""Settings of an import that name a file."""


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
    home = resources.here()
    if not home.uploads.is_dir():
        return
    wanted = _folders(item.request.configuration for item in activities(home))
    imported = _folders(run.manifest.configuration for kind in IMPORTS for run in resources.runs(kind))
    for folder in home.uploads.glob("*/"):
        old = time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir())) > PATIENCE
        if folder not in wanted and (folder in imported or old):
            shutil.rmtree(folder, ignore_errors=True)


def _folders(configurations: Iterable[Any]) -> set[Path]:
    return {Path(asked[name]).parent for asked in configurations for name in ASKED_FOR if asked.get(name)}


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
