"""What a training will cost, asked on the command line."""

import json

import pytest

from landmark.models import estimate
from landmark.models.cost import Task
from landmark.store import calibration
from landmark.store.calibration import Calibration
from landmark.store.workspace import Workspace
from landmark.workflows.device import device_here


@pytest.fixture
def dataset(landmark, small, tmp_path):
    return landmark("import", small.write_csv(tmp_path / "small.csv")).out.splitlines()[0]


def test_it_measures_once_and_then_answers_by_arithmetic(landmark, dataset, monkeypatch):
    monkeypatch.setattr(estimate, "PROCESSOR_SIDE", 256)
    words = ("estimate", "--dataset", dataset, "--with", "hidden=8", "--with", "bottleneck=3", "--json")
    first = json.loads(landmark(*words).out)
    assert first["seconds"] > 0
    assert 0 < first["memory"] < first["memory_total"]
    assert 0 < first["disk"] < first["disk_free"]
    monkeypatch.setattr(estimate, "step_seconds", None)  # a second measurement would fail
    twice = json.loads(landmark(*words, "--with", "epochs=200").out)
    assert twice["seconds"] > first["seconds"]
    assert twice["samples_per_second"] == first["samples_per_second"]
    three = json.loads(landmark(*words, "--seeds", 3).out)
    assert three["seconds"] == pytest.approx(3 * first["seconds"])


def test_a_person_reads_sentences(landmark, dataset, own_home, monkeypatch):
    asked = []
    known = Calibration(device=device_here(), matrix_rate=1e11, host_rate=1e11)

    def measured(home: Workspace, task: Task) -> Calibration:
        asked.append(task)
        return known.model_copy(update={"step_seconds": {task.step: 0.01}})

    monkeypatch.setattr("landmark.workflows.measuring.measured_step", measured)
    answer = landmark("estimate", "--with", "bottleneck=5")
    assert "for 1 x 100 epochs on" in answer.out
    assert "3,200 samples per second" in answer.out
    assert asked[0].network.bottleneck == 5
    assert calibration.read(Workspace(own_home)) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("batch_size=64", "batch_size = 64: there are only 48 training samples; choose at most 48"),
        ("learning_rate=-1", "learning_rate = '-1'"),
        ("hidden=0", "hidden = '0'"),
    ],
)
def test_what_cannot_work_is_refused_at_once(landmark, dataset, monkeypatch, change, sentence):
    monkeypatch.setattr("landmark.workflows.measuring.measured_step", None)
    answer = landmark("estimate", "--with", "bottleneck=5", "--with", change)
    assert answer.code == 2
    assert sentence in answer.err
