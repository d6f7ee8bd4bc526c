"""A dataset as it was understood: is this the matrix that was meant?"""

import streamlit as st

from landmark.figures.distributions import expression_densities, sample_distributions, sample_quantiles
from landmark.runs.datasets import Dataset
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.glimpse import Glimpse, glimpse
from landmark.ui.headline import IDENTIFIERS, l1000_size, size
from landmark.ui.panels.words import escaped, percent
from landmark.ui.places import PLACES

UNKNOWN = "expression, unit not stated"


def answer(dataset: Dataset) -> str:
    """Say what the matrix was taken for."""
    about = dataset.manifest
    kind = IDENTIFIERS.get(about.identifier, about.identifier)
    text = f"**{escaped(about.title)}** was read as {size(dataset)}, named by {kind}"
    present = _l1000(dataset)
    if about.unit:
        text += f", in {escaped(about.unit)}"
    return (
        f"{text}; {present:,} of the {l1000_size()} L1000 genes are among them."
        if present is not None
        else f"{text}."
    )


def show_dataset(dataset: Dataset) -> None:
    """Show the matrix: figures, first rows, annotations, what was done to it."""
    about, seen = dataset.manifest, glimpse(dataset)
    _numbers(dataset, seen)
    if st.button("Train the autoencoder on it", type="primary", icon=":material/arrow_forward:"):
        st.switch_page(PLACES["train"])
    st.subheader("All values", anchor=False)
    figure = expression_densities({about.title: seen.values}, about.unit or UNKNOWN)
    show(figure, "values", name="values", alt="Density of all expression values")
    st.subheader("Sample by sample", anchor=False)
    quantiles = sample_quantiles(seen.values, seen.samples)
    figure = sample_distributions(quantiles, about.unit or UNKNOWN)
    show(figure, "samples", table=quantiles, name="samples", alt="Quantiles of the values of each sample")
    st.subheader("First samples and genes", anchor=False)
    st.dataframe(seen.corner.round(3), alt="First samples and genes of the matrix")
    st.caption(
        "Samples in rows, genes in columns. Turned by mistake? Then the names of genes stand at the left."
    )
    _annotations(dataset, seen)
    _history(seen)


def _numbers(dataset: Dataset, seen: Glimpse) -> None:
    about = dataset.manifest
    present = _l1000(dataset)
    shown = {
        "Samples": (f"{about.samples:,}", "Rows of the matrix"),
        "Genes": (f"{about.genes:,}", "Columns of the matrix"),
        "Names recognised": (
            _recognised(seen),
            f"Share of the names that are {IDENTIFIERS.get(about.identifier)}",
        ),
        "L1000 genes": (
            "–" if present is None else f"{present:,} of {l1000_size()}",
            "Landmark genes in the matrix",
        ),
        "Training / test": (
            f"{about.split.get('train', 0):,} / {about.split.get('test', 0):,}",
            "Samples that models learn from, and samples that only judge them",
        ),
    }
    with st.container(horizontal=True, gap="medium"):
        for label, (value, help_) in shown.items():
            st.metric(label, value, help=help_, width="content")


def _recognised(seen: Glimpse) -> str:
    share = next((step["share_recognised"] for step in seen.history if "share_recognised" in step), None)
    return "–" if share is None else percent(share)


def _l1000(dataset: Dataset) -> int | None:
    runs = resources.runs("import", dataset=dataset.id)
    return int(runs[0].manifest.metrics["l1000_present"]) if runs else None


def _annotations(dataset: Dataset, seen: Glimpse) -> None:
    labels = dataset.manifest.labels
    st.subheader("Annotations of the samples", anchor=False)
    if not labels:
        st.markdown("The file has none. Clusters can then be drawn, but not compared with known groups.")
        return
    st.markdown(", ".join(f"{escaped(name)} ({count:,} values)" for name, count in labels.items()))
    st.dataframe(seen.annotations, height=240, alt="Annotations of the first samples")


def _history(seen: Glimpse) -> None:
    with st.expander("What was done to it", icon=":material/list:"):
        for step in seen.history:
            details = {
                name: value for name, value in step.items() if name != "step" and value not in (None, [], "")
            }
            said = "; ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in details.items())
            st.markdown(f"- **{escaped(step['step'])}**" + (f" – {escaped(said)}" if said else ""))


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
