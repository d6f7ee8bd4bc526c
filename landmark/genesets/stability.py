"""Whether rankings and choices of genes agree: what repeated choices share, beside chance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.stats import hypergeom

from landmark.errors import BadConfiguration, BadData

THRESHOLD = 0.8
"""Genes are exchangeable from this correlation on, whatever its sign: a linear predictor reads a mirror image too."""


@dataclass(frozen=True)
class Exchange:
    """Pairs of columns, each of one set that the other lacks, every gene in one pair at most, and their correlation."""

    first: np.ndarray
    second: np.ndarray
    correlation: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def exchange(X: np.ndarray, first: np.ndarray, second: np.ndarray, threshold: float = THRESHOLD) -> Exchange:
    """Match the genes that two sets do not share, one to one, as many as can be; of all such ways the closest.

    From expression [samples, genes] and the columns of two sets, each without repetition, comes the matching with most
    pairs of an absolute correlation of at least ``threshold``, and among those the one with the largest sum.
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
    """Pearson's correlation of the columns of two matrices, float64; 0 where a column does not vary."""
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

    ``choices`` are the columns that each choice took freely, by its name, out of those of ``pool``; correlations are
    taken from expression X [samples, genes], and genes are exchangeable from ``threshold`` on.
    """

    X: np.ndarray
    choices: Mapping[str, np.ndarray]
    pool: np.ndarray
    threshold: float = THRESHOLD

    def pairs(self, wanted: Sequence[tuple[str, str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Compare pairs of choices, each wanted as the kind of the comparison and two names.

        Returns two tables. The first has kind, first, second; size, the genes of each; shared, the genes that both
        took; exchangeable, those of the others that have a partner in the other choice, one to one; different, the
        rest; by_chance, the genes that two random sets of that size share on average, and by_chance_high, those that
        no more than 1 in 40 random pairs exceeds (hypergeometric). The second has the exchanges: first, second (the
        choices), gene, partner (columns), correlation.
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
        """Compare pairs of random sets of the same size, as ``pairs`` does: what is shared without any choosing."""
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

    ``choices`` are the genes of each choice by its name, the first taken first; ``exchanges`` are as from
    ``Repeated.pairs``, with names of genes; ``groups`` are names of choices that are counted apart. Returns gene;
    times; times_<group> for each group; mean_place among the choices that have it; partner, the gene that most often
    stood in its place (the closest of those), or an empty text, and its correlation. The gene chosen most often comes
    first, then the one taken earlier.
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


def agreement(first: pd.DataFrame, second: pd.DataFrame, size: int) -> tuple[float, float]:
    """Spearman's correlation of two rankings (gene, rank), and the share of the ``size`` first that both name.

    The correlation is not a number for a single gene. Raises BadData if the rankings are not of the same genes.
    """
    one, other = (ranking.set_index("gene")["rank"] for ranking in (first, second))
    if set(one.index) != set(other.index):
        raise BadData("The rankings are not of the same genes, so they cannot be compared.")
    other = other.loc[one.index]
    # Ranks are 1, 2, 3, ... without ties, so that Pearson's correlation of ranks is Spearman's of scores.
    correlation = float(np.corrcoef(one, other)[0, 1]) if len(one) > 1 else float("nan")
    return correlation, float(((one <= size) & (other <= size)).sum() / size)


def positions(ranking: pd.DataFrame, genes: Collection[str], size: int) -> pd.DataFrame:
    """Find some genes in a ranking (gene, score, rank), the most important first: rank, gene, score, chosen.

    A gene is chosen if it is among the first ``size``.
    """
    found = ranking.loc[ranking["gene"].isin(set(genes)), ["rank", "gene", "score"]].sort_values("rank")
    return found.assign(chosen=found["rank"] <= size).reset_index(drop=True)
