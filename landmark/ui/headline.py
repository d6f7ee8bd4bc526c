"""What a run found, in one line."""

from collections.abc import Mapping
from typing import Any

from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.runs.datasets import Dataset
from landmark.runs.store import Run
from landmark.wording import without_nan


def size(dataset: Dataset) -> str:
    """Return the size of a dataset: "975 samples × 17,391 genes"."""
    noun = "probes" if dataset.manifest.identifier == "hgu133a_probe" else "genes"
    return f"{dataset.manifest.samples:,} samples × {dataset.manifest.genes:,} {noun}"


def kind_name(kind: str) -> str:
    """Return the name of a kind of run for people."""
    return ANALYSES[kind].title if kind in ANALYSES else kind.capitalize()


def headline(run: Run) -> str:
    """Return the main figure of a run as one line without a full stop."""
    return headline_of(run.kind, run.manifest.metrics)


def headline_of(kind: str, metrics: Mapping[str, Any]) -> str:
    """Return the main figure of metrics of a kind; empty where they hold none."""
    analysis = ANALYSES.get(kind)
    try:
        return without_nan(analysis.headline(analysis.read(metrics))) if analysis else ""
    except BadRun:  # a run of an older version without this figure
        return ""
