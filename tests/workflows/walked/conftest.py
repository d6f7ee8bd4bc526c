"""The paper's path walked once on a small simulated compendium, for all tests to look at."""

from pathlib import Path

import pytest

from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now

NETWORK = {"epochs": 40}


@pytest.fixture(scope="package")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Run]:
    home = Workspace(Path(tmp_path_factory.mktemp("home")))
    return home, execute_now(
        home, "path", {"example": "simulated-small", "network": NETWORK, "random_sets": 5}
    )


@pytest.fixture(scope="package")
def network() -> dict[str, int]:
    """Settings of a training that takes seconds."""
    return NETWORK


@pytest.fixture(scope="package")
def home(walked: tuple[Workspace, Run]) -> Workspace:
    return walked[0]


@pytest.fixture(scope="package")
def steps(walked: tuple[Workspace, Run]) -> dict[str, Run]:
    store = RunStore(walked[0])
    parents = walked[1].manifest.parents
    return {kind: store.get(parents[kind]) for kind in ("train", "rank", "compare", "cluster")}
