"""What histone marks say of expression: the curves and areas of all cell types."""

import math

import streamlit as st

from landmark.analyses.train.view_live import live_loss
from landmark.epigenome.deepchrome import view_form, view_patterns
from landmark.epigenome.deepchrome.figures import area_dots, roc_curves
from landmark.epigenome.deepchrome.results import DeepchromeResults
from landmark.epigenome.histones import view as histones_view
from landmark.plots.training import training_curve
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.result_page import Need, ResultPage
from landmark.ui.state import CELL_TYPE, DEEPCHROME, keep, kept
from landmark.wording import counted, escaped

FORMULA = (
    "DeepChrome (Singh et al., Bioinformatics 2016): 50 filters over 10 bins and five marks, ReLU, the maximum of "
    "every 5 bins, dropout, layers of 625 and 125 units, two classes; log-loss, plain gradient descent. One network "
    "per cell type. AUC: area under the receiver operating characteristic on test genes, the chance that an expressed "
    "gene gets a higher probability than an unexpressed one; its 95% interval is DeLong's, which takes genes as "
    "independent; genes depend on each other, so it is somewhat too narrow. The epoch kept is that of the largest AUC "
    "on validation genes (or the lowest log-loss, if chosen). Logistic regression sees "
    "the mean reads of each mark. Pattern maps: the input x of the lowest log-loss of a class plus a penalty on the "
    "sum of squares of x, found by RMSprop, then cut to 0-1 and divided by its maximum."
)
LOSS = "Log-loss"
GENES = ("training genes", "validation genes")
"""What the losses of a training are of."""

CURVES, AREAS = 470, 440
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""

FEW = 100
"""With fewer test genes than this a warning stands above the figures."""

COLUMNS = {
    "cell_type": st.column_config.TextColumn("Cell type", pinned=True),
    "auc": st.column_config.ProgressColumn(
        "AUC", format="%.3f", min_value=0.5, max_value=1, help="On test genes; the bar starts at chance, 0.5."
    ),
    "auc_low": st.column_config.NumberColumn("from", format="%.3f", help="Lower end of the 95% interval."),
    "auc_high": st.column_config.NumberColumn("to", format="%.3f", help="Upper end of the 95% interval."),
    "auc_logistic": st.column_config.NumberColumn(
        "Logistic regression",
        format="%.3f",
        help="AUC of a linear model of the mean reads of each mark, on the same genes.",
    ),
    "auc_shuffled": st.column_config.NumberColumn(
        "Permuted labels", format="%.3f", help="AUC against permuted labels: what chance gives here."
    ),
    "accuracy": st.column_config.NumberColumn(
        "Accuracy", format="percent", help="Share of test genes whose class is right."
    ),
    "test": st.column_config.NumberColumn("Test genes", format="localized"),
    "epochs": st.column_config.NumberColumn("Epochs", format="localized"),
}


def cell_types(run: Run) -> list[str]:
    """Return the cell types of a run, the best told one first."""
    cells = resources.table(run.id, "cells").sort_values("auc", ascending=False, kind="stable")
    return cells["cell_type"].astype(str).tolist()


def answer(run: Run) -> str:
    """Say how well expression is told, beside a linear model and chance."""
    found = DeepchromeResults.read(run.manifest.metrics)
    where = (
        f"a mean AUC of **{found.auc_mean:.3f}** over {counted(found.cell_types, 'cell type')} "
        f"(from {found.auc_low:.3f} to {found.auc_high:.3f})"
        if found.cell_types > 1
        else f"an AUC of **{found.auc_mean:.3f}** in {escaped(cell_types(run)[0])}"
    )
    return (
        f"The five marks tell expressed from unexpressed test genes with {where}; logistic regression reaches "
        f"{found.logistic_mean:.3f}, chance is 0.5."
    )


def caution(run: Run) -> None:
    """Say so where there are too few test genes to tell one accuracy from another."""
    cells = resources.table(run.id, "cells")
    fewest = cells.loc[cells["test"].idxmin()]
    if fewest["test"] < FEW:
        st.warning(
            f"{escaped(fewest['cell_type'])} has only {counted(int(fewest['test']), 'test gene')}: with so few, "
            "accuracies are mostly chance."
        )


def curves(run: Run, cell_type: str) -> None:
    """Draw the curve of every cell type, and the area under it beside it."""
    roc, cells = resources.table(run.id, "roc"), resources.table(run.id, "cells")
    areas = dict(zip(cells["cell_type"].astype(str), cells["auc"].astype(float), strict=True))
    with st.container(horizontal=True, gap="large"):
        with st.container(width=CURVES):
            show(
                roc_curves(roc, cell_type, areas),
                f"roc-{run.id}",
                table=roc,
                name="roc",
                alt="Share of expressed genes found against the share of unexpressed genes called expressed",
            )
        with st.container(width=AREAS):
            show(
                area_dots(cells, cell_type),
                f"areas-{run.id}",
                table=cells,
                name="auc",
                alt="Area under the curve of every cell type with its interval, and that of logistic regression",
            )


def cells_table(run: Run) -> None:
    """List the cell types, the best first; a picked row is shown everywhere."""
    st.subheader("The cell types", anchor=False)
    cells = resources.table(run.id, "cells")
    ordered = cells.sort_values("auc", ascending=False, kind="stable").reset_index(drop=True)
    key = f"cells-{run.id}"
    event = st.dataframe(
        ordered,
        hide_index=True,
        key=key,
        column_config=COLUMNS,
        column_order=list(COLUMNS),
        height=min(420, 38 + 35 * len(ordered)),
        on_select="rerun",
        selection_mode="single-row",
        alt="One row per cell type with its area under the curve",
    )
    rows = event["selection"]["rows"]
    picked = str(ordered["cell_type"].iloc[rows[0]]) if rows and rows[0] < len(ordered) else ""
    if picked != st.session_state.get(f"picked {key}", ""):
        st.session_state[f"picked {key}"] = picked  # once: a choice elsewhere must not be undone by a rerun
        if picked:
            keep(CELL_TYPE, picked)
            st.rerun()
    st.caption("Tick a row to see that cell type in all figures; a click on a column's name sorts by it.")


def losses(run: Run, cell_type: str) -> None:
    """Offer the losses of the training of a cell type, epoch by epoch."""
    with st.expander(f"How training went in {escaped(cell_type)}", icon=":material/show_chart:"):
        history = resources.table(run.id, "history")
        history = history[history["cell_type"] == cell_type].drop(columns="cell_type")
        show(
            training_curve(history, loss=LOSS, names=GENES),
            f"losses-{run.id}",
            table=history,
            name=f"training_{cell_type}",
            alt="Log-loss of training and of validation genes against the epoch",
        )


def describe(run: Run) -> str:
    """Say what distinguishes a training from another."""
    found, chosen = DeepchromeResults.read(run.manifest.metrics), run.manifest.configuration["training"]
    profiles = resources.run(run.manifest.parents.get("histones", ""))
    title = resources.title_of_profiles(profiles) if profiles else "deleted profiles"
    return (
        f"{title}, {counted(found.cell_types, 'cell type')}, {counted(chosen['epochs'], 'epoch')}, batches of "
        f"{chosen['batch_size']}, AUC {found.auc_mean:.3f}"
    )


def live(activity: Activity) -> None:
    """Draw the loss of the network that is trained at the moment."""
    epochs = int(activity.request.configuration["training"]["epochs"])

    def epoch_of(done: float) -> float:
        """Return the epoch of the network at work; ``done`` counts networks, the present one in parts."""
        return round((done - math.ceil(done) + 1) * epochs)

    live_loss(activity, epochs, LOSS, epoch_of, GENES)


def _results(run: Run) -> None:
    names = cell_types(run)
    cell_type = kept(CELL_TYPE, names)
    histones_view.choose_cell_type(names, cell_type, "deepchrome")
    caution(run)
    curves(run, cell_type)
    cells_table(run)
    view_patterns.patterns(run, cell_type)
    view_patterns.planted(run, cell_type)
    losses(run, cell_type)
    histones_view.lead_on("Which marks decide for one gene?", "marks")


PAGE = ResultPage(
    question="What do histone marks say of expression?",
    kind="deepchrome",
    needs=Need(
        lambda: resources.runs("histones") or None,
        "There are no histone profiles yet.",
        "A network learns from the marks around the start of each gene whether it is expressed.",
        "histones",
        "Bring profiles in",
    ),
    invitation="No network has been trained on histone marks yet: start it below.",
    pick=lambda runs: histones_view.run_of(DEEPCHROME, runs),
    answer=answer,
    sections=(_results,),
    live=live,
    shown="Training shown",
    describe=describe,
    parameter=DEEPCHROME,
    form=lambda imports, run, busy: view_form.form(imports, disabled=busy, first=run is None),
    formula=FORMULA,
)
