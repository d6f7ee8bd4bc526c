"""Several datasets as one: what they share, what is lost, what came of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from landmark.analyses.merge.config import MergeConfiguration
from landmark.analyses.merge.results import MergeResults
from landmark.analyses.naming import IDENTIFIERS
from landmark.data.gene_identifiers import symbols_of
from landmark.data.history import identifier_of
from landmark.data.steps.merge import common_genes, unique_titles
from landmark.data.steps.normalise import difference
from landmark.data.steps.stream import evenly_spaced
from landmark.plots.distributions import expression_densities, genes_shared
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources, state
from landmark.ui.download import folded_table
from landmark.ui.figure import once, show
from landmark.ui.page import PLACES, offer_dataset
from landmark.ui.result_page import Need, ResultPage
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.wording import size
from landmark.wording import counted, escaped

SAMPLES = 20  # of every dataset, by which units are compared
LEAST_SHARE = 0.5  # with fewer of its genes left, a dataset is hardly the same any more


def _datasets(current: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    titles = {item.id: f"{item.manifest.title} ({size(item)})" for item in resources.datasets()}
    names = choosing.multiselect(
        "Datasets",
        choosing.distinct(titles),
        default=[current.id],
        key=f"{key}-datasets-{current.id}",
        persist_state="session",
        help="The first gives the order of the genes and, with joint normalisation, the distribution.",
        max_selections=20,
    )
    return {"datasets": names}


def _those(chosen: Chosen) -> list[Dataset]:
    known = {item.id: item for item in resources.datasets()}
    return [known[name] for name in chosen["datasets"]]


def _matched_by(current: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    differ = len({item.manifest.identifier for item in _those(chosen)}) > 1
    options = {
        "none": "keep the names as they are",
        "mean": "gene symbols: mean of a gene's probes",
        "most variable": "gene symbols: its most variable probe",
    }
    collapse = choosing.selectbox(
        "Genes are matched by",
        options,
        index=1 if differ else 0,
        key=f"{key}-collapse-{differ}",
        help=MergeConfiguration.model_fields["collapse"].description,
    )
    return {"collapse": collapse}


def _title(current: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    title = st.text_input(
        "Name of the new dataset",
        placeholder=" + ".join(item.manifest.title for item in _those(chosen)),
        key=f"{key}-title",
    )
    return {"title": title}


def _beside(current: Dataset, chosen: Chosen) -> bool:
    """Show what the merged dataset would be, and warn of units; return whether there is something to merge."""
    datasets = _those(chosen)
    if len(datasets) < 2:
        st.caption("Choose at least two datasets.")
        return False
    _look_ahead(datasets, chosen["collapse"] != "none")
    if not chosen["joint"]:
        _units(datasets)
    return True


FORM = RunForm(
    kind="merge",
    role="",
    rows=("datasets", ("collapse", "title"), "joint", "joint_ranks"),
    labels={"joint": "Joint quantile normalisation", "joint_ranks": "Equal values"},
    widgets={"datasets": _datasets, "collapse": _matched_by, "title": _title},
    when={"joint_ranks": lambda chosen: chosen["joint"]},
    beside=_beside,
    button="Merge",
    icon="merge",
    work="A merge is at work",
)


def _look_ahead(chosen: Sequence[Dataset], by_symbol: bool) -> None:
    """Show what the chosen datasets share, from their gene names alone."""
    kinds = list(dict.fromkeys(IDENTIFIERS[item.manifest.identifier] for item in chosen))
    if len(kinds) > 1 and not by_symbol:
        st.warning(
            f"These datasets name their genes differently ({', '.join(kinds)}). Match them by gene symbols."
        )
        return
    genes = [_genes(item, by_symbol) for item in chosen]
    common = len(common_genes(genes))
    counts = pd.DataFrame(
        {
            "dataset": unique_titles([item.manifest.title for item in chosen]),
            "genes": [len(names) for names in genes],
            "common": common,
            "lost": [len(names) - common for names in genes],
        }
    )
    samples = sum(item.manifest.samples for item in chosen)
    st.markdown(f"Merged, these would be **{samples:,} samples × {common:,} genes**.")
    show(genes_shared(counts), "look-ahead", counts, "genes", alt="Genes that would be shared and lost")
    for row in counts[counts["common"] < LEAST_SHARE * counts["genes"]].itertuples():
        st.warning(f"{escaped(row.dataset)} would keep {common:,} of its {row.genes:,} genes only.")


def _units(chosen: Sequence[Dataset]) -> None:
    """Warn where the values of the datasets are in different units."""
    titles = unique_titles([item.manifest.title for item in chosen])
    if found := difference(list(map(_some, chosen)), [item.manifest.unit for item in chosen], titles):
        st.warning(escaped(found))


@st.cache_data(
    max_entries=64, show_spinner="Looking at some values", hash_funcs={Dataset: lambda item: item.id}
)
def _some(item: Dataset) -> np.ndarray:
    stream = item.stream()
    return stream.rows(evenly_spaced(stream.samples, SAMPLES))


@st.cache_data(max_entries=32, show_spinner="Reading the gene names", hash_funcs=resources.BY_FOLDER)
def _genes(item: Dataset, by_symbol: bool) -> list[str]:
    about = item.annotations()
    names = list(map(str, about.var_names))
    return list(dict.fromkeys(filter(None, symbols_of(names, identifier_of(about))))) if by_symbol else names


FORMULA = (
    "Genes that all datasets measure, in the order of the first; all samples; their names get the title of their "
    "dataset in front where several datasets use one name. Joint quantile normalisation (D-GEX, Chen et al. "
    "2016): the value of rank r in a sample of another dataset becomes the mean of the values of rank r over the "
    "samples of the first, over the common genes; the first stays as it is. The split of every dataset is kept."
)


def _answer(dataset: Dataset, run: Run) -> str:
    """Say what was merged and what it cost."""
    found = MergeResults.read(run.manifest.metrics)
    lost = [
        f"{escaped(title)} lost {counted(count, 'gene')}"
        for title, count in zip(found.datasets, found.genes_lost, strict=True)
        if count
    ]
    cost = f"; {', '.join(lost)}" if lost else "; no gene was lost"
    renamed = f"; {counted(found.samples_renamed, 'sample')} renamed" if found.samples_renamed else ""
    title = escaped(dataset.manifest.title)
    return f"**{title}** holds {len(found.datasets)} datasets, {size(dataset)}{cost}{renamed}."


def _results(run: Run) -> None:
    """Show the genes shared and lost, and the values of every dataset."""
    if shared := MergeResults.read(run.manifest.metrics).samples_shared:
        st.warning(
            f"{counted(shared, 'sample')} {'is' if shared == 1 else 'are'} in more than one of these datasets, by name "
            "or values. They may lie on both sides of the split, where a test sample would be known from training: "
            "remove near-duplicates in *Prepare*, or merge datasets of different samples.",
            icon=":material/content_copy:",
        )
    counts, values = resources.table(run.id, "counts"), resources.table(run.id, "values")
    with st.container(horizontal=True):
        if st.button("Look at its samples", icon=":material/troubleshoot:"):
            st.switch_page(PLACES["quality"])
        if st.button("Prepare it", type="primary", icon=":material/arrow_forward:"):
            st.switch_page(PLACES["prepare"])
    show(genes_shared(counts), f"shared-{run.id}", counts, "genes", alt="Genes shared and lost per dataset")
    folded_table(run, "lost_genes", "lost gene", "Genes that not all datasets measure")
    st.subheader("Do the values go together?", anchor=False)
    joint = run.manifest.configuration["joint"]
    stages = ("before", "after") if joint else ("after",)
    for column, stage in zip(st.columns(len(stages)), stages, strict=True):
        with column:
            part = values[values["stage"] == stage]
            if joint:
                st.markdown(f"**{stage.capitalize()} joint normalisation**")
            show(
                once(lambda part=part: _densities(part), "values", run.id, stage),  # type: ignore[misc]
                f"values-{stage}-{run.id}",
                part,
                f"values-{stage}",
                alt="Density of the values of every dataset",
            )
    st.caption(
        "Curves far apart mean that a network would first of all learn which dataset a sample came from. Joint "
        "normalisation or a quantile normalisation of the merged dataset brings them together; the page on "
        "samples shows what is left."
    )


def _densities(values: pd.DataFrame) -> go.Figure:
    groups = values.groupby("dataset", sort=False)
    return expression_densities({str(title): group["value"].to_numpy() for title, group in groups}, "values")


def _made_before(data: Dataset, run: Run | None) -> None:
    """Lead to merged datasets that are not worked on at the moment."""
    known = {item.id: item for item in resources.datasets()}
    for made in resources.runs("merge")[:5] if run is None else ():
        if item := known.get(made.manifest.parents["dataset"]):
            text = f":material/merge: **{escaped(item.manifest.title)}**, {size(item)}, was merged before."
            offer_dataset(item, text, f"adopt-{made.id}")


PAGE = ResultPage(
    question="Can these datasets be used together?",
    kind="merge",
    needs=Need(
        lambda: state.dataset() if len(resources.datasets()) > 1 else None,
        "There is nothing to merge yet.",
        "Datasets that measure the same genes can be made one. That takes two of them.",
        "import",
        "Bring a dataset in",
        parent="dataset",
    ),
    invitation="Choose them: what they share is shown at once, before anything is computed.",
    answer=lambda run: _answer(resources.dataset_of(run), run),
    above=_made_before,
    sections=(_results,),
    headings=("Merge", "Merge others"),
    form=lambda data, run, busy: FORM.draw(data, busy),
    formula=FORMULA,
)
