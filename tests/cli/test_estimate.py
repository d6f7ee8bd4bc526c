"""What a training needs, asked on the command line."""

import json

import pytest

from landmark.store import machine


@pytest.fixture
def dataset(landmark, small, tmp_path):
    return landmark("import", small.write_csv(tmp_path / "small.csv")).out.splitlines()[0]


def test_memory_and_disk_are_said_as_json(landmark, dataset):
    words = ("estimate", "--dataset", dataset, "--with", "hidden=8", "--with", "bottleneck=3", "--json")
    first = json.loads(landmark(*words).out)
    assert 0 < first["memory"] < first["memory_total"]
    assert 0 < first["disk"] < first["disk_free"]
    assert (first["loaded"], first["device_memory"], first["device_memory_total"]) == (True, 0, 0)
    assert first["device"].startswith("CPU")
    assert json.loads(landmark(*words, "--seeds", 3).out)["disk"] > first["disk"]


def test_a_person_reads_sentences(landmark, dataset):
    answer = landmark("estimate", "--with", "bottleneck=5")
    assert "1 x 100 epochs on CPU" in answer.out
    assert "available now" in answer.out
    assert "disk: 0.00 GB of" in answer.out


def test_an_accelerator_has_a_memory_of_its_own(landmark, dataset, monkeypatch):
    monkeypatch.setattr("landmark.training.mesh.accelerator_memory", lambda: 16 * 10**9)
    assert "memory of the device: 0.00 GB of 16.00 GB" in landmark("estimate", "--with", "bottleneck=5").out


def test_what_does_not_fit_ends_with_two(landmark, dataset, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(10**8, 10**8))
    answer = landmark("estimate", "--with", "bottleneck=5")
    assert answer.code == 2
    assert "training would need 1.0 GB of memory in all" in answer.err


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("batch_size=64", "batch_size = 64: there are only 48 training samples; choose at most 48"),
        ("learning_rate=-1", "learning_rate = '-1'"),
        ("hidden=0", "hidden = '0'"),
    ],
)
def test_what_cannot_work_is_refused_at_once(landmark, dataset, change, sentence):
    answer = landmark("estimate", "--with", "bottleneck=5", "--with", change)
    assert answer.code == 2
    assert sentence in answer.err
