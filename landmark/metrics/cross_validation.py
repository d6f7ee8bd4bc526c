"""Nested cross-validation of ways of choosing genes: folds, scores of a fold, and who wins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.data.split import numbered_groups
from landmark.errors import BadConfiguration, BadData
from landmark.metrics.paired import COVERAGE, corrected_t, holm, share_won, widened
from landmark.metrics.per_gene import Accuracy

LEAST_SAMPLES = 2
"""Samples that every fold, and every rest, needs: a correlation over one sample says nothing."""


def random_folds(samples: int, folds: int, seed: int) -> np.ndarray:
    """Deal samples out at random: the fold of each, int [samples]; sizes differ by one at most.

    BadConfiguration if there are too few samples for so many folds.
    """
    return balanced_folds(np.zeros(samples, dtype=np.intp), folds, seed)


def balanced_folds(labels: np.ndarray | pd.Series, folds: int, seed: int) -> np.ndarray:
    """Deal samples out so that every fold has its share of every label: the fold of each, int [samples].

    Samples of a label are dealt one after the other, and the next label goes on where the last one ended, so sizes
    of folds differ by one at most, and so do counts of a label. Samples without a label count as one label.

    BadConfiguration if there are too few samples for so many folds.
    """
    codes, _ = pd.factorize(labels)
    if len(codes) < LEAST_SAMPLES * folds:
        raise BadConfiguration(
            f"folds = {folds}: with {len(codes):,} samples a fold would have fewer than {LEAST_SAMPLES}; choose at "
            f"most {len(codes) // LEAST_SAMPLES}"
        )
    # scikit-learn's StratifiedKFold deals otherwise: runs of a seed would come to other folds than those stored
    shuffled = np.random.default_rng(seed).permutation(len(codes))
    dealt = shuffled[np.argsort(codes[shuffled], kind="stable")]
    fold = np.empty(len(codes), dtype=np.intp)
    fold[dealt] = np.arange(len(codes)) % folds
    return fold


def grouped_folds(groups: np.ndarray | pd.Series, folds: int, seed: int) -> np.ndarray:
    """Deal whole groups out, such as tissues: the fold of each sample, int [samples].

    Groups come in random order, each to the fold with the fewest samples so far. So a test fold holds groups that the
    training samples know nothing of. Samples without a group are groups of one.

    BadConfiguration if there are fewer groups than folds, or a fold would be left with a single sample.
    """
    codes = numbered_groups(groups)
    sizes = np.bincount(codes)
    if len(sizes) < folds:
        raise BadConfiguration(
            f"folds = {folds}: there are {len(sizes)} groups of samples, and each fold needs one; choose fewer folds "
            "or another column"
        )
    counts = np.zeros(folds, dtype=np.intp)
    of_group = np.empty(len(sizes), dtype=np.intp)
    for group in np.random.default_rng(seed).permutation(len(sizes)):
        of_group[group] = np.argmin(counts)
        counts[of_group[group]] += sizes[group]
    if min(counts.min(), len(codes) - counts.max()) < LEAST_SAMPLES:
        raise BadConfiguration(
            f"folds = {folds}: a fold would have a single sample; choose fewer folds or a column of larger groups"
        )
    return of_group[codes]


RANDOM = "random"
L1000 = "L1000"
REFERENCES = (L1000, RANDOM)
"""What every strategy is set against, where it is there."""

SCOPES = ("common", "distinct", "genome")
"""Genes that accuracy is averaged over: those in none of the sets of any size; of these, those that copy no other gene;
all genes, where genes of the set count as measured."""

MEASURES = {"mae": False, "pcc": True}
"""Measures, and whether higher is better."""


@dataclass(frozen=True)
class Candidate:
    """One gene set and what is predicted from it.

    Attributes
    ----------
    strategy
        How the set was chosen.
    draw
        Number of the random set; 0 for every other strategy.
    largest
        Whether a gene is in the largest set that was chosen so, bool [genes]. None of these is a target at any size, so
        that a line through several sizes is about the same genes.
    accuracy
        Of all genes in the test samples, genes of the set as measured: error 0.
    """

    strategy: str
    draw: int
    largest: np.ndarray
    accuracy: Accuracy


@dataclass(frozen=True)
class FoldScores:
    """All candidates with sets of one size, their genes predicted by one method, in one fold.

    Random sets take no genes away from the targets of the others: each is asked for the common targets that it does
    not hold itself, and whoever is set against it is averaged over the same.

    Attributes
    ----------
    candidates
        The sets; among them L1000 and random ones where there are any.
    copied
        Genes that carry the values of another gene in every sample, bool [genes].
    gene_of_probe
        Number of the gene that a column measures, below 0 where it is not known, int [columns]. Where it is given,
        columns whose gene a set measures through another one are no common targets.
    measured
        Genes of ways that have no set of this size, which are no common targets either, bool [genes].
    """

    candidates: Sequence[Candidate]
    copied: np.ndarray
    gene_of_probe: np.ndarray | None = None
    measured: np.ndarray | None = None

    def results(self) -> pd.DataFrame:
        """Average accuracy over targets: strategy, draw, and for each scope targets_, mae_ and pcc_.

        BadData if the sets leave no common target.
        """
        rows = []
        for candidate in self.candidates:
            row: dict[str, object] = {"strategy": candidate.strategy, "draw": candidate.draw}
            for scope, targets in self._targets(candidate):
                row[f"targets_{scope}"] = int(targets.sum())
                row |= {f"{measure}_{scope}": _mean(candidate, measure, targets) for measure in MEASURES}
            rows.append(row)
        return pd.DataFrame(rows)

    def duels(self) -> pd.DataFrame:
        """Set every strategy against L1000 and against random sets, on the same targets.

        Returns
        -------
        DataFrame
            strategy; against; scope; measure; difference, of the means, strategy less opponent; won, the share of
            targets on which the strategy is strictly better. Over several random sets both are means.
        """
        pairs = [
            (first, second, *scored)
            for second in self.candidates
            if second.strategy in REFERENCES
            for first in self.candidates
            if first.strategy != second.strategy
            for scored in self._duel(first, second)
        ]
        columns = ["strategy", "against", "scope", "measure", "difference", "won"]
        table = pd.DataFrame([(a.strategy, b.strategy, *rest) for a, b, *rest in pairs], columns=columns)
        return table.groupby(columns[:4], sort=False, as_index=False)[columns[4:]].mean()

    def _duel(self, first: Candidate, second: Candidate) -> Iterator[tuple[str, str, float, float]]:
        drawn = second if second.strategy == RANDOM else first
        for scope, targets in self._targets(drawn):
            for measure, higher_is_better in MEASURES.items():
                ours, theirs = (getattr(side.accuracy, measure)[targets] for side in (first, second))
                won = share_won(ours, theirs, higher_is_better=higher_is_better)
                difference = _mean(first, measure, targets) - _mean(second, measure, targets)
                yield scope, measure, difference, won

    def _targets(self, candidate: Candidate) -> Iterator[tuple[str, np.ndarray]]:
        """Return the genes of every scope that has any, bool [genes] each."""
        chosen = [e.largest for e in self.candidates if e.strategy != RANDOM]
        elsewhere = [] if self.measured is None else [self.measured]
        taken = np.any([*chosen, *elsewhere, candidate.largest], axis=0)
        if self.gene_of_probe is not None:
            measured = self.gene_of_probe[taken & (self.gene_of_probe >= 0)]
            taken |= np.isin(self.gene_of_probe, measured)
        if taken.all():
            raise BadData(
                f"The sets cover all {len(taken):,} genes, so no gene is left that all of them must predict. Choose "
                "smaller sizes or fewer strategies."
            )
        yield "common", ~taken
        if self.copied.any() and (distinct := ~taken & ~self.copied).any():
            yield "distinct", distinct
        yield "genome", np.ones(len(taken), dtype=bool)


def _mean(candidate: Candidate, measure: str, targets: np.ndarray) -> float:
    """Average a measure; a gene measured as constant has no correlation and does not count."""
    values = getattr(candidate.accuracy, measure)[targets]
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


GAME = ["strategy", "size", "predictor"]
FOLD = ["seed", "fold"]
LEVEL = 1 - COVERAGE


def standing(results: pd.DataFrame, duels: pd.DataFrame, test_to_train: float) -> pd.DataFrame:
    """Summarise a benchmark of strategies.

    Parameters
    ----------
    results
        Rows of ``FoldScores.results`` with size, predictor, seed and fold. Several random sets of a fold count
        as one result, their mean.
    duels
        Rows of ``FoldScores.duels`` with the same columns.
    test_to_train
        Number of test samples over that of training samples in a fold.

    Returns
    -------
    DataFrame
        strategy; size; predictor; scope; measure; results, their number; mean, low, high, see ``corrected_t``; and for
        each opponent L1000 and random: difference_, low_, high_ of strategy less opponent; p_, of Holm's method over
        the strategies; won_, the share of targets predicted better. The intervals of differences are widened for the
        number of strategies too (Bonferroni; where Holm's method rejects, by its factor), so that one leaves out 0
        just where its p is below 0.05. Missing where there is no such opponent. The best strategy of a size,
        predictor, scope and measure comes first.
    """
    table = pd.DataFrame(_means(results, test_to_train))
    keys = [*GAME, "scope", "measure"]
    for opponent in REFERENCES:
        told = pd.DataFrame(_differences(duels[duels["against"] == opponent], opponent, test_to_train))
        columns = [f"{name}_{opponent}" for name in ("difference", "low", "high", "p", "won")]
        if told.empty:
            table[columns] = np.nan
            continue
        family = told.groupby(keys[1:], sort=False)[f"p_{opponent}"]
        adjusted = family.transform(lambda p: holm(p.to_numpy()))
        tests = family.transform("count")
        told = _simultaneous(told, opponent, adjusted, tests).assign(**{f"p_{opponent}": adjusted})
        table = table.merge(told, on=keys, how="left")
    table["_better"] = table["mean"].where(table["measure"].map(MEASURES), -table["mean"])
    order = ["size", "predictor", "scope", "measure", "_better"]
    table = table.sort_values(order, ascending=[False, True, True, True, False], kind="stable")
    return table.drop(columns="_better").reset_index(drop=True)


def _simultaneous(told: pd.DataFrame, opponent: str, adjusted: pd.Series, tests: pd.Series) -> pd.DataFrame:
    """Widen intervals for several strategies; ``told`` holds raw p-values and the number of results."""
    low, high, raw = f"low_{opponent}", f"high_{opponent}", told[f"p_{opponent}"]
    for place in told.index[raw.notna() & (raw > 0)]:
        rejected = adjusted[place] < LEVEL
        factor = adjusted[place] / raw[place] if rejected else tests[place]
        middle = told.loc[place, f"difference_{opponent}"]
        half = widened(middle - told.loc[place, low], int(told.loc[place, "count"]), LEVEL / factor)
        told.loc[place, [low, high]] = middle - half, middle + half
    return told.drop(columns="count")


def _means(results: pd.DataFrame, test_to_train: float) -> Iterator[dict[str, object]]:
    per_fold = results.drop(columns="draw").groupby([*GAME, *FOLD], sort=False, as_index=False).mean()
    for game, part in per_fold.groupby(GAME, sort=False):
        for scope in SCOPES:
            for measure in MEASURES:
                if f"{measure}_{scope}" in part:
                    found = corrected_t(part[f"{measure}_{scope}"].to_numpy(), test_to_train)
                    told = {"results": len(part), "mean": found.mean, "low": found.low, "high": found.high}
                    yield dict(zip(GAME, game, strict=True)) | {"scope": scope, "measure": measure} | told


def _differences(duels: pd.DataFrame, opponent: str, test_to_train: float) -> Iterator[dict[str, object]]:
    keys = [*GAME, "scope", "measure"]
    for game, part in duels.groupby(keys, sort=False):
        found = corrected_t(part["difference"].to_numpy(), test_to_train)
        yield dict(zip(keys, game, strict=True)) | {
            "count": int(part["difference"].notna().sum()),
            f"difference_{opponent}": found.mean,
            f"low_{opponent}": found.low,
            f"high_{opponent}": found.high,
            f"p_{opponent}": found.p,
            f"won_{opponent}": float(part["won"].mean()),
        }
