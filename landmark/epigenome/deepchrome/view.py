"""DeepChrome: curves and areas of all cell types, the patterns of both classes, and the form."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.train.figures import training_curve
from landmark.analyses.train.view import live_loss
from landmark.configuration import Configuration
from landmark.epigenome.deepchrome.config import DeepchromeConfiguration, MapConfiguration
from landmark.epigenome.deepchrome.results import TABLES, DeepchromeResults
from landmark.epigenome.figures import area_dots, pattern_maps, roc_curves
from landmark.epigenome.histones import view as histones_view
from landmark.epigenome.profiles import BIN_WIDTH, BINS
from landmark.models.settings import DeepchromeTraining
from landmark.results import Text
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.form import fields
from landmark.ui.jobs import start, start_button
from landmark.ui.result_page import Need, ResultPage
from landmark.ui.state import CELL_TYPE, DEEPCHROME, HISTONES, keep, kept
from landmark.ui.tables import column_config, pick_row, show_table
from landmark.ui.wording import duration
from landmark.wording import counted, escaped, percent


def _patterns(run: Run, cell_type: str) -> None:
    """Draw the pattern of each class and the frequency of each mark in it."""
    st.subheader(f"What the network looks for in {escaped(cell_type)}", anchor=False)
    maps, frequency = (histones_view.of_cell_type(run, name, cell_type) for name in ("maps", "frequency"))
    st.markdown(_sentence(frequency))
    show(
        pattern_maps(maps, frequency),
        f"patterns-{run.id}",
        maps,
        f"patterns_{cell_type}",
        alt="Pattern of marks and bins that the network takes for the best example of each class",
    )
    threshold = run.manifest.configuration["maps"]["threshold"]
    st.caption(
        "The made-up profile that the network gives its highest score as an expressed or as an unexpressed gene, from "
        f"0 (no reads) to 1 (the most). The bars count the bins above {threshold:g}. It shows what the network "
        "learned, not what any gene looks like."
    )


def _planted(run: Run, cell_type: str) -> None:
    """Hold the patterns against the rules that simulated profiles were drawn by."""
    if "planted" not in run.tables():
        return
    rules = histones_view.of_cell_type(run, "planted", cell_type)
    found = int(rules["recovered"].sum())
    st.subheader("The planted rules, and what the patterns recover", anchor=False)
    st.markdown(
        f"These profiles are simulated by known rules: **{found} of {counted(len(rules), 'rule')}** "
        f"{'is' if found == 1 else 'are'} recovered in {escaped(cell_type)}."
    )
    effects = rules["sign"].map({1: "raises it", -1: "lowers it"})
    ends = [f"{_kilobases(row.first_bin - 1)} to {_kilobases(row.last_bin)}" for row in rules.itertuples()]
    show_table(
        rules.assign(effect=effects, where=ends),
        _RULES,
        key=f"planted-{run.id}",
        alt="One row per planted rule and whether the patterns recover it",
    )


_RULES = column_config(
    TABLES["planted"].pick(
        "mark",
        Text(
            "where", "From the transcription start, in thousands of base pairs.", "", "Distance to start (kb)"
        ),
        Text("effect", "What the mark does there.", "", "Effect on expression"),
        *("difference", "recovered"),
    )
)


def _kilobases(edge: int) -> str:
    """Write the distance from the start of the edge after so many bins."""
    return f"{(edge - BINS / 2) * BIN_WIDTH / 1000:+.1f}"


def _sentence(frequency: pd.DataFrame) -> str:
    """Name the marks that set the pattern of one class most apart from that of the other."""
    wide = frequency.pivot(index="mark", columns="label", values="frequency")
    if not {0, 1} <= set(wide):
        return ""
    apart = (wide[1] - wide[0]).sort_values()
    said = [
        f"**{escaped(mark)}** is active in {percent(round(wide.loc[mark, label], 2))} of the bins of the "
        f"{name} pattern, against {percent(round(wide.loc[mark, 1 - label], 2))} of the other"
        for mark, label, name in ((apart.index[-1], 1, "expressed"), (apart.index[0], 0, "unexpressed"))
        if (apart[mark] > 0) == (label == 1) and apart[mark] != 0
    ]
    return f"{'; '.join(said)}." if said else "Both patterns have the same marks active."


_MAIN = ("epochs", "batch_size")
_GROUPS = {
    "Training": ("learning_rate", "scaling", "decay", "dropout", "keep", "best_by", "early_stopping", "seed"),
    "Machine": ("precision", "checkpoint_every"),
}
"""Fields of the form; with those of ``_MAIN``, every one that a training has."""

_LABELS = {
    "early_stopping": "Early stopping, epochs",
    "keep": "Epoch to keep",
    "best_by": "Best epoch by",
    "batch_size": "Genes per step",
    "scaling": "Larger batches",
    "decay": "Decay of steps",
    "checkpoint_every": "Checkpoint every, epochs",
    "threshold": "Active from this value on",
    "penalty": "Penalty on squares",
}
_FIELD = 262
_BATCHES = (
    "The published network takes one gene per step. With {size} genes per step an epoch has {size} times fewer steps "
    "and is faster; {scaling} It is no longer quite the published training."
)
_SCALING = {
    "linear": "each step is {size} times as large, which keeps the path nearly the same.",
    "none": "each step is as large as before, so it learns more slowly.",
}


def _form(imports: Sequence[Run], disabled: bool, first: bool) -> None:
    """Show the form, say how much work it is, and start it on request."""
    profiles, names = _choose_profiles(imports)
    values = _fields(DeepchromeTraining, _MAIN)
    with st.expander("More settings", icon=":material/tune:"):
        for title, group in _GROUPS.items():
            st.markdown(f"**{title}**")
            values |= _fields(DeepchromeTraining, group)
        st.markdown("**Pattern maps**")
        maps = _fields(MapConfiguration, MapConfiguration.model_fields)
        st.markdown("**Intervals and patterns**")
        seed = _fields(DeepchromeConfiguration, ("seed",))
    training = DeepchromeTraining.parse(values)
    if training.batch_size > 1:
        scaling = _SCALING[training.scaling].format(size=training.batch_size)
        st.caption(_BATCHES.format(size=training.batch_size, scaling=scaling))
    st.caption(_work(profiles, names, training))
    if start_button("Train DeepChrome", "play_arrow", disabled, first=first, work="A training is at work"):
        asked = {"histones": profiles.id, "cell_types": names, "training": values, "maps": maps, **seed}
        start("deepchrome", asked)


def _work(profiles: Run, names: Sequence[str], training: DeepchromeTraining) -> str:
    """Say how large a training is, and how long it takes where one like it was done before."""
    genes = resources.table(profiles.id, "genes")
    genes = genes[genes["split"] == "train"]
    if names:
        genes = genes[genes["cell_type"].isin(list(names))]
    counts = genes["cell_type"].value_counts()
    steps = int(np.ceil(counts / training.batch_size).sum()) * training.epochs
    said = (
        f"{counted(len(counts), 'network')}, {counted(len(genes), 'training gene')} in all, "
        f"{counted(training.epochs, 'epoch')}: {counted(steps, 'step')} of gradient descent."
    )
    pace = _seconds_per_gene(training)
    if pace is None:
        return f"{said} How long that takes is known after the first epoch: the card above will show it."
    seconds = pace * len(genes) * training.epochs
    time = f"About {duration(seconds)}" if seconds >= 1 else "Less than 1 s"
    return f"{said} {time}, going by an earlier training of this kind."


def _seconds_per_gene(training: DeepchromeTraining) -> float | None:
    """Return the seconds per gene and epoch of the largest training with such batches; None where there is none."""
    found: tuple[int, float] | None = None
    for run in resources.runs("deepchrome"):
        used = run.manifest.configuration["training"]
        if (used["batch_size"], used["precision"]) == (training.batch_size, training.precision):
            history = resources.table(run.id, "history")
            genes = resources.table(run.id, "cells").set_index("cell_type")["train"]
            # The median: an epoch in which something was compiled or saved says little of the others.
            pace = float((history["seconds"] / history["cell_type"].map(genes).astype(float)).median())
            found = max(found or (0, 0.0), (int(genes.max()), pace), key=lambda pair: pair[0])
    return found[1] if found else None


def _fields(configuration: type[Configuration], names: Iterable[str]) -> dict[str, Any]:
    return fields(configuration, names, f"deepchrome-{configuration.__name__}", _LABELS, width=_FIELD)


def _choose_profiles(imports: Sequence[Run]) -> tuple[Run, list[str]]:
    """Choose profiles and cell types; no cell types stands for all of them."""
    known = {run.id: run for run in imports}
    current = kept(HISTONES, list(known))
    left, right = st.columns(2)
    key = f"deepchrome-histones-{current}"
    choosing.selectbox(
        "Histone profiles",
        list(known),
        index=list(known).index(current),
        format_func=lambda name: f"{histones_view.describe(known[name])} · {name}",
        key=key,
        on_change=lambda: keep(HISTONES, st.session_state[key]),
        where=left,
    )
    names = choosing.multiselect(
        "Cell types",
        histones_view.cell_types(known[current]),
        key=f"deepchrome-cell-types-{current}",
        placeholder="All",
        help=DeepchromeConfiguration.model_fields["cell_types"].description,
        where=right,
    )
    return known[current], names


_FORMULA = (
    "DeepChrome (Singh et al., Bioinformatics 2016): 50 filters over 10 bins and five marks, ReLU, the maximum of "
    "every 5 bins, dropout, layers of 625 and 125 units, two classes; log-loss, plain gradient descent. One network "
    "per cell type. AUC: area under the receiver operating characteristic on test genes, the chance that an expressed "
    "gene gets a higher probability than an unexpressed one; its 95% interval is DeLong's, which takes genes as "
    "independent; genes depend on each other, so it is somewhat too narrow. The epoch kept is that of the largest AUC "
    "on validation genes (or the lowest log-loss, if chosen). Logistic regression sees "
    "the mean reads of each mark. Pattern maps: the input x of the lowest log-loss of a class plus a penalty on the "
    "sum of squares of x, found by RMSprop, then cut to 0-1 and divided by its maximum."
)
_LOSS = "Log-loss"
_GENES = ("training genes", "validation genes")
"""What the losses of a training are of."""

_CURVES, _AREAS = 470, 440
"""Widths in pixels: side by side on a wide page, one under the other on a narrow one."""

_FEW = 100
"""With fewer test genes than this a warning stands above the figures."""

_COLUMNS = column_config(
    TABLES["cells"].pick(
        *("cell_type", "auc", "auc_low", "auc_high", "auc_logistic"),
        *("auc_shuffled", "accuracy", "test", "epochs"),
    )
)


def cell_types(run: Run) -> list[str]:
    """Return the cell types of a run, the best predicted one first."""
    cells = resources.table(run.id, "cells").sort_values("auc", ascending=False, kind="stable")
    return cells["cell_type"].astype(str).tolist()


def _answer(run: Run) -> str:
    """Say how well expression is predicted, beside a linear model and chance."""
    found = DeepchromeResults.read(run.manifest.metrics)
    where = (
        f"a mean AUC of **{found.auc_mean:.3f}** over {counted(found.cell_types, 'cell type')} "
        f"(from {found.auc_low:.3f} to {found.auc_high:.3f})"
        if found.cell_types > 1
        else f"an AUC of **{found.auc_mean:.3f}** in {escaped(cell_types(run)[0])}"
    )
    return (
        f"The five marks separate expressed from unexpressed test genes with {where}; logistic regression reaches "
        f"{found.logistic_mean:.3f}, chance is 0.5."
    )


def _caution(run: Run) -> None:
    """Say so where there are too few test genes to tell one accuracy from another."""
    cells = resources.table(run.id, "cells")
    fewest = cells.loc[cells["test"].idxmin()]
    if fewest["test"] < _FEW:
        st.warning(
            f"{escaped(fewest['cell_type'])} has only {counted(int(fewest['test']), 'test gene')}: with so few, "
            "accuracies are mostly chance."
        )


def _curves(run: Run, cell_type: str) -> None:
    """Draw the curve of every cell type, and the area under it beside it."""
    roc, cells = resources.table(run.id, "roc"), resources.table(run.id, "cells")
    areas = dict(zip(cells["cell_type"].astype(str), cells["auc"].astype(float), strict=True))
    with st.container(horizontal=True, gap="large"):
        with st.container(width=_CURVES):
            show(
                roc_curves(roc, cell_type, areas),
                f"roc-{run.id}",
                roc,
                "roc",
                alt="Share of expressed genes found against the share of unexpressed genes called expressed",
            )
        with st.container(width=_AREAS):
            show(
                area_dots(cells, cell_type),
                f"areas-{run.id}",
                cells,
                "auc",
                alt="Area under the curve of every cell type with its interval, and that of logistic regression",
            )


def _cells_table(run: Run) -> None:
    """List the cell types, the best first; a picked row is shown everywhere."""
    st.subheader("The cell types", anchor=False)
    cells = resources.table(run.id, "cells")
    ordered = cells.sort_values("auc", ascending=False, kind="stable").reset_index(drop=True)
    key = f"cells-{run.id}"
    row = pick_row(ordered, _COLUMNS, key, alt="One row per cell type with its area under the curve")
    picked = "" if row is None else str(ordered["cell_type"].iloc[row])
    if picked != st.session_state.get(f"picked {key}", ""):
        st.session_state[f"picked {key}"] = picked  # once: a choice elsewhere must not be undone by a rerun
        if picked:
            keep(CELL_TYPE, picked)
            st.rerun()
    st.caption("Tick a row to see that cell type in all figures; a click on a column's name sorts by it.")


def _losses(run: Run, cell_type: str) -> None:
    """Offer the losses of the training of a cell type, epoch by epoch."""
    with st.expander(f"How training went in {escaped(cell_type)}", icon=":material/show_chart:"):
        history = histones_view.of_cell_type(run, "history", cell_type)
        show(
            training_curve(history, loss=_LOSS, names=_GENES),
            f"losses-{run.id}",
            history,
            f"training_{cell_type}",
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


def _live(activity: Activity) -> None:
    """Draw the loss of the network that is trained at the moment."""
    epochs = int(activity.request.configuration["training"]["epochs"])

    def epoch_of(done: float) -> float:
        """Return the epoch of the network at work; ``done`` counts networks, the present one in parts."""
        return round((done - math.ceil(done) + 1) * epochs)

    live_loss(activity, epochs, _LOSS, epoch_of, _GENES)


def _results(run: Run) -> None:
    names = cell_types(run)
    cell_type = kept(CELL_TYPE, names)
    histones_view.choose_cell_type(names, cell_type, "deepchrome")
    _caution(run)
    _curves(run, cell_type)
    _cells_table(run)
    _patterns(run, cell_type)
    _planted(run, cell_type)
    _losses(run, cell_type)
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
    answer=_answer,
    sections=(_results,),
    live=_live,
    shown="Training shown",
    describe=describe,
    parameter=DEEPCHROME,
    form=lambda imports, run, busy: _form(imports, disabled=busy, first=run is None),
    formula=_FORMULA,
)
