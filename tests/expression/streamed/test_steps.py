"""What passes in blocks comes out as it does in memory, history included."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.expression.checks import check_finite
from landmark.expression.history import describe, history, record
from landmark.expression.prepare import PAPER_RANGE, collapse_probes, log2, quantile_normalise
from landmark.expression.split import assign_split
from landmark.expression.streamed.finite import all_finite
from landmark.expression.streamed.quantile import quantile_normalise_passing
from landmark.expression.streamed.steps import log2_passing, mean_of_probes, most_variable_probe
from landmark.expression.streamed.stream import chosen
from tests.expression.streamed.passing import in_blocks, whole

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


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_logarithm_probes_and_split_are_those_in_memory(rows: int) -> None:
    matrix = _matrix()
    stream = mean_of_probes(log2_passing(in_blocks(matrix.copy(), rows)))
    assign_split(stream.about, 0.2, 3)
    log2(matrix)
    matrix = collapse_probes(matrix)
    assign_split(matrix, 0.2, 3)
    _same(stream, matrix)


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_the_most_variable_probe_is_that_in_memory(rows: int) -> None:
    matrix = _matrix()
    _same(most_variable_probe(in_blocks(matrix, rows)), collapse_probes(matrix, "most variable"))


@settings(deadline=None, max_examples=20)  # the first example compiles qnorm
@given(
    samples=st.integers(1, 10).map(lambda half: 2 * half),
    rows=st.integers(1, 21),
    levels=st.sampled_from([0, 2, 5]),
    stretch=st.sampled_from([(None, None), PAPER_RANGE]),
    seed=st.integers(0, 9),
)
def test_quantile_normalisation_is_that_in_memory(samples, rows, levels, stretch, seed) -> None:
    """A few levels make many ties."""
    matrix = _matrix(samples, 40, seed, levels)
    stream = quantile_normalise_passing(in_blocks(matrix.copy(), rows), *stretch)
    quantile_normalise(matrix, *stretch)
    np.testing.assert_allclose(whole(stream), matrix.X, rtol=1e-5)
    assert history(stream.about) == history(matrix)


def test_a_range_needs_values_that_differ() -> None:
    matrix = _matrix()
    matrix.X[:] = 3
    with pytest.raises(BadData, match="All values are equal"):
        quantile_normalise_passing(in_blocks(matrix), *PAPER_RANGE)


def test_too_small_values_are_refused_while_they_pass() -> None:
    matrix = _matrix()
    matrix.X[15, 2] = -7
    stream = log2_passing(in_blocks(matrix))
    with pytest.raises(BadData, match="The smallest value is -7"):
        list(stream.blocks())


def test_unknown_names_are_refused_at_once() -> None:
    matrix = _matrix(genes=5)
    describe(matrix, identifier="unknown")
    stream = in_blocks(matrix)
    with pytest.raises(BadData, match="kind of gene names"):
        mean_of_probes(stream)


@pytest.mark.parametrize("rows", [1, 7, 20])
def test_missing_values_are_counted_as_in_memory(rows: int) -> None:
    matrix = _matrix()
    matrix.X[13, 4] = np.inf
    matrix.X[12, 4] = matrix.X[19, 0] = np.nan
    with pytest.raises(BadData) as in_memory:
        check_finite(matrix.X, list(matrix.obs_names), list(matrix.var_names))
    with pytest.raises(BadData) as passing:
        list(all_finite(in_blocks(matrix, rows)).blocks())
    assert str(passing.value) == str(in_memory.value)
    assert "3 of 220 values" in str(passing.value)


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
