"""What a run is given to work with and gives back, and how it reports its stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from landmark.progress import Progress, Report
from landmark.results import Results
from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run, RunStore, RunWriter
from landmark.store.workspace import Workspace


class Step(Protocol):
    """Runs another analysis as a run of its own; on a resume, one that is finished is not repeated."""

    def __call__(
        self,
        kind: str,
        values: Mapping[str, Any],
        name: str = "",
        finished: Run | None = None,
        shared: object = None,
    ) -> Run:
        """Return the finished run.

        Parameters
        ----------
        name
            Tells several steps of one kind apart.
        finished
            A run that was finished before and serves as this step: nothing is computed then.
        shared
            What the step finds in its context, so that it need not read again what is in memory.
        """
        ...


@dataclass(frozen=True)
class Context:
    """The surroundings of one running analysis."""

    workspace: Workspace
    draft: RunWriter
    """Where tables and files go."""
    report: Report
    """Takes progress, and stops the work by raising ``Cancelled``."""
    step: Step
    shared: object = None
    """What the run that this is a step of has in memory already; None where it is nobody's step."""

    @property
    def runs(self) -> RunStore:
        """The published runs."""
        return RunStore(self.workspace)

    @property
    def datasets(self) -> DatasetStore:
        """The stored datasets."""
        return DatasetStore(self.workspace)


@dataclass(frozen=True)
class Outcome:
    """What a workflow found, for the manifest; its tables are in the draft already."""

    parents: Mapping[str, str]
    results: Results
    split: Mapping[str, int] = field(default_factory=dict)
    seed: int | None = None
    device: str = "CPU"
    notes: tuple[str, ...] = ()
    """What a person should know of it, one sentence each: guesses, repairs, what is too small."""


ALMOST = 0.999
"""A part is done when the next one begins, not when a step of it is."""


def part(report: Report, stage: str, number: int, parts: int, unit: str = "") -> Report:
    """Return a report for one of several equal parts, counted from 0 in a unit, which tells ``report`` of the whole."""

    reached = 0.0

    def of_part(progress: Progress) -> None:
        nonlocal reached  # a part has steps of its own, each from nothing to all: the whole never goes back
        if progress.total:
            reached = max(reached, min(progress.done / progress.total, ALMOST))
        report(Progress(stage, number + reached, parts, unit))

    of_part(Progress(stage))
    return of_part


def named(report: Report, name: str) -> Report:
    """Return a report that says in every stage what is worked on: "L1000: fitting ridge regression"."""

    def of_name(progress: Progress) -> None:
        stage = progress.stage[:1].lower() + progress.stage[1:]
        report(replace(progress, stage=f"{name}: {stage}"))

    return of_name
