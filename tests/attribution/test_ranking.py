"""Scores, rankings and how far they agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from landmark.attribution.importance import Importance
from landmark.attribution.ranking import (
    contribution_table,
    overlap,
    rank_correlation,
    rank_genes,
    scores,
    split_half_stability,
)
from landmark.errors import BadConfiguration, BadData

GENES = ["TP53", "EGFR", "MYC", "KRAS"]


def make(mean_absolute, mean) -> Importance:
    return Importance(np.float32(mean_absolute), np.float32(mean), None, 10, 0.0, 0.0)


EXAMPLE = make([[4, 0], [1, 1], [0, 2], [3, 3]], [[-4, 0], [0, 1], [0, 0], [-3, 3]])


def test_scores_by_hand():
    np.testing.assert_array_equal(scores(EXAMPLE), [2, 1, 1, 3])
    np.testing.assert_array_equal(scores(EXAMPLE, "absolute_mean"), [2, 0.5, 0, 3])
    with pytest.raises(BadConfiguration, match="median"):
        scores(EXAMPLE, "median")


def test_genes_are_ranked_and_ties_keep_the_order_of_the_genes():
    table = rank_genes(scores(EXAMPLE), GENES)
    assert table.columns.tolist() == ["gene", "score", "rank"]
    assert table["gene"].tolist() == ["KRAS", "TP53", "EGFR", "MYC"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["score"].tolist() == [3, 2, 1, 1]


def test_scores_that_do_not_fit_are_refused():
    with pytest.raises(BadData, match="4 genes but scores of shape"):
        rank_genes(np.ones(3), GENES)
    with pytest.raises(BadData, match="gene EGFR is missing"):
        rank_genes(np.array([1, np.nan, 2, 3]), GENES)
    with pytest.raises(BadData, match="4 genes"):
        contribution_table(EXAMPLE, GENES[1:])
    with pytest.raises(BadData, match="same genes"):
        overlap(np.ones(3), np.ones(4), 1)
    with pytest.raises(BadConfiguration, match="size = 5"):
        overlap(np.ones(4), np.ones(4), 5)


def test_contributions_make_a_table():
    table = contribution_table(EXAMPLE, GENES)
    assert table.columns.tolist() == ["gene", "unit_0", "unit_1"]
    assert table["gene"].tolist() == GENES
    np.testing.assert_array_equal(table[["unit_0", "unit_1"]], EXAMPLE.mean_absolute)


def test_overlap_and_correlation_by_hand():
    first, second = np.array([4.0, 3, 2, 1]), np.array([1.0, 4, 3, 2])
    assert overlap(first, second, 1) == 0
    assert overlap(first, second, 2) == 0.5
    assert overlap(first, second, 4) == 1
    assert rank_correlation(first, second) == pytest.approx(stats.spearmanr(first, second).statistic)
    assert np.isnan(rank_correlation(first, np.ones(4)))


vectors = arrays.arrays(np.float64, st.integers(2, 30), elements=st.integers(-5, 5).map(float))


@given(vectors, st.data())
def test_a_ranking_agrees_with_itself_and_with_its_monotone_images(values, data):
    size = data.draw(st.integers(1, len(values)))
    assert overlap(values, values, size) == 1
    assert overlap(values, 3 * values + 1, size) == 1
    assert 0 <= overlap(values, -values, size) <= 1
    if np.ptp(values):
        assert rank_correlation(values, values**3) == pytest.approx(1)
        assert rank_correlation(values, -values) == pytest.approx(-1)


@given(vectors)
def test_a_ranking_holds_every_gene_once_in_falling_order(values):
    genes = [f"G{number}" for number in range(len(values))]
    table = rank_genes(values, genes)
    assert sorted(table["gene"]) == sorted(genes)
    assert (np.diff(table["score"]) <= 0).all()
    assert (table["rank"] == np.arange(1, len(values) + 1)).all()


def test_halves_that_agree_are_stable():
    assert split_half_stability(EXAMPLE, EXAMPLE, 2) == (1, pytest.approx(1))
    other = make(EXAMPLE.mean_absolute[::-1], EXAMPLE.mean[::-1])
    share, correlation = split_half_stability(EXAMPLE, other, 1, "absolute_mean")
    assert share == 0
    assert correlation < 1
