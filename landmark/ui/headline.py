"""What a run found, in one line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Home
from landmark.ui import resources
from landmark.wording import without_nan
from landmark.workflows.sets import default_cut, l1000_count


def size(dataset: Dataset) -> str:
    """Return the size of a dataset: "975 samples × 17,391 genes"."""
    noun = "probes" if dataset.manifest.identifier == "hgu133a_probe" else "genes"
    return f"{dataset.manifest.samples:,} samples × {dataset.manifest.genes:,} {noun}"


def kind_name(kind: str) -> str:
    """Return the name of a kind of run for people."""
    return ANALYSES[kind].title if kind in ANALYSES else kind.capitalize()


def headline(run: Run) -> str:
    """Return the main figure of a run as one line without a full stop."""
    return headline_of(run.kind, run.manifest.metrics)


def headline_of(kind: str, metrics: Mapping[str, Any]) -> str:
    """Return the main figure of metrics of a kind; empty where they hold none."""
    analysis = ANALYSES.get(kind)
    try:
        return without_nan(analysis.headline(analysis.read(metrics))) if analysis else ""
    except BadRun:  # a run of an older version without this figure
        return ""


def l1000_here(dataset: Dataset) -> tuple[int, int]:
    """Return the number of genes of a dataset, and how many of them are L1000 genes (of the paper's 943)."""
    genes, present, _ = _counted(str(resources.here().root), dataset.id)
    return genes, present


def default_cut_here(dataset: Dataset) -> int:
    """Return the size of a fair set on a dataset."""
    return _counted(str(resources.here().root), dataset.id)[2]


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(root: str, dataset_id: str) -> tuple[int, int, int]:
    about = DatasetStore(Home(Path(root))).get(dataset_id).annotations()
    genes = list(map(str, about.var_names))
    about.file.close()
    kind = about.uns["landmark"]["identifier"]
    return len(genes), l1000_count(genes, kind), default_cut(genes, kind)
