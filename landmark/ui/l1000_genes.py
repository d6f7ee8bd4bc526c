"""How many L1000 genes a dataset measures, and what follows for the sets that a form offers."""

from pathlib import Path

import streamlit as st

from landmark.runs.datasets import Dataset, DatasetStore
from landmark.runs.home import Home
from landmark.ui import resources
from landmark.workflows.sets import default_cut, l1000_count


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
