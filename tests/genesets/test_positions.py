"""Agreement of rankings, and the place of a list in one."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from landmark.errors import BadData
from landmark.genesets.stability import agreement, positions

RANKING = pd.DataFrame(
    {"gene": ["KRAS", "TP53", "EGFR", "MYC"], "score": [4.0, 3.0, 2.0, 1.0], "rank": [1, 2, 3, 4]}
)


def other(order: list[int]) -> pd.DataFrame:
    return RANKING.iloc[order].assign(rank=[1, 2, 3, 4])


@given(st.permutations(range(4)), st.integers(1, 4))
def test_agreement_is_spearmans_and_that_of_sets(order: list[int], size: int) -> None:
    correlation, overlap = agreement(RANKING, other(order), size)
    ranks = other(order).set_index("gene")["rank"][RANKING["gene"]]
    assert correlation == pytest.approx(spearmanr(RANKING["rank"], ranks).statistic)
    assert overlap == len(set(order[:size]) & set(range(size))) / size


def test_the_order_of_rows_does_not_matter() -> None:
    assert agreement(RANKING, RANKING.iloc[::-1], 2) == (pytest.approx(1), 1)


def test_rankings_of_other_genes_are_refused() -> None:
    with pytest.raises(BadData, match="same genes"):
        agreement(RANKING, RANKING.iloc[:3], 2)
    assert np.isnan(agreement(RANKING.iloc[:1], RANKING.iloc[:1], 1)[0])


def test_a_list_has_its_places() -> None:
    found = positions(RANKING, ["MYC", "TP53"], 2)
    assert found.to_numpy().tolist() == [[2, "TP53", 3.0, True], [4, "MYC", 1.0, False]]
    assert positions(RANKING, [], 2).empty
