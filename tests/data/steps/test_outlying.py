"""Outlying values: what is found in matrices that are known, and the laws that their treatment keeps."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark.data import read
from landmark.data.history import history
from landmark.data.steps.missing import resolve_missing
from landmark.data.steps.outlying import (
    FEWEST_SAMPLES,
    MOST_SAMPLES,
    examples,
    find_outlying,
    learn_limits,
    limits_of,
    treat_outlying,
)
from landmark.data.steps.stream import from_memory
from tests.data.steps.passing import in_blocks, whole

SAMPLES, GENES = 60, 40


def _expression(seed: int = 0, samples: int = SAMPLES) -> np.ndarray:
    """Make log2 expression: genes at levels from 0 to 14; the last is on in a tenth of the samples only."""
    rng = np.random.default_rng(seed)
    X = np.linspace(0, 14, GENES) + rng.normal(0, 0.8, (samples, GENES))
    X[:, -1] = rng.normal(0.5, 0.2, samples)
    X[: samples // 10, -1] = 13
    return X.clip(0).astype(np.float32)


def _matrix(X: np.ndarray) -> AnnData:
    names = [f"G{i}" for i in range(X.shape[1])]
    return AnnData(X.copy(), pd.DataFrame(index=[f"S{i}" for i in range(len(X))]), pd.DataFrame(index=names))


PLACES = st.lists(
    st.tuples(st.integers(0, SAMPLES - 1), st.integers(0, GENES - 1), st.sampled_from([-30.0, 40.0, 1e6])),
    max_size=4,
)
"""Outlying values: sample, gene, value."""


def test_expression_of_one_tissue_and_of_high_genes_is_ordinary() -> None:
    X = _expression()
    assert not limits_of(X).outside(X).any()


def test_an_outlying_value_is_found_and_named() -> None:
    X = _expression()
    X[7, 3], X[8, 3], X[9, 5] = 30, 28, -10
    found = find_outlying(in_blocks(_matrix(X)), limits_of(X))
    assert (found.values, found.genes, found.samples) == (3, 2, 3)
    assert list(zip(found.table["sample"], found.table["gene"], strict=True)) == [
        *(("S7", "G3"), ("S8", "G3"), ("S9", "G5"))
    ]
    np.testing.assert_allclose(found.table["median"][:2], np.median(X[:, 3]), rtol=1e-6)
    assert (found.table["deviations"] > 4).all()
    assert found.table["deviations"].is_monotonic_decreasing
    assert examples(found.table, 5) == ["G3 in S7: 30", "G5 in S9: -10"]
    assert len(find_outlying(in_blocks(_matrix(X)), limits_of(X), listed=2).table) == 2


def test_nothing_is_found_where_there_is_nothing() -> None:
    found = find_outlying(in_blocks(_matrix(_expression())), limits_of(_expression()))
    assert (found.values, found.genes, found.samples, len(found.table)) == (0, 0, 0, 0)


def test_values_that_are_not_logged_are_judged_by_their_logarithms() -> None:
    X = _expression()
    X[7, 3] = 30
    raw = np.exp2(X.astype(np.float64)) - 1
    limits = limits_of(raw)
    assert not limits.logged
    np.testing.assert_array_equal(limits.outside(raw), limits_of(X).outside(X))
    found = find_outlying(in_blocks(_matrix(raw)), limits)
    np.testing.assert_allclose(found.table["median"], np.median(raw[:, 3]), rtol=1e-4)


@settings(deadline=None, max_examples=40)
@given(places=PLACES, seed=st.integers(0, 50), rows=st.integers(1, SAMPLES), nearest=st.booleans())
def test_the_laws_of_treatment(places: list, seed: int, rows: int, nearest: bool) -> None:
    X = _expression(seed)
    for sample, gene, value in places:
        X[sample, gene] = value
    learned_on = np.arange(SAMPLES) % 3 > 0
    limits = limits_of(X[learned_on])
    outside = limits.outside(X)
    assert all(outside[sample, gene] == (X[sample, gene] in (-30, 40, 1e6)) for sample, gene, _ in places)
    choice = "nearest" if nearest else "missing"
    stream = treat_outlying(in_blocks(_matrix(X), rows), choice, learned_on=learned_on)
    treated = whole(stream)
    in_one = treat_outlying(from_memory(_matrix(X)), choice, learned_on=learned_on)
    np.testing.assert_array_equal(treated, whole(in_one))  # streamed as in memory
    np.testing.assert_array_equal(treated[~outside], X[~outside])  # what is within the limits stays
    if nearest:
        ordinary = np.where(outside[learned_on], np.nan, X[learned_on])
        high, low = np.nanmax(ordinary, axis=0), np.nanmin(ordinary, axis=0)
        expected = np.where(outside, np.where(limits.high < X, high, low), X)
        np.testing.assert_array_equal(treated, expected)
        assert not limits.outside(treated).any()
        again = treat_outlying(from_memory(_matrix(treated)), choice, learned_on=learned_on)
        np.testing.assert_array_equal(whole(again), treated)  # done twice is done once
    else:
        np.testing.assert_array_equal(np.isnan(treated), outside)
    (step,) = history(stream.about)
    assert step == {
        "step": "Outlying values",
        "choice": choice,
        "threshold": 4.0,
        "values": int(outside.sum()),
        "genes": int(outside.any(axis=0).sum()),
        "samples": int(outside.any(axis=1).sum()),
        "learned_on": int(learned_on.sum()),
    }


def test_what_test_samples_hold_changes_no_limit() -> None:
    X = _expression()
    learned_on = np.arange(SAMPLES) < 40
    changed = X.copy()
    changed[40:] += 20
    for field in ("low", "high", "centre", "spread"):
        first, second = (learn_limits(from_memory(_matrix(Y)), learned_on=learned_on) for Y in (X, changed))
        np.testing.assert_array_equal(getattr(first, field), getattr(second, field))


def test_taken_for_missing_they_are_filled_like_missing_values() -> None:
    X = _expression()
    X[7, 3] = 30
    filled = resolve_missing(treat_outlying(from_memory(_matrix(X)), "missing"), "gene median")
    assert whole(filled)[7, 3] == np.median(np.delete(X[:, 3], 7)).astype(np.float32)
    assert history(filled.about)[-1]["values_filled"] == 1


def test_kept_they_stay() -> None:
    stream = from_memory(_matrix(_expression()))
    assert treat_outlying(stream, "keep") is stream


@pytest.mark.filterwarnings("error")
def test_missing_values_teach_nothing_and_are_not_outlying() -> None:
    X = _expression()
    X[:, 0], X[3], X[5, 5], X[6, 6] = np.nan, np.nan, np.inf, -np.inf
    X[7, 3] = 30
    outside = limits_of(X).outside(X)
    assert np.argwhere(outside).tolist() == [[7, 3]]


@pytest.mark.parametrize(
    "X", [_expression(samples=FEWEST_SAMPLES - 1) * 100, np.ones((40, 5)), np.zeros((40, 5))]
)
def test_too_few_samples_or_constant_genes_say_nothing(X: np.ndarray) -> None:
    assert not limits_of(X).outside(np.full_like(X, 1e6)).any()


def test_sparse_values_are_judged_by_the_genes_that_vary() -> None:
    rng = np.random.default_rng(0)
    X = np.where(rng.random((200, 50)) < 0.1, rng.uniform(1, 6, (200, 50)), 0)
    X[:, :5] = rng.normal(5, 0.7, (200, 5))
    assert not limits_of(X).outside(X).any()


def test_of_many_samples_some_decide() -> None:
    X = _expression(samples=MOST_SAMPLES + 500)
    some = np.unique(np.linspace(0, len(X) - 1, MOST_SAMPLES).round().astype(int))
    np.testing.assert_array_equal(learn_limits(from_memory(_matrix(X))).high, limits_of(X[some]).high)


@pytest.mark.parametrize(
    "name", ["gdsc_cell_lines.h5ad", "bladder_hgu133a_rma.csv.gz", "chowdary_hgu133a_mas5.tsv.gz"]
)
def test_arrays_and_cell_lines_have_none(shared: Path, name: str) -> None:
    X = read(shared / "data" / name).X
    assert not limits_of(X).outside(X).any()


def test_values_that_a_correction_of_batches_raised_are_found(shared: Path) -> None:
    """The cervix of RNAseqDB, among others: the genes of squamous epithelium in its two ectocervical samples.

    Mitochondrial genes and albumin, which reach 2^20 to 2^22 in the uncorrected tables as well, are ordinary.
    """
    matrix = read(shared / "data" / "rnaseqdb_1078x18154_log2.h5ad")
    found = find_outlying(from_memory(matrix), learn_limits(from_memory(matrix)))
    assert (found.values, found.genes, found.samples) == (95, 47, 18)
    assert found.table["value"].min() > 23
    assert {"KRT13", "S100A7", "CALML3"} <= set(found.table["gene"])
    assert not {"ALB", "SFTPC", "MT-CO1", "MT-ATP6"} & set(found.table["gene"])
    in_cervix = matrix.obs.loc[found.table["sample"], "study"] == "cervix"
    assert in_cervix.sum() == 66
