"""Removing what killed processes left: nobody sees it, nobody asks for it, and it fills the disk.

What is being written now looks the same, so only what has lain still for a while is taken.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from landmark.configuration import texts_in
from landmark.store.activity import activities
from landmark.store.datasets import DRAFT
from landmark.store.files import age, remove_left_behind
from landmark.store.kept import DRAFT as KEPT_DRAFT
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
    folders = [*_folders(workspace.uploads)]
    if not folders:  # the usual case; then no run need be read
        return
    wanted = _folders_named(item.request.configuration for item in activities(workspace))
    imported = _folders_named(run.manifest.configuration for run in RunStore(workspace).all())
    for folder in folders:
        old = min(age(path) for path in (folder, *folder.iterdir())) > UPLOAD_SECONDS
        if folder not in wanted and (folder in imported or old):
            shutil.rmtree(folder, ignore_errors=True)


def _unfinished(workspace: Workspace) -> None:
    for prefix in (DRAFT, KEPT_DRAFT):
        remove_left_behind(workspace.unfinished, prefix)
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


def _folders_named(configurations: Iterable[Mapping[str, Any]]) -> set[Path]:
    """Return the folders of all files that configurations name."""
    return {Path(text).parent for configuration in configurations for text in texts_in(configuration)}
