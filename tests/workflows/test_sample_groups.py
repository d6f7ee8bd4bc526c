"""Groups of training samples by which contributions are told apart."""

import numpy as np
import pandas as pd
import pytest

from landmark.errors import BadData
from landmark.workflows.sample_groups import MOST_VALUES, group_table, largest_groups

OBS = pd.DataFrame({"tissue": ["lung"] * 5 + ["skin "] * 7 + ["rare"] * 2 + [None]})


def test_the_largest_groups_come_first_and_small_ones_are_left_out():
    found = largest_groups(OBS, 1000)
    assert found.label == "tissue"
    assert found.sizes == {"skin": 7, "lung": 5}
    assert found.numbers.tolist() == [1] * 5 + [0] * 7 + [-1] * 3


def test_memory_limits_the_groups():
    many = pd.DataFrame({"tissue": np.repeat([f"tissue {i}" for i in range(30)], 6)})
    assert len(largest_groups(many, 1000).sizes) == 20
    assert len(largest_groups(many, MOST_VALUES // 3).sizes) == 3
    with pytest.raises(BadData, match="too much memory"):
        largest_groups(many, MOST_VALUES)


@pytest.mark.parametrize(
    "obs", [pd.DataFrame(index=range(9)), pd.DataFrame({"tissue": ["lung"] * 9}), OBS.iloc[:8]]
)
def test_without_two_groups_there_is_nothing_to_tell_apart(obs):
    with pytest.raises(BadData, match="No annotation divides"):
        largest_groups(obs, 10)


def test_scores_by_hand():
    by_group = np.array([[[1, -3], [0, 0]], [[-2, 2], [4, 0]]], np.float32)
    table = group_table(by_group, ["lung", "skin"], ["TP53", "MYC"])
    assert table.astype({"gene": str, "group": str}).to_numpy().tolist() == [
        ["TP53", "lung", 2.0],
        ["MYC", "lung", 0.0],
        ["TP53", "skin", 2.0],
        ["MYC", "skin", 2.0],
    ]
