"""Removing what killed processes left: nobody sees it, nobody asks for it, and it fills the disk.

What is being written now looks the same, so only what has lain still for a while is taken.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from landmark.store.activity import activities
from landmark.store.datasets import DRAFT
from landmark.store.files import age, remove_left_behind
from landmark.store.removal import DOOMED
from landmark.store.request import NAME, NEW, REQUEST
from landmark.store.runs import MANIFEST, SCRATCH, RunStore, drop_scratch
from landmark.store.workspace import Workspace

STILL_SECONDS = 900.0
"""A file or folder that has not changed for so long is not being written."""

UPLOAD_SECONDS = 6 * 3600.0
"""Seconds that an uploaded file may lie without a run that asks for it and without a page that shows it."""

PART = ".*.part"
"""Files that ``write_json`` was writing."""

IMPORTS = ("import", "histones")
"""Kinds of run that read uploaded files."""

ASKED_FOR = ("path", "annotations")
"""Settings of an import that name a file."""


def sweep(workspace: Workspace) -> None:
    """Remove what was left behind; never fails."""
    with suppress(OSError):
        _unfinished(workspace)
    with suppress(OSError):
        _published(workspace)
    with suppress(OSError):
        for folder in (
            workspace.root,
            workspace.datasets,
            *_folders(workspace.datasets),
            *_folders(workspace.root / "looks"),
        ):
            _parts(folder)
    with suppress(OSError):
        sweep_uploads(workspace)


def sweep_uploads(workspace: Workspace) -> None:
    """Remove uploaded files that are imported, and those that no unfinished run asks for any more."""
    if not workspace.uploads.is_dir():
        return
    runs = RunStore(workspace)
    wanted = _uploads(item.request.configuration for item in activities(workspace))
    imported = _uploads(run.manifest.configuration for kind in IMPORTS for run in runs.all(kind))
    for folder in _folders(workspace.uploads):
        old = min(age(path) for path in (folder, *folder.iterdir())) > UPLOAD_SECONDS
        if folder not in wanted and (folder in imported or old):
            shutil.rmtree(folder, ignore_errors=True)


def _unfinished(workspace: Workspace) -> None:
    remove_left_behind(workspace.unfinished, DRAFT)
    for folder in _folders(workspace.unfinished):
        still = age(folder) > STILL_SECONDS
        if folder.name.startswith(DOOMED) or (still and _never_asked(folder)):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _parts(folder)


def _never_asked(folder: Path) -> bool:
    """Say whether a folder is that of a run whose request was never written."""
    return folder.name.startswith(NEW) or (
        NAME.fullmatch(folder.name) is not None and not (folder / REQUEST).exists()
    )


def _published(workspace: Workspace) -> None:
    for folder in _folders(workspace.runs):
        _parts(folder)
        if age(folder / MANIFEST) > STILL_SECONDS and any((folder / name).exists() for name in SCRATCH):
            drop_scratch(folder)


def _parts(folder: Path) -> None:
    for path in folder.glob(PART):
        if age(path) > STILL_SECONDS:
            path.unlink(missing_ok=True)


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (path for path in list(parent.iterdir()) if path.is_dir() and not path.is_symlink())


def _uploads(configurations: Iterable[Mapping[str, Any]]) -> set[Path]:
    named = (asked.get(name) for asked in configurations for name in ASKED_FOR)
    return {Path(path).parent for path in named if isinstance(path, str) and path}
