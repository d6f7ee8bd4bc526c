"""Prediction intervals by split conformal calibration (Lei et al., JASA 113:1094, 2018), per target gene.

Errors of samples that a predictor has not learned from are sorted; the value at rank ceil((n + 1) level) of n is the
half-width that covers a further sample of the same kind with at least that probability. Normalised, errors are divided
by a difficulty that is known without the truth, so that intervals are wide where predictions tend to fail.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from landmark.decompositions import solve
from landmark.errors import BadConfiguration
from landmark.progress import Progress, Report, silent

MOST_SAMPLES = 2000
"""Of more calibration samples, so many are drawn: quantiles do not become more exact in a way anybody would see."""

FEWEST_NORMALISED = 50
"""With fewer samples, four coefficients per gene would fit chance."""

_SMALLEST = 0.05
"""Added to absolute errors, in standard deviations, before their logarithm is taken: a lucky hit is no certainty."""

_SHRINKAGE = 1.0
"""Penalty on the coefficients of the difficulty, as of one further sample."""

_BLOCK = 512
"""Target genes that are worked on at once."""


@dataclass(frozen=True)
class Difficulty:
    """The expected size of an error: exp(c0 + c1 log d + c2 p + c3 p²) per target gene.

    Attributes
    ----------
    coefficients
        c0 to c3, float32 [4, targets]; c1 is not negative.
    lowest, highest
        Range of predicted values it was learned from, float32 [targets]; values beyond count as its ends.
    """

    coefficients: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray

    @classmethod
    def learn(cls, errors: np.ndarray, predicted: np.ndarray, distance: np.ndarray) -> Self:
        """Fit logarithms of absolute errors by least squares, target by target.

        Parameters
        ----------
        errors
            Absolute errors of calibration samples, [samples, targets], in standard deviations.
        predicted
            What was predicted for them, [samples, targets], in standard deviations.
        distance
            Of each to the nearest training samples, [samples], positive.
        """
        targets = errors.shape[1]
        coefficients = np.empty((4, targets), np.float32)
        shrinkage = _SHRINKAGE * np.diag([0.0, 1.0, 1.0, 1.0])
        common = np.column_stack([np.ones(len(distance)), np.log(distance)])
        for start in range(0, targets, _BLOCK):
            columns = slice(start, start + _BLOCK)
            p = predicted[:, columns].astype(np.float64)
            y = np.log(errors[:, columns] + _SMALLEST)
            B = np.stack(
                [*np.broadcast_arrays(common[:, :1], common[:, 1:], p), p * p]
            )  # [4, samples, genes]
            gram = np.einsum("isg,jsg->gij", B, B, optimize=True) + shrinkage
            found = solve(gram, np.einsum("isg,sg->gi", B, y)[..., None])[..., 0]
            backwards = (
                found[:, 1] < 0
            )  # farther would be easier: an accident, which the distance then has no part in
            found[backwards] = _without_distance(gram[backwards], B[:, :, backwards], y[:, backwards])
            coefficients[:, columns] = found.T
        return cls(coefficients, predicted.min(axis=0), predicted.max(axis=0))

    def of(self, predicted: np.ndarray, distance: np.ndarray) -> np.ndarray:
        """Return the difficulty of predictions, float32 [samples, targets]; arguments as of ``learn``."""
        c, p = self.coefficients, np.clip(predicted, self.lowest, self.highest)
        exponent = (c[3] * p + c[2]) * p
        exponent += np.log(distance).astype(np.float32)[:, None] * c[1] + c[0]
        found: np.ndarray = np.exp(exponent, out=exponent)
        return found


def _without_distance(gram: np.ndarray, B: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Fit genes again by all but the distance, whose coefficient is 0; [genes, 4]."""
    kept = [0, 2, 3]
    found = np.zeros((len(gram), 4))
    right = np.einsum("isg,sg->gi", B[kept], y)
    found[:, kept] = solve(gram[:, kept][:, :, kept], right[..., None])[..., 0]
    return found


@dataclass(frozen=True)
class Calibration:
    """Errors of samples that were not learned from, from which intervals of any level follow.

    Attributes
    ----------
    scores
        Absolute errors in standard deviations, divided by their difficulty where there is one, ascending per gene:
        float32 [calibration samples, targets].
    difficulty
        Of predictions; None where intervals of a gene are equally wide for all samples.
    """

    scores: np.ndarray
    difficulty: Difficulty | None = None

    @classmethod
    def learn(
        cls,
        true: np.ndarray,
        predicted: np.ndarray,
        distance: np.ndarray | None,
        *,
        seed: int = 0,
        report: Report = silent,
    ) -> Self:
        """Learn from samples that the predictor has not seen.

        Intervals are normalised by difficulty where that makes the median interval narrower at equal coverage: the
        difficulty is learned on one half of the samples, and both kinds are compared on the other.

        Parameters
        ----------
        true, predicted
            Standardised targets, [samples, targets].
        distance
            Of each sample to the nearest training samples, [samples], positive; None where it is not known.
        seed
            Of the draw of ``MOST_SAMPLES`` samples where there are more, and of the halves.
        """
        report(Progress("Calibrating the intervals"))
        rng = np.random.default_rng(seed)
        drawn = rng.permutation(len(true))[:MOST_SAMPLES]
        predicted = predicted[drawn]
        errors = np.abs(true[drawn] - predicted)
        if distance is None or len(drawn) < FEWEST_NORMALISED:
            return cls(np.sort(errors, axis=0))
        distance = distance[drawn]
        if not _narrower(errors, predicted, distance):
            return cls(np.sort(errors, axis=0))
        difficulty = Difficulty.learn(errors, predicted, distance)
        errors /= difficulty.of(predicted, distance)
        return cls(np.sort(errors, axis=0), difficulty)

    @property
    def samples(self) -> int:
        """Number of calibration samples."""
        return len(self.scores)

    def quantile(self, level: float) -> np.ndarray:
        """Return the score that a further sample stays below with the probability ``level``, float32 [targets].

        Raises
        ------
        BadConfiguration
            If the level asks for more calibration samples than there are.
        """
        rank = math.ceil((self.samples + 1) * level)
        if rank > self.samples:
            highest = math.floor(1000 * self.samples / (self.samples + 1)) / 1000
            raise BadConfiguration(
                f"level = {level:g}: {self.samples:,} calibration samples give intervals up to a level of {highest:g}. "
                "Choose a lower level, or learn from more samples."
            )
        found: np.ndarray = self.scores[rank - 1]
        return found

    def half_widths(
        self, level: float, predicted: np.ndarray, distance: np.ndarray | None = None
    ) -> np.ndarray:
        """Return how far the interval of each prediction reaches to either side, in standard deviations.

        Parameters
        ----------
        level
            Share of values to be covered, between 0 and 1.
        predicted
            Standardised predictions, [samples, targets].
        distance
            Of the samples to their nearest training samples, [samples]; needed where there is a difficulty.
        """
        quantile = self.quantile(level)
        if self.difficulty is None or distance is None:
            return np.broadcast_to(quantile, predicted.shape)
        return self.difficulty.of(predicted, distance) * quantile

    def arrays(self) -> dict[str, Any]:
        """Return what is to be stored; see ``of_arrays``."""
        if self.difficulty is None:
            return {"scores": self.scores}
        about = self.difficulty
        ranges = {"coefficients": about.coefficients, "lowest": about.lowest, "highest": about.highest}
        return {"scores": self.scores, "difficulty": ranges}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Self:
        """Undo ``arrays``."""
        return cls(arrays["scores"], Difficulty(**arrays["difficulty"]) if "difficulty" in arrays else None)


def _narrower(errors: np.ndarray, predicted: np.ndarray, distance: np.ndarray) -> bool:
    """Whether difficulty, learned on one half, makes the median interval of 90% narrower on the other half."""
    half = len(errors) // 2
    difficulty = Difficulty.learn(errors[:half], predicted[:half], distance[:half])
    there = difficulty.of(predicted[half:], distance[half:])
    plain = np.quantile(errors[half:], 0.9, axis=0)
    normalised = np.quantile(errors[half:] / there, 0.9, axis=0) * there
    return bool(np.median(normalised) < np.median(plain))
