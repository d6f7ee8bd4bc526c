"""A home with a small dataset, and patience."""

import importlib.util
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from landmark.errors import LandmarkError
from landmark.jobs.control import cancel
from landmark.store.activity import activities
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(own_home: Path) -> Iterator[Workspace]:
    here = Workspace(own_home)
    yield here
    for item in activities(here):
        with suppress(LandmarkError):
            cancel(here, item.id)
    wait(lambda: not any(item.active for item in activities(here)), 30)


@pytest.fixture(scope="module")
def slurm_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Run a SLURM cluster of one node; return the environment variables that its commands need."""
    slurm = _load(Path(__file__).parent / "slurm.py")
    if reason := slurm.missing():
        pytest.skip(reason)
    with slurm.cluster(tmp_path_factory.mktemp("slurm")) as environment:
        yield environment


@pytest.fixture
def on_the_cluster(slurm_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs go to the cluster, trainings with two processes."""
    for name, value in slurm_environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANDMARK_EXECUTOR", "slurm")
    monkeypatch.setenv("LANDMARK_SLURM_PROCESSES_PER_NODE", "2")
    monkeypatch.setenv("LANDMARK_SLURM_MINUTES", "10")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return _load(Path(__file__).parents[1] / "small.py").write_csv(tmp_path / "small.csv")


@pytest.fixture
def dataset(home: Workspace, csv: Path) -> str:
    return execute_now(home, "import", {"path": str(csv)}).manifest.parents["dataset"]


@pytest.fixture
def labelled(home: Workspace, tmp_path: Path) -> str:
    """Return a dataset whose samples have labels."""
    path = _load(Path(__file__).parents[1] / "small.py").write_h5ad(tmp_path / "small.h5ad")
    return execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]


@pytest.fixture
def training(dataset: str) -> Callable[[int], dict[str, Any]]:
    """Return the configuration of a small training of so many epochs."""

    def configuration(epochs: int) -> dict[str, Any]:
        return {
            "dataset": dataset,
            "network": {"epochs": epochs, "hidden": 8, "bottleneck": 3, "checkpoint_every": 20},
        }

    return configuration


@pytest.fixture
def until(home: Workspace) -> Callable[[Callable[[], Any]], Any]:
    """Wait until something is true and return it; say how the runs stand where it never is."""

    def waiting(condition: Callable[[], Any]) -> Any:
        found = wait(condition, 120)
        standing = [
            (item.id, item.state, item.message, item.latest, item.log()[-2000:]) for item in activities(home)
        ]
        assert found, f"unfinished: {standing}, finished: {[run.id for run in RunStore(home).all()]}"
        return found

    return waiting


def wait(condition: Callable[[], Any], seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
