import numpy as np
import pytest
from scipy.stats import pearsonr

from landmark.metrics import per_gene
from landmark.metrics.per_gene import permutation_test, significant
from landmark.progress import Progress


def slowly(true, predicted):
    """The definition of Kong et al. 2021, one correlation at a time."""
    genes = true.shape[1]
    own = [pearsonr(true[:, j], predicted[:, j]).statistic for j in range(genes)]
    exceeding = [
        sum(pearsonr(true[:, i], predicted[:, j]).statistic > own[j] for i in range(genes) if i != j)
        for j in range(genes)
    ]
    return np.array(exceeding) / (genes - 1)


def correlated(samples, genes, noise):
    rng = np.random.default_rng(genes)
    true = rng.normal(size=(samples, 5)) @ rng.normal(size=(5, genes)) + rng.normal(size=(samples, genes))
    return true, true + noise * rng.normal(size=true.shape)


def test_equals_the_definition_computed_slowly(monkeypatch):
    monkeypatch.setattr(per_gene, "BLOCK", 9)
    true, predicted = correlated(12, 25, 3.0)
    expected = slowly(true, predicted)
    assert 0 < (expected > 0).sum() < 25
    np.testing.assert_array_equal(permutation_test(true, predicted), expected)


def test_equals_the_full_correlation_matrix_on_300_genes():
    true, predicted = correlated(40, 300, 4.0)
    between = np.corrcoef(true.T, predicted.T)[:300, 300:]
    expected = (between > np.diag(between)).sum(axis=0) / 299
    assert len(np.unique(expected)) > 50
    np.testing.assert_array_equal(permutation_test(true, predicted), expected)


def test_good_predictions_are_significant_and_noise_has_uniform_p_values():
    true, good = correlated(60, 400, 0.1)
    assert (permutation_test(true, good) < per_gene.LEVEL).all()
    rng = np.random.default_rng(0)
    noise = permutation_test(rng.normal(size=(60, 400)), rng.normal(size=(60, 400)))
    # the mean of 400 uniform values: 0.5 with standard deviation 0.0144
    assert noise.mean() == pytest.approx(0.5, abs=4 * 0.0144)


def test_two_probes_with_the_same_values_are_a_tie_not_a_defeat():
    true, predicted = correlated(50, 400, 0.0)
    true[:, 399] = true[:, 0]
    predicted[:, 399] = predicted[:, 0]
    np.testing.assert_array_equal(permutation_test(true, predicted), 0)


def test_constant_genes_and_constant_predictions():
    true, predicted = correlated(30, 10, 0.1)
    true[:, 3] = 5
    predicted[:, 7] = 2
    p = permutation_test(true, predicted)
    assert np.isnan(p[3])
    assert p[7] == 1
    rest = [0, 1, 2, 4, 5, 6, 8, 9]
    between = np.corrcoef(np.delete(true, 3, axis=1).T, predicted[:, rest].T)[:9, 9:]
    own = [between[j - (j > 3), column] for column, j in enumerate(rest)]
    np.testing.assert_array_equal(p[rest], (between > own).sum(axis=0) / 8)


def test_a_single_gene_has_nothing_to_be_compared_with():
    assert np.isnan(permutation_test(np.arange(4.0)[:, None], np.arange(4.0)[:, None])).all()


def test_progress_reaches_its_end():
    seen: list[Progress] = []
    permutation_test(*correlated(20, 30, 1.0), report=seen.append)
    assert seen[-1].done == seen[-1].total == 30


def test_among_fewer_than_a_hundred_genes_none_is_significant():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(40, 120)).astype("f")
    predicted = true + 0.1 * rng.normal(size=true.shape).astype("f")
    assert significant(permutation_test(true, predicted)).all()
    assert not significant(permutation_test(true[:, :99], predicted[:, :99])).any()
    # genes measured as constant have no p-value and do not count
    true[:, 100:] = 1
    assert significant(permutation_test(true, predicted)).sum() == 100
    true[:, 99:] = 1
    assert not significant(permutation_test(true, predicted)).any()


def test_about_one_gene_in_a_hundred_passes_by_chance():
    rng = np.random.default_rng(1)
    true, predicted = rng.normal(size=(2, 60, 4000)).astype("f")
    assert 0.005 < significant(permutation_test(true, predicted)).mean() < 0.015


def test_from_fewer_than_five_samples_there_is_no_p_value():
    rng = np.random.default_rng(0)
    for samples in (2, 3, 4):
        assert np.isnan(permutation_test(*rng.normal(size=(2, samples, 500)))).all()
    noise = permutation_test(*rng.normal(size=(2, 5, 2000)))
    # one gene in a hundred by chance: 20 of 2,000 with a standard deviation of 4.5
    assert (noise < per_gene.LEVEL).sum() == pytest.approx(20, abs=4 * 4.5)


def test_ties_with_other_genes_count_and_copies_of_a_gene_do_not():
    rng = np.random.default_rng(1)
    pattern = np.array([0.0, 0, 0, 1, 0, 2])[:, None]
    true = pattern * rng.uniform(1, 9, 300)  # every gene is as well correlated with every prediction
    assert (permutation_test(true, true) == 1).all()
    copies = np.repeat(rng.normal(size=(6, 3)), 100, axis=1)
    others = permutation_test(copies, copies)
    np.testing.assert_array_equal(others, 0)
