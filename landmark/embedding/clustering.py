"""Hierarchical clustering of samples."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from landmark.embedding.distances import Distance, pairwise
from landmark.embedding.silhouette import silhouette_values
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
