"""The one form of the preparation: every step with a proposed answer and its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from anndata import AnnData

from landmark.analyses.naming import IDENTIFIERS
from landmark.analyses.prepare.config import NOTHING, PrepareConfiguration, prepared_title
from landmark.data.history import describe, fact
from landmark.data.split import people_column
from landmark.data.steps.genes import first_alike, shared_values
from landmark.data.steps.normalise import PAPER_RANGE, Logged, looks_logged, quantile_normalise
from landmark.data.steps.normalise import log2 as take_log2
from landmark.data.steps.outlying import limits_of
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import LandmarkError
from landmark.plots.distributions import before_and_after, expression_densities
from landmark.store.datasets import Dataset, DatasetManifest
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.form import fields
from landmark.ui.jobs import start, start_button
from landmark.ui.resources import glimpse
from landmark.wording import counted, escaped, percent

UNEVEN = 0.1
"""Medians of samples that differ by more than this share of the usual spread call for normalisation."""


@dataclass(frozen=True)
class Proposal:
    """The proposed answer for one step."""

    value: Any  # of the field of the configuration
    proposed: bool  # whether the step should be done
    reason: str  # one sentence, as Markdown


def _proposals(
    about: DatasetManifest, values: np.ndarray, history: list[dict[str, Any]]
) -> Mapping[str, Proposal]:
    """Propose an answer for every step, in their order, by some samples [samples, genes] and what was done before."""
    done = {str(step["step"]) for step in history}
    logged = looks_logged(values)
    return {
        "split": _split(about),
        "log2": _log2(logged, values),
        "outlying": _outlying(values),
        "missing": _missing(values),
        "collapse": _collapse(about),
        "identical": _identical(values),
        "quantile": _quantile(values if logged.looks else np.log2(values - min(0, values.min()) + 1), done),
        "remove_duplicates": _duplicates(done),
    }


def _log2(logged: Logged, values: np.ndarray) -> Proposal:
    reason, lowest = logged.reason, float(np.nanmin(values))
    if not logged.looks and lowest <= -1:
        reason += f" As values go down to {lowest:,.0f}, more than that must be added before the logarithm."
    return Proposal(not logged.looks and lowest > -1, not logged.looks, reason)


def _outlying(values: np.ndarray) -> Proposal:
    count = int(limits_of(values).outside(values).sum())
    if not count:
        return Proposal(
            "keep", False, "Among the samples looked at there are none; *Quality* looks at all samples."
        )
    return Proposal(
        "nearest",
        True,
        f"{counted(count, 'value')} among the samples looked at: so far from the others of the gene, and beyond what "
        "any gene reaches in most samples, that they are hardly expression.",
    )


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


def _people_column(about: DatasetManifest) -> str:
    """Return the annotation that seems to name people, several samples of one among them; empty where none does."""
    return people_column(about.labels, about.samples)


def _split(about: DatasetManifest) -> Proposal:
    people = _people_column(about)
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


CHOICES: dict[str, dict[Any, str]] = {
    "split": {"keep": "keep as it is", "random": "draw anew at random", "by group": "draw whole groups"},
    "outlying": {
        "keep": "keep them",
        "nearest": "set to the gene's nearest ordinary value",
        "missing": "take for missing",
    },
    "missing": {
        "refuse": "refuse them",
        "drop genes": "drop genes that have any",
        "gene median": "fill in the gene's median",
    },
    "collapse": {
        "none": "leave them as they are",
        "mean": "their mean",
        "most variable": "the most variable one",
    },
    "identical": {"keep": "keep them", "keep one": "keep one of each kind", "drop": "drop them all"},
    "quantile": {
        "none": "no",
        "4 to 15": "yes, to the paper's 4 to 15",
        "own range": "yes, in their own range",
    },
}
LABELS = {
    "split": "Training and test samples",
    "log2": "Logarithm",
    "outlying": "Outlying values",
    "missing": "Missing values",
    "collapse": "Probes of one gene",
    "identical": "Genes with the same values",
    "quantile": "Quantile normalisation",
    "remove_duplicates": "Near-duplicates",
}


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=resources.BY_FOLDER)
def proposed(dataset: Dataset) -> Mapping[str, Proposal]:
    """Return the proposals for a dataset; they are kept, for datasets never change."""
    seen = glimpse(dataset)
    return _proposals(dataset.manifest, seen.values, seen.history)


def form(dataset: Dataset, answers: Mapping[str, Proposal]) -> dict[str, Any]:
    """Draw a row per step, in the order in which the steps are done, and return what is chosen."""
    chosen: dict[str, Any] = {}
    for place, (name, answer) in enumerate(answers.items(), 1):
        with st.container(border=True, key=f"step-{name}"):
            left, right = st.columns(2, vertical_alignment="center")
            with left:
                chosen[name] = _widget(dataset, name, answer, place)
            with right:
                mark = (
                    ":material/lightbulb: Proposed. " if answer.proposed else ":material/check: Not needed. "
                )
                st.markdown(f"{mark if name != 'split' or answer.proposed else ''}{answer.reason}")
    with st.expander("More settings", icon=":material/tune:"):
        columns = (("log2_offset", "outlying_threshold", "held_out"), ("duplicate_distance", "seed"))
        labels = {
            "log2_offset": "Offset of the logarithm",
            "outlying_threshold": "Outlying from (deviations)",
            "held_out": "Share held out",
            "seed": "Seed of the split",
        }
        for side, names in zip(st.columns(2), columns, strict=True):
            with side:
                chosen |= fields(PrepareConfiguration, names, f"prepare-{dataset.id}", labels)
    chosen["split_group"] = _group(dataset) if chosen["split"] == "by group" else ""
    chosen["test_groups"] = _test_groups(dataset, chosen["split_group"])
    if chosen["split_group"] and not chosen["test_groups"]:
        chosen["test_group_count"] = _test_group_count(dataset, chosen["split_group"])
    return chosen


def _widget(dataset: Dataset, name: str, answer: Proposal, place: int) -> Any:
    label = f"{place}. {LABELS[name]}"
    common: dict[str, Any] = {
        "key": f"prepare-{dataset.id}-{name}",
        "help": PrepareConfiguration.model_fields[name].description,
        "persist_state": "session",
    }
    if name not in CHOICES:
        return st.toggle(label, value=bool(answer.value), **common)
    return choosing.selectbox(label, CHOICES[name], index=list(CHOICES[name]).index(answer.value), **common)


def _group(dataset: Dataset) -> str:
    columns = [
        name for name, count in dataset.manifest.labels.items() if 2 <= count < dataset.manifest.samples
    ]
    if not columns:
        st.warning("No annotation divides these samples into groups. Draw the split at random.")
        return ""
    people = _people_column(dataset.manifest) or columns[0]
    return choosing.selectbox(
        "Groups that stay together",
        columns,
        index=columns.index(people),
        format_func=lambda name: f"{name} ({dataset.manifest.labels[name]:,} groups)",
        key=f"prepare-{dataset.id}-split-group",
        persist_state="session",
        help="All samples that share a value of this annotation go to the same side of the split.",
    )


def _test_groups(dataset: Dataset, column: str) -> list[str]:
    """Let groups be named that are held out; none to draw them at random."""
    if not column:
        return []
    values = resources.annotations(dataset)[column].dropna().astype(str)
    return choosing.multiselect(
        "Groups to test on",
        values.value_counts().index.tolist(),
        key=f"prepare-{dataset.id}-test-{column}",
        placeholder="Drawn at random",
        help=PrepareConfiguration.model_fields["test_groups"].description,
    )


def _test_group_count(dataset: Dataset, column: str) -> int:
    """Let a number of groups be held out that are drawn at random; 0 for as many as come nearest to the share."""
    return int(
        st.number_input(
            "Number of groups to test on, drawn at random (0: by the share held out)",
            0,
            dataset.manifest.labels[column] - 1,
            key=f"prepare-{dataset.id}-test-count-{column}",
            persist_state="session",
            help=PrepareConfiguration.model_fields["test_group_count"].description,
        )
    )


def offer_start(dataset: Dataset, chosen: Mapping[str, Any], disabled: bool) -> None:
    """Start the preparation on request."""
    title = st.text_input(
        "Name of the new dataset",
        placeholder=prepared_title(dataset.manifest.title),
        key=f"prepare-{dataset.id}-title",
        help="The dataset that you start from stays as it is.",
    )
    steps = sum(chosen[name] != value for name, value in NOTHING.items())
    ready = steps > 0 and (chosen["split"] != "by group" or bool(chosen["split_group"]))
    if chosen["outlying"] == "missing" and chosen["missing"] == "refuse":
        st.warning(
            "Say what becomes of outlying values that are taken for missing: choose a way for missing values."
        )
        ready = False
    if start_button(
        f"Do {counted(steps, 'step')}" if steps else "Nothing is chosen",
        "play_arrow",
        disabled,
        ready,
        work="A preparation of this dataset is at work",
    ):
        start("prepare", {"dataset": dataset.id, "title": title, **chosen})


VALUES = 40_000
UNKNOWN = "expression, unit not stated"


def preview(dataset: Dataset, chosen: Mapping[str, Any]) -> None:
    """Draw the values as they are beside those after the chosen steps."""
    seen = glimpse(dataset)
    choices = {name: chosen[name] for name in ("log2", "log2_offset", "quantile")}
    try:
        after, unit = _after(str(dataset.folder), dataset, **choices)
    except LandmarkError as error:
        st.warning(escaped(error), icon=":material/warning:")
        after, unit = _drawn(seen.values), dataset.manifest.unit
    before = _drawn(seen.values)
    if np.array_equal(before, after):
        figure = expression_densities({"as it is": before}, unit or UNKNOWN)
    else:
        figure = before_and_after(before, after, unit or UNKNOWN)
    show(
        figure,
        f"preview-{dataset.id}",
        pd.DataFrame({"before": before, "after": after}),
        "preview",
        alt="Densities of the values as they are and after the chosen steps",
    )
    st.caption(
        f"A preview of logarithm and normalisation on {counted(len(seen.samples), 'sample')}; nothing has been "
        "changed yet."
    )


@st.cache_data(max_entries=32, show_spinner="Trying the steps on some samples")
def _after(
    folder: str, _dataset: Dataset, log2: bool, log2_offset: float, quantile: str
) -> tuple[np.ndarray, str]:
    """Return values after the steps and their unit; the folder stands for the dataset in the cache."""
    stream = from_memory(AnnData(glimpse(_dataset).values))
    describe(stream.about, unit=_dataset.manifest.unit)
    if log2:
        stream = take_log2(stream, log2_offset)
    if quantile != "none":
        low, high = PAPER_RANGE if quantile == "4 to 15" else (None, None)
        stream = quantile_normalise(stream, low, high)
    matrix = in_memory(stream)
    return _drawn(matrix.X), fact(matrix, "unit")


def _drawn(X: np.ndarray) -> np.ndarray:
    return X.ravel()[np.random.default_rng(0).integers(X.size, size=VALUES)]
