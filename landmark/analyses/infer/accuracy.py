"""Inferred values against measured ones, and the widths of intervals, gathered while profiles pass in blocks."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from landmark.data.steps.stream import evenly_spaced
from landmark.workflows.complete import LOOKED_AT, Block, Completion


@dataclass
class Against:
    """Sums over samples, from which errors, correlations and coverage follow.

    Attributes
    ----------
    counted
        Which samples count for the comparison: those that the predictor did not learn from, bool [samples].
    known
        Positions of inferred genes whose values were measured as well, int [known].
    """

    completion: Completion
    counted: np.ndarray
    known: np.ndarray
    _sums: dict[str, np.ndarray] = field(default_factory=dict)
    _by_sample: list[np.ndarray] = field(default_factory=list)
    _widths: list[np.ndarray] = field(default_factory=list)

    @classmethod
    def begin(cls, completion: Completion, counted: np.ndarray) -> Self:
        """Begin with nothing."""
        place = {gene: number for number, gene in enumerate(completion.genes)}
        return cls(completion, counted, np.array([place[gene] for gene in completion.known], dtype=int))

    def add(self, block: Block) -> None:
        """Take the profiles of some samples in."""
        looked = evenly_spaced(len(self.counted), LOOKED_AT) - block.first
        looked = looked[(looked >= 0) & (looked < len(block.values))]
        self._widths.append((block.upper[looked] - block.lower[looked]) / 2)
        if block.truth is None:
            return
        true, values = block.truth[:, self.known], block.values[:, self.known]
        covered = (block.lower[:, self.known] <= true) & (true <= block.upper[:, self.known])
        self._by_sample.append(covered.mean(axis=1))
        rows = self.counted[block.first : block.first + len(values)]
        # standardised, so that sums of squares do not cancel
        training = self.completion.ready.scaling_of(self.completion.known)
        t, p = (training.apply(one[rows]).astype(np.float64) for one in (true, values))
        for name, terms in {
            "error": np.abs(t - p),
            "covered": covered[rows],
            "t": t,
            "p": p,
            "tt": t * t,
            "pp": p * p,
            "tp": t * p,
        }.items():
            self._sums[name] = self._sums.get(name, 0.0) + terms.sum(axis=0)

    @property
    def samples(self) -> int:
        """Number of samples that count."""
        return int(self.counted.sum())

    @property
    def compared(self) -> bool:
        """Whether anything can be compared."""
        return bool(len(self.known)) and self.samples > 0

    def half_widths(self) -> np.ndarray:
        """Return the median half-width of the intervals of every gene, in the unit of the training data, [genes]."""
        found: np.ndarray = np.median(np.concatenate(self._widths), axis=0)
        return found

    def by_sample(self) -> dict[str, np.ndarray]:
        """Return the column coverage of the samples, where measured values are known."""
        return {"coverage": np.concatenate(self._by_sample).astype(float)} if self._by_sample else {}

    def by_gene(self) -> dict[str, np.ndarray]:
        """Return the columns coverage, truth_pcc and truth_mae of the genes, NaN where nothing was measured."""
        if not self.compared:
            return {}
        columns = {"coverage": self._coverage(), "truth_pcc": self._pcc(), "truth_mae": self._mae()}
        return {name: self._spread(values) for name, values in columns.items()}

    def figures(self) -> dict[str, Any]:
        """Return the figures of a run: widths, and means over genes where measured values are known."""
        widths = np.concatenate(self._widths)[:, ~self.completion.measured]
        widths = 2 * widths / self.completion.deviations[~self.completion.measured]
        found: dict[str, Any] = {"median_width": float(np.median(widths))}
        if self.compared:
            found |= {
                "truth_genes": len(self.known),
                "truth_samples": self.samples,
                "coverage": float(self._coverage().mean()),
                "mae": float(self._mae().mean()),
            }
            pcc = self._pcc()
            if np.isfinite(pcc).any():
                found["truth_pcc"] = float(np.nanmean(pcc))
        return found

    def _coverage(self) -> np.ndarray:
        return self._sums["covered"] / self.samples

    def _mae(self) -> np.ndarray:
        return self._sums["error"] / self.samples

    def _pcc(self) -> np.ndarray:
        """Correlate over samples; NaN where measured values do not vary, 0 where only inferred ones do not."""
        s, n = self._sums, self.samples
        true, inferred = s["tt"] - s["t"] ** 2 / n, s["pp"] - s["p"] ** 2 / n
        least = 1e-6 * n
        varies = (true > least) & (inferred > least)
        found = np.where(true > least, 0.0, np.nan)
        both = s["tp"] - s["t"] * s["p"] / n
        return np.divide(both, np.sqrt(np.where(varies, true * inferred, 1)), out=found, where=varies)

    def _spread(self, values: np.ndarray) -> np.ndarray:
        found = np.full(len(self.completion.genes), np.nan)
        found[self.known] = values
        return found
