"""The measured expression of one gene, by group of samples."""

import anndata
import pandas as pd
import streamlit as st

from landmark.figures.colours import OTHER, UNLABELLED, group_labels
from landmark.figures.expression import expression_by_group
from landmark.runs.datasets import MATRIX, Dataset
from landmark.ui import choosing
from landmark.ui.figure import show
from landmark.ui.panels.quality import annotations
from landmark.wording import counted, escaped, gene

MOST_SAMPLES = 4000
"""Samples read, evenly spaced, where there are more: values of one gene lie far apart in the file."""

MOST_GROUPS = 60


def gene_expression(dataset: Dataset, name: str, preferred: str = "") -> None:
    """Draw the expression of a gene in groups of samples, and say where it is highest and lowest.

    Parameters
    ----------
    name
        A gene of the dataset.
    preferred
        The annotation to group by at first.
    """
    label = _label(dataset, preferred)
    values, step = _values(str(dataset.folder / MATRIX), name)
    groups = annotations(dataset).loc[values["sample"], label] if label else None
    table = values.assign(group=dataset.manifest.title if groups is None else groups.to_numpy())
    shown = table.assign(group=group_labels(table["group"]).to_numpy())
    named = shown[~shown["group"].isin((OTHER, UNLABELLED))]
    medians = named.groupby("group")["value"].median().sort_values()
    if len(medians) > 1:
        st.markdown(
            f"Its median is highest in {escaped(medians.index[-1])} and lowest in {escaped(medians.index[0])}."
        )
    show(
        expression_by_group(table, name, dataset.manifest.unit),
        f"expression-{dataset.id}-{name}",
        table=table,
        name=f"expression_{name}",
        alt=f"Expression of {name} in every group of samples",
    )
    drawn = counted(len(table), "sample") if step == 1 else f"every {step}th of all samples"
    st.caption(
        f"Measured values of {gene(name)}, {drawn}, training and test. Box: the middle half of a group, with its "
        "median; dotted: the median of all samples."
    )


def _label(dataset: Dataset, preferred: str) -> str:
    """Let the annotation be chosen; empty where there is none."""
    options = [name for name, kinds in dataset.manifest.labels.items() if 2 <= kinds <= MOST_GROUPS]
    if not options:
        return ""
    return str(
        choosing.selectbox(
            "Groups of samples",
            options,
            index=options.index(preferred) if preferred in options else 0,
            key=f"expression-label-{dataset.id}",
            persist_state="session",
            width=320,
        )
    )


@st.cache_data(max_entries=64, show_spinner="Reading the gene")
def _values(path: str, name: str) -> tuple[pd.DataFrame, int]:
    """Read one column: sample and value, and how many samples stand for one."""
    matrix = anndata.read_h5ad(path, backed="r")
    try:
        step = -(-matrix.n_obs // MOST_SAMPLES)
        column = matrix.var_names.get_loc(name)
        values = matrix.file["X"][::step, column]
        return pd.DataFrame({"sample": matrix.obs_names[::step].astype(str), "value": values}), step
    finally:
        matrix.file.close()
