"""The training as a run: what it keeps, that streaming changes nothing, and what is refused before it starts."""

import numpy as np
import pandas as pd
import pytest

from landmark.analyses.train import held_out
from landmark.analyses.train.run import PREDICTIONS
from landmark.errors import BadConfiguration
from landmark.models import cost
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Progress
from landmark.store import calibration, machine, predictions
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now
from landmark.workflows.room import check_room, room, seconds, task_of
from landmark.workflows.speed import Speed

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
    monkeypatch.setattr(cost, "IN_MEMORY_SHARE", 0)
    streamed = execute_now(home, "train", {"dataset": dataset.id, "network": TINY})
    pd.testing.assert_frame_equal(streamed.table("reconstruction"), trained.table("reconstruction"))
    for name in ("train_loss", "validation_loss"):
        assert streamed.table("history")[name].tolist() == trained.table("history")[name].tolist()


def test_many_samples_from_the_disk_are_drawn_and_counted(home, dataset, monkeypatch):
    monkeypatch.setattr(cost, "IN_MEMORY_SHARE", 0)
    monkeypatch.setattr(held_out, "MOST_MEASURED", 9)
    run = execute_now(home, "train", {"dataset": dataset.id, "network": TINY})
    found = run.manifest.metrics
    assert (found["measured_samples"], found["pca_samples"]) == (9, 9)
    assert run.manifest.split == {"train": 48, "test": 12}
    assert len(predictions.gene(run, PREDICTIONS, dataset.load().var_names[3])) == 9


def test_speed_is_told_beside_what_the_machine_can_do(said, trained):
    told = [progress.values for progress in said if progress.values]
    assert all(values["samples_per_second"] > 0 for values in told)
    assert all(values["share_of_matrix_rate"] > 0 for values in told)
    assert trained.manifest.metrics["share_of_matrix_rate"] > 0


def test_the_share_is_arithmetic_over_the_rate():
    said = []
    speed = Speed(said.append, flop_per_sample=200, matrix_rate=1000.0)
    speed(Progress("Reading"))
    speed(Progress("Training", 0.5, 2, "epoch", {"samples_per_second": 9.0}))
    for number, rate in enumerate((2.0, 4.0, 3.0), start=1):
        speed(Progress("Training", number, 3, "epoch", {"samples_per_second": rate, "validation_loss": 0.5}))
    assert said[0] == Progress("Reading")
    assert said[1].values["share_of_matrix_rate"] == pytest.approx(1.8)
    assert speed.metrics() == {"samples_per_second": 3.0, "share_of_matrix_rate": pytest.approx(0.6)}
    assert Speed(said.append, 200, None).metrics() == {}


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
    needed = room(home, task, runs=2).disk
    monkeypatch.setattr(machine, "disk_free", lambda folder: needed)
    check_room(home, task, runs=2)
    with pytest.raises(BadConfiguration, match="delete runs that are not needed"):
        check_room(home, task, runs=3)


def test_time_is_known_from_a_training_and_never_guessed(home, dataset, trained):
    task = task_of(dataset.manifest, AutoencoderConfiguration(**TINY))
    known = calibration.read(home)
    assert known.step_seconds[task.step] <= 16 / trained.manifest.metrics["samples_per_second"] * 1.001
    assert seconds(known, task, loaded=True) > cost.OVERHEAD_SECONDS
    other = task_of(dataset.manifest, AutoencoderConfiguration(**TINY | {"hidden": 9}))
    assert seconds(known, other, loaded=True) is None
    assert seconds(None, task, loaded=True) is None
