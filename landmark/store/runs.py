"""The store of published runs: list, read, delete. Published runs never change."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from landmark.errors import BadConfiguration, BadRun
from landmark.store.files import read_json
from landmark.store.manifest import Manifest, Unreadable, checked
from landmark.store.removal import remove_unneeded
from landmark.store.request import NAME
from landmark.store.workspace import Workspace

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Run:
    """One published run: its folder and what it says of itself."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Name of the run."""
        return self.manifest.id

    @property
    def kind(self) -> str:
        """The verb that made it."""
        return self.manifest.kind

    def table(self, name: str) -> pd.DataFrame:
        """Read a result table.

        Raises
        ------
        BadRun
            If the run has no such table.
        """
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise BadRun(
                f"Run {self.id} has no table {name!r}. It has: {', '.join(self.tables()) or 'none'}."
            )
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError):  # pyarrow's errors are of these kinds
            raise BadRun(f"{path} is damaged. Delete the run {self.id} and repeat it.") from None

    def tables(self) -> list[str]:
        """Return the names of its result tables."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))


class RunStore:
    """All published runs of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def all(self, kind: str | None = None) -> list[Run]:
        """Return the runs, newest first; ``unreadable`` lists those whose manifest cannot be read."""
        runs = []
        for folder in self.workspace.runs.glob("*/"):
            if kind and not folder.name.startswith(f"{kind}-"):
                continue
            try:
                runs.append(_read(folder))
            except BadRun:
                continue
        return sorted(runs, key=lambda run: run.manifest.started, reverse=True)

    def unreadable(self) -> list[Unreadable]:
        """Return what lies among the runs and cannot be used: of a newer version, or damaged."""
        found = []
        for folder in sorted(self.workspace.runs.glob("[!.]*/")):
            try:
                _read(folder)
            except BadRun as error:
                found.append(Unreadable.of(folder, error))
        return found

    def get(self, run_id: str, kind: str | None = None) -> Run:
        """Return one run.

        Raises
        ------
        BadRun
            If there is no such run, or it is of another kind than asked for.
        """
        folder = self.workspace.runs / Path(run_id).name
        if not run_id or not (folder / MANIFEST).is_file():
            known = ", ".join(run.id for run in self.all(kind)[:5]) or "none yet"
            raise BadRun(f"There is no finished run {run_id!r}. Newest ones: {known}.")
        run = _read(folder)
        if kind and run.kind != kind:
            raise BadRun(f"{run_id} is a run of kind {run.kind!r}; a run of kind {kind!r} is needed here.")
        return run

    def newest(self, kind: str, **parents: str) -> Run | None:
        """Return the newest run of a kind made from the given parents, or None."""
        for run in self.all(kind):
            if all(run.manifest.parents.get(role) == parent for role, parent in parents.items()):
                return run
        return None

    def children(self, parent: str) -> list[Run]:
        """Return the runs made from a run or dataset."""
        return [run for run in self.all() if parent in run.manifest.parents.values()]

    def unreadable_children(self, parent: str) -> list[str]:
        """Return the names of runs that cannot be used here, but say that they were made from a run or dataset."""
        return [run.id for run in self.unreadable() if parent in _parents(run.folder)]

    def delete(self, run_id: str) -> None:
        """Delete a run.

        Raises
        ------
        BadRun
            If it does not exist, other runs were made from it, or an unfinished one works with it. A damaged run can
            be deleted.
        """
        folder = self.workspace.runs / run_id
        if not NAME.fullmatch(run_id) or not folder.is_dir():
            raise BadRun(f"There is no run {run_id!r}: it is already deleted, or was never there.")
        children = [child.id for child in self.children(run_id)] + self.unreadable_children(run_id)
        if children:
            raise BadRun(f"{run_id} is the basis of {', '.join(children)}. Delete those first.")
        remove_unneeded(folder, self.workspace)


def _read(folder: Path) -> Run:
    content = checked(read_json(folder / MANIFEST), folder)
    try:
        return Run(folder, Manifest.parse(content))
    except BadConfiguration as error:
        raise BadRun(f"{folder / MANIFEST} cannot be used: {error}. Delete the run.") from None


def _parents(folder: Path) -> list[Any]:
    try:
        parents = read_json(folder / MANIFEST).get("parents")
    except BadRun:
        return []
    return list(parents.values()) if isinstance(parents, Mapping) else []
