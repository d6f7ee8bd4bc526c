"""What an autoencoder reconstructs, gene by gene, beside principal components (Fig. 2a of the paper)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.data.scaling import STANDARD_DEVIATION_FLOOR, mean_and_squares
from landmark.decompositions import eigh, qr
from landmark.errors import BadData
from landmark.metrics.per_gene import accuracy, blocks, permutation_test, significant
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples, in_memory, passing

EXACT_UP_TO = 3000
"""Samples or genes, the fewer of the two, up to which the components come from a full decomposition."""

OVERSAMPLED = 20
ROUNDS = 6
"""Extra directions and passes of the randomised method; Halko et al., SIAM Review 53:217 (2011), algorithm 4.4."""


@dataclass(frozen=True)
class PrincipalComponents:
    """The best linear bottleneck.

    Attributes
    ----------
    mean
        Of the training samples, float32 [genes].
    directions
        Orthonormal rows, largest variance first, float32 [components, genes].
    """

    mean: np.ndarray
    directions: np.ndarray

    @classmethod
    def fit(
        cls, train: Samples, components: int, *, seed: int = 0, report: Report = silent
    ) -> "PrincipalComponents":
        """Find the components of the training samples, [samples, genes], in passes over them where they are many.

        ``seed`` matters only above ``EXACT_UP_TO`` samples and genes.

        BadData if there are fewer samples or genes than components.
        """
        if not 1 <= components <= min(train.shape):
            raise BadData(
                f"{components} principal components need at least as many samples and genes; "
                f"there are {train.shape[0]:,} training samples of {train.shape[1]:,} genes."
            )
        mean, _, _ = mean_and_squares((values for _, values in passing(train)), train.shape[1])
        mean = mean.astype(np.float32)
        if min(train.shape) <= EXACT_UP_TO:
            directions = _exact(train, mean, components)
        else:
            directions = _randomised(train, mean, components, seed, report)
        return cls(mean, directions.astype(np.float32))

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Project samples, [samples, genes] to float32 [samples, components]."""
        return (X - self.mean) @ self.directions.T

    def restore(self, scores: np.ndarray) -> np.ndarray:
        """Go back from scores, [samples, components], to genes, float32 [samples, genes]."""
        return scores @ self.directions + self.mean


def _exact(train: Samples, mean: np.ndarray, components: int) -> np.ndarray:
    """Decompose the smaller of the two gram matrices, in float64."""
    # scikit-learn's PCA decomposes that of the genes (4 GB for 22,268), or all of X, or draws other random numbers
    samples, genes = train.shape
    if samples >= genes:
        gram = np.zeros((genes, genes))
        for _, values in passing(train):
            centred = (values - mean).astype(np.float64)
            gram += centred.T @ centred
        _, vectors = eigh(gram)
        return vectors[:, ::-1][:, :components].T
    X = (in_memory(train) - mean).astype(np.float64)
    _, vectors = eigh(X @ X.T)
    # an orthonormal basis even where the last components have no variance
    basis, triangle = qr(X.T @ vectors[:, ::-1][:, :components])
    return (basis * np.where(np.diag(triangle) < 0, -1, 1)).T


def _randomised(train: Samples, mean: np.ndarray, components: int, seed: int, report: Report) -> np.ndarray:
    """Iterate on a random subspace that is a little larger than asked for: each round is one pass over the samples."""
    samples, genes = train.shape
    width = min(components + OVERSAMPLED, samples, genes)
    basis = np.random.default_rng(seed).standard_normal((genes, width), dtype=np.float32)
    for done in range(ROUNDS + 1):
        report(Progress("Principal components", done, ROUNDS + 1, "pass"))
        scattered, spread = np.zeros((genes, width)), np.zeros((width, width))
        for _, values in passing(train):
            centred = values - mean
            scores = centred @ basis
            scattered += centred.T @ scores
            spread += scores.T.astype(np.float64) @ scores
        if done < ROUNDS:
            basis = qr(scattered)[0].astype(np.float32)
    _, rotation = eigh(spread)
    report(Progress("Principal components", ROUNDS + 1, ROUNDS + 1, "pass"))
    return rotation[:, ::-1][:, :components].T @ basis.T


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
