"""How accuracy grows with the number of genes: answer, curves with a cursor, what is recovered for the cost."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.size.figures import size_curve
from landmark.analyses.size.results import TABLES, SizeResults
from landmark.genesets.sources import l1000
from landmark.metrics.size_curve import at_size, smallest_size_reaching, typical
from landmark.results import Text
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.gene_set_choice import choose_sets
from landmark.ui.predictor_choice import choose_measure, choose_predictor
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import NETWORKS, Chosen, RunForm
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped

FORMULA = (
    "Ridge regression on the first k genes of an order, for every k at once: with G the products of the ordered "
    "genes on the training samples, C those with the targets and L the Cholesky factor of G + penalty, the "
    "prediction from k genes is B[:, :k] A[:k], where A = L⁻¹ C and B = X L⁻ᵀ. The penalty is chosen on validation "
    "samples at the largest size, and used at every size: fewer genes of a long order, which would want another one, "
    "come off a little worse than they could. The size at which a curve reaches a value is read off a curve of test "
    "samples and is itself about so many, not exact. MAE in standard deviations of the gene, PCC: Pearson "
    "correlation, both over held-out samples and averaged over the targets. Other predictors are learned anew for "
    "each of a few sizes."
)
RANDOM = "random orders (median)"
PAPER = 943
"""Genes in the paper's sets."""


def _tables(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the curves of the sets, and of the random orders."""
    return resources.table(run.id, "size"), resources.table(run.id, "random")


def _curves_of(run: Run) -> dict[str, pd.DataFrame]:
    """Return one curve per set, and that of chance as the last where there is one."""
    sizes, random = _tables(run)
    curves = {str(name): part for name, part in sizes.groupby("set", sort=False)}
    return curves | ({RANDOM: typical(random)} if len(random) else {})


def _answer(run: Run) -> str:
    """Say how many genes it takes to do as well as L1000, or what the largest sets reach."""
    found, curves = SizeResults.read(run.manifest.metrics).sets, _curves_of(run)
    reference = next((name for name, about in found.items() if about.kind == "l1000"), None)
    if reference is None or len(curves) < 2:
        parts = [_reached(name, curve) for name, curve in curves.items()]
        targets = max(about.targets for about in found.values())
        return f"{counted(targets, 'other gene')} are predicted {'; '.join(parts)}."
    last = at_size(curves[reference], found[reference].largest)
    parts = [_needed(name, curve, float(last["pcc"])) for name, curve in curves.items() if name != reference]
    return (
        f"To predict the other genes as well as **the {int(last['size']):,} genes of {escaped(reference)}** (mean "
        f"correlation {last['pcc']:.3f}), it takes, give or take, {', '.join(parts)}."
    )


def _wished_answer(run: Run, measure: str, wished: float) -> str:
    """Say how many genes of each set reach a wished accuracy."""
    parts = []
    for name, curve in _curves_of(run).items():
        needed = smallest_size_reaching(curve, measure, wished)
        who = "genes drawn at random" if name == RANDOM else f"of {escaped(name)}"
        parts.append(f"**{needed:,}** {who}" if needed else f"more than {int(curve['size'].max()):,} {who}")
    what = "a correlation" if measure == "pcc" else "an error"
    return f"For {what} of **{wished:.3f}** you need {', '.join(parts)}."


def _reached(name: str, curve: pd.DataFrame) -> str:
    last = curve.sort_values("size").iloc[-1]
    return f"with a mean correlation of {last['pcc']:.3f} from the first {int(last['size']):,} of {escaped(name)}"


def _needed(name: str, curve: pd.DataFrame, wished: float) -> str:
    needed = smallest_size_reaching(curve, "pcc", wished)
    who = "at random" if name == RANDOM else f"of {escaped(name)}"
    return f"**{needed:,}** {who}" if needed else f"more than {int(curve['size'].max()):,} {who}"


@st.fragment
def _explore(run: Run) -> None:
    """Draw the curves with a cursor and a wish; both answer at once, from the stored table."""
    sizes, random = _tables(run)
    measure = choose_measure(f"size-measure-{run.id}", asked=parameter("measure"))
    set_parameter("measure", str(measure))
    sentence = st.empty()
    left, right = st.columns([3, 1])
    with left:
        cursor = _cursor(run, sizes)
    with right:
        wished = _wish(run, sizes, str(measure), cursor)
    sentence.markdown(_wished_answer(run, str(measure), wished))
    kinds = {name: about.kind for name, about in SizeResults.read(run.manifest.metrics).sets.items()}
    figure = size_curve(sizes, random, str(measure), cursor=cursor, wished=wished, kinds=kinds)
    show(figure, f"size-{run.id}", sizes, f"size_{measure}")
    _reading(run, str(measure), cursor, wished)
    st.subheader("What is recovered for the cost?", anchor=False)
    _cost(run, cursor)
    figure = size_curve(sizes, random, "recovered", cursor=cursor, kinds=kinds)
    show(figure, f"cost-{run.id}", sizes, "genes_recovered")


def _cursor(run: Run, sizes: pd.DataFrame) -> int:
    stops = sorted(sizes["size"].unique().tolist())
    asked = parameter("size")
    near = int(asked) if asked.isdecimal() else _first_cursor(run, stops)
    chosen = choosing.select_slider(
        "Genes measured",
        stops,
        value=min(stops, key=lambda stop: abs(stop - near)),
        key=f"size-cursor-{run.id}",
        help=f"Answers at once. The paper measures {PAPER} genes.",
    )
    set_parameter("size", str(chosen))
    return int(chosen)


def _first_cursor(run: Run, stops: list[int]) -> int:
    found = SizeResults.read(run.manifest.metrics).sets.values()
    return next((about.largest for about in found if about.kind == "l1000"), min(PAPER, stops[-1]))


def _wish(run: Run, sizes: pd.DataFrame, measure: str, cursor: int) -> float:
    """Ask for an accuracy; at first the best one at the cursor."""
    reached = sizes[sizes["size"] == cursor][measure]
    best = float(reached.max() if measure == "pcc" else reached.min())
    chosen = float(
        st.number_input(
            f"Target {'correlation' if measure == 'pcc' else 'error'}",
            min_value=0.0,
            max_value=1.0 if measure == "pcc" else 10.0,
            value=_asked(f"wish-{measure}", round(best, 2), 1.0 if measure == "pcc" else 10.0),
            step=0.01,
            format="%.3f",
            key=f"size-wish-{measure}-{run.id}",
            help="The sentence above, the marks on the curves and the table say how many genes each set needs.",
        )
    )
    set_parameter(f"wish-{measure}", f"{chosen:g}")
    return chosen


def _asked(name: str, default: float, most: float) -> float:
    """Return a number of the address, or the default where it is none within bounds."""
    try:
        asked = float(parameter(name))
    except ValueError:
        return default
    return asked if 0 <= asked <= most else default


def _reading(run: Run, measure: str, cursor: int, wished: float) -> None:
    """Show each set at the cursor, and the genes it needs for the wish."""
    rows = []
    for name, curve in _curves_of(run).items():
        here = at_size(curve, cursor)
        needed = smallest_size_reaching(curve, measure, wished)
        rows.append(
            {
                "set": name,
                "size": int(here["size"]),
                "pcc": float(here["pcc"]),
                "mae": float(here["mae"]),
                "recovered": float(here["recovered"]),
                "needed": f"{needed:,}" if needed else f"more than {int(curve['size'].max()):,}",
            }
        )
    pcc = SizeResults.read(run.manifest.metrics).recovered_pcc
    table = TABLES["size"]
    size = replace(table.column("size"), meaning="Up to the cursor; a shorter set ends earlier.")
    recovered = replace(
        table.column("recovered"), meaning=f"Targets predicted with a correlation of at least {pcc:g}."
    )
    wish = Text("needed", "Where its curve reaches the wish.", "", f"Genes needed for {wished:.3f}")
    show_table(pd.DataFrame(rows), column_config(table.pick("set", size, "pcc", "mae", recovered, wish)))


def _cost(run: Run, cursor: int) -> None:
    """Say what measuring so many genes brings."""
    name, curve = next(iter(_curves_of(run).items()))
    here = at_size(curve, cursor)
    found = SizeResults.read(run.manifest.metrics)
    measured, targets = int(here["size"]), found.sets[name].targets
    recovered = round(float(here["recovered"]) * targets)
    st.markdown(
        f"Measuring the first {counted(measured, 'gene')} of {escaped(name)} recovers {recovered:,} of {targets:,} "
        f"targets, {recovered / measured:.1f} per measured gene: it predicts them with a correlation of at "
        f"least {found.recovered_pcc:g}. The paper measures {PAPER} of 22,268 probes; L1000 measures "
        f"{len(l1000().genes)} genes."
    )
    if identical := found.identical_genes:
        st.caption(
            f"{counted(identical, 'gene')} of this dataset have the same values as another gene in every sample, as "
            "fill values do. Measuring one of them predicts all the others, so curves step up there. "
            "*Prepare* makes a dataset without them."
        )


def _targets_note(run: Run) -> None:
    """Explain which genes are predicted as a set grows."""
    found, mode = SizeResults.read(run.manifest.metrics), run.manifest.configuration["targets"]
    common = (
        "genes in none of the sets at their largest size"
        if mode == "common"
        else "for each set the genes outside it at its largest size"
    )
    st.caption(
        f"Targets: {common}, the same at every size ({escaped(found.arithmetic)}). A gene that enters a set later "
        "is no target at the smaller sizes either: otherwise a growing set would lose its easiest targets on the way, "
        "and sizes would not compare. L1000 and pasted lists have no order of importance: their curve follows the "
        "order in which they are written, and only its end is the set itself. A random order is asked for the same "
        "targets, less those it holds itself."
    )


def _describe(run: Run) -> str:
    """Say what distinguishes these curves from others on the same dataset."""
    found = SizeResults.read(run.manifest.metrics)
    return f"{' / '.join(found.sets)}, {predictor_name(found.predictor)}"


TIMES = {
    "ridge": "every size at once, seconds",
    "knn": "a few sizes, seconds to minutes",
    "kernel": "a few sizes, minutes",
    "sample_lasso": "a few sizes, minutes",
    "ensemble": "a few sizes, minutes to hours",
    "dgex": "a few sizes, minutes to hours",
    "graph": "a few sizes, minutes to hours",
}


def _sizes(dataset: Dataset, key: str, chosen: Chosen) -> dict[str, Any]:
    """Ask for the sizes, where each is learned anew."""
    if chosen["predictor"] == "ridge":
        return {}
    sizes = st.text_input(
        "Sizes to try (empty: five up to the largest)",
        key="size-sizes",
        persist_state="session",
        placeholder="100, 200, 490",
        help="Each is learned anew, for every set and every random order.",
    )
    return {"sizes": sizes}


FORM = RunForm(
    kind="size",
    rows=("sets", ("predictor", "largest"), "sizes"),
    more=("targets", "strict", "recovered", "random_orders", "seed", NETWORKS),
    labels={
        "largest": "Largest size (empty: 1,000, or a quarter of the genes)",
        "recovered": "Recovered from this correlation on",
        "random_orders": "Random orders (empty: 10, or 2 where each size is learned anew)",
    },
    widgets={
        "sets": lambda data, key, _: {
            "sets": choose_sets(data, f"{key}-{data.id}", default=("L1000", "variable"))
        },
        "predictor": lambda data, key, _: {"predictor": choose_predictor(key, TIMES)},
        "sizes": _sizes,
    },
    button="Compute the curve",
    icon="straighten",
)


PAGE = ResultPage(
    question="How many genes do I need?",
    kind="size",
    needs=dataset_needed(
        "Accuracy is followed gene by gene: how well the first genes of a set predict all the others."
    ),
    invitation="Not computed yet on this dataset. It takes seconds to minutes.",
    answer=_answer,
    sections=(_explore, _targets_note),
    shown="Curves shown",
    describe=_describe,
    form=lambda data, run, busy: FORM.draw(data, disabled=busy),
    formula=FORMULA,
)
