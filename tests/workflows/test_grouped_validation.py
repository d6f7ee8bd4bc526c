"""Samples that belong together stay together wherever a setting is judged: penalties, halves, folds."""

import anndata
import numpy as np
import pandas as pd
import pytest

import landmark
from landmark.data.split import rows
from landmark.genesets.selection import Panel
from landmark.store.datasets import DatasetStore
from landmark.workflows import strategies
from landmark.workflows.execute import execute_now
from landmark.workflows.samples import halves
from tests.small import symbols, values

SAMPLES, PATIENTS = 60, 15


@pytest.fixture(scope="module")
def patients(home, tmp_path_factory) -> str:
    """A dataset whose split keeps patients together; samples of a patient have almost the same values."""
    folder = tmp_path_factory.mktemp("patients")
    rng = np.random.default_rng(2)
    X = values(PATIENTS, 24).repeat(SAMPLES // PATIENTS, axis=0) + 0.01 * rng.normal(size=(SAMPLES, 24))
    names = [f"p{place}" for place in np.arange(PATIENTS).repeat(SAMPLES // PATIENTS)]
    matrix = anndata.AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"patient": names}, index=[f"s{place}" for place in range(SAMPLES)]),
        var=pd.DataFrame(index=symbols(24)),
    )
    matrix.write_h5ad(folder / "m.h5ad")
    home.root.mkdir(exist_ok=True)
    run = execute_now(home, "import", {"path": str(folder / "m.h5ad"), "split_by": "patient"})
    return run.manifest.parents["dataset"]


def patients_of(home, dataset) -> tuple[np.ndarray, np.ndarray]:
    """Training samples and the patient of each."""
    matrix = DatasetStore(home).get(dataset).load()
    train = rows(matrix, "train")
    return matrix.X[train], matrix.obs["patient"].to_numpy().astype(str)[train]


def test_the_penalty_of_a_choice_is_judged_on_other_patients(monkeypatch):
    X = values(SAMPLES, 12).astype(np.float32)
    groups = np.arange(SAMPLES) // 4
    X[:, 0] = groups
    judged = []

    def error(fitted, held, order, validation):
        judged.append((fitted, held, validation))
        return 0.0

    monkeypatch.setattr(strategies, "_whole_genome_error", error)
    strategies.best_penalty(X, X, Panel(3), seed=1, groups=groups)
    for fitted, held, validation in judged:
        assert len(held) == 12
        assert not set(fitted[:, 0]) & set(held[:, 0])
        assert not set(fitted[validation, 0]) & set(fitted[~validation, 0])
        assert validation.sum() == 4
    assert len(judged) == len(strategies.PENALTIES)


@pytest.mark.parametrize("kind", ["select", "stability", "tournament"])
def test_every_choice_is_told_which_samples_belong_together(home, patients, monkeypatch, kind):
    seen = []
    real = strategies.best_penalty

    def spy(X, response, panel, seed, report, *, groups=None):
        seen.append((X, groups))
        return real(X, response, panel, seed, report, groups=groups)

    wanted = {"dataset": patients, "strategy": "measured", "size": 3}
    if kind == "stability":
        selection = execute_now(home, "select", wanted)
        monkeypatch.setattr(strategies, "best_penalty", spy)
        execute_now(home, "stability", {"select": selection.id, "seeds": 2, "halves": 1})
    else:
        monkeypatch.setattr(strategies, "best_penalty", spy)
        folds = {
            "dataset": patients,
            "strategies": ["measured"],
            "predictors": ["ridge"],
            "folds": 2,
            "sizes": [3],
        }
        run = execute_now(home, kind, wanted if kind == "select" else folds)
        if kind == "tournament":
            assert run.manifest.metrics["groups"] == "patient"
    assert len(seen) == {"select": 2, "stability": 3, "tournament": 2}[kind]
    for X, groups in seen:
        # the samples of a patient have almost the same values
        apart = [np.ptp(X[groups == group], axis=0).max() for group in np.unique(groups)]
        assert max(apart) < 0.5 < np.ptp(X, axis=0).min()
        assert len(X) == 4 * len(apart)


def test_halves_and_folds_keep_patients_whole(home, patients):
    X, names = patients_of(home, patients)
    numbers, _ = pd.factorize(names)
    first, second = halves(len(X), numbers, np.random.default_rng(0))
    assert not set(names[first]) & set(names[second])
    assert sorted([*first, *second]) == list(range(len(X)))
    run = execute_now(
        home,
        "tournament",
        {"dataset": patients, "strategies": ["variable"], "balance": "patient", "folds": 2, "sizes": [3]},
    )
    assert "groups" not in run.manifest.metrics


def test_predictors_made_in_python_are_judged_on_other_patients(home, patients):
    path = DatasetStore(home).get(patients).folder / "data.h5ad"
    _, names = patients_of(home, patients)
    for dataset in (path, anndata.read_h5ad(path)):
        groups = landmark.fit(dataset, method="knn").training.split.groups
        assert len(groups.train) == len(names)
        assert len(set(zip(groups.train, names, strict=True))) == len(set(names))


def test_halves_of_single_samples_are_those_of_a_shuffle():
    first, second = halves(9, None, np.random.default_rng(4))
    shuffled = np.random.default_rng(4).permutation(9)
    assert [*first] == sorted(shuffled[:5])
    assert [*second] == sorted(shuffled[5:])
