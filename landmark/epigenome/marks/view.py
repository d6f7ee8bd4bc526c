"""Which marks and bins decide for one gene: its contributions, the averages of both classes, what to choose from."""

from typing import Any

import pandas as pd
import streamlit as st

from landmark.epigenome.deepchrome import view as deepchrome_view
from landmark.epigenome.figures import class_contributions, gene_contributions
from landmark.epigenome.histones import view as histones_view
from landmark.epigenome.marks.config import MOST_GENES
from landmark.epigenome.marks.results import TABLES, MarksResults
from landmark.results import Text
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.genes import GENE, choose_gene, explanation, gene_among
from landmark.ui.jobs import start
from landmark.ui.result_page import PARAMETER, Need, ResultPage, choose
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.state import CELL_TYPE, DEEPCHROME, kept, parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped, gene, percent


def _choose_genes(network: Run, key: str, chosen: Chosen) -> dict[str, Any]:
    cell_type = _cell_type(network)
    predictions = histones_view.of_cell_type(network, "predictions", cell_type)
    offered = predictions["gene"].astype(str).tolist()
    wanted = parameter(GENE, "")
    genes = choosing.multiselect(
        "Genes",
        offered,
        default=[wanted] if wanted in offered else _test_genes(predictions),
        max_selections=MOST_GENES,
        key=f"{key}-genes-{network.id}-{cell_type}-{wanted}",
        placeholder="Type a part of the name",
        help=f"Up to {MOST_GENES}. Filled in are test genes: those that the network is surest of in either class, and "
        "those where it is most mistaken.",
    )
    if wanted and wanted not in offered:
        st.info(f"{escaped(wanted)} is not among the genes of {escaped(cell_type)}.")
    return {"genes": genes}


def _test_genes(predictions: pd.DataFrame) -> list[str]:
    """Return test genes worth looking at: of each class the surest call and the worst mistake."""
    test = predictions[predictions["split"] == "test"].sort_values("probability", kind="stable")
    genes: list[str] = []
    for label in (1, 0):
        ordered = test.loc[test["label"] == label, "gene"].astype(str).tolist()
        surest, worst = (-1, 0) if label else (0, -1)
        genes += [ordered[surest], ordered[worst]] if ordered else []
    return list(dict.fromkeys(genes))


_CLASSES = {1: "expressed", 0: "unexpressed"}
_REFERENCES = {"zero": "no reads at all", "training mean": "the mean of the training genes"}
_PARTS = {"train": "training", "validation": "validation", "test": "test"}


def _genes_of(run: Run) -> tuple[str, ...]:
    """Return the genes that a run explains."""
    return MarksResults.read(run.manifest.metrics).genes


def _invitation() -> str:
    """Say what to do where there is no explanation to show."""
    wanted = parameter(GENE, "")
    subject = f"{gene(wanted)} has not" if wanted else "No gene has"
    return f"{subject} been looked at yet in this cell type: choose genes below. It takes seconds."


def _answer(run: Run) -> str:
    """Say what the network calls a gene, whether it is right, and which marks speak for and against it."""
    name = gene_among(_genes_of(run))
    about = resources.table(run.id, "genes").set_index("gene").loc[name]
    called = int(about["probability"] >= 0.5)
    right = "as it is" if called == int(about["label"]) else f"though it is {_CLASSES[int(about['label'])]}"
    sums = _contributions(run, name).groupby("mark")["contribution"].sum().sort_values()
    said = []
    if sums.iloc[-1] > 0:
        said.append(f"**{escaped(sums.index[-1])}** speaks most for expression ({sums.iloc[-1]:+.2f})")
    if sums.iloc[0] < 0:
        said.append(f"**{escaped(sums.index[0])}** most against it ({sums.iloc[0]:+.2f})")
    return (
        f"The network calls {gene(name)} **{_CLASSES[called]}**, {right} (a {_PARTS[about['split']]} gene): it gives "
        f"expression a probability of {percent(float(about['probability']))}. {' and '.join(said)}."
    ).replace(". .", ".")


def _figure(run: Run, name: str) -> None:
    """Draw the contributions of a gene above its reads."""
    table = _contributions(run, name)
    show(
        gene_contributions(table),
        f"marks-{run.id}",
        table,
        f"marks_{name}",
        alt=f"Contribution of each mark and bin to the network's call of {name}, above its reads",
    )
    st.caption(
        "In log-odds of being expressed, from the reference "
        f"({_REFERENCES[run.manifest.configuration['reference']]}): red speaks for expression, blue against it. The "
        "bars add up all bins of a mark. Colours of reads are on a logarithmic scale."
    )


def _averages(run: Run, cell_type: str) -> None:
    """Draw the mean contributions of both classes."""
    table = resources.table(run.id, "average")
    st.subheader(f"For comparison: the genes of {escaped(cell_type)} on average", anchor=False)
    show(
        class_contributions(table),
        f"average-{run.id}",
        table,
        f"marks_average_{cell_type}",
        alt="Mean contribution of each mark and bin to the calls of expressed and of unexpressed genes",
    )


def _genes_table(run: Run) -> None:
    """List the genes of the run with what the network makes of them."""
    table = resources.table(run.id, "genes")
    if len(table) < 2:
        return
    st.subheader("The genes looked at", anchor=False)
    show_table(
        table.assign(label=table["label"].map(_CLASSES)),
        COLUMNS,
        key=f"marks-genes-{run.id}",
        height=min(420, 38 + 35 * len(table)),
        alt="One row per gene with its probability of being expressed and its label",
    )


COLUMNS = column_config(
    TABLES["genes"].pick(
        *("gene", "probability"), Text("label", "What was measured.", "", "It is"), "residual"
    )
)


def _formula(run: Run) -> str:
    """Return how contributions are computed, and how exactly they add up here."""
    worst = MarksResults.read(run.manifest.metrics).residual_worst
    return (
        "DeepLIFT, rescale rule (Shrikumar et al., ICML 2017), on the trained DeepChrome: the contributions of all "
        "marks and bins sum to the difference of the log-odds of being expressed from those at the reference, "
        f"which is {_REFERENCES[run.manifest.configuration['reference']]}. Sum-to-delta "
        f"residual: the sums miss the difference by {worst:.1e} at most, which is rounding where it is near 1e-5."
    )


def _describe(run: Run) -> str:
    """Say what distinguishes an explanation from another."""
    names = _genes_of(run)
    more = f" and {counted(len(names) - 1, 'more gene')}" if len(names) > 1 else ""
    return f"{names[0]}{more}, from {run.manifest.configuration['reference']}"


def _contributions(run: Run, name: str) -> pd.DataFrame:
    table = resources.table(run.id, "contributions")
    return table[table["gene"] == name].drop(columns="gene")


def _network() -> Run | None:
    return histones_view.run_of(DEEPCHROME, resources.runs("deepchrome"))


def _cell_type(network: Run) -> str:
    return kept(CELL_TYPE, deepchrome_view.cell_types(network))


def _runs(network: Run) -> list[Run]:
    """Return the explanations of the network of the cell type looked at."""
    return [
        run
        for run in resources.runs("marks", deepchrome=network.id)
        if MarksResults.read(run.manifest.metrics).cell_type == _cell_type(network)
    ]


def _choices(network: Run, run: Run | None) -> None:
    with st.container(horizontal=True):
        histones_view.choose_cell_type(deepchrome_view.cell_types(network), _cell_type(network), "marks")
        if run is not None:
            choose_gene("Gene", _genes_of(run), gene_among(_genes_of(run)), f"marks-gene-{run.id}")


def _results(run: Run) -> None:
    _figure(run, gene_among(_genes_of(run)))
    _averages(run, MarksResults.read(run.manifest.metrics).cell_type)
    _genes_table(run)


FORM = RunForm(
    kind="marks",
    role="deepchrome",
    rows=("genes", "reference"),
    labels={"reference": "Measured from"},
    widgets={"genes": _choose_genes},
    beside=lambda network, chosen: bool(chosen["genes"]),
    button="Explain",
    icon="biotech",
    work="Such a request is at work",
)


def _form(network: Run, run: Run | None, busy: bool) -> None:
    networks = resources.runs("deepchrome")
    choose(networks, network, "Network asked", deepchrome_view.describe, DEEPCHROME)
    if run is not None:
        choose(_runs(network), run, "Explanation shown", _describe)
    asked = FORM.ask(network, busy, first=run is None, cell_type=_cell_type(network))
    if asked is not None:
        set_parameter(GENE, asked["genes"][0])
        set_parameter(PARAMETER, "")  # the run that was looked at gives way to the new one
        start("marks", asked)


PAGE = ResultPage(
    question="Which marks and bins decide for this gene?",
    kind="marks",
    needs=Need(
        _network,
        "There is no trained network yet.",
        "A network that predicts from their histone marks which genes are expressed can be asked what it goes by.",
        "deepchrome",
        "Train DeepChrome",
        parent="deepchrome",
        role="deepchrome",
    ),
    invitation=lambda network: _invitation(),
    runs=_runs,
    pick=lambda runs: explanation(runs, _genes_of),
    answer=_answer,
    above=_choices,
    sections=(_results,),
    form=_form,
    formula=_formula,
)
