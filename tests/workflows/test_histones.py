import json

import numpy as np
import pytest

from landmark.epigenome.histones import store as histones
from landmark.epigenome.histones.config import HistonesConfiguration
from landmark.epigenome.profiles import BINS, MARKS
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now


@pytest.fixture(scope="module")
def simulated(home):
    return execute_now(home, "histones", {"example": "simulated", "cell_types": 2, "genes": 90})


def test_the_example(simulated):
    found = simulated.manifest
    assert found.metrics["cell_types"] == 2
    assert found.metrics["genes"] == 90
    assert found.metrics["expressed"] == 0.5
    assert found.split == {"train": 60, "validation": 60, "test": 60}
    assert {rule["mark"] for rule in json.loads(found.metrics["rules"])} == set(MARKS)
    assert histones.cell_types(simulated) == ["simulated 1", "simulated 2"]


def test_profiles_are_mapped_and_means_agree(simulated):
    reads = histones.profiles(simulated, "simulated 2")
    assert reads.shape == (90, BINS, len(MARKS))
    assert reads.dtype == np.float32
    assert isinstance(reads, np.memmap)
    genes = histones.genes(simulated, "simulated 2")
    means = simulated.table("means").set_index(["cell_type", "label", "mark", "bin"])["mean"]
    expected = reads[(genes["label"] == 1).to_numpy(), 11, 3].mean()
    assert means["simulated 2", 1, MARKS[3], 12] == pytest.approx(expected, rel=1e-5)


def test_what_is_not_there(simulated, home):
    with pytest.raises(BadData, match="no cell type 'E003'"):
        histones.profiles(simulated, "E003")
    broken = execute_now(home, "histones", {"example": "simulated", "cell_types": 1, "genes": 30})
    (broken.folder / "profiles" / "0.npy").write_bytes(b"nothing")
    with pytest.raises(BadRun, match="damaged"):
        histones.profiles(broken, "simulated 1")
    RunStore(home).delete(broken.id)


def test_the_toy_files(shared, home):
    run = execute_now(home, "histones", {"path": str(shared / "data" / "deepchrome_toy_test.csv")})
    assert run.manifest.split == {"train": 10, "validation": 10, "test": 9}
    assert run.manifest.metrics["rules"] == ""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "give either"),
        ({"path": "x", "example": "simulated"}, "give either"),
        ({"example": "simulated", "validation": 0.5, "test": 0.5}, "no genes to train on"),
        ({"example": "other"}, "example"),
    ],
)
def test_contradictory_answers(values, said):
    with pytest.raises(BadConfiguration, match=said):
        HistonesConfiguration.parse(values)
