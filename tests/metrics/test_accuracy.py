import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import mean_absolute_error

from landmark.metrics import per_gene as module
from landmark.metrics.per_gene import accuracy, within_groups


@pytest.mark.parametrize("block", [7, 512])
def test_each_gene_equals_scipy_and_scikit_learn(noisy, block, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", block)
    true, good, _ = noisy
    result = accuracy(true, good)
    for gene in range(true.shape[1]):
        Y, P = true[:, gene].astype(np.float64), good[:, gene].astype(np.float64)
        assert result.pcc[gene] == pytest.approx(pearsonr(Y, P).statistic, abs=1e-10)
        assert result.mae[gene] == pytest.approx(mean_absolute_error(Y, P), abs=1e-10)


def test_correlation_survives_a_large_offset(noisy):
    true, good, _ = noisy
    shifted = accuracy(true.astype(np.float64) + 1e4, good.astype(np.float64) - 1e4)
    np.testing.assert_allclose(shifted.pcc, accuracy(true, good).pcc, atol=1e-8)


def test_constant_genes_follow_the_rule():
    varying = np.arange(5, dtype=np.float32)
    constant = np.full(5, 7.1, np.float32)
    true = np.column_stack([varying, constant, constant, varying])
    predicted = np.column_stack([constant, varying, constant, -varying])
    result = accuracy(true, predicted)
    np.testing.assert_array_equal(result.pcc, [0, np.nan, np.nan, -1])
    assert result.mae[2] == 0


def test_a_constant_that_rounding_disturbs_is_constant():
    rng = np.random.default_rng(0)
    constant = np.float32(9.3) + rng.choice([-1e-6, 0, 1e-6], size=30).astype(np.float32)
    result = accuracy(constant[:, None], rng.normal(size=(30, 1)))
    assert np.isnan(result.pcc[0])


def test_correlation_within_groups_is_that_of_pandas():
    rng = np.random.default_rng(1)
    groups = np.repeat([0, 1, 2, -1], [30, 12, 7, 5])
    true = rng.normal(size=(54, 6)) + 5 * groups[:, None]
    predicted = 0.5 * true + rng.normal(size=(54, 6))
    predicted[:, 2] = groups  # knows the groups and nothing else
    true[groups == 1, 3] = 4.0  # does not vary in one group
    true[:, 4] = groups  # nor in any
    found = within_groups(true.astype(np.float32), predicted.astype(np.float32), groups)
    for gene in (0, 1, 2, 3, 5):
        table = pd.DataFrame({"group": groups, "x": true[:, gene], "y": predicted[:, gene]}).query(
            "group >= 0"
        )
        by_group = table.groupby("group")
        pcc = by_group[["x", "y"]].corr(min_periods=2).unstack()["x"]["y"]
        varies = by_group["x"].nunique() > 1
        weights = by_group.size()[varies]
        assert found[gene] == pytest.approx(np.average(pcc[varies].fillna(0), weights=weights), abs=1e-6)
    assert found[2] == 0
    assert np.isnan(found[4])
    assert accuracy(true, predicted).pcc[2] > 0.9
