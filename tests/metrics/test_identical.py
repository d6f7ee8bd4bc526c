import numpy as np
import pandas as pd
import pytest

from landmark.genesets.geneset import GeneSet
from landmark.metrics.gene_sets import identical_columns, without_identical


def test_finds_genes_that_carry_the_values_of_another():
    X = np.random.default_rng(0).standard_normal((9, 6)).astype(np.float32)
    X[:, 4] = X[:, 1]
    assert list(identical_columns(X)) == [False, True, False, False, True, False]


def test_averages_over_targets_that_no_other_gene_copies():
    table = pd.DataFrame({"gene": ["A", "B", "C"], "mae": [0.0, 0.4, 0.6], "pcc": [1.0, 0.5, 0.3]})
    found = without_identical({"mine": table}, [GeneSet("mine", ("D", "E"), "a test")], ["A", "D"])
    assert found["mine"]["held"] == 1
    assert found["mine"]["targets"] == 2
    assert found["mine"]["mae"] == pytest.approx(0.5)
    assert found["mine"]["pcc"] == pytest.approx(0.4)
