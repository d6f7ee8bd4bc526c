"""Published figures: what others report, ours on the same scale, and what stands between the two.

Nothing here is a reproduction: the matrices behind the published figures are not what most users work on, and the page
says of every line what differs.
"""

import pandas as pd
import streamlit as st

from landmark.analyses.compare.figures_published import panel_title, panels, published_dots
from landmark.analyses.compare.published import PUBLISHED, STANDARD, Spread, beside
from landmark.results import Text
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import resources, state
from landmark.ui.figure import show
from landmark.ui.page import guarded, header
from landmark.ui.result_page import missing
from landmark.ui.tables import column_config, show_table
from landmark.wording import escaped

QUESTION = "How do our figures stand beside published ones?"
KINDS = ("train", "compare", "infer", "cross-platform", "enrich", "cluster")
"""Runs whose figures stand beside published ones."""

READ_AT_ONCE = 1e9
"""Bytes of training samples that are read without being asked for."""

ROW, ROWS = 92, 7
"""Height of a row of the table in pixels, at which text is wrapped, and rows that are seen without scrolling."""

_COLUMNS = column_config(
    PUBLISHED.pick(
        "figure",
        Text("published", "The figure as published.", "", "Published"),
        Text("here", "Ours, on the scale of the published figure where it is known.", "", "Here"),
        Text("agrees", "In what the two figures are alike. The data never are.", "", "Alike in"),
        "differs",
        Text("origin", "Which run of ours it is from.", "", "Here by"),
        "scale",
        "data",
        "paper",
        "source",
    ),
    widths={
        "figure": 190,
        "published": 120,
        "agrees": 110,
        "here": 220,
        "differs": 340,
        "data": "medium",
        "origin": "medium",
    },
)


def render() -> None:
    """Draw the page."""
    with guarded():
        dataset = state.dataset()
        runs = [run for run in resources.runs() if run.kind in KINDS and _is_of(run, dataset)]
        spread = _spread_of(dataset) if dataset and runs else None
        lines = _lines(dataset, tuple(run.id for run in runs), spread is not None, runs, spread)
        header(QUESTION, _answer(dataset, lines))
        if dataset is None:
            missing(
                "There is no dataset yet.",
                "Figures of its runs then stand beside the published ones.",
                "import",
                "Bring a dataset in",
            )
        elif spread is None and runs:
            _ask_to_read(dataset)
        _table(lines)
        _figure(lines)
        _how(dataset, spread)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=resources.BY_FOLDER)
def _lines(
    dataset: Dataset | None, names: tuple[str, ...], read: bool, _runs: list[Run], _spread: Spread | None
) -> pd.DataFrame:
    return beside(dataset, _runs, _spread)


def _is_of(run: Run, dataset: Dataset | None) -> bool:
    return dataset is not None and run.manifest.parents.get("dataset") == dataset.id


def _answer(dataset: Dataset | None, lines: pd.DataFrame) -> str:
    """Say how many figures stand side by side, and that none can be compared."""
    entered = lines[lines["published"] != "not entered"]
    there = len(entered)
    stated = f"{there} figures of {entered['paper'].nunique()} publications are listed"
    if dataset is None:
        return f"There is no dataset yet, so nothing of ours stands beside them: {stated}."
    computed = int((lines["here"] != "").sum())
    title = escaped(dataset.manifest.title)
    if computed <= 1:
        return (
            f"Nothing has been computed on {title} yet that could stand beside them: {stated}. Train, compare sets and "
            "predictors, and the lines fill."
        )
    alike = int((lines["agrees"] == "Measure and scale").sum())
    return (
        "**None of the published figures can be compared with ours: they are from other data.** "
        f"{computed} of {there} have one of ours beside them, {alike} on the scale of the published error, from "
        f"{title}. {_example(lines)}"
    ).strip()


def _example(lines: pd.DataFrame) -> str:
    """Name the line that comes closest: linear regression from L1000, in standard deviations."""
    line = lines[(lines["ours"] == "ridge") & (lines["measure"] == "mae")].iloc[0]
    if STANDARD not in line["here_values"]:
        return ""
    return (
        f"Linear regression from L1000, for instance, errs by {line['here_values'][STANDARD]:.3f} standard deviations "
        f"here and by {line['value']:.3f} on the 111,009 arrays of D-GEX."
    )


@st.cache_resource(
    max_entries=4, show_spinner="Reading how far the genes spread", hash_funcs=resources.BY_FOLDER
)
def _read_spread(dataset: Dataset) -> Spread:
    return Spread.of(dataset)


def _spread_of(dataset: Dataset) -> Spread | None:
    """Read how far genes spread, at once for what is read in seconds, else once it was asked for."""
    asked = st.session_state.get(f"spread-{dataset.id}", False)
    return _read_spread(dataset) if asked or _bytes(dataset) <= READ_AT_ONCE else None


def _bytes(dataset: Dataset) -> float:
    return 4.0 * dataset.manifest.split.get("train", 0) * dataset.manifest.genes


def _ask_to_read(dataset: Dataset) -> None:
    """Offer the scales that need the values of a large dataset."""
    st.button(
        "Compute the other scales",
        icon=":material/straighten:",
        on_click=st.session_state.__setitem__,
        args=(f"spread-{dataset.id}", True),
        help=f"Reads the {_bytes(dataset) / 1e9:.0f} GB of training samples twice, for the spread and range of genes.",
    )


def _table(lines: pd.DataFrame) -> None:
    """Show the lines, those of one paper under the other."""
    papers = ["All", *lines["paper"].unique()]
    chosen = st.pills("Published by", papers, default="All", key="published-by") or "All"
    shown = lines if chosen == "All" else lines[lines["paper"] == chosen]
    table = shown.drop(columns="here_values").assign(here=shown["here"].replace("", "not computed here"))
    show_table(table, _COLUMNS, row_height=ROW, height=38 + ROW * min(len(table), ROWS))


@st.fragment
def _figure(lines: pd.DataFrame) -> None:
    """Draw the figures of one measure on one scale, by default of errors in standard deviations."""
    with guarded():
        st.subheader("Published and ours on one scale", anchor=False)
        offered = panels(lines)
        measure, scale = st.selectbox(
            "Measure and scale",
            offered,
            index=offered.index(("mae", STANDARD)),
            format_func=lambda panel: panel_title(*panel),
            key="published-panel",
        )
        show(
            published_dots(lines, measure, scale),
            "published",
            lines.drop(columns="here_values"),
            "published_figures",
            alt="Published figures as open dots, ours as filled ones below them",
        )
        st.caption(
            "Ours are never from the data of the others, so a smaller error is no better method. Where the scale of an "
            "error is not stated, ours stands there on several."
        )


def _how(dataset: Dataset | None, spread: Spread | None) -> None:
    with st.expander("How ours were brought to the scale of others", icon=":material/science:"):
        st.markdown(
            "Errors of our runs are in standard deviations of each gene over the training samples (plus 0.001, as in "
            "D-GEX). The mean over genes on another scale is the mean of these errors by gene, times the gene's "
            "standard deviation, over the unit of that scale: 1 for the unit of the dataset; the range of all training "
            "values over 11 for values from 4 to 15, which stretches them in a straight line; the gene's own range for "
            "0 to 1 per gene. The newest run of each kind is taken; of predictors those that predict from L1000 "
            "without an annotation."
        )
        if dataset is not None and spread is not None:
            ratio = (spread.genes["range"] / spread.genes["deviation"]).median()
            st.markdown(
                f"In this dataset ({escaped(dataset.manifest.unit or 'no unit named')}) all values span "
                f"{spread.whole:.2f}, and half of the genes range over more than {ratio:.1f} of their standard "
                "deviations."
            )
