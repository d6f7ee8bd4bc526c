"""Score the gene sets of one fold against each other: same test samples, same target genes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.evaluation.accuracy import Accuracy
from landmark.evaluation.paired import share_won

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
class Entrant:
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
class Round:
    """All entrants with sets of one size, their genes predicted by one method, in one fold.

    Random sets take no genes away from the targets of the others: each is asked for the common targets that it does
    not hold itself, and whoever is set against it is averaged over the same.

    Attributes
    ----------
    entrants
        The sets; among them L1000 and random ones where there are any.
    copied
        Genes that carry the values of another gene in every sample, bool [genes].
    gene_of_probe
        Number of the gene that a column measures, below 0 where it is not known, int [columns]. Where it is given,
        columns whose gene a set measures through another one are no common targets.
    measured
        Genes of ways that have no set of this size, which are no common targets either, bool [genes].
    """

    entrants: Sequence[Entrant]
    copied: np.ndarray
    gene_of_probe: np.ndarray | None = None
    measured: np.ndarray | None = None

    def results(self) -> pd.DataFrame:
        """Average accuracy over targets: strategy, draw, and for each scope targets_, mae_ and pcc_.

        Raises
        ------
        BadData
            If the sets leave no common target.
        """
        rows = []
        for entrant in self.entrants:
            row: dict[str, object] = {"strategy": entrant.strategy, "draw": entrant.draw}
            for scope, targets in self._targets(entrant):
                row[f"targets_{scope}"] = int(targets.sum())
                row |= {f"{measure}_{scope}": _mean(entrant, measure, targets) for measure in MEASURES}
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
            for second in self.entrants
            if second.strategy in REFERENCES
            for first in self.entrants
            if first.strategy != second.strategy
            for scored in self._duel(first, second)
        ]
        columns = ["strategy", "against", "scope", "measure", "difference", "won"]
        table = pd.DataFrame([(a.strategy, b.strategy, *rest) for a, b, *rest in pairs], columns=columns)
        return table.groupby(columns[:4], sort=False, as_index=False)[columns[4:]].mean()

    def _duel(self, first: Entrant, second: Entrant) -> Iterator[tuple[str, str, float, float]]:
        drawn = second if second.strategy == RANDOM else first
        for scope, targets in self._targets(drawn):
            for measure, higher_is_better in MEASURES.items():
                ours, theirs = (getattr(side.accuracy, measure)[targets] for side in (first, second))
                won = share_won(ours, theirs, higher_is_better=higher_is_better)
                difference = _mean(first, measure, targets) - _mean(second, measure, targets)
                yield scope, measure, difference, won

    def _targets(self, entrant: Entrant) -> Iterator[tuple[str, np.ndarray]]:
        """Return the genes of every scope that has any, bool [genes] each."""
        chosen = [e.largest for e in self.entrants if e.strategy != RANDOM]
        elsewhere = [] if self.measured is None else [self.measured]
        taken = np.any([*chosen, *elsewhere, entrant.largest], axis=0)
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


def _mean(entrant: Entrant, measure: str, targets: np.ndarray) -> float:
    """Average a measure; a gene measured as constant has no correlation and does not count."""
    values = getattr(entrant.accuracy, measure)[targets]
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
