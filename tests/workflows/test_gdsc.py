"""What the paper's settings reach on 975 real cell lines, a fifth of them held out."""

from pathlib import Path

import pytest

from landmark.runs.home import Home
from landmark.runs.store import Run
from landmark.workflows.execute import execute_now

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def model(home: Home, shared: Path) -> Run:
    imported = execute_now(home, "import", {"path": str(shared / "data" / "gdsc_cell_lines.h5ad")})
    assert imported.manifest.metrics["l1000_present"] == 490
    return execute_now(home, "train", {"dataset": imported.manifest.parents["dataset"]})


def test_reconstruction_of_held_out_samples(model: Run) -> None:
    assert model.manifest.split == {"train": 780, "test": 195}
    assert model.manifest.metrics["reconstruction_pcc"] >= 0.60


def test_l1000_beats_chance(home: Home, model: Run) -> None:
    rank = execute_now(home, "rank", {"model": model.id})
    assert rank.manifest.metrics["residual_worst"] <= 1e-4
    sets = ("L1000", f"{rank.id}:490")
    found = execute_now(
        home, "compare", {"dataset": model.manifest.parents["dataset"], "sets": sets}
    ).manifest.metrics
    assert found["sets"]["L1000"]["pcc"] >= 0.68
    assert found["sets"]["L1000"]["percentile"] == 100


def test_the_bottleneck_keeps_lung_subtypes(home: Home, model: Run) -> None:
    found = execute_now(home, "cluster", {"model": model.id}).manifest.metrics
    assert found["groups"] == ["LUAD", "LUSC", "SCLC"]
    assert found["adjusted_rand"] >= 0.55
    assert found["silhouette"] > found["silhouette_pca"]
