"""Samples that choose an epoch come out of the training samples; held-out samples have no say."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data.split import rows
from landmark.models.settings import AutoencoderConfiguration
from landmark.store.datasets import DatasetStore
from landmark.workflows.execute import execute_now
from landmark.workflows.samples import learning

NETWORK = {"epochs": 6, "hidden": 8, "bottleneck": 3, "batch_size": 16, "learning_rate": 0.02}
CHOOSING = [{"keep": "best"}, {"early_stopping": 2}, {"keep": "best", "early_stopping": 2}]


@pytest.fixture(scope="module")
def opposed(home, tmp_path_factory):
    """Two datasets of the same training samples; the held-out samples of the second are noise of another kind.

    A network that knows how to restore the first cannot restore the second: whoever lets held-out samples choose the
    epoch keeps different epochs.
    """
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 40)) + 0.2 * rng.normal(size=(60, 40))
    names = [f"s{number}" for number in range(60)]
    folder, made = tmp_path_factory.mktemp("opposed"), []
    for number, change in enumerate((1.0, -9.0)):
        matrix = anndata.AnnData(
            X.astype(np.float32),
            obs=pd.DataFrame({"patient": [f"p{place // 3}" for place in range(60)]}, index=names),
            var=pd.DataFrame(index=[f"GENE{gene}" for gene in range(40)]),
        )
        held = _held_out(home, matrix, folder / f"first{number}.h5ad") if not made else made[0][1]
        matrix.X[held] *= change
        path = folder / f"{number}.h5ad"
        matrix.write_h5ad(path)
        run = execute_now(home, "import", {"path": str(path), "split_by": "patient"})
        made.append((run.manifest.parents["dataset"], held))
    return [dataset for dataset, _ in made]


def _held_out(home, matrix, path):
    matrix.write_h5ad(path)
    run = execute_now(home, "import", {"path": str(path), "split_by": "patient"})
    return rows(DatasetStore(home).get(run.manifest.parents["dataset"]).load(), "test")


def train(home, dataset, **chosen):
    return execute_now(home, "train", {"dataset": dataset, "network": NETWORK | chosen})


@pytest.mark.parametrize("chosen", CHOOSING)
def test_held_out_samples_have_no_say_in_the_epoch(home, opposed, chosen):
    first, second = (train(home, dataset, **chosen) for dataset in opposed)
    losses = [run.table("history")["validation_loss"].tolist() for run in (first, second)]
    assert losses[0] == losses[1]
    # 48 training samples of 16 patients: a tenth of them in whole patients
    assert first.manifest.metrics["validation_samples"] == 3
    assert first.manifest.split == {"train": 45, "validation": 3, "test": 12}
    assert first.manifest.metrics["measured_samples"] == 12


def test_without_such_a_choice_nothing_is_set_aside(home, opposed):
    first, second = (train(home, dataset) for dataset in opposed)
    assert first.manifest.metrics["validation_samples"] == 0
    assert first.manifest.split == {"train": 48, "test": 12}
    assert (
        first.table("history")["validation_loss"].tolist()
        != second.table("history")["validation_loss"].tolist()
    )


@pytest.mark.parametrize("chosen", CHOOSING)
def test_samples_that_judge_are_training_samples_and_are_not_learned_from(chosen):
    train, test = np.arange(40.0)[:, None].astype("f"), -np.ones((5, 1), "f")
    learned, judging = learning(train, test, AutoencoderConfiguration(**chosen))
    found = [set(source.read(np.arange(source.samples))[0][:, 0]) for source in (learned, judging)]
    assert not found[0] & found[1]
    assert found[0] | found[1] == set(range(40))
    assert len(found[1]) == 4


def test_halves_are_not_judged_by_held_out_samples_either(home, opposed):
    chosen = []
    for dataset in opposed:
        model = train(home, dataset, keep="best")
        asked = {"dataset": dataset, "models": [model.id], "size": 5, "penalty": 2}
        selection = execute_now(home, "select", asked)
        repeated = execute_now(
            home, "stability", {"select": selection.id, "seeds": 2, "halves": 1, "epochs": 5}
        )
        chosen.append(repeated.table("genes").drop(columns=["given"]))
    pd.testing.assert_frame_equal(*chosen)
