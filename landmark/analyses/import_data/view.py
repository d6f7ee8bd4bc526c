"""The dataset that was imported: what it was taken for, its values and annotations, what was done to it."""

from collections.abc import Iterator, Mapping

import streamlit as st

from landmark.analyses.import_data.results import ImportResults
from landmark.analyses.import_data.view_source import (
    curve,
)
from landmark.analyses.merge.results import MergeResults
from landmark.analyses.naming import IDENTIFIERS, l1000_size
from landmark.analyses.prepare.results import PrepareResults
from landmark.analyses.registry import MAKERS
from landmark.data.quality import sample_quantiles
from landmark.plots.distributions import expression_densities, sample_distributions
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.download import dataset_file, offer_formats
from landmark.ui.figure import show
from landmark.ui.page import PLACES
from landmark.ui.resources import Glimpse, glimpse
from landmark.ui.wording import size
from landmark.wording import counted, escaped, percent


def _offer(dataset: Dataset) -> None:
    """Offer the matrix in the formats of the field."""
    about = dataset.manifest
    with st.popover("Export", icon=":material/download:"):
        offer_formats(
            dataset.id, 4e-6 * about.samples * about.genes, lambda ending: dataset_file(dataset, ending)
        )


UNKNOWN = "expression, unit not stated"

RESULTS: Mapping[str, type[ImportResults] | type[PrepareResults] | type[MergeResults]] = {
    "import": ImportResults,
    "prepare": PrepareResults,
    "merge": MergeResults,
}
"""Of the runs that make datasets."""


def answer(dataset: Dataset) -> str:
    """Say what the matrix was taken for."""
    about = dataset.manifest
    kind = IDENTIFIERS.get(about.identifier, about.identifier)
    text = f"**{escaped(about.title)}** was read as {size(dataset)}, named by {kind}"
    present = _l1000(dataset)
    if about.unit:
        text += f", in {escaped(about.unit)}"
    return (
        f"{text}; {present:,} of the {l1000_size()} L1000 genes that the paper compares with are among them."
        if present is not None
        else f"{text}."
    )


def show_dataset(dataset: Dataset) -> None:
    """Show the matrix: figures, first rows, annotations, what was done to it."""
    about, seen = dataset.manifest, glimpse(dataset)
    _numbers(dataset, seen)
    for note in next((run.manifest.notes for run in _made(dataset)), ()):
        st.info(escaped(note), icon=":material/info:")
    with st.container(horizontal=True):
        if st.button("Train the autoencoder on it", type="primary", icon=":material/arrow_forward:"):
            st.switch_page(PLACES["train"])
        _offer(dataset)
    st.subheader("All values", anchor=False)
    figure = expression_densities({about.title: seen.values}, about.unit or UNKNOWN)
    show(figure, "values", curve(figure), name="values", alt="Density of all expression values")
    st.subheader("Sample by sample", anchor=False)
    quantiles = sample_quantiles(seen.values, seen.samples)
    figure = sample_distributions(quantiles, about.unit or UNKNOWN)
    show(figure, "samples", quantiles, "samples", alt="Quantiles of the values of each sample")
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
            _recognised(dataset, seen),
            "Share of the gene names in the file that are of the kind they are said to be",
        ),
        "L1000 genes": (
            "–" if present is None else f"{present:,} of {l1000_size()}",
            "Landmark genes in the matrix, of the 943 that the paper compares with; the L1000 assay measures 978",
        ),
        "Training / test": (
            f"{about.split.get('train', 0):,} / {about.split.get('test', 0):,}",
            "Samples that models learn from, and samples that only judge them",
        ),
    }
    with st.container(horizontal=True, gap="medium"):
        for label, (value, help_) in shown.items():
            st.metric(label, value, help=help_, width="content")


def _recognised(dataset: Dataset, seen: Glimpse) -> str:
    found = _found(dataset)
    share = found.share_recognised if isinstance(found, ImportResults) else None
    if share is None:
        share = next((step["share_recognised"] for step in seen.history if "share_recognised" in step), None)
    return "–" if share is None else percent(share)


def _l1000(dataset: Dataset) -> int | None:
    found = _found(dataset)
    return None if found is None else found.l1000_present


def _found(dataset: Dataset) -> ImportResults | PrepareResults | MergeResults | None:
    """Give what the run that made the dataset found; nothing where that was deleted."""
    return next((RESULTS[run.kind].read(run.manifest.metrics) for run in _made(dataset)), None)


def _made(dataset: Dataset) -> Iterator[Run]:
    for kind in MAKERS:
        yield from resources.runs(kind, dataset=dataset.id)


def _annotations(dataset: Dataset, seen: Glimpse) -> None:
    labels = dataset.manifest.labels
    st.subheader("Annotations of the samples", anchor=False)
    if isinstance(found := _found(dataset), ImportResults):
        _unmatched(found)
    if not labels:
        st.markdown("The file has none. Clusters can then be drawn, but not compared with known groups.")
        return
    st.markdown(", ".join(f"{escaped(name)} ({count:,} values)" for name, count in labels.items()))
    st.dataframe(seen.annotations, height=240, alt="Annotations of the first samples")


def _unmatched(found: ImportResults) -> None:
    """List the names that the table of annotations and the matrix did not share."""
    for count, listed, title in (
        (found.samples_without, found.unmatched_samples, "of the matrix is not in the table of annotations"),
        (found.rows_without, found.unmatched_rows, "of the table of annotations is not in the matrix"),
    ):
        if count and listed:
            verb = title if count == 1 else title.replace(" is ", " are ", 1)
            with st.expander(f"{counted(count, 'name')} {verb}", icon=":material/rule:"):
                more = count - len(listed)
                st.text(", ".join(listed) + (f" and {more:,} more" if more else ""))


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
