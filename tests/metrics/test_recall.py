"""Genes inferred better than chance, against a direct computation with SciPy."""

import numpy as np
import pytest
from scipy.stats import percentileofscore, spearmanr

from landmark.errors import BadData, Cancelled
from landmark.metrics import recall as module
from landmark.metrics.recall import null_correlations, recall


@pytest.fixture
def inferred():
    """30 samples of 40 genes that share four factors; predicted well, badly, or the wrong way round."""
    rng = np.random.default_rng(2)
    true = rng.normal(size=(30, 4)) @ rng.normal(size=(4, 40)) + rng.normal(size=(30, 40))
    noise = np.linspace(0.2, 12, 40)
    return true.round(1), (true + noise * rng.normal(size=true.shape)).round(1)


def _direct(true, predicted):
    """Compute all pairs one by one: [measured gene, inferred gene]."""
    genes = range(true.shape[1])
    return np.array([[spearmanr(true[:, i], predicted[:, j]).statistic for j in genes] for i in genes])


def test_it_is_what_a_direct_computation_gives(inferred):
    found = recall(*inferred)
    pairs = _direct(*inferred)
    own, null = np.diagonal(pairs), pairs[~np.eye(40, dtype=bool)]
    np.testing.assert_allclose(found.spearman, own, atol=1e-9)
    assert found.table["level"].tolist() == [0.95, 0.99]
    for row in found.table.itertuples():
        threshold = np.percentile(null, 100 * row.level)
        assert row.threshold == pytest.approx(threshold, abs=1e-5)
        assert row.recalled == (own > threshold).sum()
        assert row.share == row.recalled / 40
    shares = [percentileofscore(null, value, kind="strict") / 100 for value in own]
    np.testing.assert_allclose(found.R, shares, atol=2 / len(null))
    assert 0 < found.table["recalled"][1] < found.table["recalled"][0] < 40


def test_permuted_samples_are_seeded_shuffles(inferred):
    true, predicted = inferred
    found = null_correlations(true, predicted, "permuted samples", seed=4)
    random = np.random.default_rng(4)
    orders = [random.permutation(30) for _ in range(module.PERMUTATIONS)]
    direct = [spearmanr(true[order, j], predicted[:, j]).statistic for order in orders for j in range(40)]
    np.testing.assert_allclose(found, direct, atol=1e-6)
    first, again, other = (recall(*inferred, null="permuted samples", seed=seed).table for seed in (4, 4, 5))
    assert first.equals(again)
    assert (first["threshold"] != other["threshold"]).all()


def test_with_very_many_genes_some_are_drawn(inferred, monkeypatch):
    whole = recall(*inferred).table
    monkeypatch.setattr(module, "MOST_VALUES", 40 * 25)
    pairs = _direct(*inferred)
    drawn = np.sort(np.random.default_rng(3).choice(40, 25, replace=False))
    direct = pairs[drawn][np.arange(40)[None, :] != drawn[:, None]]
    np.testing.assert_allclose(
        np.sort(null_correlations(*inferred, "other genes", seed=3)), np.sort(direct), atol=1e-6
    )
    np.testing.assert_allclose(recall(*inferred, seed=3).table["threshold"], whole["threshold"], atol=0.05)


def test_a_gene_that_does_not_vary_is_no_gene_to_recall(inferred):
    true, predicted = inferred[0].copy(), inferred[1].copy()
    true[:, 7] = 3.0
    predicted[:, 2] = 1.0
    found = recall(true, predicted)
    assert np.isnan(found.spearman[7])
    assert np.isnan(found.R[7])
    assert found.spearman[2] == 0
    assert found.table["share"][0] == found.table["recalled"][0] / 39
    with pytest.raises(BadData, match="Only 1 target genes vary"):
        recall(true[:, 6:8], predicted[:, 6:8])


@pytest.mark.parametrize("null", ["other genes", "permuted samples"])
def test_it_tells_how_far_it_is_and_stops(inferred, null):
    def stop(progress):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        recall(*inferred, null=null, report=stop)
