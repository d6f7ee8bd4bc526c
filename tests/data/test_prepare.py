"""Normalisation and collapse of probes, against slow loops over trusted routines."""

import numpy as np
import pytest
from anndata import AnnData
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from qnorm import quantile_normalize
from scipy.stats import rankdata

from landmark.data.history import describe, fact, history
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.normalise import log2, onto_quantiles, quantile_normalise
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import BadData
from tests.data.make import adata


def test_log2() -> None:
    matrix = adata()
    before = matrix.X.copy()
    logged = in_memory(log2(from_memory(matrix), offset=2))
    np.testing.assert_allclose(logged.X, np.log2(before + 2), rtol=1e-6)
    np.testing.assert_array_equal(matrix.X, before)
    assert logged.X.dtype == np.float32
    assert history(logged)[-1] == {"step": "Logarithm", "base": 2, "offset": 2}
    matrix.X[0, 0] = -2
    with pytest.raises(BadData, match="smallest value is -2"):
        in_memory(log2(from_memory(matrix)))


def _slow(X: np.ndarray) -> np.ndarray:
    """Each value becomes the mean of the quantiles at the ranks its ties span."""
    quantiles = np.sort(X, axis=1).mean(axis=0)
    result = np.empty_like(X, dtype=float)
    for i, sample in enumerate(X):
        low, high = rankdata(sample, "min"), rankdata(sample, "max")
        result[i] = [quantiles[a - 1 : b].mean() for a, b in zip(low, high, strict=True)]
    return result


@given(arrays(np.float32, (4, 7), elements=st.integers(0, 9).map(float)))
def test_quantile_normalisation_matches_a_slow_loop(X: np.ndarray) -> None:
    matrix = AnnData(X.copy(), obs=adata(4).obs)
    matrix = in_memory(quantile_normalise(from_memory(matrix)))
    np.testing.assert_allclose(matrix.X, _slow(X), atol=1e-5)


@pytest.mark.parametrize("ties", [False, True])
def test_quantile_normalisation_is_that_of_qnorm(ties: bool) -> None:
    matrix = adata(600, [f"g{i}" for i in range(40)])
    if ties:
        matrix.X = np.round(matrix.X)
    expected = quantile_normalize(matrix.X, axis=0)
    matrix = in_memory(quantile_normalise(from_memory(matrix)))
    np.testing.assert_allclose(matrix.X, expected, rtol=3e-7)


def test_quantile_normalisation_laws() -> None:
    matrix = adata(20, [f"g{i}" for i in range(50)])
    before = matrix.X.copy()
    matrix = in_memory(quantile_normalise(from_memory(matrix), 4, 15))
    assert np.array_equal(matrix.X.argsort(axis=1), before.argsort(axis=1))
    assert (np.ptp(np.sort(matrix.X, axis=1), axis=0) < 1e-5).all()
    assert matrix.X.min() == pytest.approx(4)
    assert matrix.X.max() == pytest.approx(15)
    once = matrix.X.copy()
    matrix = in_memory(quantile_normalise(from_memory(matrix)))
    np.testing.assert_allclose(matrix.X, once, atol=1e-4)


def test_another_platform_is_brought_onto_given_quantiles() -> None:
    reference = np.sort(adata(10, [f"g{i}" for i in range(101)]).X, axis=1).mean(axis=0)
    other = np.random.default_rng(1).exponential(size=(3, 51)).astype(np.float32)
    moved = onto_quantiles(other, reference)
    np.testing.assert_allclose(np.sort(moved, axis=1), np.tile(reference[::2], (3, 1)), rtol=1e-5)


def test_constant_values_cannot_be_stretched() -> None:
    with pytest.raises(BadData, match="All values are equal"):
        quantile_normalise(from_memory(AnnData(np.ones((3, 4), np.float32))), 4, 15)


PROBES = [
    "1007_s_at",
    "AFFX-TrpnX-3_at",
    "201746_at",
    "207169_x_at",
    "211300_s_at",
]  # DDR1, -, TP53, DDR1, TP53


@pytest.mark.parametrize("keep", ["mean", "most variable"])
def test_probes_collapse(keep: str) -> None:
    matrix = adata(6, PROBES)
    matrix.X[:, 3] *= 10
    describe(matrix, identifier="hgu133a_probe")
    genes = in_memory(collapse_probes(from_memory(matrix), keep))  # type: ignore[arg-type]
    assert genes.var_names.tolist() == ["DDR1", "TP53"]
    of_both = ["1007_s_at 207169_x_at", "201746_at 211300_s_at"]
    measured_by = genes.var["measured_by"].tolist()
    assert measured_by == of_both if keep == "mean" else measured_by[0] == "207169_x_at"
    expected = matrix.X[:, [0, 3]].mean(axis=1) if keep == "mean" else matrix.X[:, 3]
    np.testing.assert_allclose(genes.X[:, 0], expected, rtol=1e-6)
    assert fact(genes, "identifier") == "symbol"
    assert history(genes)[-1]["without_symbol"] == 1
    assert fact(matrix, "identifier") == "hgu133a_probe"
    assert history(matrix) == []


def test_unknown_names_cannot_collapse() -> None:
    with pytest.raises(BadData, match="kind of gene names"):
        collapse_probes(from_memory(adata()))
