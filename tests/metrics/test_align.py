import numpy as np
import pytest

from landmark.errors import BadData
from landmark.metrics.agreement import Genes, align

VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)
FILL = np.array([10.0, 20.0, 30.0, 40.0])


def test_genes_are_found_by_name_and_missing_ones_filled():
    wanted = Genes(("B", "missing", "A", "C"), "symbol")
    found = align(VALUES, Genes(("A", "B", "C"), "symbol"), wanted, FILL, 0.25)
    np.testing.assert_array_equal(found.values, [[1, 20, 0, 2], [4, 20, 3, 5]])
    assert found.values.dtype == np.float32
    assert found.missing == ("missing",)


def test_more_missing_genes_than_allowed_are_refused():
    wanted = Genes(("B", "X1", "X2", "C"), "symbol")
    with pytest.raises(BadData, match=r"lacks 2 of the 4 genes .*\(X1, X2\), more than the 25%"):
        align(VALUES, Genes(("A", "B", "C"), "symbol"), wanted, FILL, 0.25)


def test_probes_stand_for_their_genes_and_are_averaged():
    have = Genes(("201746_at", "1053_at", "211300_s_at"), "hgu133a_probe")
    found = align(VALUES, have, Genes(("TP53", "RFC2"), "symbol"), FILL[:2], 0)
    np.testing.assert_array_equal(found.values, [[1, 1], [4, 4]])
    back = align(VALUES[:, :2], Genes(("TP53", "RFC2"), "symbol"), have, FILL[:3], 0)
    np.testing.assert_array_equal(back.values, [[0, 1, 0], [3, 4, 3]])


def test_names_of_no_known_kind_are_matched_as_they_are():
    have = Genes(("a", "b", "c"), "unknown")
    assert not align(VALUES, have, Genes(("c", "a"), "unknown"), FILL[:2], 0).missing
    with pytest.raises(BadData, match="bring both to gene symbols"):
        align(VALUES, have, Genes(("TP53", "RFC2"), "symbol"), FILL[:2], 0.5)
