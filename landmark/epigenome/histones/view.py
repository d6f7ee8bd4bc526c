"""What marks surround the start of genes: profiles of both classes, and the cell types there are."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.epigenome.figures import mean_profiles
from landmark.epigenome.histones import view_source
from landmark.epigenome.histones.results import HistonesResults
from landmark.store.runs import Run
from landmark.ui import choosing, resources, uploads
from landmark.ui.figure import show
from landmark.ui.places import PLACES
from landmark.ui.result_page import Need, ResultPage
from landmark.ui.run_choice import choose
from landmark.ui.state import CELL_TYPE, HISTONES, keep, kept
from landmark.wording import counted, escaped, percent

FORMULA = (
    "Reads per bin of 100 base pairs, averaged over the genes of a class; 50 bins on either side of the transcription "
    "start (Singh et al. 2016). A gene counts as expressed where its expression is above the median of its cell type."
)

COLUMNS = {
    "cell_type": st.column_config.TextColumn("Cell type", pinned=True),
    "genes": st.column_config.NumberColumn("Genes", format="localized"),
    "expressed": st.column_config.ProgressColumn(
        "Expressed", format="percent", min_value=0, max_value=1, help="Share of genes with label 1."
    ),
    "train": st.column_config.NumberColumn(
        "Training", format="localized", help="Genes that networks learn from."
    ),
    "validation": st.column_config.NumberColumn(
        "Validation", format="localized", help="Genes that tell which epoch of a training is the best."
    ),
    "test": st.column_config.NumberColumn(
        "Test", format="localized", help="Genes that no training sees: accuracy is measured on them."
    ),
}


def run_of(name: str, runs: Sequence[Run]) -> Run | None:
    """Return the run chosen last under a name of the address, else the newest, else None."""
    known = {run.id: run for run in runs}
    return known.get(kept(name, list(known)))


def choose_cell_type(names: Sequence[str], current: str, key: str) -> None:
    """Offer the cell types where there are several; the choice holds on all pages."""
    if len(names) < 2:
        return
    widget = f"{key}-cell-type-{current}"
    choosing.selectbox(
        "Cell type",
        names,
        index=list(names).index(current),
        key=widget,
        on_change=lambda: keep(CELL_TYPE, st.session_state[widget]),
        width=320,
    )


def cell_types(run: Run) -> list[str]:
    """Return the cell types of an import, in their order."""
    return [str(name) for name in resources.table(run.id, "means")["cell_type"].unique()]


def lead_on(question: str, page: str) -> None:
    """Offer the page that answers the next question."""
    if st.button(question, icon=":material/arrow_forward:", key=f"lead-{page}"):
        st.switch_page(PLACES[page])


def answer(run: Run, cell_type: str) -> str:
    """Name the marks by which the classes differ most, and by how much."""
    means = _means(run, cell_type)
    levels = means.pivot_table(index="mark", columns="label", values="mean", aggfunc="mean")
    if not {0, 1} <= set(levels):
        return f"All genes of {escaped(cell_type)} have the same label: there is nothing to tell apart."
    levels = levels[(levels > 0).all(axis=1)]
    ratio = (levels[1] / levels[0]).sort_values()
    if ratio.empty:
        return f"There are no reads around the genes of {escaped(cell_type)}."
    more, fewer = ratio.index[-1], ratio.index[0]
    sentences = []
    if ratio[more] > 1:
        sentences.append(
            f"expressed genes have {ratio[more]:.2f} times the reads of **{escaped(more)}** that unexpressed ones have"
        )
    if ratio[fewer] < 1:
        sentences.append(
            f"unexpressed genes have {1 / ratio[fewer]:.2f} times the reads of **{escaped(fewer)}** that expressed "
            "ones have"
        )
    where = f"Within 5 kb of the transcription start in {escaped(cell_type)}, "
    return where + (", and ".join(sentences) or "both classes have the same reads") + "."


def profiles(run: Run, cell_type: str) -> None:
    """Draw the mean profile of every mark in both classes."""
    means = _means(run, cell_type)
    show(
        mean_profiles(means),
        f"profiles-{run.id}",
        table=means,
        name=f"profiles_{cell_type}",
        alt="Mean reads of each mark around the transcription start, of expressed and of unexpressed genes",
    )
    st.caption(
        "Means over genes; the dotted line is the transcription start, upstream is on the left. Each mark has its "
        "own scale."
    )


def cell_types_table(run: Run) -> None:
    """Show one row per cell type with its genes."""
    st.subheader("The cell types", anchor=False)
    genes = resources.table(run.id, "genes")
    counts = pd.crosstab(genes["cell_type"], genes["split"])
    table = genes.groupby("cell_type", sort=False).agg(genes=("gene", "size"), expressed=("label", "mean"))
    table = table.join(counts.reindex(columns=["train", "validation", "test"], fill_value=0)).reset_index()
    st.dataframe(
        table,
        hide_index=True,
        column_config=COLUMNS,
        column_order=list(COLUMNS),
        key=f"cell-types-{run.id}",
        height=min(420, 38 + 35 * len(table)),
        alt="One row per cell type with its number of genes",
    )


def facts(run: Run) -> None:
    """Say where the profiles come from, and what was left out of the folder."""
    found = HistonesResults.read(run.manifest.metrics)
    st.caption(
        f"{escaped(found.title)}: {counted(found.cell_types, 'cell type')}, {counted(found.genes, 'gene')}, "
        f"{percent(round(found.expressed, 3))} expressed. {escaped(found.source)}"
    )
    if found.ignored:
        st.caption(f"Files that were left out: {escaped(', '.join(found.ignored))}.")


def describe(run: Run) -> str:
    """Say what distinguishes an import from another."""
    found = HistonesResults.read(run.manifest.metrics)
    return f"{found.title}, {counted(found.cell_types, 'cell type')}"


def _means(run: Run, cell_type: str) -> pd.DataFrame:
    means = resources.table(run.id, "means")
    return means[means["cell_type"] == cell_type].drop(columns="cell_type")


def _current(run: Run) -> str:
    return kept(CELL_TYPE, cell_types(run))


def _results(run: Run) -> None:
    facts(run)
    choose_cell_type(cell_types(run), _current(run), "histones")
    profiles(run, _current(run))
    lead_on("What do these marks say of expression?", "deepchrome")
    cell_types_table(run)
    choose(resources.runs("histones"), run, "Profiles shown", describe, HISTONES)


PAGE = ResultPage(
    question="What marks surround active and silent genes?",
    kind="histones",
    needs=Need(lambda: True, "", "", "", ""),
    invitation="Bring profiles of histone marks in, or look at simulated ones: that takes seconds.",
    begin=uploads.sweep,
    pick=lambda runs: run_of(HISTONES, runs),
    answer=lambda run: answer(run, _current(run)),
    sections=(_results,),
    headings=("Bring profiles in", "Bring other profiles in"),
    form=lambda _, run, busy: view_source.form(disabled=busy, first=run is None),
    formula=FORMULA,
)
