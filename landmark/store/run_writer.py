"""A run while it is written: tables go into its folder, the manifest comes last, a rename publishes it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from landmark.results import Table
from landmark.store.files import flush, write_json
from landmark.store.heartbeat import HEARTBEAT
from landmark.store.manifest import Manifest
from landmark.store.request import REQUEST, Request
from landmark.store.runs import MANIFEST, Run, RunStore
from landmark.store.status import CANCEL, OUTCOME
from landmark.store.workspace import Workspace

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
        """Write a result table as ``<name>.parquet``.

        Raises
        ------
        TypeError
            If its columns are not those that are promised.
        """
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
