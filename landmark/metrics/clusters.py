"""Hierarchical clusters of samples, their silhouette, their labels and what is distinctive of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from landmark.errors import BadConfiguration, BadData


def silhouette_values(square: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Compute the silhouette of every sample by one matrix product.

    Parameters
    ----------
    square
        Distances, [samples, samples].
    codes
        Number of each sample's group, from 0 without gaps, at least two groups, int [samples].

    Returns
    -------
    ndarray
        (b - a) / max(a, b), with a the mean distance to the others of the own group and b that to the nearest
        other group; 0 for a sample alone in its group, float64 [samples].
    """
    # scikit-learn's silhouette_samples goes sample by sample: ten times as long, for a hundred permutations of labels
    members = np.zeros((len(codes), int(codes.max()) + 1))
    members[np.arange(len(codes)), codes] = 1
    sizes = members.sum(0)
    to_groups = square @ members
    own = sizes[codes]
    a = to_groups[np.arange(len(codes)), codes] / np.maximum(own - 1, 1)
    to_others = to_groups / sizes
    to_others[np.arange(len(codes)), codes] = np.inf
    b = to_others.min(1)
    larger = np.maximum(a, b)
    values = np.divide(b - a, larger, where=larger > 0, out=np.zeros_like(a))
    return np.where(own > 1, values, 0.0)


Distance = Literal["correlation", "euclidean", "cosine"]

MOST_SAMPLES = 5000
"""All pairs of so many samples take 200 MB, and a few copies of that; a tree of more cannot be read either."""

FEATURES = 1024
"""Features that are worked on in float64 at once."""

ROUNDING = 1e-14
"""Distances of equal samples are this at most, relative to the samples, where products of samples are rounded."""


def pairwise(values: np.ndarray, distance: Distance = "correlation") -> np.ndarray:
    """Compute the distances of all pairs of samples.

    Parameters
    ----------
    values
        [samples, features], such as bottleneck values.
    distance
        ``correlation`` is 1 - Pearson's correlation, ``cosine`` 1 - the cosine, ``euclidean`` the length of
        the difference.

    Returns
    -------
    ndarray
        Condensed as SciPy's ``pdist`` has it, float64 [samples (samples - 1) / 2], none negative.

    Raises
    ------
    BadData
        If there are fewer than two samples or too many, a value is missing, or a sample has no direction: all
        its values are the same (correlation) or zero (cosine).
    """
    samples = len(values)
    if not 2 <= samples <= MOST_SAMPLES:
        raise BadData(
            f"Distances are computed between 2 to {MOST_SAMPLES:,} samples; there are {samples:,}. "
            f"Choose other groups of samples."
        )
    if not np.isfinite(values).all():
        raise BadData("Some values of the samples are missing or infinite, so distances cannot be computed.")
    axis = {"correlation": 1, "euclidean": 0, "cosine": None}[distance]  # euclidean: for the sake of rounding
    products = np.zeros((samples, samples))
    means = None if axis is None else values.mean(axis=axis, keepdims=True, dtype=np.float64)
    for start in range(0, values.shape[1], FEATURES):
        columns = slice(start, start + FEATURES)
        some = values[:, columns].astype(np.float64)
        if means is not None:
            some -= means if axis == 1 else means[:, columns]
        products += some @ some.T
    squares = np.diag(products).copy()
    if distance == "euclidean":
        sums = squares[:, None] + squares
        found = np.maximum(sums - 2 * products, 0)
        return squareform(np.sqrt(np.where(found > ROUNDING * sums, found, 0)), checks=False)
    if without := int((squares == 0).sum()):
        raise BadData(
            f"{without:,} of {samples:,} samples have the same value everywhere, so they have no {distance} "
            f"with others. Use the Euclidean distance, or leave these samples out."
        )
    length = np.sqrt(squares)
    products /= length
    products /= length[:, None]
    found = np.subtract(1, products, out=products)  # in place: these are large
    found[found <= ROUNDING] = 0
    return squareform(found, checks=False)


Linkage = Literal["average", "complete", "single", "ward"]


@dataclass(frozen=True)
class Tree:
    """A dendrogram.

    Attributes
    ----------
    linkage
        SciPy's linkage matrix, float64 [samples - 1, 4]: the two clusters that are joined, their distance, and
        the number of samples of the new cluster.
    distances
        Between samples, condensed.
    """

    linkage: np.ndarray
    distances: np.ndarray

    def cut(self, clusters: int) -> np.ndarray:
        """Divide the samples into clusters, numbered from 1 by falling size, int [samples].

        Ties in the tree can make fewer clusters than asked for.

        BadData if there are fewer samples than clusters.
        """
        return cut(self.linkage, clusters)

    def table(self) -> pd.DataFrame:
        """Return the linkage as a table: left, right, distance, size; row i makes cluster samples + i."""
        columns = {"left": int, "right": int, "distance": float, "size": int}
        return pd.DataFrame(self.linkage, columns=list(columns)).astype(columns)


def cut(linkage: np.ndarray, clusters: int) -> np.ndarray:
    """Divide the samples of a linkage matrix; see ``Tree.cut``."""
    samples = len(linkage) + 1
    if not 1 <= clusters <= samples:
        raise BadData(
            f"{samples:,} samples cannot be divided into {clusters:,} clusters. "
            f"Choose a number from 1 to {samples:,}."
        )
    found = hierarchy.fcluster(linkage, clusters, criterion="maxclust")
    names, first, sizes = np.unique(found, return_index=True, return_counts=True)
    number = np.empty(names.max() + 1, dtype=int)
    number[names[np.lexsort((first, -sizes))]] = np.arange(1, len(names) + 1)
    return number[found]


def cut_height(linkage: np.ndarray, clusters: int) -> float:
    """Return a height at which the tree has so many clusters: between the two joins it lies between.

    With one cluster it is the height of the last join, with as many as samples half of the first.
    """
    heights = np.concatenate([[0.0], np.sort(np.asarray(linkage)[:, 2])])
    above = len(heights) - clusters
    if clusters <= 1:
        return float(heights[-1])
    return float((heights[above] + heights[above + 1]) / 2)


def clusters_at(linkage: np.ndarray, height: float) -> int:
    """Count the clusters of a cut at a height: joins at or below it are made."""
    return int((np.asarray(linkage)[:, 2] > height).sum()) + 1


def grow_tree(values: np.ndarray, linkage: Linkage = "average", distance: Distance = "correlation") -> Tree:
    """Join samples step by step, nearest first.

    Parameters
    ----------
    values
        [samples, features].
    linkage
        How far two clusters are: the mean, largest or smallest distance of their samples, or Ward's increase
        of variance.
    distance
        Between samples.

    Raises
    ------
    BadConfiguration
        If Ward's linkage is asked for with a distance other than the Euclidean.
    BadData
        As ``pairwise``.
    """
    if linkage == "ward" and distance != "euclidean":
        raise BadConfiguration(f"linkage = 'ward' needs distance = 'euclidean', not {distance!r}.")
    distances = pairwise(values, distance)
    return Tree(hierarchy.linkage(distances, linkage), distances)


def silhouettes(tree: Tree, most: int = 10) -> pd.DataFrame:
    """Measure how well separated the clusters of every cut are.

    Returns
    -------
    DataFrame
        clusters, from 2 to ``most`` or one less than the samples; height of the cut; silhouette, -1 to 1, the mean
        over samples of (b - a) / max(a, b) with a the mean distance to the own and b to the nearest other cluster.

    Raises
    ------
    BadData
        If there are fewer than three samples.
    """
    samples = len(tree.linkage) + 1
    if samples < 3:
        raise BadData(f"{samples} samples cannot be divided in more than one way; at least 3 are needed.")
    square = squareform(tree.distances)
    rows = []
    for clusters in range(2, min(most, samples - 1) + 1):
        found = tree.cut(clusters)
        distinct = len(np.unique(found))
        if 2 <= distinct < samples:
            value = float(silhouette_values(square, found - 1).mean())
            rows.append(
                {"clusters": clusters, "height": cut_height(tree.linkage, clusters), "silhouette": value}
            )
    return pd.DataFrame(rows, columns=["clusters", "height", "silhouette"])


def choose_clusters(tree: Tree, most: int = 10) -> int:
    """Return the number of clusters with the largest mean silhouette; 1 if no cut divides the samples."""
    curve = silhouettes(tree, most)
    return int(curve["clusters"].iloc[curve["silhouette"].argmax()]) if len(curve) else 1


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
        shape = (len(weights), int(labels.max()) + 1, int(clusters.max()) + 1)
        cell = np.zeros((len(labels), shape[1] * shape[2]))
        cell[np.arange(len(labels)), labels * shape[2] + clusters] = 1
        weights = weights.astype(np.float64)
        return cls((weights @ cell).reshape(shape), (weights**2 @ cell).reshape(shape))

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
        shared = label + cluster - _entropy(share.reshape(len(share), share.shape[1] * share.shape[2]))
        mean = (label + cluster) / 2
        return np.clip(np.divide(shared, mean, where=mean > 0, out=np.ones_like(mean)), 0, 1)


def _pairs(counts: np.ndarray, squares: np.ndarray) -> np.ndarray:
    return (counts**2 - squares) / 2


def _entropy(share: np.ndarray) -> np.ndarray:
    return -(share * np.log(np.where(share > 0, share, 1))).sum(1)


def distinctive_units(values: np.ndarray, chosen: np.ndarray) -> pd.DataFrame:
    """Compare chosen samples with all others, unit by unit.

    Parameters
    ----------
    values
        Bottleneck values, [samples, units].
    chosen
        bool [samples]; neither all nor none.

    Returns
    -------
    DataFrame
        unit, its number; inside and outside, the means; effect, their difference in standard deviations within
        the two groups (Cohen's d), 0 for a unit that does not vary. The largest effect, of either sign, first.
    """
    inside, outside = values[chosen].astype(np.float64), values[~chosen].astype(np.float64)
    difference = inside.mean(0) - outside.mean(0)
    freedom = max(len(values) - 2, 1)
    spread = np.sqrt((len(inside) * inside.var(0) + len(outside) * outside.var(0)) / freedom)
    effect = np.divide(difference, spread, where=spread > 1e-12, out=np.zeros_like(difference))
    table = pd.DataFrame(
        {
            "unit": np.arange(values.shape[1]),
            "inside": inside.mean(0),
            "outside": outside.mean(0),
            "effect": effect,
        }
    )
    return table.sort_values("effect", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def unit_profiles(values: np.ndarray, clusters: np.ndarray) -> pd.DataFrame:
    """Mean of every unit in every cluster, in standard deviations from the mean of all samples.

    Returns
    -------
    DataFrame
        One row per cluster, in order of its number (the index), one column per unit.
    """
    values = values.astype(np.float64)
    deviation = values.std(0)
    scaled = np.divide(values - values.mean(0), deviation, where=deviation > 1e-12, out=np.zeros_like(values))
    return pd.DataFrame(scaled).groupby(np.asarray(clusters)).mean()
