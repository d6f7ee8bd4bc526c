"""The one form of the preparation: every step with a proposed answer and its reason."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.analyses.prepare.config import NOTHING, PrepareConfiguration, prepared_title
from landmark.runs.datasets import Dataset
from landmark.ui import choosing
from landmark.ui.form import fields
from landmark.ui.glimpse import glimpse
from landmark.ui.jobs import start
from landmark.ui.panels.prepare_proposals import Proposal, people_column, proposals
from landmark.ui.panels.quality import annotations
from landmark.wording import counted

CHOICES: dict[str, dict[Any, str]] = {
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
    "split": {"keep": "keep as it is", "random": "draw anew at random", "by group": "draw whole groups"},
}
LABELS = {
    "log2": "Logarithm",
    "missing": "Missing values",
    "collapse": "Probes of one gene",
    "identical": "Genes with the same values",
    "quantile": "Quantile normalisation",
    "remove_duplicates": "Near-duplicates",
    "split": "Training and test samples",
}


def proposed(dataset: Dataset) -> Mapping[str, Proposal]:
    """Return the proposals for a dataset."""
    seen = glimpse(dataset)
    return proposals(dataset.manifest, seen.values, seen.history)


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
        names = ["log2_offset", "duplicate_distance", "held_out", "seed"]
        labels = {
            "log2_offset": "Offset of the logarithm",
            "held_out": "Share held out",
            "seed": "Seed of the split",
        }
        chosen |= fields(PrepareConfiguration, names, f"prepare-{dataset.id}", labels, columns=2)
    chosen["split_group"] = _group(dataset) if chosen["split"] == "by group" else ""
    chosen["test_groups"] = _test_groups(dataset, chosen["split_group"])
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
    options = list(CHOICES[name])
    return choosing.selectbox(
        label, options, index=options.index(answer.value), format_func=CHOICES[name].__getitem__, **common
    )


def _group(dataset: Dataset) -> str:
    columns = [
        name for name, count in dataset.manifest.labels.items() if 2 <= count < dataset.manifest.samples
    ]
    if not columns:
        st.warning("No annotation divides these samples into groups. Draw the split at random.")
        return ""
    people = people_column(dataset.manifest) or columns[0]
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
    values = annotations(dataset)[column].dropna().astype(str)
    return choosing.multiselect(
        "Groups to test on",
        values.value_counts().index.tolist(),
        key=f"prepare-{dataset.id}-test-{column}",
        placeholder="Drawn at random",
        help=PrepareConfiguration.model_fields["test_groups"].description,
    )


def start_button(dataset: Dataset, chosen: Mapping[str, Any], disabled: bool) -> None:
    """Start the preparation on request."""
    title = st.text_input(
        "Name of the new dataset",
        placeholder=prepared_title(dataset.manifest.title),
        key=f"prepare-{dataset.id}-title",
        help="The dataset that you start from stays as it is.",
    )
    steps = sum(chosen[name] != value for name, value in NOTHING.items())
    ready = steps > 0 and (chosen["split"] != "by group" or bool(chosen["split_group"]))
    if st.button(
        f"Do {counted(steps, 'step')}" if steps else "Nothing is chosen",
        type="primary",
        icon=":material/play_arrow:",
        disabled=disabled or not ready,
        help="A preparation of this dataset is at work; cancel it first." if disabled else None,
    ):
        start("prepare", {"dataset": dataset.id, "title": title, **chosen})
