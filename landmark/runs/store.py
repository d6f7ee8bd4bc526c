"""The store of published runs: list, read, delete. Published runs never change."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from landmark.errors import BadConfiguration, BadRun
from landmark.runs.files import read_json
from landmark.runs.home import Home
from landmark.runs.manifest import Manifest
from landmark.runs.request import NAME

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
    """All published runs of one home."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def all(self, kind: str | None = None) -> list[Run]:
        """Return the runs, newest first; those whose manifest cannot be read are left out."""
        runs = []
        for folder in self.home.runs.glob("*/"):
            if kind and not folder.name.startswith(f"{kind}-"):
                continue
            try:
                runs.append(_read(folder))
            except BadRun:
                continue
        return sorted(runs, key=lambda run: run.manifest.started, reverse=True)

    def get(self, run_id: str, kind: str | None = None) -> Run:
        """Return one run.

        Raises
        ------
        BadRun
            If there is no such run, or it is of another kind than asked for.
        """
        folder = self.home.runs / Path(run_id).name
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

    def delete(self, run_id: str) -> None:
        """Delete a run.

        Raises
        ------
        BadRun
            If it does not exist or other runs were made from it. A damaged run can be deleted.
        """
        folder = self.home.runs / run_id
        if not NAME.fullmatch(run_id) or not folder.is_dir():
            raise BadRun(f"There is no run {run_id!r}.")
        if children := self.children(run_id):
            names = ", ".join(child.id for child in children)
            raise BadRun(f"{run_id} is the basis of {names}. Delete those first.")
        remove_published(folder, self.home)


def remove_published(folder: Path, home: Home) -> None:
    """Delete a published folder so that no reader meets half of it: rename first, then remove."""
    home.unfinished.mkdir(parents=True, exist_ok=True)
    doomed = home.unfinished / f".deleted-{folder.name}"
    folder.rename(doomed)
    shutil.rmtree(doomed)


def _read(folder: Path) -> Run:
    try:
        return Run(folder, Manifest.parse(read_json(folder / MANIFEST)))
    except BadConfiguration as error:
        raise BadRun(f"{folder / MANIFEST} cannot be used: {error}. Delete the run.") from None
