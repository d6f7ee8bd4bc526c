"""Matrices in different units are told apart by their values, or by what is stated."""

import numpy as np
import pytest

from landmark.data.steps.normalise import difference

RNG = np.random.default_rng(0)
LOG = RNG.normal(8, 2, (20, 50)).clip(0.1)
STANDARD = RNG.normal(0, 1, (20, 50))
COUNTS = RNG.uniform(0, 5000, (20, 50))
RATIOS = RNG.normal(0, 3, (20, 50))


@pytest.mark.parametrize(
    ("matrices", "units", "telling"),
    [
        ((LOG, STANDARD), ("", ""), "'Two' vary around zero"),
        ((STANDARD, LOG), ("Z-score per sample", ""), "(Z-score per sample)"),
        ((LOG, LOG, RATIOS), ("", "", ""), "'Three' vary around zero"),
        ((COUNTS, LOG), ("", ""), "'One' is not logged"),
        ((LOG, LOG), ("log2 expression", "log2 TPM"), "'Two' in log2 TPM"),
    ],
)
def test_different_units_are_a_sentence(matrices, units, telling):
    assert telling in difference(matrices, units, ["One", "Two", "Three"][: len(units)])


@pytest.mark.parametrize(
    "matrices", [(LOG, LOG + 1), (STANDARD, RATIOS), (COUNTS, 2 * COUNTS), (LOG - 4.5, LOG)]
)
def test_values_of_one_kind_may_be_merged(matrices):
    assert difference(matrices, ["", "log2 expression"], ["One", "Two"]) == ""
