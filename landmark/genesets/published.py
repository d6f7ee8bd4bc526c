"""Published ways of choosing genes, re-implemented from their papers, to compare with.

All of them look at standardised expression, and of very many samples at some that are drawn.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from landmark.decompositions import eigh
from landmark.errors import BadConfiguration
from landmark.genesets.selection import Chosen, Panel, some_of
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples

EXPLAINED = 0.9
"""Share of the variance in the components among which genes are clustered; as for L1000."""

ROUNDS = 50
"""Rounds of k-means at most; few genes change their cluster in later ones."""


@dataclass(frozen=True)
class Medoids:
    """Take the gene in the middle of each of as many clusters of genes: how the L1000 genes were found.

    Subramanian et al. (Cell 171:1437, 2017) reduced thousands of samples to the principal components that hold 90% of
    the variance, clustered genes there and measured one gene per cluster. They looked for tight clusters by repeated
    k-means, took those out and began again; here one k-means makes as many clusters as genes are wanted. The genes that
    were easy to measure, by which they chose within clusters, are not known: it is the gene nearest to the centre.

    Clusters with a gene to start from are represented already. A larger panel is found anew: it need not contain a
    smaller one. The seed draws samples, where there are very many, and the first centres.
    """

    seed: int = 0

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose, from the largest cluster to the smallest; the gain of a gene is how many genes its cluster has."""
        free = panel.free(X.shape[1])
        free[list(panel.start)] = False
        report(Progress("Finding principal components"))
        points = _among_components(_centred(X, self.seed))
        centres, cluster = _clusters(points, panel.size, self.seed, report)
        genes = np.bincount(cluster, minlength=panel.size)
        order = list(panel.start)
        gain = [int(genes[cluster[gene]]) for gene in order]
        represented = set(cluster[order])
        largest = [int(number) for number in np.argsort(-genes, kind="stable") if number not in represented]
        for number in largest[: panel.size - len(order)]:
            distance = np.square(points - centres[number]).sum(axis=1)
            order.append(int(np.argmin(np.where(free, distance, np.inf))))
            free[order[-1]] = False
            gain.append(int(genes[number]))
        return Chosen(np.array(order, dtype=np.intp), np.array(gain, dtype=np.float64))


def _centred(X: Samples, seed: int) -> np.ndarray:
    """Return the samples that take part, [samples, genes], less their mean."""
    some = X[some_of(len(X), seed)]
    return some - some.mean(axis=0)


def _among_components(X: np.ndarray) -> np.ndarray:
    """Place genes by their values in the leading principal components of samples, float32 [genes, components]."""
    values, vectors = _components(X)
    share = np.cumsum(values) / max(values.sum(), np.finfo(np.float64).tiny)
    return X.T @ vectors[:, : 1 + int(np.searchsorted(share, EXPLAINED))].astype(np.float32)


def _components(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Decompose XX', for X [samples, genes]: eigenvalues, the largest first, and vectors in columns, float64."""
    values, vectors = eigh(X.astype(np.float64) @ X.T)
    return np.maximum(values[::-1], 0), vectors[:, ::-1]


def _clusters(points: np.ndarray, count: int, seed: int, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """Cluster by k-means: centres [count, dimensions], and the number of each point's cluster, int [points]."""
    with threadpool_limits(1), warnings.catch_warnings():  # sums of several threads depend on who comes first
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different points than clusters
        centres, _ = kmeans_plusplus(points, count, random_state=seed)
        for number in range(ROUNDS):
            report(Progress("Clustering genes", number, ROUNDS, "round"))
            fitted = KMeans(count, init=centres, n_init=1, max_iter=1).fit(points)
            if np.array_equal(centres, fitted.cluster_centers_):
                break
            centres = fitted.cluster_centers_
    return centres, fitted.labels_


NEIGHBOURS, COMPONENTS = 5, 50
"""Samples by which one is predicted, and principal components that show who they truly are; as in geneBasis."""


@dataclass(frozen=True)
class GeneBasis:
    """Take after every gene the one that the nearest samples predict worst: geneBasis.

    Missarova et al. (Genome Biology 22:333, 2021): every sample is predicted as the mean of its five nearest samples,
    and a gene's error is the Minkowski distance of order 3 between measured and predicted values. Nearest are samples
    by the genes taken so far; the gene whose error is furthest above that with true neighbours, by the 50 leading
    principal components of all genes, is taken next. Before any is taken every sample is predicted by the mean of all,
    where the paper takes random neighbours. The paper's expression is in logarithms; here it is standardised.
    """

    seed: int = 0

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is its error above that with true neighbours, in standard deviations.

        Raises BadConfiguration if there are fewer than 3 samples, or the panel cannot be had.
        """
        free = panel.free(X.shape[1])
        if len(X) < 3:
            raise BadConfiguration(f"There are {len(X)} training samples; to have neighbours takes 3.")
        report(Progress("Finding principal components"))
        X = _centred(X, self.seed)
        values, vectors = _components(X)
        scores = vectors[:, :COMPONENTS] * np.sqrt(values[:COMPONENTS])
        squares = np.square(scores).sum(axis=1)
        true = _errors(X, _nearest(squares[:, None] + squares - 2 * scores @ scores.T))
        of_nobody = csr_array((len(X), len(X)), dtype=np.float32)
        errors = _errors(X, of_nobody)  # predicted by the mean, which is 0
        apart = np.zeros((len(X), len(X)), dtype=np.float32)
        order, gain = np.empty(panel.size, dtype=np.intp), np.empty(panel.size)
        for number in range(panel.size):
            above = np.where(free, errors - true, -np.inf)
            best = panel.start[number] if number < len(panel.start) else int(np.argmax(above))
            order[number], gain[number], free[best] = best, errors[best] - true[best], False
            apart += np.square(X[:, best, None] - X[:, best])
            report(Progress("Choosing genes", number + 1, panel.size, "gene"))
            if number + 1 < panel.size:
                errors = _errors(X, _nearest(apart))
        return Chosen(order, gain)


def _nearest(apart: np.ndarray) -> csr_array:
    """Weigh the nearest other samples of each alike, from squared distances [samples, samples], as [to, from]."""
    samples = len(apart)
    count = min(NEIGHBOURS, samples - 1)
    apart = apart.copy()
    np.fill_diagonal(apart, np.inf)
    near = np.argpartition(apart, count - 1, axis=1)[:, :count]
    weights = np.full(near.size, np.float32(1 / count))
    return csr_array((weights, near.ravel(), np.arange(0, near.size + 1, count)), (samples, samples))


def _errors(X: np.ndarray, weights: csr_array) -> np.ndarray:
    """Return the cube root of the mean cubed difference of genes from weighted samples, float64 [genes]."""
    missed = np.abs(X - weights @ X)
    return np.cbrt(np.einsum("sg,sg,sg->g", missed, missed, missed) / len(X)).astype(np.float64)


@dataclass(frozen=True)
class Loadings:
    """Take for every principal component, the largest first, the gene with the largest loading on it.

    Jolliffe's method B4 (Applied Statistics 21:160, 1972). Of standardised genes that is the one with the strongest
    correlation. Where more genes are wanted than there are components, each gets a second gene, and so on.
    """

    seed: int = 0

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is its correlation with the component, without its sign."""
        free = panel.free(X.shape[1])
        report(Progress("Finding principal components"))
        X = _centred(X, self.seed)
        values, vectors = _components(X)
        known = values > values[0] * len(values) * np.finfo(np.float32).eps
        products = np.abs(vectors[:, : max(1, known.sum())].T @ X)
        correlations = products / np.maximum(np.linalg.norm(X, axis=0), np.finfo(np.float32).tiny)
        free[list(panel.start)] = False
        order = list(panel.start)
        gain = [float(correlations[:, gene].max()) for gene in order]
        for number in range(panel.size - len(order)):
            among = np.where(free, correlations[number % len(correlations)], -1)
            order.append(int(np.argmax(among)))
            gain.append(float(among[order[-1]]))
            free[order[-1]] = False
        return Chosen(np.array(order, dtype=np.intp), np.array(gain))
