"""What a network takes for typical of each class, and the planted rules beside it where there are any."""

import pandas as pd
import streamlit as st

from landmark.epigenome.figures import pattern_maps
from landmark.epigenome.profiles import BIN_WIDTH, BINS
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.wording import counted, escaped, percent

PLANTED = "planted"


def patterns(run: Run, cell_type: str) -> None:
    """Draw the pattern of each class and the frequency of each mark in it."""
    st.subheader(f"What the network looks for in {escaped(cell_type)}", anchor=False)
    maps, frequency = (_of(run, name, cell_type) for name in ("maps", "frequency"))
    st.markdown(_sentence(frequency))
    show(
        pattern_maps(maps, frequency),
        f"patterns-{run.id}",
        table=maps,
        name=f"patterns_{cell_type}",
        alt="Pattern of marks and bins that the network takes for the best example of each class",
    )
    threshold = run.manifest.configuration["maps"]["threshold"]
    st.caption(
        "The made-up profile that the network gives its highest score as an expressed or as an unexpressed gene, from "
        f"0 (no reads) to 1 (the most). The bars count the bins above {threshold:g}. It shows what the network "
        "learned, not what any gene looks like."
    )


def planted(run: Run, cell_type: str) -> None:
    """Hold the patterns against the rules that simulated profiles were drawn by."""
    if PLANTED not in run.tables():
        return
    rules = _of(run, PLANTED, cell_type)
    found = int(rules["recovered"].sum())
    st.subheader("The planted rules, and what the patterns recover", anchor=False)
    st.markdown(
        f"These profiles are simulated by known rules: **{found} of {counted(len(rules), 'rule')}** "
        f"{'is' if found == 1 else 'are'} recovered in {escaped(cell_type)}."
    )
    st.dataframe(
        rules.assign(
            effect=rules["sign"].map({1: "raises it", -1: "lowers it"}),
            where=[
                f"{_kilobases(row.first_bin - 1)} to {_kilobases(row.last_bin)}" for row in rules.itertuples()
            ],
        ),
        hide_index=True,
        key=f"planted-{run.id}",
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        alt="One row per planted rule and whether the patterns recover it",
    )


COLUMNS = {
    "mark": st.column_config.TextColumn("Mark", pinned=True),
    "where": st.column_config.TextColumn("Distance to start (kb)"),
    "effect": st.column_config.TextColumn("Effect on expression"),
    "difference": st.column_config.NumberColumn(
        "Difference of patterns",
        format="%+.2f",
        help="Mean value of the mark there in the pattern of expressed genes, less that in the other pattern.",
    ),
    "recovered": st.column_config.CheckboxColumn(
        "Recovered", help="Where the difference has the sign of the effect."
    ),
}


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


def _of(run: Run, name: str, cell_type: str) -> pd.DataFrame:
    table = resources.table(run.id, name)
    return table[table["cell_type"] == cell_type].drop(columns="cell_type")
