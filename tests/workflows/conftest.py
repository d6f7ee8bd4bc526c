"""A home and a small dataset per file of tests."""

import importlib.util
from pathlib import Path

import pytest

from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def dataset(home: Workspace) -> Dataset:
    """Import a matrix of 40 genes."""
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    home.root.mkdir(exist_ok=True)
    made = execute_now(home, "import", {"path": str(small.write_h5ad(home.root / "small.h5ad", genes=40))})
    return DatasetStore(home).get(made.manifest.parents["dataset"])
