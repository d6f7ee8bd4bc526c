"""Predictions of single genes come back as they were kept, without reading the rest."""

import numpy as np
import pytest

from landmark.errors import BadData, BadRun
from landmark.store import predictions
from landmark.store.request import now, write_request
from landmark.store.runs import Manifest, RunWriter

GENES = ["TP53", "EGFR", "MYC"]


@pytest.fixture
def kept(home):
    """Publish a run with predictions of the given arrays."""

    def publish(measured, predicted, seed=0):
        draft = RunWriter(home, write_request(home, "train", {}))
        samples = [f"s{number}" for number in range(len(measured))]
        predictions.save(draft, "predictions", measured, predicted, GENES, samples, seed)
        about = {"id": draft.request.id, "kind": "train", "parents": {}, "configuration": {}}
        return draft.publish(Manifest(**about, started=now(), seconds=0.1, files=draft.files()))

    return publish


def values(samples, seed=1):
    return np.random.default_rng(seed).normal(size=(2, samples, len(GENES))).astype(np.float32)


def test_a_gene_comes_back_bit_for_bit_in_the_order_of_the_samples(kept):
    measured, predicted = values(7)
    run = kept(measured, predicted)
    for column, name in enumerate(GENES):
        table = predictions.gene(run, "predictions", name)
        assert list(table["sample"]) == [f"s{number}" for number in range(7)]
        np.testing.assert_array_equal(table["measured"], measured[:, column])
        np.testing.assert_array_equal(table["predicted"], predicted[:, column])


def test_more_genes_than_are_turned_together_keep_their_places(kept, monkeypatch):
    monkeypatch.setattr(predictions, "TOGETHER", 2)
    measured, predicted = values(4)
    np.testing.assert_array_equal(
        predictions.gene(kept(measured, predicted), "predictions", "MYC")["predicted"], predicted[:, 2]
    )


def test_many_samples_are_thinned_by_the_seed_and_stay_paired(kept, monkeypatch):
    monkeypatch.setattr(predictions, "MOST_SAMPLES", 20)
    measured, predicted = values(50)
    table = predictions.gene(kept(measured, predicted, seed=4), "predictions", "EGFR")
    assert len(table) == 20
    places = table["sample"].str.removeprefix("s").astype(int)
    assert places.is_monotonic_increasing
    np.testing.assert_array_equal(table["measured"], measured[places, 1])
    np.testing.assert_array_equal(table["predicted"], predicted[places, 1])
    again = predictions.gene(kept(measured, predicted, seed=4), "predictions", "EGFR")
    assert list(again["sample"]) == list(table["sample"])


def test_what_is_not_there_is_said_in_a_sentence(kept, publish):
    run = kept(*values(5))
    with pytest.raises(BadData, match="BRCA1 is not among the 3 genes"):
        predictions.gene(run, "predictions", "BRCA1")
    older = publish("train")
    assert predictions.has(run, "predictions")
    assert not predictions.has(older, "predictions")
    with pytest.raises(BadRun, match="did not keep predictions of single genes"):
        predictions.gene(older, "predictions", "TP53")


@pytest.mark.parametrize("length", [0, 60, 150])
def test_damaged_predictions_are_said_to_be_damaged(kept, length):
    run = kept(*values(5))
    path = run.folder / "predictions.npy"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BadRun, match="is damaged"):
        predictions.gene(run, "predictions", "TP53")


def test_names_that_do_not_fit_the_values_are_refused(home):
    draft = RunWriter(home, write_request(home, "train", {}))
    measured, predicted = values(5)
    with pytest.raises(BadData, match="must both be 4 samples by 3 genes"):
        predictions.save(draft, "predictions", measured, predicted, GENES, ["a", "b", "c", "d"])
    with pytest.raises(BadData, match="name a gene twice"):
        predictions.save(draft, "predictions", measured, predicted, ["A", "A", "B"], list("abcde"))
