"""How well samples of each tissue are predicted."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from landmark.evaluation.accuracy import accuracy


def tissue_accuracy(true: np.ndarray, predicted: np.ndarray, tissues: Sequence[str]) -> pd.DataFrame:
    """Average the error and the correlation of whole profiles over the samples of each tissue.

    A tissue has too few samples for a correlation per gene; so a sample's measured genes are correlated with its
    predicted ones.

    Parameters
    ----------
    true, predicted
        [samples, genes], standardised per gene.
    tissues
        Of each sample.

    Returns
    -------
    DataFrame
        tissue; samples; mae; pcc. The tissue with the largest mean pcc first.
    """
    profiles = accuracy(true.T, predicted.T)
    table = pd.DataFrame({"tissue": list(tissues), "samples": 1, "mae": profiles.mae, "pcc": profiles.pcc})
    means = table.groupby("tissue", sort=False).agg(
        samples=("samples", "sum"), mae=("mae", "mean"), pcc=("pcc", "mean")
    )
    return means.reset_index().sort_values(["pcc", "tissue"], ascending=[False, True], ignore_index=True)
