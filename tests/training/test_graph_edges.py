import numpy as np
import pytest

from landmark.models.graph_operations import similar_genes


def _correlated(samples, genes):
    random = np.random.default_rng(0)
    X = random.standard_normal((samples, 3)) @ random.standard_normal((3, genes))
    return (X + random.standard_normal((samples, genes))).astype(np.float32)


@pytest.mark.parametrize(("most", "least"), [(4, 3), (1, 0), (1, 6), (7, 0)])
def test_equals_a_sort_of_all_pairs(most, least, monkeypatch):
    monkeypatch.setattr("landmark.models.graph_operations.BLOCK", 7)
    X = _correlated(30, 23)
    unit = X / np.linalg.norm(X, axis=0)
    order = np.argsort(unit.T @ unit, axis=1)
    found = similar_genes(X, most, least)
    assert found.shape == (most + least, 23)
    assert found.dtype == np.int32
    for gene in range(23):
        expected = {*order[gene, 23 - most :], *order[gene, :least]}
        assert set(found[:, gene]) == expected
        assert found[0, gene] == gene


def test_a_gene_reads_none_twice_and_all_where_there_are_few():
    X = _correlated(30, 9)
    for most, least in [(50, 50), (5, 4), (9, 0)]:
        found = similar_genes(X, most, least)
        assert all(sorted(column) == list(range(9)) for column in found.T)
        np.testing.assert_array_equal(found[0], np.arange(9))


def test_constant_and_equal_genes_still_read_themselves():
    X = np.repeat(_correlated(20, 2), 6, axis=1)
    X[:, 3] = 0
    found = similar_genes(X, 3, 2)
    np.testing.assert_array_equal(found[0], np.arange(12))
    assert all(len(set(column)) == 5 for column in found.T)
