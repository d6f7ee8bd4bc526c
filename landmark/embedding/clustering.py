"""Hierarchical clustering of samples."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.metrics import silhouette_score

from landmark.embedding.distances import Distance, pairwise
from landmark.errors import BadConfiguration, BadData

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

        Raises
        ------
        BadData
            If there are fewer samples than clusters.
        """
        samples = len(self.linkage) + 1
        if not 1 <= clusters <= samples:
            raise BadData(
                f"{samples:,} samples cannot be divided into {clusters:,} clusters. "
                f"Choose a number from 1 to {samples:,}."
            )
        found = hierarchy.fcluster(self.linkage, clusters, criterion="maxclust")
        names, first, sizes = np.unique(found, return_index=True, return_counts=True)
        number = np.empty(names.max() + 1, dtype=int)
        number[names[np.lexsort((first, -sizes))]] = np.arange(1, len(names) + 1)
        return number[found]

    def table(self) -> pd.DataFrame:
        """Return the linkage as a table: left, right, distance, size; row i makes cluster samples + i."""
        columns = {"left": int, "right": int, "distance": float, "size": int}
        return pd.DataFrame(self.linkage, columns=list(columns)).astype(columns)


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
        clusters, from 2 to ``most`` or one less than the samples; silhouette, -1 to 1, the mean over samples of
        (b - a) / max(a, b) with a the mean distance to the own and b to the nearest other cluster.

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
            value = float(silhouette_score(square, found, metric="precomputed"))
            rows.append({"clusters": clusters, "silhouette": value})
    return pd.DataFrame(rows, columns=["clusters", "silhouette"])


def choose_clusters(tree: Tree, most: int = 10) -> int:
    """Return the number of clusters with the largest mean silhouette; 1 if no cut divides the samples."""
    curve = silhouettes(tree, most)
    return int(curve["clusters"].iloc[curve["silhouette"].argmax()]) if len(curve) else 1
