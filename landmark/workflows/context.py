"""What a workflow is given to work with, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from landmark.progress import Report
from landmark.runs.datasets import DatasetStore
from landmark.runs.draft import Draft
from landmark.runs.home import Home
from landmark.runs.store import Run, RunStore


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
        Runs another verb as a run of its own: ``step(kind, configuration)`` returns the finished run.
    """

    home: Home
    draft: Draft
    report: Report
    step: Callable[[str, Mapping[str, Any]], Run]

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
    metrics: Mapping[str, Any]
    split: Mapping[str, int] = field(default_factory=dict)
    seed: int | None = None
    device: str = "CPU"
