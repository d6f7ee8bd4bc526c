"""Spread over seeds, set against NumPy, SciPy and sets counted by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from landmark.errors import BadData
from landmark.metrics.replicates import gene_stability, pairwise_overlaps, spread


def ranking(order: str) -> pd.DataFrame:
    """Rank genes of one letter, the first as the most important."""
    return pd.DataFrame(
        {
            "gene": list(order),
            "score": np.linspace(1, 0, len(order)) ** 2,
            "rank": range(1, len(order) + 1),
        }
    )


def test_each_figure_is_summarised_as_numpy_does():
    r = np.random.default_rng(0)
    values = pd.DataFrame({"seed": [0, 0, 1, 1, 2, 2], "figure": ["b", "a"] * 3, "value": r.normal(size=6)})
    table = spread(values)
    assert list(table["figure"]) == ["b", "a"]
    for row in table.itertuples():
        chosen = values.loc[values["figure"] == row.figure, "value"].to_numpy()
        assert row.mean == pytest.approx(np.mean(chosen))
        assert row.standard_deviation == pytest.approx(np.std(chosen, ddof=1))
        assert (row.minimum, row.maximum) == (chosen.min(), chosen.max())


def test_overlaps_are_counted_for_every_pair():
    rankings = {3: ranking("abcdef"), 4: ranking("bafedc"), 7: ranking("fedcba")}
    table = pairwise_overlaps(rankings, 2).set_index(["first_seed", "second_seed"])
    assert list(table.index) == [(3, 4), (3, 7), (4, 7)]
    assert list(table["overlap"]) == [1.0, 0.0, 0.0]
    expected = stats.spearmanr([1, 2, 3, 4, 5, 6], [2, 1, 6, 5, 4, 3]).statistic
    assert table.loc[(3, 4), "rank_correlation"] == pytest.approx(expected)
    assert table.loc[(3, 7), "rank_correlation"] == pytest.approx(-1)


def test_a_gene_is_counted_in_every_set_that_holds_it():
    table = gene_stability({0: ranking("abcd"), 1: ranking("acbd"), 2: ranking("cabd")}, 2)
    assert list(table["gene"]) == ["a", "c", "b", "d"]
    assert list(table["times"]) == [3, 2, 1, 0]
    assert list(table["mean_rank"]) == pytest.approx([4 / 3, 2, 8 / 3, 4])
    assert (table.loc[1, "best_rank"], table.loc[1, "worst_rank"]) == (1, 3)


def test_rankings_of_other_genes_are_refused():
    with pytest.raises(BadData, match="not of the same genes"):
        pairwise_overlaps({0: ranking("abc"), 1: ranking("abd")}, 2)
