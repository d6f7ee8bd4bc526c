"""Repeated choices: what they share, beside what random sets share."""

import numpy as np
import pandas as pd
import pytest

from landmark.genesets.stability import Repeated, every_pair, times_chosen


@pytest.fixture
def values():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 30))
    X[:, 20] = X[:, 3] + 0.05 * rng.normal(size=40)
    return X


def test_counts_the_same_the_exchangeable_and_the_different(values):
    choices = {"one": np.array([1, 2, 3, 4]), "other": np.array([1, 2, 20, 9])}
    pairs, exchanges = Repeated(values, choices, np.arange(30)).pairs([("halves", "one", "other")])
    [pair] = pairs.itertuples()
    assert (pair.size, pair.shared, pair.exchangeable, pair.different) == (4, 2, 1, 1)
    assert pair.by_chance == pytest.approx(4 * 4 / 30)
    assert exchanges[["gene", "partner"]].to_numpy().tolist() == [[3, 20]]


def test_random_sets_share_what_chance_says(values):
    repeated = Repeated(values, {"one": np.arange(10)}, np.arange(25))
    random = repeated.random(400, seed=3)
    assert set(random["kind"]) == {"random"}
    assert random["shared"].mean() == pytest.approx(10 * 10 / 25, abs=0.2)
    assert (random["shared"] > random["by_chance_high"]).mean() <= 0.025
    assert (random[["shared", "exchangeable", "different"]].sum(axis=1) == 10).all()
    again = repeated.random(400, seed=3)
    pd.testing.assert_frame_equal(random, again)


def test_genes_by_how_often_they_were_chosen_and_what_replaced_them():
    choices = {"own": ["A", "B", "C"], "seed 1": ["A", "C", "D"], "half 1a": ["B", "A", "E"]}
    exchanges = pd.DataFrame(
        [("own", "seed 1", "B", "D", 0.9), ("own", "half 1a", "C", "E", -0.85), ("x", "y", "B", "D", 0.9)],
        columns=["first", "second", "gene", "partner", "correlation"],
    )
    table = times_chosen(choices, exchanges, {"seeds": ["own", "seed 1"], "halves": ["half 1a"]})
    assert list(table["gene"]) == ["A", "B", "C", "D", "E"]
    assert list(table["times"]) == [3, 2, 2, 1, 1]
    assert list(table["times_seeds"]) == [2, 1, 2, 1, 0]
    assert list(table["times_halves"]) == [1, 1, 0, 0, 1]
    assert table["mean_place"].iloc[0] == pytest.approx(4 / 3)
    assert list(table["partner"]) == ["", "D", "E", "B", "C"]
    assert list(table["correlation"].iloc[1:]) == [0.9, -0.85, 0.9, -0.85]


def test_every_two():
    assert every_pair("seeds", ["a", "b", "c"]) == [
        ("seeds", "a", "b"),
        ("seeds", "a", "c"),
        ("seeds", "b", "c"),
    ]
    assert every_pair("seeds", ["a"]) == []
