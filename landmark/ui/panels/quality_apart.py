"""Which samples are outliers, and what sets samples apart: biology or batch."""

import pandas as pd
import streamlit as st

from landmark.figures.explained import explained_bars, explained_heat
from landmark.figures.sample_quality import outlier_plane
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.wording import counted

STRONG = 0.5
"""From this association on, two annotations are said to go together."""

SPLIT = "split"
"""Name of the column that says which samples are for training and which for the test."""


def stand_apart(run: Run, samples: pd.DataFrame, obs: pd.DataFrame) -> None:
    """Show how far every sample stands apart, and name the outliers."""
    st.subheader("Which samples are outliers", anchor=False)
    threshold = float(run.manifest.configuration["threshold"])
    columns = [
        "sample",
        "outlier",
        "reason",
        "median_correlation",
        "correlation_deviation",
        "distance_deviation",
    ]
    table = samples[columns].sort_values(["outlier", "distance_deviation"], ascending=False)
    figure = outlier_plane(samples, threshold)
    show(
        figure,
        f"outliers-{run.id}",
        table=table,
        name="outliers",
        alt="How far every sample is from the others",
    )
    flagged = table[table["outlier"]].drop(columns="outlier")
    if flagged.empty:
        st.markdown(f"No sample is more than {threshold:g} deviations away from the others.")
        return
    # an annotation may have the name of one of our columns
    shown = flagged.join(obs.drop(columns=SPLIT, errors="ignore"), on="sample", rsuffix=" (annotation)")
    st.dataframe(
        shown.rename(columns=lambda name: str(name).replace("_", " ")),
        hide_index=True,
        alt="Outliers",
    )
    st.caption(
        f"{counted(len(flagged), 'sample')} beyond {threshold:g} deviations. A small group of another tissue "
        "stands out too: look at the annotations before leaving samples out."
    )


def batches(run: Run) -> None:
    """Show what annotations explain, overall and per component."""
    st.subheader("What sets samples apart: biology or batch", anchor=False)
    overall, table = (
        resources.table(run.id, name).replace({"annotation": {SPLIT: "training or test"}})
        for name in ("overall", "explained")
    )
    show(
        explained_bars(overall),
        f"explained-{run.id}",
        table=overall,
        name="explained",
        alt="Variance explained by annotation",
    )
    st.caption(
        "A batch, plate or study high up here is a batch effect: samples differ by where they were measured. "
        "Annotations that go together, such as a batch of tumours only, cannot be told apart."
    )
    _confounded(run)
    if not table.empty:
        figure = explained_heat(table, overall["annotation"].tolist())
        show(
            figure,
            f"components-{run.id}",
            table=table,
            name="explained-by-component",
            alt="Variance explained per component",
        )


def _confounded(run: Run) -> None:
    """Name the annotations that cannot be told apart."""
    if "associated" not in run.tables():  # a run of an older version
        return
    table = resources.table(run.id, "associated")
    together = table[table["association"] >= STRONG]
    if together.empty:
        return
    with st.expander(
        f"{counted(len(together), 'pair')} of annotations that go together",
        icon=":material/link:",
        key="confounded",
    ):
        st.dataframe(
            together.rename(columns=str.capitalize),
            hide_index=True,
            column_config={"Association": st.column_config.NumberColumn(format="%.2f")},
            alt="Pairs of annotations that divide the samples alike",
        )
        st.caption(
            "Cramér's V, corrected for chance: 1 where one annotation tells the other, 0 where they have nothing to do "
            "with each other. Where a batch goes with a disease, a difference can come from either."
        )
