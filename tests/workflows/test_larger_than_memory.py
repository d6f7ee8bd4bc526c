"""Analyses of a dataset of which only some samples are in memory at any time come to the same results."""

import numpy as np
import pytest

from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.training.data import StoredMatrix
from landmark.workflows.execute import execute_now
from tests.analyses.summaries import differences, summary
from tests.real_runs import RealRuns

PORTION = 7

LIKE = {
    "compare": 1e-5,
    "size": 1e-5,
    "fit": 1e-5,
    "profiles": 1e-5,
    "cluster": 1e-3,
    "infer": 1e-3,
    "select": 1e-3,
}
"""How near results are: nearer where no network is trained."""


@pytest.fixture
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have no dataset loaded; the numbers of samples that are read from the disk at once."""
    numbers: list[int] = []
    read = StoredMatrix.read

    def counted(matrix: StoredMatrix, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        numbers.append(len(rows))
        return read(matrix, rows)

    def refused(dataset: Dataset) -> None:
        raise AssertionError(f"{dataset.id} is loaded")

    monkeypatch.setattr("landmark.workflows.samples.LOADED_BYTES", 0)
    monkeypatch.setattr("landmark.training.data.PORTION", PORTION)
    monkeypatch.setattr(StoredMatrix, "read", counted)
    monkeypatch.setattr(Dataset, "load", refused)
    return numbers


@pytest.mark.parametrize("kind", LIKE)
def test_results_are_those_of_a_dataset_in_memory(
    runs: dict[str, Run], real: RealRuns, read_at_once: list[int], kind: str
) -> None:
    loaded = runs[kind]
    for imported in ("import", "import other"):
        real.dataset(imported)
    for role in {"train", "fit"} & loaded.manifest.parents.keys():
        real(loaded.manifest.parents[role])
    streamed = execute_now(real.home, kind, loaded.manifest.configuration)
    assert differences(summary(loaded), summary(streamed), LIKE[kind]) == []
    assert read_at_once
    assert max(read_at_once) <= PORTION


def test_a_choice_by_left_out_samples_is_the_same(
    real: RealRuns, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    asked, most = {"dataset": real.dataset().id, "size": 6}, 20
    monkeypatch.setattr("landmark.genesets.selection.MOST_SAMPLES", most)
    loaded = execute_now(real.home, "select", asked)
    read_at_once = request.getfixturevalue("read_at_once")
    streamed = execute_now(real.home, "select", asked)
    assert differences(summary(loaded), summary(streamed), 1e-3) == []
    assert max(read_at_once) <= most
