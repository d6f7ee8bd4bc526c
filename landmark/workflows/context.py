"""What a workflow is given to work with, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from landmark.progress import Report
from landmark.results import Results
from landmark.runs.datasets import DatasetStore
from landmark.runs.draft import Draft
from landmark.runs.home import Home
from landmark.runs.store import Run, RunStore


class Step(Protocol):
    """Runs another verb as a run of its own."""

    def __call__(
        self, kind: str, values: Mapping[str, Any], name: str = "", finished: Run | None = None
    ) -> Run:
        """Return the finished run.

        Parameters
        ----------
        kind, values
            The verb and its configuration.
        name
            Tells several steps of one kind apart.
        finished
            A run that was finished before and serves as this step: nothing is computed then.
        """
        ...


@dataclass(frozen=True)
class Context:
    """The surroundings of one running workflow.

    Attributes
    ----------
    draft
        Where tables and files go.
    report
        Takes progress, and stops the work by raising ``Cancelled``.
    step
        Runs another verb as a run of its own: ``step(kind, configuration)`` returns the finished run. On a
        resume, a step that is finished is not repeated; it is known by its name.
    """

    home: Home
    draft: Draft
    report: Report
    step: Step

    @property
    def runs(self) -> RunStore:
        """The published runs."""
        return RunStore(self.home)

    @property
    def datasets(self) -> DatasetStore:
        """The stored datasets."""
        return DatasetStore(self.home)


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
