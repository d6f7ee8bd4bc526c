"""Look at what is to be imported or completed, in a process of its own: a file may be vast, or made to do harm.

Run as ``python -m landmark.jobs.preview_worker FOLDER PARENT``: the folder holds the question, and gets the answer; the
process ends with its parent, the server.
"""

import json
import os
import resource
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from landmark.analyses.infer.config import InferConfiguration
from landmark.configuration import Configuration, names_file
from landmark.data.io.files import Axis
from landmark.data.reading import too_large
from landmark.data.sample_metadata import Joined, match, read_annotations
from landmark.data.sources.examples import example
from landmark.data.sources.geo import fetch_series
from landmark.data.sources.preview import (
    Label,
    Preview,
    labels_of,
    preview,
    preview_of,
    read_preview,
    write_preview,
)
from landmark.errors import LandmarkError, UnclearAxis
from landmark.progress import Progress
from landmark.settings import settings
from landmark.store.files import write_json
from landmark.store.log import report_defect
from landmark.store.machine import preview_limit
from landmark.store.workspace import open_workspace

CHECKED_EVERY = 1.0


def _limit_address_space(most: int) -> None:
    """Let this process have so many bytes of address space; what asks for more gets a ``MemoryError``."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError, OSError):  # a system that knows no such bound
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def end_with(parent: int, within: float) -> None:
    """End this process when its parent has ended, however it ended, or when its time is up.

    Parameters
    ----------
    parent
        Number of the process that started this one.
    within
        Time from now, in seconds.
    """
    until = time.monotonic() + within

    def watch() -> None:
        while os.getppid() == parent and time.monotonic() < until:
            time.sleep(CHECKED_EVERY)
        os._exit(1)

    threading.Thread(target=watch, name="end with the server", daemon=True).start()


QUESTION, PROGRESS, FAILED, JOINED, DONE = (
    "question.json",
    "progress.json",
    "failed.json",
    "joined.json",
    "done.json",
)
WRITTEN_EVERY = 0.3
NICE = 5
"""A look gives way to the dashboard itself."""

SPARE = 30.0
"""Seconds beyond the time of a look, in which the server ends it first and says so."""


class Question(Configuration):
    """What to look at: a matrix, a table that describes the samples of one looked at before, or samples to complete."""

    path: str = names_file("File with a matrix.")
    accession: str = Field("", description="Series of GEO, instead.")
    example: str = Field("", description="Example, instead.")
    platform: str = Field("", description="Platform of the series; empty to propose one.")
    gene_table: str = names_file("Table with the gene symbol of every name.")
    genes_in: Axis | None = Field(None, description="Axis of the genes; empty to propose one.")
    names_from: str = Field(
        "", description="Column of the file that names the genes; empty for its own names."
    )
    annotations: str = names_file("Table of annotations, instead of a matrix.")
    annotations_by: str = Field("", description="Its column with the sample names; empty to propose one.")
    samples_of: str = names_file("Folder of the look at the matrix that it describes.")
    inference: InferConfiguration | None = Field(
        None, description="Samples that are to be completed by a predictor, instead."
    )


@dataclass(frozen=True)
class Described:
    """What a table of annotations says of the samples.

    Attributes
    ----------
    joined
        What was matched.
    labels
        The annotations.
    offered
        All columns of the table.
    """

    joined: Joined
    labels: tuple[Label, ...]
    offered: tuple[str, ...]


def answer(folder: Path) -> None:
    """Answer the question in a folder: what was seen, or why nothing can be."""
    question = Question.parse(json.loads((folder / QUESTION).read_text(encoding="utf-8")))
    try:
        if question.inference is not None:
            from landmark.analyses.infer.look import look_ahead

            look_ahead(question.inference, open_workspace(), folder, _Report(folder))
        elif question.annotations:
            _describe(question, folder)
        else:
            write_preview(_see(question, _Report(folder)), folder)
        write_json(folder / DONE, {})
    except LandmarkError as error:
        write_json(folder / FAILED, {"message": str(error), "axis": isinstance(error, UnclearAxis)})
    except MemoryError:
        write_json(folder / FAILED, {"message": str(too_large(Path(_path(question) or "The data")))})


def _path(question: Question) -> str:
    return question.path if question.inference is None else question.inference.dataset


def described(folder: Path) -> Described:
    """Read what a look at a table of annotations found."""
    found = json.loads((folder / JOINED).read_text(encoding="utf-8"))
    about: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found["joined"].items()
    }
    labels = tuple(Label(**label | {"examples": tuple(label["examples"])}) for label in found["labels"])
    return Described(Joined(**about), labels, tuple(found["offered"]))


def _see(question: Question, report: "_Report") -> Preview:
    if question.example:
        return preview_of(example(question.example, report))
    if not question.accession:
        report(Progress(f"Reading {Path(question.path).name}"))
        return preview(
            question.path,
            question.genes_in,
            question.platform,
            names_from=question.names_from,
            gene_table=question.gene_table,
        )
    series = fetch_series(question.accession, question.platform, report)
    report(Progress(f"Reading {series.path.name}"))
    seen = preview(
        series.path,
        question.genes_in,
        series.platform_within,
        names_from=question.names_from,
        gene_table=question.gene_table,
    )
    if not series.platforms:
        return seen
    return replace(seen, platforms=dict.fromkeys(series.platforms, 0), notes=(*seen.notes, series.note))


def _describe(question: Question, folder: Path) -> None:
    samples = read_preview(Path(question.samples_of)).sample_names
    table = read_annotations(question.annotations)
    joined, columns = match(samples, table, question.annotations_by or None)
    found = {
        "joined": asdict(joined),
        "labels": [asdict(label) for label in labels_of(columns)],
        "offered": list(map(str, table.columns)),
    }
    write_json(folder / JOINED, found)


class _Report:
    """Writes progress now and then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written, self.stage = 0.0, ""

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage == self.stage and now - self.written < WRITTEN_EVERY:
            return
        self.written, self.stage = now, progress.stage
        write_json(self.folder / PROGRESS, asdict(progress))


if __name__ == "__main__":
    os.nice(NICE)
    end_with(int(sys.argv[2]), within=60 * settings().preview_minutes + SPARE)
    _limit_address_space(preview_limit())
    try:
        answer(Path(sys.argv[1]))
    except Exception as error:  # noqa: BLE001 - a defect: whoever asked is told, the log has the details
        report_defect(error, f"a look at a file, {Path(sys.argv[1]).name}")
        sys.exit(1)
