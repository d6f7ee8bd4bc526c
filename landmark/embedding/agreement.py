"""Whether samples of one label lie together: the same measures on several representations of the samples."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.spatial.distance import squareform
from sklearn import metrics

from landmark.embedding.clustering import Linkage, Tree, grow_tree
from landmark.embedding.distances import Distance
from landmark.errors import BadData
from landmark.evaluation.principal import PrincipalComponents
from landmark.progress import Progress, Report, silent

PERMUTED = "permuted labels"
PERMUTATIONS = 20
"""The row of permuted labels is the mean of so many permutations."""

MEASURES = ("adjusted_rand", "mutual_information", "silhouette", "neighbour_accuracy")


def representations(
    bottleneck: np.ndarray,
    train: np.ndarray,
    samples: np.ndarray,
    components: int,
    *,
    report: Report = silent,
) -> dict[str, np.ndarray]:
    """Put the bottleneck beside what can be had without a network.

    Parameters
    ----------
    bottleneck
        Of the samples in question, [samples, units].
    train, samples
        Training samples, and the samples in question, with all genes scaled by the training samples,
        [samples, genes].
    components
        Number of principal components, learned from the training samples: the size of the bottleneck, or fewer
        where there are fewer training samples or genes.
    report
        Told about progress.

    Returns
    -------
    dict
        By name: bottleneck, PCA and its number of components, all genes.
    """
    components = min(components, *train.shape)
    pca = PrincipalComponents.fit(train, components, report=report)
    return {"bottleneck": bottleneck, f"PCA {components}": pca.transform(samples), "all genes": samples}


def agreement_table(
    values: Mapping[str, np.ndarray],
    labels: Sequence[str],
    *,
    clusters: int = 0,
    linkage: Linkage = "average",
    distance: Distance = "correlation",
    seed: int = 0,
    report: Report = silent,
) -> pd.DataFrame:
    """Cluster the samples in every representation and compare with their labels.

    Parameters
    ----------
    values
        Representations by name, each [samples, features] of the same samples.
    labels
        One per sample.
    clusters
        Number of clusters to cut the trees into; 0 for as many as there are labels.
    linkage, distance
        Of the trees; the distance is also that of silhouette and neighbours.
    seed
        Of the permuted labels.
    report
        Told about progress.

    Returns
    -------
    DataFrame
        representation; adjusted_rand and mutual_information (adjusted Rand index and normalised mutual
        information of clusters and labels, 1 = equal); silhouette of the labels, -1 to 1;
        neighbour_accuracy, the share of samples whose nearest other sample has their label, averaged over
        labels. The last row, "permuted labels", is chance: the first representation with shuffled labels.

    Raises
    ------
    BadData
        If labels are missing, do not fit the samples, are all alike or all different; and as ``pairwise``.
    """
    codes = _codes(labels)
    if any(len(X) != len(codes) for X in values.values()):
        raise BadData(
            f"There are {len(codes):,} labels, but the representations have other numbers of samples."
        )
    clusters = clusters or int(codes.max()) + 1
    rows = []
    first: Tree | None = None
    for done, (name, X) in enumerate(values.items()):
        report(Progress("Comparing clusters with labels", done, len(values) + 1, "representation"))
        tree = grow_tree(X, linkage, distance)
        first = first or tree
        rows.append({"representation": name} | _measure(tree, clusters, codes[None])[0])
    if first is not None:
        report(Progress("Comparing clusters with labels", len(values), len(values) + 1, "representation"))
        rng = np.random.default_rng(seed)
        shuffled = np.array([rng.permutation(codes) for _ in range(PERMUTATIONS)])
        chance = pd.DataFrame(_measure(first, clusters, shuffled)).mean()
        rows.append({"representation": PERMUTED} | chance.to_dict())
    return pd.DataFrame(rows, columns=["representation", *MEASURES])


def _measure(tree: Tree, clusters: int, labellings: np.ndarray) -> list[dict[str, float]]:
    """Compute all measures for each labelling, int [labellings, samples]."""
    found = tree.cut(clusters)
    square = squareform(tree.distances)
    apart = square.copy()
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)
    return [
        {
            "adjusted_rand": float(metrics.adjusted_rand_score(codes, found)),
            "mutual_information": float(metrics.normalized_mutual_info_score(codes, found)),
            "silhouette": float(metrics.silhouette_score(square, codes, metric="precomputed")),
            "neighbour_accuracy": _mean_recall(codes, codes[nearest]),
        }
        for codes in labellings
    ]


def _mean_recall(codes: np.ndarray, predicted: np.ndarray) -> float:
    """Return the balanced accuracy: the share of right predictions per label, averaged over labels."""
    right = np.bincount(codes, weights=codes == predicted)
    return float((right / np.bincount(codes)).mean())


def _codes(labels: Sequence[str]) -> np.ndarray:
    codes, names = pd.factorize(pd.Series(list(labels)), use_na_sentinel=True)
    if (codes < 0).any():
        raise BadData(
            f"{int((codes < 0).sum()):,} of {len(codes):,} samples have no label. Leave them out, or choose "
            f"another annotation column."
        )
    if not 2 <= len(names) < len(codes):
        raise BadData(
            f"The {len(codes):,} samples have {len(names):,} different labels. Choose an annotation with at least "
            f"two labels that several samples share."
        )
    return codes
