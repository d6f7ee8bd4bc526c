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
from landmark.runs.activity import activities
from landmark.runs.home import Home
from landmark.runs.store import RunStore
from landmark.workflows.execute import execute_now


def _small() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(own_home: Path) -> Iterator[Home]:
    here = Home(own_home)
    yield here
    for item in activities(here):
        with suppress(LandmarkError):
            cancel(here, item.id)
    wait(lambda: not any(item.active for item in activities(here)), 30)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return _small().write_csv(tmp_path / "small.csv")


@pytest.fixture
def dataset(home: Home, csv: Path) -> str:
    return execute_now(home, "import", {"path": str(csv)}).manifest.parents["dataset"]


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
def until(home: Home) -> Callable[[Callable[[], Any]], Any]:
    """Wait until something is true and return it; say how the runs stand where it never is."""

    def waiting(condition: Callable[[], Any]) -> Any:
        found = wait(condition, 60)
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
