"""Whether a choice of genes would be the same again: what repeated choices share, beside chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.stats import hypergeom

from landmark.errors import BadConfiguration

THRESHOLD = 0.8
"""Genes are exchangeable from this correlation on, whatever its sign: a linear predictor reads a mirror image too."""


@dataclass(frozen=True)
class Exchange:
    """Pairs of genes, each of one set that the other lacks, every gene in one pair at most.

    Attributes
    ----------
    first, second
        Columns of the genes, int [pairs].
    correlation
        Pearson's, with its sign, [pairs].
    """

    first: np.ndarray
    second: np.ndarray
    correlation: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def exchange(X: np.ndarray, first: np.ndarray, second: np.ndarray, threshold: float = THRESHOLD) -> Exchange:
    """Match the genes that two sets do not share, one to one, as many as can be; of all such ways the closest.

    Parameters
    ----------
    X
        Expression, [samples, genes].
    first, second
        Columns of the two sets, int, each without repetition.
    threshold
        Least absolute Pearson correlation of two matched genes.

    Returns
    -------
    Exchange
        The matching with most pairs, and among those the one with the largest sum of absolute correlations.

    Raises
    ------
    BadConfiguration
        If the threshold is not above 0 and at most 1.
    """
    if not 0 < threshold <= 1:
        raise BadConfiguration(f"threshold = {threshold}: choose a correlation above 0, at most 1")
    left, right = np.setdiff1d(first, second), np.setdiff1d(second, first)
    found = correlations(X[:, left], X[:, right])
    near = np.abs(found)
    # One more pair weighs more than all correlations together, so their number comes first.
    weight = np.where(near >= threshold, min(found.shape) + near, 0.0)
    rows, columns = linear_sum_assignment(weight, maximize=True)
    kept = near[rows, columns] >= threshold
    rows, columns = rows[kept], columns[kept]
    return Exchange(left[rows], right[columns], found[rows, columns])


def correlations(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Correlate the columns of two matrices of the same samples.

    Returns
    -------
    ndarray
        Pearson's correlation, float64 [columns of A, columns of B]; 0 where a column does not vary.
    """
    return _standard(A).T @ _standard(B)


def _standard(A: np.ndarray) -> np.ndarray:
    """Centre columns and bring them to length 1."""
    centred = A - A.mean(axis=0, dtype=np.float64)
    length = np.linalg.norm(centred, axis=0)
    # what rounding leaves of a constant column is no variation
    varies = length > 1e-6 * np.sqrt(len(A)) * np.maximum(np.abs(A).max(axis=0, initial=0), 1e-30)
    return np.where(varies, centred / np.where(varies, length, 1.0), 0.0)


PAIR_COLUMNS = [
    "kind",
    "first",
    "second",
    "size",
    "shared",
    "exchangeable",
    "different",
    "by_chance",
    "by_chance_high",
]
EXCHANGE_COLUMNS = ["first", "second", "gene", "partner", "correlation"]


@dataclass(frozen=True)
class Repeated:
    """Choices of the same number of genes.

    Attributes
    ----------
    X
        Expression that correlations are taken from, [samples, genes].
    choices
        Columns that each choice took freely, by its name.
    pool
        Columns that could be taken.
    threshold
        Least absolute correlation of exchangeable genes.
    """

    X: np.ndarray
    choices: Mapping[str, np.ndarray]
    pool: np.ndarray
    threshold: float = THRESHOLD

    def pairs(self, wanted: Sequence[tuple[str, str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Compare pairs of choices.

        Parameters
        ----------
        wanted
            Kind of the comparison, and the names of two choices.

        Returns
        -------
        pairs : DataFrame
            kind, first, second; size, the genes of each; shared, the genes that both took; exchangeable, those of
            the others that have a partner in the other choice, one to one; different, the rest; by_chance, the genes
            that two random sets of that size share on average, and by_chance_high, those that no more than 1 in 40
            random pairs exceeds (hypergeometric).
        exchanges : DataFrame
            first, second (the choices); gene, partner (columns); correlation.
        """
        pairs, exchanges = [], []
        for kind, first, second in wanted:
            one, other = self.choices[first], self.choices[second]
            shared, found = len(np.intersect1d(one, other)), exchange(self.X, one, other, self.threshold)
            chance = hypergeom(len(self.pool), len(one), len(other))
            size = min(len(one), len(other))
            rest = size - shared - len(found)
            numbers = (size, shared, len(found), rest, float(chance.mean()), int(chance.ppf(0.975)))
            pairs.append((kind, first, second, *numbers))
            exchanges += [
                (first, second, gene, partner, r)
                for gene, partner, r in zip(found.first, found.second, found.correlation, strict=True)
            ]
        return pd.DataFrame(pairs, columns=PAIR_COLUMNS), pd.DataFrame(exchanges, columns=EXCHANGE_COLUMNS)

    def random(self, count: int, seed: int) -> pd.DataFrame:
        """Compare pairs of random sets of the same size: how much is shared and exchangeable without any choosing.

        Returns
        -------
        DataFrame
            As ``pairs`` returns first; the kind is "random".
        """
        rng = np.random.default_rng(seed)
        size = min(map(len, self.choices.values()))
        names = [(f"random {number}a", f"random {number}b") for number in range(1, count + 1)]
        drawn = {name: rng.choice(self.pool, size, replace=False) for pair in names for name in pair}
        alike = Repeated(self.X, drawn, self.pool, self.threshold)
        return alike.pairs([("random", first, second) for first, second in names])[0]


def every_pair(kind: str, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Name every two of some choices as one kind of comparison."""
    return [(kind, first, second) for first, second in combinations(names, 2)]


def times_chosen(
    choices: Mapping[str, Sequence[str]], exchanges: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Count how often every gene was chosen, and find what took its place where it was not.

    Parameters
    ----------
    choices
        Genes of each choice by its name, the first taken first.
    exchanges
        Columns first, second, gene, partner, correlation, with names of genes.
    groups
        Names of choices that are counted apart, by the name of the group.

    Returns
    -------
    DataFrame
        gene; times; times_<group> for each group; mean_place among the choices that have it; partner, the gene that
        most often stood in its place (the closest of those), or an empty text, and its correlation. The gene chosen
        most often comes first, then the one taken earlier.
    """
    places = pd.DataFrame(
        [(gene, name, place) for name, genes in choices.items() for place, gene in enumerate(genes, start=1)],
        columns=["gene", "choice", "place"],
    )
    by_gene = places.groupby("gene")
    table = pd.DataFrame({"times": by_gene.size()})
    for group, names in groups.items():
        counted = places[places["choice"].isin(list(names))].groupby("gene").size()
        table[f"times_{group}"] = counted.reindex(table.index, fill_value=0)
    table["mean_place"] = by_gene["place"].mean()
    table = table.join(_partners(exchanges)).astype({"correlation": float})
    table["partner"] = table["partner"].fillna("")
    order = ["times", "mean_place", "gene"]
    return table.reset_index().sort_values(order, ascending=[False, True, True], ignore_index=True)


def _partners(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the usual partner of each gene of either side, with the correlation, by gene."""
    turned = exchanges.rename(columns={"gene": "partner", "partner": "gene"})
    both = pd.concat([exchanges, turned])[["gene", "partner", "correlation"]]
    counts = both.groupby(["gene", "partner"])["correlation"].agg(["size", "first"]).reset_index()
    counts["near"] = counts["first"].abs()
    best = counts.sort_values(["size", "near", "partner"], ascending=[False, False, True])
    best = best.drop_duplicates("gene").set_index("gene").rename(columns={"first": "correlation"})
    return best[["partner", "correlation"]]
