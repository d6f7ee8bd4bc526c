"""Samples in two datasets are found by name and by values, and strangers are not taken for them."""

import numpy as np
import pytest

from landmark.data.shared_samples import shared_samples

GENES = 200


def _profiles(samples: int, seed: int) -> np.ndarray:
    """Two tissues, modules of genes and noise of each sample's own, with a level of every gene."""
    rng, common = np.random.default_rng(seed), np.random.default_rng(99)
    level, loadings = common.normal(8, 2, GENES), common.normal(size=(6, GENES))
    return level + rng.normal(size=(samples, 6)) @ loadings + rng.normal(size=(samples, GENES))


def _named(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(count)]


FIRST = _profiles(60, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda X: X,
        lambda X: np.round(X, 2),
        lambda X: 2**X,
        lambda X: (X - X.mean(1, keepdims=True)) / X.std(1, keepdims=True),
        lambda X: (X - X.mean(0)) / X.std(0),
        lambda X: X / X.max(),
    ],
    ids=["as they are", "rounded", "not logged", "scaled by sample", "scaled by gene", "in another unit"],
)
def test_renamed_samples_are_known_by_their_values(change) -> None:
    kept = np.random.default_rng(3).permutation(60)[:25]
    other = change(np.concatenate([FIRST[kept], _profiles(20, 5)]))
    found = shared_samples(FIRST, other, _named("line-a", 60), _named("tube-b", 45))
    assert found.by_name == 0
    assert found.place[:25].tolist() == kept.tolist()
    assert (found.place[25:] == -1).all()


def test_strangers_are_no_relatives_even_where_both_are_numbered() -> None:
    found = shared_samples(FIRST, _profiles(40, 7), _named("sample", 60), _named("Sample_", 40))
    assert found.count == 0


@pytest.mark.parametrize(
    "names", [("TCGA-05-4244", "tcga.05.4244"), ("GSM11807", "gsm11807"), ("A549", "A-549")]
)
def test_names_tell_a_sample_that_was_measured_twice(names: tuple[str, str]) -> None:
    found = shared_samples(FIRST[:2], _profiles(2, 8), [names[0], "another-line"], [names[1], "a-third-line"])
    assert found.by_name == 1
    assert found.place.tolist() == [0, -1]


def test_a_single_sample_is_known_too() -> None:
    assert shared_samples(FIRST, FIRST[7:8], _named("a", 60), ["b"]).place.tolist() == [7]
    assert shared_samples(FIRST, _profiles(1, 9), _named("a", 60), ["b"]).count == 0


def test_a_sample_deposited_twice_is_found_once_more() -> None:
    twice = np.concatenate([FIRST, FIRST[:1]])
    assert shared_samples(twice, FIRST[:1], _named("a", 61), ["b"]).place[0] in (0, 60)
