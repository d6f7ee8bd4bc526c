"""Equal values on another platform, and what the common distribution is learned on."""

import anndata
import numpy as np
import pandas as pd
import pytest

from landmark.data.history import describe
from landmark.data.split import training_rows
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.missing import resolve_missing
from landmark.data.steps.normalise import (
    joined_quantiles,
    onto_quantiles,
    onto_quantiles_dense,
    quantile_normalise,
    quantiles_of,
)
from landmark.data.steps.stream import from_memory


def as_published(data: np.ndarray, quantile: np.ndarray) -> np.ndarray:
    """Follow the published steps, sample by sample: positions among distinct values, then whole ranks."""
    found = np.zeros(data.shape)
    for place, sample in enumerate(data):
        distinct = np.unique(sample).tolist()
        position = (np.array([distinct.index(value) for value in sample]) + 1.0) / len(distinct)
        found[place] = quantile[(position * data.shape[1]).astype(int) - 1]
    return found


@pytest.mark.parametrize("zeros", [0.0, 0.2, 0.7])
def test_dense_ranks_are_those_of_the_published_code(zeros):
    rng = np.random.default_rng(0)
    data = np.round(rng.gamma(1.0, 3.0, size=(7, 500)), 1)
    data[rng.random(data.shape) < zeros] = 0
    quantile = np.sort(rng.normal(8, 2, 500))
    found, expected = onto_quantiles_dense(data, quantile), as_published(data, quantile)
    # a product of floats may fall short of the whole number that it stands for: at most one rank
    assert np.abs(np.searchsorted(quantile, found) - np.searchsorted(quantile, expected)).max() <= 1
    assert np.isclose(found, expected, atol=1e-5).mean() > 0.95


def test_zeros_become_the_lowest_values_or_the_mean_of_what_they_span():
    data = np.array([[0, 0, 0, 0, 0, 0, 0, 0, 1, 2]], float)
    quantile = np.arange(10.0)
    np.testing.assert_allclose(onto_quantiles(data, quantile)[0, [0, 8, 9]], [3.5, 8, 9])
    np.testing.assert_allclose(onto_quantiles_dense(data, quantile)[0, [0, 8, 9]], [2, 5, 9])


def stream(shift: float, seed: int = 0):
    """Samples of which those for testing are shifted by so much, with missing values in the first gene."""
    rng = np.random.default_rng(seed)
    X = rng.normal(8, 1, size=(40, 12)).astype(np.float32)
    test = np.arange(40) % 4 == 0
    X[test] += shift * np.arange(12)
    X[[1, 2, 4], 0] = np.nan
    matrix = anndata.AnnData(
        X,
        obs=pd.DataFrame({"split": np.where(test, "test", "train")}, index=[f"s{i}" for i in range(40)]),
        var=pd.DataFrame(index=[f"GENE{gene}" for gene in range(12)]),
    )
    describe(matrix, identifier="symbol", unit="log2", source="", title="Test")
    return from_memory(matrix)


def test_test_samples_have_no_say_in_what_is_learned_on_training_samples():
    """Medians, quantiles and the distribution of a merge stay as they are, however the test samples are."""
    plain, moved = stream(0.0), stream(50.0)
    train = training_rows(plain.about)
    assert train.sum() == 30
    filled = [resolve_missing(one, "gene median", learned_on=train) for one in (plain, moved)]
    values = [one.rows(np.array([1, 2])) for one in filled]
    np.testing.assert_array_equal(*values)
    np.testing.assert_array_equal(*(quantiles_of(one, learned_on=train) for one in filled))
    normalised = [quantile_normalise(one, 4, 15, learned_on=train) for one in filled]
    np.testing.assert_array_equal(*(one.rows(np.flatnonzero(train)) for one in normalised))
    joined = [joined_quantiles(one, [filled[0]])[0] for one in filled]
    np.testing.assert_array_equal(*(one.rows(np.arange(40)) for one in joined))
    everyone = [quantiles_of(one) for one in filled]
    assert not np.allclose(*everyone), "learned on all samples, test samples do have a say"


def test_the_most_variable_probe_is_that_of_the_training_samples():
    rng = np.random.default_rng(2)
    test = np.arange(40) % 4 == 0
    X = rng.normal(8, [1.0, 2.0], size=(40, 2)).astype(np.float32)
    X[test, 0] *= 9
    matrix = anndata.AnnData(
        X,
        obs=pd.DataFrame({"split": np.where(test, "test", "train")}, index=[f"s{i}" for i in range(40)]),
        var=pd.DataFrame(index=["201746_at", "211300_s_at"]),  # both of TP53
    )
    describe(matrix, identifier="hgu133a_probe", unit="log2", source="", title="Test")
    one = from_memory(matrix)
    kept = [
        collapse_probes(one, "most variable", learned_on=rows) for rows in (training_rows(one.about), None)
    ]
    assert [list(found.about.var["measured_by"]) for found in kept] == [["211300_s_at"], ["201746_at"]]
