"""The training as a run: what it keeps, that streaming changes nothing, and what is refused before it starts."""

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.train import run as train_run
from landmark.analyses.train.run import PREDICTIONS
from landmark.errors import BadConfiguration
from landmark.models import size
from landmark.models.settings import AutoencoderConfiguration
from landmark.store import machine, predictions
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now
from landmark.workflows.resource_check import check_resources, task_of

TINY = {"epochs": 2, "hidden": 8, "bottleneck": 3, "batch_size": 16}


@pytest.fixture(scope="module")
def said():
    """What the training below reports."""
    return []


@pytest.fixture(scope="module")
def trained(home, dataset, said):
    return execute_now(home, "train", {"dataset": dataset.id, "network": TINY}, said.append)


def test_predictions_of_held_out_samples_are_kept_in_the_unit_of_the_data(dataset, trained):
    matrix, quality = dataset.load(), trained.table("reconstruction").set_index("gene")
    for gene in matrix.var_names[[0, -1]]:
        found = predictions.gene(trained, PREDICTIONS, gene)
        assert list(found["sample"]) == list(matrix.obs_names[matrix.obs["split"] == "test"])
        np.testing.assert_array_equal(found["measured"], matrix[found["sample"], gene].X[:, 0])
        error = (found["measured"] - found["predicted"]).abs().mean()
        assert error == pytest.approx(quality.loc[gene, "mae_unscaled"], rel=1e-4)
        assert found["measured"].corr(found["predicted"]) == pytest.approx(quality.loc[gene, "pcc"], abs=1e-4)


def test_a_dataset_too_large_for_memory_gives_the_same(home, dataset, trained, monkeypatch):
    monkeypatch.setattr(size, "IN_MEMORY_SHARE", 0)
    streamed = execute_now(home, "train", {"dataset": dataset.id, "network": TINY})
    pd.testing.assert_frame_equal(streamed.table("reconstruction"), trained.table("reconstruction"))
    for name in ("train_loss", "validation_loss"):
        assert streamed.table("history")[name].tolist() == trained.table("history")[name].tolist()


def test_many_samples_from_the_disk_are_drawn_and_counted(home, dataset, monkeypatch):
    monkeypatch.setattr(size, "IN_MEMORY_SHARE", 0)
    monkeypatch.setattr(train_run, "MOST_MEASURED", 9)
    run = execute_now(home, "train", {"dataset": dataset.id, "network": TINY})
    found = run.manifest.metrics
    assert (found["measured_samples"], found["pca_samples"]) == (9, 9)
    assert run.manifest.split == {"train": 48, "test": 12}
    assert len(predictions.gene(run, PREDICTIONS, dataset.load().var_names[3])) == 9


def test_the_speed_of_a_training_is_the_median_of_its_epochs(said, trained):
    told = [progress.values for progress in said if progress.values]
    assert all(values["samples_per_second"] > 0 for values in told)
    epochs = [values["samples_per_second"] for values in told if "validation_loss" in values]
    assert trained.manifest.metrics["samples_per_second"] == pytest.approx(sum(epochs) / 2)


@pytest.mark.parametrize(
    ("change", "has", "sentence"),
    [
        ({"batch_size": 64}, {}, r"batch_size = 64: there are only 48 training samples"),
        ({"bottleneck": 50}, {}, r"bottleneck = 50: the data have only 40 genes"),
        ({"hidden": 20_000}, {"memory": 10**7}, r"hidden = 20000: training would need .* beside the data"),
        ({}, {"memory": 10**8}, r"hidden = 8: training would need 1.0 GB of memory in all"),
        ({"hidden": 20_000}, {"disk": 10**7}, r"hidden = 20000: checkpoints.* has 0.0 GB free"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_starts(home, dataset, monkeypatch, change, has, sentence):
    if "memory" in has:
        monkeypatch.setattr(machine, "memory", lambda: machine.Memory(has["memory"], has["memory"]))
    if "disk" in has:
        monkeypatch.setattr(machine, "disk_free", lambda folder: has["disk"])
    before = len(RunStore(home).all())
    with pytest.raises(BadConfiguration, match=sentence):
        execute_now(home, "train", {"dataset": dataset.id, "network": TINY | change})
    assert len(RunStore(home).all()) == before


def test_several_trainings_need_more_disk(home, dataset, monkeypatch):
    task = task_of(dataset.manifest, AutoencoderConfiguration(**TINY))
    needed = check_resources(home, task, runs=2).disk
    monkeypatch.setattr(machine, "disk_free", lambda folder: needed)
    check_resources(home, task, runs=2)
    with pytest.raises(BadConfiguration, match="delete runs that are not needed"):
        check_resources(home, task, runs=3)


def test_the_memory_of_an_accelerator_counts_where_it_trains(home, dataset):
    task = task_of(dataset.manifest, AutoencoderConfiguration(**TINY | {"hidden": 20_000}))
    assert check_resources(home, task, device_memory=10**9).memory.device > 0
    with pytest.raises(BadConfiguration, match=r"hidden = 20000: training would need .* beside the data"):
        check_resources(home, task, device_memory=10**7)
