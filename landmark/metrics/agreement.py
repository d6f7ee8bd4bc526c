"""Agreement of clusters with labels, and samples of two datasets brought together by genes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial.distance import squareform

from landmark.data.gene_identifiers import TITLES, Identifier, symbols_of
from landmark.errors import BadData
from landmark.metrics.clusters import Contingency, Distance, Linkage, grow_tree, silhouette_values
from landmark.metrics.paired import LEAST_UNITS, drawn_counts, units_of
from landmark.metrics.reconstruction import PrincipalComponents
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples

_NAMED = 5


@dataclass(frozen=True)
class Genes:
    """Names of genes and their kind."""

    names: tuple[str, ...]
    identifier: Identifier


@dataclass(frozen=True)
class Aligned:
    """Samples in an encoder's genes.

    Attributes
    ----------
    values
        float32 [samples, genes of the encoder].
    missing
        Genes of the encoder that the dataset lacks; their values are the filling.
    """

    values: np.ndarray
    missing: tuple[str, ...]


def align(values: np.ndarray, have: Genes, wanted: Genes, fill: np.ndarray, most_missing: float) -> Aligned:
    """Bring samples into the order of an encoder's genes and fill what is missing.

    Genes are found by their names; where the two name genes by different kinds of identifier, by their symbols.
    Several columns of one symbol are averaged.

    Parameters
    ----------
    values
        Of the samples, [samples, genes of the dataset].
    have, wanted
        Genes of the dataset and of the encoder.
    fill
        Value of a missing gene, [genes of the encoder]: its mean over training samples.
    most_missing
        Largest share of the encoder's genes that may be missing.

    Raises
    ------
    BadData
        If more are missing.
    """
    there, sought = _common_names(have, wanted)
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(there):
        if name:
            columns.setdefault(name, []).append(place)
    found = [columns.get(name, []) for name in sought]
    missing = tuple(name for name, places in zip(wanted.names, found, strict=True) if not places)
    if len(missing) > most_missing * len(wanted.names):
        raise BadData(_refusal(missing, have, wanted, most_missing))
    result = np.tile(fill.astype(np.float32), (len(values), 1))
    single = [place for place, places in enumerate(found) if len(places) == 1]
    result[:, single] = values[:, [found[place][0] for place in single]]
    for place, places in enumerate(found):
        if len(places) > 1:
            result[:, place] = values[:, places].mean(axis=1)
    return Aligned(result, missing)


def _common_names(have: Genes, wanted: Genes) -> tuple[Sequence[str], Sequence[str]]:
    kinds = {have.identifier, wanted.identifier}
    if len(kinds) == 1 or "unknown" in kinds:
        return have.names, wanted.names
    return symbols_of(have.names, have.identifier), symbols_of(wanted.names, wanted.identifier)


def _refusal(missing: tuple[str, ...], have: Genes, wanted: Genes, most_missing: float) -> str:
    text = (
        f"The dataset lacks {len(missing):,} of the {len(wanted.names):,} genes that the network was trained on "
        f"({', '.join(missing[:_NAMED])}{', ...' if len(missing) > _NAMED else ''}), more than the "
        f"{100 * most_missing:g}% that may be filled with the training mean. "
    )
    if have.identifier != wanted.identifier and "unknown" in (have.identifier, wanted.identifier):
        return text + (
            f"Its genes are {TITLES[have.identifier]}, those of the network {TITLES[wanted.identifier]}: bring "
            "both to gene symbols."
        )
    return text + "Train a network on the genes that both have, or allow more missing genes."


PERMUTED = "permuted labels"
PERMUTATIONS = 100
"""The row of permuted labels is the mean of so many permutations."""

RESAMPLES = 500
INTERVAL = (2.5, 97.5)
"""Percentiles: 95% of the resamples or permutations."""

MEASURES = (
    "adjusted_rand",
    "mutual_information",
    "silhouette",
    "neighbour_accuracy",
    "held_out_accuracy",
)


def representations(
    bottleneck: np.ndarray,
    train: Samples,
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
    held_out: np.ndarray | None = None,
    groups: np.ndarray | None = None,
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
    held_out
        Which samples no model has learned from, bool [samples].
    groups
        Number of the group of each sample, int [samples], where samples of a group (a patient) belong together; see
        ``paired.redrawn``. None where every sample stands by itself.
    seed
        Of the resamples and of the permuted labels.
    report
        Told about progress.

    Returns
    -------
    DataFrame
        representation, and of each measure its value and an interval, ``<measure>_low`` and ``<measure>_high``:

        adjusted_rand, mutual_information
            Adjusted Rand index and normalised mutual information of clusters and labels, 1 = equal.
        silhouette
            Of the labels, -1 to 1, mean over samples.
        neighbour_accuracy
            Share of samples whose nearest other sample has their label, averaged over labels.
        held_out_accuracy
            Share of held-out samples whose nearest sample among those not held out has their label, averaged
            over labels; not a number where there are none.

        Intervals hold 95% of resamples of the samples, or of their groups as wholes, the clusters staying as they are;
        there are none with fewer than ``LEAST_UNITS`` groups. The last row, "permuted
        labels", is chance: the first representation with shuffled labels, the mean of 100 shuffles and 95% of
        them.

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
    rng = np.random.default_rng(seed)
    samples = len(codes)
    resamples = RESAMPLES if groups is None or units_of(samples, groups) >= LEAST_UNITS else 0
    draws = drawn_counts(rng, samples, resamples, groups)
    once = np.ones((1, samples))
    rows = []
    first: _Neighbourhood | None = None
    for done, (name, X) in enumerate(values.items()):
        report(Progress("Comparing clusters with labels", done, len(values) + 1, "representation"))
        place = _Neighbourhood(X, clusters, linkage, distance, held_out)
        first = first or place
        value = {measure: found[0] for measure, found in place.measures(codes, once).items()}
        rows.append({"representation": name} | _with_interval(value, place.measures(codes, draws)))
    if first is not None:
        shuffles = []
        for _ in range(PERMUTATIONS):
            report(Progress("Comparing clusters with labels", len(values), len(values) + 1, "representation"))
            found = first.measures(rng.permutation(codes), once)
            shuffles.append({measure: of[0] for measure, of in found.items()})
        chance = pd.DataFrame(shuffles)
        rows.append(
            {"representation": PERMUTED}
            | _with_interval(chance.mean().to_dict(), {name: chance[name].to_numpy() for name in chance})
        )
    columns = [f"{measure}{part}" for measure in MEASURES for part in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["representation", *columns])


class _Neighbourhood:
    """What one representation says of the samples, whatever their labels: clusters, distances, neighbours."""

    def __init__(
        self, X: np.ndarray, clusters: int, linkage: Linkage, distance: Distance, held_out: np.ndarray | None
    ) -> None:
        tree = grow_tree(X, linkage, distance)
        self.clusters = tree.cut(clusters) - 1
        self.square = squareform(tree.distances)
        np.fill_diagonal(self.square, np.inf)
        self.nearest = self.square.argmin(1)
        np.fill_diagonal(self.square, 0)
        self.tested = np.flatnonzero(held_out) if held_out is not None else np.array([], int)
        learned = np.setdiff1d(np.arange(len(X)), self.tested)
        if not len(learned):
            self.tested = learned
        self.nearest_learned = (
            learned[self.square[np.ix_(self.tested, learned)].argmin(1)] if len(self.tested) else learned[:0]
        )

    def measures(self, codes: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
        """Compute all measures for weighted samples, [weightings, samples] to [weightings] each."""
        table = Contingency.of(codes, self.clusters, weights)
        right = codes == codes[self.nearest]
        right_tested = codes[self.tested] == codes[self.nearest_learned]
        return {
            "adjusted_rand": table.adjusted_rand(),
            "mutual_information": table.mutual_information(),
            "silhouette": weights @ silhouette_values(self.square, codes) / weights.sum(1),
            "neighbour_accuracy": mean_recall(codes, right, weights),
            "held_out_accuracy": mean_recall(codes[self.tested], right_tested, weights[:, self.tested]),
        }


def mean_recall(codes: np.ndarray, right: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the balanced accuracy: the share of right predictions per label, averaged over labels, [weightings].

    Parameters
    ----------
    codes
        True labels as numbers from 0, [samples].
    right
        Which samples are predicted right, bool [samples].
    weights
        How much each sample counts, [weightings, samples].
    """
    if not len(codes):
        return np.full(len(weights), np.nan)
    members = np.zeros((len(codes), int(codes.max()) + 1))
    members[np.arange(len(codes)), codes] = 1
    sizes = weights @ members
    recall = np.divide(weights @ (members * right[:, None]), sizes, where=sizes > 0, out=np.zeros_like(sizes))
    labels = (sizes > 0).sum(1)
    return np.divide(recall.sum(1), labels, where=labels > 0, out=np.full(len(weights), np.nan))


def _with_interval(value: Mapping[str, float], drawn: Mapping[str, np.ndarray]) -> dict[str, float]:
    row: dict[str, float] = {}
    for measure, of in drawn.items():
        known = of[np.isfinite(of)]
        low, high = np.percentile(known, INTERVAL) if len(known) else (np.nan, np.nan)
        row |= {measure: float(value[measure]), f"{measure}_low": float(low), f"{measure}_high": float(high)}
    return row


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
