"""Which datasets to merge, with what they share shown before anything is computed."""

from collections.abc import Sequence
from typing import Any

import anndata
import numpy as np
import pandas as pd
import streamlit as st

from landmark.analyses.merge.config import MergeConfiguration
from landmark.analyses.naming import IDENTIFIERS
from landmark.data.gene_identifiers import symbols_of
from landmark.data.quality import evenly_spaced
from landmark.data.steps.merge import common_genes, unique_titles
from landmark.data.units import difference
from landmark.figures.preparation import genes_shared
from landmark.runs.datasets import MATRIX, Dataset
from landmark.ui import choosing, resources
from landmark.ui.figure import show
from landmark.ui.form import fields
from landmark.ui.headline import size
from landmark.ui.jobs import start
from landmark.wording import escaped

SAMPLES = 20
"""Of every dataset, by which units are compared."""

LEAST_SHARE = 0.5
"""With fewer of its genes left, a dataset is hardly the same any more."""


def form(current: Dataset, disabled: bool) -> None:
    """Draw the form and start the merge it asks for."""
    known = {item.id: item for item in resources.datasets()}
    labels = choosing.distinct(
        {name: f"{item.manifest.title} ({size(item)})" for name, item in known.items()}
    )
    names = choosing.multiselect(
        "Datasets",
        list(known),
        default=[current.id],
        format_func=lambda name: labels.get(name, ""),
        key=f"merge-datasets-{current.id}",
        persist_state="session",
        help="The first gives the order of the genes and, with joint normalisation, the distribution.",
        max_selections=20,
    )
    chosen = [known[name] for name in names]
    values = _choices(chosen)
    if len(chosen) < 2:
        st.caption("Choose at least two datasets.")
    else:
        _look_ahead(chosen, values["collapse"] != "none")
        if not values["joint"]:
            _units(chosen)
    if st.button("Merge", type="primary", icon=":material/merge:", disabled=disabled or len(chosen) < 2):
        start("merge", {"datasets": names, **values})


def _choices(chosen: Sequence[Dataset]) -> dict[str, Any]:
    left, right = st.columns(2)
    kinds = {item.manifest.identifier for item in chosen}
    with left:
        options = {
            "none": "keep the names as they are",
            "mean": "gene symbols: mean of a gene's probes",
            "most variable": "gene symbols: its most variable probe",
        }
        collapse = choosing.selectbox(
            "Genes are matched by",
            list(options),
            index=1 if len(kinds) > 1 else 0,
            format_func=options.__getitem__,
            key=f"merge-collapse-{len(kinds) > 1}",
            help=MergeConfiguration.model_fields["collapse"].description,
        )
    with right:
        title = st.text_input(
            "Name of the new dataset",
            placeholder=" + ".join(item.manifest.title for item in chosen),
            key="merge-title",
        )
    joint = fields(MergeConfiguration, ["joint"], "merge", {"joint": "Joint quantile normalisation"})
    if joint["joint"]:
        joint |= fields(MergeConfiguration, ["joint_ranks"], "merge", {"joint_ranks": "Equal values"})
    return {"collapse": collapse, "title": title, **joint}


def _look_ahead(chosen: Sequence[Dataset], by_symbol: bool) -> None:
    """Show what the chosen datasets share, from their gene names alone."""
    kinds = list(dict.fromkeys(IDENTIFIERS[item.manifest.identifier] for item in chosen))
    if len(kinds) > 1 and not by_symbol:
        st.warning(
            f"These datasets name their genes differently ({', '.join(kinds)}). Match them by gene symbols."
        )
        return
    genes = [_genes(str(item.folder / MATRIX), item.manifest.identifier, by_symbol) for item in chosen]
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
    show(
        genes_shared(counts),
        "look-ahead",
        table=counts,
        name="genes",
        alt="Genes that would be shared and lost",
    )
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


@st.cache_data(max_entries=32, show_spinner="Reading the gene names")
def _genes(path: str, identifier: str, by_symbol: bool) -> list[str]:
    matrix = anndata.read_h5ad(path, backed="r")
    try:
        names = [str(name) for name in matrix.var_names]
    finally:
        matrix.file.close()
    if not by_symbol:
        return names
    symbols = symbols_of(names, identifier)  # type: ignore[arg-type]
    return list(dict.fromkeys(symbol for symbol in symbols if symbol))
