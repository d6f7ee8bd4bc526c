"""Taking folders out of the store, so that no reader meets half of one and nothing stays behind for ever."""

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from landmark.configuration import texts_in
from landmark.errors import BadRun
from landmark.store.files import read_json
from landmark.store.request import REQUEST, STEPS
from landmark.store.workspace import Workspace

DOOMED = ".deleted-"
"""Begins the name of a folder that is being deleted; what a killed deletion leaves is swept."""


def remove(folder: Path, workspace: Workspace) -> None:
    """Delete a folder: rename first, under a name that no other deletion has, then remove.

    BadRun if somebody else has deleted it just before.
    """
    _dispose(_put_aside(folder, workspace))


def remove_unneeded(folder: Path, workspace: Workspace) -> None:
    """Delete a published folder unless an unfinished run works with it.

    BadRun if an unfinished run names it, or somebody else has deleted it just before.
    """
    refuse_needed(folder.name, workspace, folder.name)
    doomed = _put_aside(folder, workspace)
    try:
        refuse_needed(folder.name, workspace, folder.name)  # what was asked for in between is in time
    except BadRun:
        doomed.rename(folder)
        raise
    _dispose(doomed)


def refuse_needed(name: str, workspace: Workspace, title: str) -> None:
    """Refuse to delete what an unfinished run works with.

    Parameters
    ----------
    name, title
        Id of a dataset or run, or a list as sets are written: ``list:<file>``; and what people call it.

    Raises
    ------
    BadRun
        If an unfinished run names it.
    """
    if naming := _runs_naming(name, workspace):
        raise BadRun(
            f"{title} is needed by {', '.join(naming)}, not finished yet. Wait until it is done, or cancel and "
            "delete that first."
        )


def _put_aside(folder: Path, workspace: Workspace) -> Path:
    workspace.unfinished.mkdir(parents=True, exist_ok=True)
    doomed = workspace.unfinished / f"{DOOMED}{folder.name}-{secrets.token_hex(4)}"
    try:
        return folder.rename(doomed)
    except FileNotFoundError:
        raise BadRun(f"{folder.name} is already deleted.") from None


def _dispose(doomed: Path) -> None:
    shutil.rmtree(doomed, ignore_errors=True)  # what cannot be removed now is swept later


def _runs_naming(name: str, workspace: Workspace) -> list[str]:
    """Return the unfinished runs that name something as what they start from, or as a step of theirs."""
    whole = re.compile(rf"(?<![\w/.-]){re.escape(name)}(?![\w/.-])")
    return [
        folder.name
        for folder in sorted(workspace.unfinished.glob("[!.]*/"))
        if folder.name != name and any(whole.search(text) for text in _texts(folder))
    ]


def _texts(folder: Path) -> Iterator[str]:
    for path in (folder / REQUEST, folder / STEPS):
        try:
            content = read_json(path)
        except BadRun:
            continue
        yield from texts_in(content.get("configuration") if path.name == REQUEST else content)
