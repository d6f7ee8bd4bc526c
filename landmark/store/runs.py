"""Published runs: what they say of themselves, how they are written, listed, read and deleted. They never change."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import Field

from landmark import __version__
from landmark.configuration import Configuration
from landmark.errors import BadConfiguration, BadRun
from landmark.results import Table
from landmark.store.files import flush, read_json, write_json
from landmark.store.removal import remove_unneeded
from landmark.store.request import NAME, REQUEST, Request
from landmark.store.status import CANCEL, HEARTBEAT, OUTCOME
from landmark.store.workspace import Workspace

T = TypeVar("T")
M = TypeVar("M", bound=Configuration)

MANIFEST = "manifest.json"

SCHEMA = 1
"""Raised when the meaning of a field changes."""

REPORTED_PACKAGES = (
    "jax",
    "flax",
    "optax",
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "anndata",
    "umap-learn",
    "qnorm",
)


class Manifest(Configuration):
    """The description of one published run."""

    schema_version: int = Field(SCHEMA, description="Version of this layout.")
    id: str = Field(description="Name of the run.")
    kind: str = Field(description="The verb that made it: train, rank, compare, ...")
    parents: Mapping[str, str] = Field(description="Dataset and runs this one was made from, by role.")
    configuration: Mapping[str, Any] = Field(description="Every choice, as given to the workflow.")
    seed: int | None = Field(None, description="Seed of all randomness in the run, where it has any.")
    split: Mapping[str, int] = Field(
        default_factory=dict, description="Number of samples per part of the split."
    )
    versions: Mapping[str, str] = Field(
        default_factory=dict, description="Versions of this program and its libraries."
    )
    device: str = Field("", description="What it was computed on.")
    started: str = Field(description="Start, ISO 8601, UTC.")
    seconds: float = Field(description="Wall-clock time, in seconds.")
    metrics: Mapping[str, Any] = Field(default_factory=dict, description="Headline figures.")
    notes: tuple[str, ...] = Field(
        (), description="What a person should know, one sentence each: guesses, repairs, what was left out."
    )
    files: Mapping[str, str] = Field(default_factory=dict, description="Tables and other files, by name.")


def versions() -> dict[str, str]:
    """Return the versions that belong in every manifest."""
    return {"landmark": __version__} | {name: version(name) for name in REPORTED_PACKAGES}


class NewerVersion(BadRun):
    """A stored run or dataset has a layout that this version does not know."""


@dataclass(frozen=True)
class Unreadable:
    """A run or dataset that cannot be used: made by a newer version, or else damaged; and what to do, for people."""

    folder: Path
    message: str
    newer: bool

    @property
    def id(self) -> str:
        """Name of its folder."""
        return self.folder.name


def read_folders(folders: Iterable[Path], read: Callable[[Path], T]) -> tuple[list[T], list[Unreadable]]:
    """Read what lies in some folders, and list those that cannot be used, by name."""
    found, unreadable = [], []
    for folder in sorted(folders):
        try:
            found.append(read(folder))
        except BadRun as error:
            unreadable.append(Unreadable(folder, str(error), isinstance(error, NewerVersion)))
    return found, unreadable


def read_manifest(folder: Path, kind: type[M], what: str) -> M:
    """Read what a published run or dataset says of itself.

    NewerVersion if a newer version wrote it. BadRun if it is missing or damaged; ``what`` is then to be deleted.
    """
    content = read_json(folder / MANIFEST)
    layout = content.get("schema_version", SCHEMA)
    if type(layout) is int and layout > SCHEMA:
        raise NewerVersion(
            f"{folder.name} was made by a newer version of Landmark (layout {layout}; this one knows layouts up to "
            f"{SCHEMA}): update Landmark to read it."
        )
    try:
        return kind.parse(content)
    except BadConfiguration as error:
        raise BadRun(f"{folder / MANIFEST} cannot be used: {error}. Delete the {what}.") from None


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
        """Read a result table; BadRun if the run has no such table."""
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
        runs, _ = read_folders(self.workspace.runs.glob(f"{kind}-*/" if kind else "*/"), _read)
        return sorted(runs, key=lambda run: run.manifest.started, reverse=True)

    def unreadable(self) -> list[Unreadable]:
        """Return what lies among the runs and cannot be used: of a newer version, or damaged."""
        return read_folders(self.workspace.runs.glob("[!.]*/"), _read)[1]

    def get(self, run_id: str, kind: str | None = None) -> Run:
        """Return one run; BadRun if there is no such run, or it is of another kind than asked for."""
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

        BadRun if it does not exist, other runs were made from it, or an unfinished one works with it. A damaged run can
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
    return Run(folder, read_manifest(folder, Manifest, "run"))


def _parents(folder: Path) -> list[Any]:
    try:
        parents = read_json(folder / MANIFEST).get("parents")
    except BadRun:
        return []
    return list(parents.values()) if isinstance(parents, Mapping) else []


SCRATCH = ("checkpoints", "submitit", CANCEL, HEARTBEAT, OUTCOME)
"""What a run needs while it works and drops when it is published."""


class RunWriter:
    """The folder of a run in the making; its tables are to be as promised, where anything is."""

    def __init__(
        self, workspace: Workspace, request: Request, tables: Mapping[str, Table] | None = None
    ) -> None:
        self.workspace = workspace
        self.request = request
        self.tables = tables or {}
        self.folder: Path = request.folder(workspace)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a result table as ``<name>.parquet``; TypeError if its columns are not those that are promised."""
        if self.tables:
            table = self.tables.get(name)
            if table is None:
                raise TypeError(f"table {name} is not promised: {', '.join(self.tables)}")
            table.check(name, frame)
        frame.to_parquet(self.folder / f"{name}.parquet", index=False)

    def files(self) -> dict[str, str]:
        """Return what is to be published: tables by name, everything else by file name."""
        return {
            path.stem if path.suffix == ".parquet" else path.name: path.name
            for path in sorted(self.folder.iterdir())
            if path.name not in (*SCRATCH, REQUEST, MANIFEST) and not path.name.startswith(".")
        }

    def publish(self, manifest: Manifest) -> Run:
        """Write the manifest and move the folder among the published runs, in one step for any reader."""
        write_json(self.folder / MANIFEST, manifest.model_dump())
        flush(self.folder)
        self.workspace.runs.mkdir(parents=True, exist_ok=True)
        published = self.workspace.runs / self.request.id
        self.folder.rename(published)
        drop_scratch(published)  # after the rename: a run killed before it can still be resumed
        return RunStore(self.workspace).get(self.request.id)


def drop_scratch(published: Path) -> None:
    """Remove from a published run what it needed only while it worked."""
    for name in SCRATCH:
        if (published / name).is_dir():
            shutil.rmtree(published / name)
        else:
            (published / name).unlink(missing_ok=True)
