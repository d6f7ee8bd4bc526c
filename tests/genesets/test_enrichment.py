import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom
from statsmodels.stats.multitest import multipletests

from landmark.errors import BadData
from landmark.genesets.enrichment import enrich
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions

BACKGROUND = [f"g{i}" for i in range(500)]


@pytest.fixture
def terms():
    rng = np.random.default_rng(0)
    pool = [*BACKGROUND, *(f"unmeasured{i}" for i in range(100))]
    return [
        GeneSet(f"term {i}", tuple(rng.choice(pool, rng.integers(3, 60), replace=False)), "")
        for i in range(80)
    ]


def test_every_term_equals_scipy_and_the_adjustment_statsmodels(terms):
    chosen = GeneSet("mine", (*BACKGROUND[:40], "unmeasured3"), "")
    table = enrich(chosen, terms, BACKGROUND)
    assert list(table) == ["term", "overlap", "size", "expected", "p_value", "p_adjusted", "genes"]
    expected = []
    for term in terms:
        measured = set(term.genes) & set(BACKGROUND)
        shared = measured & set(BACKGROUND[:40])
        if len(measured) >= 5:
            p = hypergeom.sf(len(shared) - 1, 500, len(measured), 40)
            row = (term.name, len(shared), len(measured), 40 * len(measured) / 500, p)
            expected.append((*row, " ".join(sorted(shared))))
    expected = pd.DataFrame(expected, columns=["term", "overlap", "size", "expected", "p_value", "genes"])
    expected["p_adjusted"] = multipletests(expected["p_value"], method="fdr_bh")[1]
    assert (expected["overlap"] == 0).any()
    assert len(expected) < len(terms)
    expected = expected[expected["overlap"] > 0].sort_values(["p_value", "term"], ignore_index=True)
    pd.testing.assert_frame_equal(table, expected[list(table)], check_exact=False, rtol=1e-10)


def test_a_planted_term_comes_first(terms):
    planted = GeneSet("planted", tuple(BACKGROUND[:30]), "")
    table = enrich(GeneSet("mine", tuple(BACKGROUND[:40]), ""), [*terms, planted], BACKGROUND)
    assert table["term"][0] == "planted"
    assert table["p_adjusted"][0] < 1e-20


def test_terms_that_share_nothing_make_an_empty_table_with_all_columns():
    apart = GeneSet("apart", tuple(BACKGROUND[100:110]), "")
    table = enrich(GeneSet("mine", ("g1",), ""), [apart], BACKGROUND)
    assert list(table) == ["term", "overlap", "size", "expected", "p_value", "p_adjusted", "genes"]
    assert len(table) == 0


def test_sets_and_terms_outside_the_background_are_refused(terms):
    with pytest.raises(BadData, match="None of the 1 genes"):
        enrich(GeneSet("mine", ("unmeasured1",), ""), terms, BACKGROUND)
    with pytest.raises(BadData, match="another kind of identifier"):
        enrich(GeneSet("mine", ("1007_s_at",), ""), terms, ["1007_s_at", "1053_at"])


def test_kinases_are_enriched_for_kinase_activity():
    functions = {term.name: term for term in molecular_functions()}
    kinase = next(term for name, term in functions.items() if name.startswith("protein kinase activity"))
    background = {gene for term in functions.values() for gene in term.genes}
    table = enrich(GeneSet("kinases", kinase.genes[:100], ""), functions.values(), background)
    assert kinase.name in set(table["term"][:10])
    assert (table["p_adjusted"] >= table["p_value"]).all()
