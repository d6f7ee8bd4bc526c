"""What small data change, and what is said of it."""

import pytest

from landmark.models.settings import AutoencoderConfiguration
from landmark.store.datasets import DatasetManifest
from landmark.workflows.notes import made_smaller, no_significance, paper_changes, training_notes


@pytest.mark.parametrize(
    ("samples", "genes", "said"),
    [
        (1, 500, "from 1 held-out sample: at least 5"),
        (4, 500, "from 4 held-out samples: at least 5"),
        (4, 5, "from 4 held-out samples: at least 5"),
        (5, 99, "among 99: at least 100"),
    ],
)
def test_what_forbids_significance_is_named(samples, genes, said):
    assert f"No gene can be called significant {said} are needed" in no_significance(samples, genes)


def test_where_genes_can_be_significant_nothing_is_said():
    assert no_significance(5, 100) == ""


def _dataset(train: int, test: int, genes: int) -> DatasetManifest:
    return DatasetManifest(
        id="0" * 12,
        title="Few samples",
        source="made for a test",
        unit="log2 expression",
        identifier="symbol",
        samples=train + test,
        genes=genes,
        split={"train": train, "test": test},
        labels={},
        imported="2026-01-01T00:00:00+00:00",
    )


def test_the_network_of_small_data_is_smaller_and_this_is_said():
    few = _dataset(8, 2, 200)
    changed = paper_changes(few)
    assert changed["batch_size"] <= 8
    said = made_smaller(few, changed)
    assert said.startswith("This dataset is small, 8 training samples of 200 genes")
    assert f"batch size {changed['batch_size']} instead of" in said
    assert paper_changes(_dataset(800, 200, 20_000)) == {}


def test_a_training_on_few_samples_says_what_it_must_not_be_taken_for():
    notes = training_notes(_dataset(30, 4, 20_000), AutoencoderConfiguration(bottleneck=50))
    assert any("learn every sample by heart" in note for note in notes)
    assert any("from 4 held-out samples" in note for note in notes)
    assert training_notes(_dataset(800, 200, 20_000), AutoencoderConfiguration()) == ()
