"""Which dataset to predict, from which sets: the one form of the page of another platform."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from landmark.analyses.platform.config import CrossPlatformConfiguration
from landmark.runs.datasets import Dataset, DatasetStore
from landmark.runs.home import Home
from landmark.ui import choosing, resources
from landmark.ui.headline import size
from landmark.ui.run_form import NETWORKS, RunForm
from landmark.wording import counted, escaped
from landmark.workflows.matching import FEWEST
from landmark.workflows.related import Related, related

LABELS = {
    "size": "Genes per set (empty: as many as the smallest set has in both)",
    "normalise": "Joint quantile normalisation",
    "joint_ranks": "Equal values",
    "scaling": "Standardise the other dataset by",
    "label": "Annotation that tells tissues (empty: one that fits)",
    "random_sets": "Random sets (empty: 20, or 3 with a network)",
}


FORM = RunForm(
    kind="cross-platform",
    configuration=CrossPlatformConfiguration,
    key="platform",
    rows=((("sets",),), (("predictor",), ("size",))),
    more=("normalise", "joint_ranks", "scaling", "label", "random_sets", "seed", NETWORKS),
    labels=LABELS,
    button="Predict the other dataset",
    icon="swap_horiz",
)


def form(dataset: Dataset, others: Sequence[Dataset], disabled: bool) -> None:
    """Show the form, and start the prediction on request."""
    other = _choose_other(dataset, others)
    if other is not None:
        FORM.draw(dataset, disabled=disabled, other=other.id)


def _choose_other(dataset: Dataset, others: Sequence[Dataset]) -> Dataset | None:
    """Let a dataset be chosen that can be predicted, at first one of other samples; say what both have in common."""
    common = {other.id: _related(str(resources.here().root), dataset.id, other.id) for other in others}
    known = {
        other.id: other for other in sorted(others, key=lambda other: common[other.id].samples > 0)
        if common[other.id].genes >= FEWEST
    }  # fmt: skip
    left_out = [other for other in others if other.id not in known]
    if left_out:
        names = ", ".join(
            f"{escaped(other.manifest.title)} ({common[other.id].genes:,})" for other in left_out
        )
        st.caption(f"Not offered, with too few genes in common (at least {FEWEST} are needed): {names}.")
    if not known:
        st.info(
            "No other dataset has enough genes in common with this one. Import one whose genes have known names."
        )
        return None
    labels = choosing.distinct(
        {name: f"{other.manifest.title}, {size(other)}" for name, other in known.items()}
    )
    chosen = known[
        choosing.selectbox(
            "Dataset to predict",
            list(known),
            format_func=lambda name: labels.get(name, ""),
            key=f"platform-other-{dataset.id}",
            help="Its samples are predicted from what is learned on the dataset worked on.",
        )
    ]
    found = common[chosen.id]
    st.caption(f"{counted(found.genes, 'gene')} are in both datasets.")
    if found.samples:
        st.warning(
            f"{found.samples:,} of the {chosen.manifest.samples:,} samples of {escaped(chosen.manifest.title)} are "
            "also in the dataset worked on, by their names or values. Those that the prediction is learned from are "
            "left out; what remains is no other platform.",
            icon=":material/content_copy:",
        )
    return chosen


@st.cache_data(max_entries=64, show_spinner="Comparing samples and genes of the datasets ...")
def _related(root: str, first: str, other: str) -> Related:
    store = DatasetStore(Home(Path(root)))
    return related(store.get(first), store.get(other))
