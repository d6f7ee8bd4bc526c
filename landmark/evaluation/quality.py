"""What an autoencoder reconstructs, gene by gene, beside principal components (Fig. 2a of the paper)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from landmark.data.scaling import STANDARD_DEVIATION_FLOOR
from landmark.evaluation.accuracy import accuracy, blocks
from landmark.evaluation.permutation import permutation_test, significant
from landmark.evaluation.principal import PrincipalComponents
from landmark.progress import Report, silent


def reconstruction_quality(
    train: np.ndarray,
    true: np.ndarray,
    reconstructed: np.ndarray,
    genes: Sequence[str],
    *,
    unit_scale: np.ndarray,
    components: int,
    report: Report = silent,
) -> pd.DataFrame:
    """Measure the reconstruction of test samples.

    Parameters
    ----------
    train, true, reconstructed
        Training samples, test samples and their reconstruction, scaled as the network's input, [samples, genes].
    genes
        Names of the columns.
    unit_scale
        What one scaled unit of each gene is in the units of the dataset, [genes].
    components
        Size of the bottleneck, for the principal components. Where there are fewer training samples or genes,
        as many as there are.
    report
        Told about progress.

    Returns
    -------
    DataFrame
        gene; mae in standard deviations of the training samples; mae_unscaled in the units of the dataset; pcc;
        p_value, of the permutation test; significant, p_value below 0.01; mae_pca and pcc_pca, the same of
        principal components learned from the training samples.
    """
    # in blocks, since a float64 copy of all training samples may not fit in memory
    spread = [train[:, columns].std(axis=0, dtype=np.float64) for columns in blocks(train.shape[1])]
    deviation = np.concatenate(spread) * unit_scale + STANDARD_DEVIATION_FLOOR
    network = accuracy(true, reconstructed)
    p_value = permutation_test(true, reconstructed, report=report)
    pca = PrincipalComponents.fit(train, min(components, *train.shape), report=report)
    linear = accuracy(true, pca.restore(pca.transform(true)))
    return pd.DataFrame(
        {
            "gene": list(genes),
            "mae": network.mae * unit_scale / deviation,
            "mae_unscaled": network.mae * unit_scale,
            "pcc": network.pcc,
            "p_value": p_value,
            "significant": significant(p_value),
            "mae_pca": linear.mae * unit_scale / deviation,
            "pcc_pca": linear.pcc,
        }
    )
