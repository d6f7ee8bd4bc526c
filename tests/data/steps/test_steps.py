"""Steps of preparation against plain numpy and qnorm on the whole matrix, in blocks of any size, history included."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st
from qnorm import quantile_normalize

from landmark.data.gene_identifiers import symbols_of
from landmark.data.history import describe, history, record
from landmark.data.split import assign_split
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.missing import all_finite
from landmark.data.steps.normalise import PAPER_RANGE, log2, quantile_normalise
from landmark.data.steps.stream import chosen
from landmark.errors import BadData
from tests.data.steps.passing import in_blocks, whole

PROBES = ["1007_s_at", "1053_at", "117_at", "121_at", "1255_g_at", "1294_at", "1316_at", "1320_at", "201746_at",
          "211300_s_at", "nothing"]  # fmt: skip


def _matrix(samples: int = 20, genes: int = 11, seed: int = 0, levels: int = 0) -> AnnData:
    rng = np.random.default_rng(seed)
    X = rng.integers(0, levels, (samples, genes)) if levels else rng.gamma(2.0, 300.0, (samples, genes))
    matrix = AnnData(
        X.astype(np.float32),
        obs=pd.DataFrame({"tissue": ["lung", "skin"] * (samples // 2)}, [f"S{i}" for i in range(samples)]),
        var=pd.DataFrame(index=PROBES if genes == len(PROBES) else [f"G{i}" for i in range(genes)]),
    )
    describe(matrix, identifier="hgu133a_probe", title="t", source="s", unit="")
    record(matrix, "Read")
    return matrix


def _same(stream, matrix: AnnData) -> None:
    np.testing.assert_array_equal(whole(stream), matrix.X)
    pd.testing.assert_frame_equal(stream.about.obs, matrix.obs)
    pd.testing.assert_frame_equal(stream.about.var, matrix.var)
    assert history(stream.about) == history(matrix)
    assert stream.about.uns["landmark"]["unit"] == matrix.uns["landmark"]["unit"]
    assert stream.about.uns["landmark"]["identifier"] == matrix.uns["landmark"]["identifier"]


def _by_symbol(X: np.ndarray) -> pd.api.typing.DataFrameGroupBy:
    """Probes in rows, grouped by symbol in the order of the file; those without a symbol left out."""
    symbols = [symbol or None for symbol in symbols_of(PROBES, "hgu133a_probe")]
    return pd.DataFrame(X.T.astype(np.float64), index=PROBES).groupby(symbols, sort=False)


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_logarithm_probes_and_split(rows: int) -> None:
    matrix = _matrix()
    stream = collapse_probes(log2(in_blocks(matrix, rows)))
    assign_split(stream.about, 0.2, 3)
    genes = _by_symbol(np.log2(matrix.X + 1))
    np.testing.assert_allclose(whole(stream), genes.mean().to_numpy().T, rtol=1e-6)
    assert list(stream.about.var_names) == list(genes.groups)
    assert list(stream.about.var["measured_by"]) == [" ".join(group.index) for _, group in genes]
    assign_split(matrix, 0.2, 3)
    pd.testing.assert_series_equal(stream.about.obs["split"], matrix.obs["split"])
    assert [step["step"] for step in history(stream.about)] == [
        "Read",
        "Logarithm",
        "One value per gene symbol",
        "Split into training and test samples",
    ]
    assert stream.about.uns["landmark"]["unit"] == "log2 expression"
    assert stream.about.uns["landmark"]["identifier"] == "symbol"


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_the_most_variable_probe(rows: int) -> None:
    matrix = _matrix()
    stream = collapse_probes(in_blocks(matrix, rows), "most variable")
    genes = _by_symbol(matrix.X)
    best = [group.var(axis=1).idxmax() for _, group in genes]
    assert list(stream.about.var["measured_by"]) == best
    np.testing.assert_array_equal(whole(stream), matrix[:, best].X)


@settings(max_examples=20)  # the first example compiles qnorm
@given(
    samples=st.integers(1, 10).map(lambda half: 2 * half),
    rows=st.integers(1, 21),
    levels=st.sampled_from([0, 2, 5]),
    stretch=st.sampled_from([(None, None), PAPER_RANGE]),
    seed=st.integers(0, 9),
)
def test_quantile_normalisation_is_that_of_qnorm(samples, rows, levels, stretch, seed) -> None:
    """A few levels make many ties."""
    matrix = _matrix(samples, 40, seed, levels)
    quantiles = np.sort(matrix.X.astype(np.float64), axis=1).mean(axis=0)
    if stretch == PAPER_RANGE:
        quantiles = np.interp(quantiles, [quantiles[0], quantiles[-1]], PAPER_RANGE)
    stream = quantile_normalise(in_blocks(matrix, rows), *stretch)
    np.testing.assert_allclose(
        whole(stream), quantile_normalize(matrix.X, axis=0, target=quantiles), rtol=1e-5
    )
    assert history(stream.about)[-1] == {
        "step": "Quantile normalisation",
        "low": stretch[0],
        "high": stretch[1],
    }


def test_a_range_needs_values_that_differ() -> None:
    matrix = _matrix()
    matrix.X[:] = 3
    with pytest.raises(BadData, match="All values are equal"):
        quantile_normalise(in_blocks(matrix), *PAPER_RANGE)


def test_too_small_values_are_refused_while_they_pass() -> None:
    matrix = _matrix()
    matrix.X[15, 2], matrix.X[19, 0] = -6, -7
    stream = log2(in_blocks(matrix))
    with pytest.raises(BadData, match="The smallest value is -7"):
        list(stream.blocks())


def test_unknown_names_are_refused_at_once() -> None:
    matrix = _matrix(genes=5)
    describe(matrix, identifier="unknown")
    stream = in_blocks(matrix)
    with pytest.raises(BadData, match="kind of gene names"):
        collapse_probes(stream)


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_missing_values_are_counted(rows: int) -> None:
    matrix = _matrix()
    matrix.X[13, 4] = np.inf
    matrix.X[12, 4] = matrix.X[19, 0] = np.nan
    with pytest.raises(BadData) as refused:
        list(all_finite(in_blocks(matrix, rows)).blocks())
    assert str(refused.value) == (
        "3 of 220 values are missing or infinite, in 2 genes and 3 samples; the first is missing: sample 'S12', "
        "gene '1255_g_at'. Fill them or remove these genes."
    )


def test_infinite_sums_of_finite_values_are_sound() -> None:
    matrix = _matrix()
    matrix.X[:] = 3e38
    assert np.isfinite(whole(all_finite(in_blocks(matrix)))).all()


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_samples_are_chosen(rows: int) -> None:
    matrix = _matrix()
    kept = np.arange(20) % 5 > 1
    kept[5:10] = False
    _same(chosen(in_blocks(matrix, rows), kept), matrix[kept].copy())
