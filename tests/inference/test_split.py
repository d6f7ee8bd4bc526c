import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from landmark.errors import BadData
from landmark.inference import split as module
from landmark.inference.split import SplitExpression


def test_columns_are_standardised_by_the_training_samples(split):
    # the deviation has 0.001 added to it, as in the public D-GEX code
    oracle = StandardScaler().fit(split.train.astype(np.float64))
    expected = (split.test - oracle.mean_) / (oracle.scale_ + 1e-3)
    chosen = ["g5", "g0", "g59"]
    np.testing.assert_allclose(split.test_columns(chosen), expected[:, [5, 0, 59]], atol=1e-4)
    train = split.train_columns(split.genes)
    assert np.abs(train.mean(axis=0)).max() < 1e-4
    assert train.dtype == np.float32


def test_test_samples_have_no_say_in_the_scaling(split):
    other = SplitExpression.of(split.train, split.test * 7, split.genes)
    np.testing.assert_array_equal(split.train_columns(["g1"]), other.train_columns(["g1"]))


def test_a_gene_that_is_not_there_is_named(split):
    with pytest.raises(BadData, match=r"1 of the 2 genes .* TP53"):
        split.test_columns(["g1", "TP53"])


@pytest.mark.parametrize(
    ("train", "test", "genes", "message"),
    [
        (np.zeros((1, 2)), np.zeros((3, 2)), "ab", "at least 2"),
        (np.zeros((3, 2)), np.zeros((3, 3)), "ab", "must be the same"),
        (np.zeros((3, 2)), np.zeros((3, 2)), "abc", "must be the same"),
    ],
)
def test_parts_that_do_not_agree_are_refused(train, test, genes, message):
    with pytest.raises(BadData, match=message):
        SplitExpression.of(train, test, list(genes))


@pytest.mark.parametrize("chosen", [slice(0, 1), slice(0, 60), slice(5, 60), slice(10, 30)])
def test_products_of_samples_are_those_of_the_genes_asked_for(split, chosen, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 7)
    genes = split.genes[chosen]
    Z = split.train_columns(genes).astype(np.float64)
    np.testing.assert_allclose(split.products(genes), Z @ Z.T, atol=1e-9)
    np.testing.assert_array_equal(split.task(["g59"], genes, 0).products(), split.products(genes))


def test_products_of_very_many_samples_are_not_computed(split, monkeypatch):
    monkeypatch.setattr(module, "MOST_PRODUCTS", len(split.train) - 1)
    assert split.task(["g0"], ["g1"], 0).products is None
