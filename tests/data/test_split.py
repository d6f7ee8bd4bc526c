"""Samples held out: sizes, seeds, groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.data.history import history
from landmark.data.split import (
    assign,
    assign_named,
    assign_split,
    divided_groups,
    people_column,
    rows,
)
from landmark.errors import BadConfiguration, BadData
from tests.data.make import adata


@given(samples=st.integers(2, 200), held_out=st.floats(0.01, 0.99), seed=st.integers(0, 5))
def test_parts_cover_all_samples_once(samples: int, held_out: float, seed: int) -> None:
    matrix = adata(samples)
    assign_split(matrix, held_out, seed)
    train, test = rows(matrix, "train"), rows(matrix, "test")
    assert sorted([*train, *test]) == list(range(samples))
    assert abs(len(test) - held_out * samples) <= 1


def test_seed_decides() -> None:
    one, again, other = adata(100), adata(100), adata(100)
    assign_split(one, seed=3)
    assign_split(again, seed=3)
    assign_split(other, seed=4)
    assert np.array_equal(rows(one, "test"), rows(again, "test"))
    assert not np.array_equal(rows(one, "test"), rows(other, "test"))
    assert history(one)[-1]["test"] == 20
    assert history(one)[-1]["seed"] == 3


@given(sizes=st.lists(st.integers(1, 9), min_size=2, max_size=20), seed=st.integers(0, 5))
def test_groups_are_never_divided(sizes: list[int], seed: int) -> None:
    matrix = adata(sum(sizes))
    matrix.obs["patient"] = np.repeat([f"p{i}" for i in range(len(sizes))], sizes)
    assign_split(matrix, 0.3, seed, group="patient")
    assert (matrix.obs.groupby("patient")["split"].nunique() == 1).all()
    assert len(rows(matrix, "test")) >= 1
    assert len(rows(matrix, "train")) >= 1


def test_missing_groups_are_groups_of_one() -> None:
    matrix = adata(50)
    matrix.obs["patient"] = [None] * 50
    assign_split(matrix, 0.2, group="patient")
    assert len(rows(matrix, "test")) == 10


def test_errors() -> None:
    matrix = adata()
    with pytest.raises(BadData, match="not split"):
        rows(matrix, "train")
    with pytest.raises(BadConfiguration, match=r"held_out = 1.0"):
        assign_split(matrix, 1.0)
    with pytest.raises(BadData, match="no column 'patient'"):
        assign_split(matrix, group="patient")
    matrix.obs["patient"] = "same"
    with pytest.raises(BadData, match="share one value"):
        assign_split(matrix, group="patient")
    matrix.obs["split"] = "train"
    with pytest.raises(BadData, match="No sample is marked 'test'"):
        rows(matrix, "test")


def test_groups_are_held_out_by_name() -> None:
    matrix = adata(6)
    matrix.obs["tissue"] = ["lung", "skin", None, "lung", "blood", "skin"]
    assign_named(matrix, "tissue", ["lung", "blood"])
    assert list(rows(matrix, "test")) == [0, 3, 4]
    assert list(rows(matrix, "train")) == [1, 2, 5]
    assert history(matrix)[-1]["groups_held_out"] == ["lung", "blood"]
    with pytest.raises(BadData, match=r"No sample has 'liver'.*Values there: blood, lung, skin"):
        assign_named(matrix, "tissue", ["lung", "liver"])
    with pytest.raises(BadData, match="no column 'patient'"):
        assign_named(matrix, "patient", ["p1"])
    matrix.obs["tissue"] = 3
    with pytest.raises(BadData, match="none is left to train on"):
        assign_named(matrix, "tissue", ["3"])


@pytest.mark.parametrize(
    ("values", "samples", "found"),
    [
        ({"tissue": 3, "patient": 40}, 100, "patient"),
        ({"Donor ID": 40}, 100, "Donor ID"),
        ({"SUBJID": 40}, 600, "SUBJID"),
        ({"characteristics: individual": 40}, 100, "characteristics: individual"),
        ({"patient age": 40, "patient_sex": 40, "donor.stage": 40}, 100, ""),
        ({"patient": 100}, 100, ""),  # each occurs once
        ({"patient": 2}, 100, ""),  # patient or control
        ({"patient": 4}, 100, ""),  # kinds of patients
        ({"tissue": 40}, 100, ""),
        ({}, 100, ""),
    ],
)
def test_an_annotation_of_people_is_told_by_its_name_and_its_values(
    values: dict[str, int], samples: int, found: str
) -> None:
    assert people_column(values, samples) == found


def test_a_number_of_groups_is_drawn_by_the_seed() -> None:
    drawn = []
    for seed in range(6):
        matrix = adata(40)
        organ = np.array(["liver", "brain", "skin", "lung", "bone"])[np.arange(40) % 5]
        matrix.obs["organ"] = np.where(np.arange(40) < 4, None, organ)
        assign(matrix, seed=seed, group="organ", number=2)
        test = matrix.obs[matrix.obs["split"] == "test"]
        assert test["organ"].nunique() == 2
        assert len(test) == matrix.obs["organ"].isin(test["organ"].unique()).sum()
        assert divided_groups(matrix, "organ") == 0
        assert history(matrix)[-1]["groups_held_out"] == sorted(test["organ"].unique())
        drawn.append(tuple(sorted(test["organ"].unique())))
    assert len(set(drawn)) > 1
    with pytest.raises(BadConfiguration, match="5 groups cannot be held out"):
        assign(matrix, group="organ", number=5)
    with pytest.raises(BadData, match="no column 'tissue'"):
        assign(matrix, group="tissue", number=1)


def test_divided_groups_are_counted() -> None:
    matrix = adata(8)
    matrix.obs["patient"] = ["a", "a", "b", "b", "c", None, None, "d"]
    matrix.obs["split"] = ["train", "test", "test", "test", "train", "train", "test", "test"]
    assert divided_groups(matrix, "patient") == 1
