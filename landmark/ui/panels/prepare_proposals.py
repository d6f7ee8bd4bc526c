"""What the data themselves say should be done before training: a proposed answer for every step, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landmark.analyses.naming import IDENTIFIERS
from landmark.data.steps.identical import first_alike, shared_values
from landmark.data.units import Logged, looks_logged
from landmark.runs.datasets import DatasetManifest
from landmark.wording import escaped, percent

UNEVEN = 0.1
"""Medians of samples that differ by more than this share of the usual spread call for normalisation."""

PERSON = re.compile(r"patient|donor|subject|individual|person|case.?id", re.IGNORECASE)
"""Annotation columns whose values are people: several samples of one must not be divided."""


@dataclass(frozen=True)
class Proposal:
    """The proposed answer for one step.

    Attributes
    ----------
    value
        Of the field of the configuration.
    proposed
        Whether the step should be done.
    reason
        One sentence, as Markdown.
    """

    value: Any
    proposed: bool
    reason: str


def proposals(
    about: DatasetManifest, values: np.ndarray, history: list[dict[str, Any]]
) -> Mapping[str, Proposal]:
    """Look at a dataset and propose an answer for every step, in their order.

    Parameters
    ----------
    about
        What the dataset says of itself.
    values
        Of some of its samples, [samples, genes].
    history
        What was done to it before.
    """
    done = {str(step["step"]) for step in history}
    logged = looks_logged(values)
    return {
        "log2": _log2(logged, values),
        "missing": _missing(values),
        "collapse": _collapse(about),
        "identical": _identical(values),
        "quantile": _quantile(values if logged.looks else np.log2(values - min(0, values.min()) + 1), done),
        "remove_duplicates": _duplicates(done),
        "split": _split(about),
    }


def _log2(logged: Logged, values: np.ndarray) -> Proposal:
    reason, lowest = logged.reason, float(np.nanmin(values))
    if not logged.looks and lowest <= -1:
        reason += f" As values go down to {lowest:,.0f}, more than that must be added before the logarithm."
    return Proposal(not logged.looks and lowest > -1, not logged.looks, reason)


def _missing(values: np.ndarray) -> Proposal:
    count = int(np.isnan(values).sum())
    if not count:
        return Proposal("refuse", False, "No value is missing.")
    return Proposal("gene median", True, f"{count:,} of the values looked at are missing.")


def _collapse(about: DatasetManifest) -> Proposal:
    names = IDENTIFIERS.get(about.identifier, about.identifier)
    if about.identifier == "symbol":
        return Proposal("none", False, "The genes are named by their symbols already.")
    if about.identifier == "unknown":
        return Proposal(
            "none", False, "What kind of gene names these are is not known, so they stay as they are."
        )
    return Proposal(
        "mean",
        True,
        f"The genes are named by {names}; gene sets and functions are about genes, and several probes can measure one.",
    )


def _identical(values: np.ndarray) -> Proposal:
    count = int(shared_values(first_alike([values], values.shape[1])).sum())
    if not count:
        return Proposal("keep", False, "No gene has the values of another in the samples looked at.")
    return Proposal(
        "drop",
        True,
        f"{count:,} genes have the values of another in all samples looked at, as fill values do. Any one of them "
        "would predict the others without having been measured.",
    )


def _quantile(values: np.ndarray, done: set[str]) -> Proposal:
    if any("quantile normalisation" in step.lower() for step in done):
        return Proposal("none", False, "It was done already.")
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75], axis=1)
    apart = float(np.quantile(middle, 0.95) - np.quantile(middle, 0.05))
    share = apart / max(float(np.median(high - low)), 1e-9)
    text = f"The medians of most samples differ by {percent(share)} of the usual spread of their genes"
    if share > UNEVEN:
        return Proposal("4 to 15", True, f"{text}: some arrays are brighter than others.")
    return Proposal("none", False, f"{text}: they are on one level already.")


def _duplicates(done: set[str]) -> Proposal:
    if any(step.endswith("Near-duplicates removed") for step in done):
        return Proposal(False, False, "It was done already.")
    return Proposal(
        True,
        True,
        "A sample that is there twice can end up in training and test; looking for such takes little time.",
    )


def people_column(about: DatasetManifest) -> str:
    """Return the annotation that seems to name people, several samples of one among them; empty where none does."""
    return next(
        (name for name, count in about.labels.items() if PERSON.search(name) and 2 < count < about.samples),
        "",
    )


def _split(about: DatasetManifest) -> Proposal:
    people = people_column(about)
    words = {"train": "training", "test": "test"}
    now = " and ".join(f"{about.split.get(part, 0):,} {word}" for part, word in words.items())
    if people:
        return Proposal(
            "by group",
            True,
            f"The column **{escaped(people)}** names {about.labels[people]:,} people; all samples of "
            "one should stay on one side.",
        )
    return Proposal("keep", False, f"The samples are divided into {now} samples.")
