import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from landmark.genesets.enrichment import jaccard, term_groups

HELD = st.lists(st.sets(st.sampled_from("ABCDEFGH"), min_size=1), min_size=2, max_size=12)


@given(HELD)
def test_the_index_is_scipys(held):
    genes = pd.Series([" ".join(sorted(term)) for term in held])
    table = np.array([[gene in term for gene in "ABCDEFGH"] for term in held])
    np.testing.assert_allclose(jaccard(genes), 1 - squareform(pdist(table, "jaccard")), atol=1e-12)


@given(HELD)
def test_groups_are_numbered_in_the_order_of_the_terms(held):
    groups = term_groups(pd.Series([" ".join(sorted(term)) for term in held]))
    assert list(pd.unique(groups)) == list(range(1, groups.max() + 1))


def test_terms_of_the_same_genes_are_one_group():
    genes = pd.Series(["A B C D", "E F", "A B C", "E F G", "H"])
    assert term_groups(genes).tolist() == [1, 2, 1, 2, 3]
    assert term_groups(genes, alike=0.99).tolist() == [1, 2, 3, 4, 5]
    assert term_groups(genes.iloc[:1]).tolist() == [1]
