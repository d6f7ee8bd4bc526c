"""What genes that carry the values of another do to a comparison of sets."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from landmark.data.steps.identical import first_alike, shared_values
from landmark.genesets.geneset import GeneSet


def identical_columns(X: np.ndarray) -> np.ndarray:
    """Find the genes whose values are those of another gene in every sample, [samples, genes] to bool [genes].

    Any one of them tells all the others, so a set that holds one predicts the others without error.
    """
    return shared_values(first_alike([X], X.shape[1]))


def without_identical(
    accuracies: Mapping[str, pd.DataFrame], sets: Collection[GeneSet], identical: Collection[str]
) -> dict[str, dict[str, Any]]:
    """Average each set's accuracy over the targets that no other gene copies.

    Parameters
    ----------
    accuracies
        Table of ``comparison.target_accuracy`` by name of set.
    sets
        The compared sets.
    identical
        Genes that carry the values of another.

    Returns
    -------
    dict
        Name of set to held (identical genes in the set), targets (that are left), mae and pcc over them.
    """
    copied = set(identical)
    found = {}
    for gene_set in sets:
        left = accuracies[gene_set.name]
        left = left[~left["gene"].isin(copied)]
        found[gene_set.name] = {
            "held": len(copied.intersection(gene_set.genes)),
            "targets": len(left),
            "mae": float(left["mae"].mean()),
            "pcc": float(left["pcc"].mean()),
        }
    return found
