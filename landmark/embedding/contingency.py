"""Agreement of two divisions of the same samples, from weighted counts: many resamples at once.

With weights of 1 these are the adjusted Rand index (Hubert and Arabie, 1985) and the normalised mutual information
with the arithmetic mean of the entropies, as scikit-learn has them.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Contingency:
    """How two divisions meet, under many weightings of the samples.

    Attributes
    ----------
    counts
        Sum of the weights of the samples of each label in each cluster, float64 [weightings, labels, clusters].
    squares
        The same of the squared weights. Pairs of one sample with itself are left out by them: a sample that was
        drawn twice says nothing about agreement.
    """

    counts: np.ndarray
    squares: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, clusters: np.ndarray, weights: np.ndarray) -> "Contingency":
        """Count.

        Parameters
        ----------
        labels, clusters
            Numbers from 0, int [samples].
        weights
            [weightings, samples].
        """
        shape = (int(labels.max()) + 1, int(clusters.max()) + 1)
        cell = np.zeros((len(labels), shape[0] * shape[1]))
        cell[np.arange(len(labels)), labels * shape[1] + clusters] = 1
        weights = weights.astype(np.float64)
        return cls((weights @ cell).reshape(-1, *shape), (weights**2 @ cell).reshape(-1, *shape))

    def adjusted_rand(self) -> np.ndarray:
        """Return the adjusted Rand index of each weighting, [weightings]; 1 where both have one group."""
        both = _pairs(self.counts, self.squares).sum((1, 2))
        label = _pairs(self.counts.sum(2), self.squares.sum(2)).sum(1)
        cluster = _pairs(self.counts.sum(1), self.squares.sum(1)).sum(1)
        every = _pairs(self.counts.sum((1, 2)), self.squares.sum((1, 2)))
        chance = np.divide(label * cluster, every, where=every > 0, out=np.zeros_like(both))
        possible = (label + cluster) / 2 - chance
        return np.divide(both - chance, possible, where=possible > 0, out=np.ones_like(both))

    def mutual_information(self) -> np.ndarray:
        """Return the normalised mutual information of each weighting, [weightings]."""
        share = self.counts / self.counts.sum((1, 2), keepdims=True)
        label, cluster = _entropy(share.sum(2)), _entropy(share.sum(1))
        shared = label + cluster - _entropy(share.reshape(len(share), -1))
        mean = (label + cluster) / 2
        return np.clip(np.divide(shared, mean, where=mean > 0, out=np.ones_like(mean)), 0, 1)


def _pairs(counts: np.ndarray, squares: np.ndarray) -> np.ndarray:
    return (counts**2 - squares) / 2


def _entropy(share: np.ndarray) -> np.ndarray:
    return -(share * np.log(np.where(share > 0, share, 1))).sum(1)
