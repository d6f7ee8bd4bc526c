"""Complete profiles of new samples, block by block: brought to the scale of the training samples, then inferred."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from landmark.data.gene_identifiers import Identifier
from landmark.data.scaling import STANDARD_DEVIATION_FLOOR, Scaling
from landmark.data.steps.stream import evenly_spaced, rows_at_once
from landmark.errors import BadConfiguration, BadData
from landmark.inference.calibrated import CalibratedPredictor
from landmark.inference.neighbours import Neighbours
from landmark.inference.rescale import (
    NEAR,
    Landmarks,
    Option,
    Scale,
    not_logged,
    onto_training,
    options,
    proposed,
)
from landmark.progress import Progress, Report, silent
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import GeneMatch, NewSamples, check_landmarks, match_genes
from landmark.workflows.samples import written

BLOCK_BYTES = 16_000_000
"""Of the complete profiles that are worked on at once; a few such arrays stand beside each other."""

LOOKED_AT = 500
"""So many of the new samples, evenly spaced, stand for all where a median is taken or a scale is proposed."""


def complete(
    new: NewSamples, fitted: Fitted, scale: str, level: float, report: Report = silent
) -> "Completion":
    """Bring new samples and a predictor together, so that profiles can pass.

    Parameters
    ----------
    scale
        One of ``Scale``, or "proposed".
    level
        Share of the values that the intervals are to cover.

    Raises
    ------
    BadData, BadConfiguration
        If the samples cannot be completed by the predictor, in a sentence that says why.
    """
    match = match_genes(new.stream.about, fitted.genes, fitted.identifier)
    check_landmarks(match, fitted.landmarks, cast(Identifier, fitted.identifier), new.stream.about)
    ready = fitted.ready([gene for gene in fitted.landmarks if gene in match], report)
    ready.calibration.quantile(level)  # refused before anything is written
    return Completion(fitted.genes, ready, new, match, bring(scale, ready, new, match, report), level)


@dataclass(frozen=True)
class Brought:
    """New samples on the scale of the training samples.

    Attributes
    ----------
    scale
        How; and what else could have been chosen.
    onto
        Brings genes over; it takes landmark genes, genes, and the names of the genes.
    """

    scale: Scale
    options: dict[Scale, Option]
    onto: Callable[[np.ndarray, np.ndarray, Sequence[str]], np.ndarray]

    def table(self) -> pd.DataFrame:
        """List the scales."""
        return pd.DataFrame(
            [
                {
                    "scale": scale,
                    "possible": not option.why_not,
                    "chosen": scale == self.scale,
                    "distance": option.distance,
                    "why_not": option.why_not,
                }
                for scale, option in self.options.items()
            ]
        )


def bring(
    wanted: str, ready: CalibratedPredictor, new: NewSamples, match: GeneMatch, report: Report
) -> Brought:
    """Choose a scale, or take the one that is wanted.

    Raises
    ------
    BadData, BadConfiguration
        If the scale cannot be chosen, or none can.
    """
    report(Progress("Comparing the new samples with the training samples"))
    landmarks = ready.trained.landmarks
    own = _own_scaling(new, match, report)
    place = {gene: number for number, gene in enumerate(match.genes)}

    def scaling(genes: Sequence[str]) -> Scaling:
        chosen = [place[gene] for gene in genes]
        return Scaling(own.shift[chosen], own.scale[chosen])

    some = evenly_spaced(new.stream.samples, LOOKED_AT)
    values = match.take(new.stream.rows(some), landmarks)
    if wanted != "quantiles" and (reason := not_logged(values, ready.quantiles)):
        raise BadData(
            f"{new.title!r} is not logged, and the predictor learned from logged values. {reason} Take logarithms "
            "(log2), or choose the scale quantiles, which looks at ranks only."
        )
    found = options(
        Landmarks(
            values,
            new.stream.samples,
            scaling(landmarks),
            ready.trained.landmark_scaling,
            ready.quantiles,
            ready.compared,
        ),
        new.title,
    )
    scale = proposed(found, float(np.percentile(ready.distances, NEAR))) if wanted == "proposed" else wanted
    if scale is None:
        raise BadData(" ".join(option.why_not for option in found.values()))
    if scale not in found:
        raise BadConfiguration(f"scale = {scale!r}: choose one of {', '.join(found)}, proposed")
    if why_not := found[scale].why_not:
        raise BadConfiguration(f"scale = {scale!r}: {why_not} Choose another scale.")

    def onto(own_landmarks: np.ndarray, genes: np.ndarray, names: Sequence[str]) -> np.ndarray:
        return onto_training(scale, scaling(names), ready.scaling_of(names), ready.quantiles)(
            own_landmarks, genes
        )

    return Brought(scale, found, onto)


def _own_scaling(new: NewSamples, match: GeneMatch, report: Report) -> Scaling:
    """Learn mean and standard deviation of every gene that was found, over all new samples, in one pass."""
    total, squares = np.zeros(len(match.genes)), np.zeros(len(match.genes))
    shift = match.take(new.stream.rows(np.array([0])), match.genes)[0].astype(np.float64)
    for _, block in new.stream.reported(report, "Looking at the new samples"):
        values = match.take(block, match.genes) - shift  # near zero, so that squares do not cancel
        total += values.sum(axis=0)
        squares += np.square(values).sum(axis=0)
    mean = total / new.stream.samples
    spread = np.sqrt(np.maximum(squares / new.stream.samples - mean**2, 0))
    return Scaling((mean + shift).astype(np.float32), (spread + STANDARD_DEVIATION_FLOOR).astype(np.float32))


@dataclass(frozen=True)
class Block:
    """Complete profiles of some of the samples, in the unit of the training data; float32 [samples, genes] each.

    Attributes
    ----------
    first
        Position of the first sample among all new samples.
    values
        Measured landmark genes and inferred genes.
    lower, upper
        Ends of the intervals; the value itself where it was measured.
    truth
        Measured values of inferred genes, NaN elsewhere; None where nothing but landmark genes is measured.
    neighbours
        The training samples nearest to each; None where the predictor was kept without them.
    mixtures
        Weights of the training samples that each was predicted from, [samples, training samples]; None where the
        method does not mix samples.
    """

    first: int
    values: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    truth: np.ndarray | None
    neighbours: Neighbours | None
    mixtures: np.ndarray | None


@dataclass(frozen=True)
class Completion:
    """New samples with all that completes them.

    Attributes
    ----------
    genes
        Names of the genes of a complete profile, in their order.
    ready
        The predictor; all genes that are not its landmark genes are its targets.
    level
        Share of the values that the intervals are to cover.
    """

    genes: tuple[str, ...]
    ready: CalibratedPredictor
    new: NewSamples
    match: GeneMatch
    brought: Brought
    level: float

    @cached_property
    def measured(self) -> np.ndarray:
        """Which genes are landmark genes, bool [genes]."""
        own = set(self.ready.trained.landmarks)
        return np.array([gene in own for gene in self.genes])

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Genes that are inferred although the new samples measure them too."""
        return tuple(gene for gene in self.ready.trained.targets if gene in self.match)

    @cached_property
    def deviations(self) -> np.ndarray:
        """Standard deviation of every gene over the training samples, float32 [genes]."""
        return self.ready.scaling_of(self.genes).scale

    def blocks(self, report: Report = silent) -> Iterator[Block]:
        """Yield complete profiles, sample after sample."""
        labels = self._labels()
        step = rows_at_once(len(self.genes), BLOCK_BYTES)
        stage, samples = "Inferring profiles", self.new.stream.samples
        report(Progress(stage, 0, samples, "sample"))
        passed = 0
        for whole in self.new.stream.blocks():
            for start in range(0, len(whole), step):
                values = whole[start : start + step]
                yield self._block(passed, values, labels[passed : passed + len(values)] if labels else None)
                passed += len(values)
                report(Progress(stage, passed, samples, "sample"))

    def _block(self, first: int, X: np.ndarray, labels: Sequence[str] | None) -> Block:
        own = self.match.take(X, self.ready.trained.landmarks)
        landmarks = self.brought.onto(own, own, self.ready.trained.landmarks)
        found = self.ready.infer(landmarks, self.level, labels)
        place = {gene: number for number, gene in enumerate(self.genes)}
        measured = [place[gene] for gene in self.ready.trained.landmarks]
        inferred = [place[gene] for gene in self.ready.trained.targets]

        def whole(of_targets: np.ndarray) -> np.ndarray:
            filled = np.empty((len(X), len(self.genes)), np.float32)
            filled[:, measured], filled[:, inferred] = landmarks, of_targets
            return filled

        truth = None
        if self.known:
            truth = np.full((len(X), len(self.genes)), np.nan, np.float32)
            known = self.match.take(X, self.known)
            truth[:, [place[gene] for gene in self.known]] = self.brought.onto(own, known, self.known)
        return Block(
            first,
            whole(found.values),
            whole(found.lower),
            whole(found.upper),
            truth,
            found.neighbours,
            found.mixtures,
        )

    def _labels(self) -> list[str] | None:
        """Return the annotation of the new samples that the predictor was fitted with, where it was."""
        covariate = self.ready.trained.covariate
        obs = self.new.stream.about.obs
        if covariate is None or covariate.name not in obs:
            return None  # the predictor says what it misses
        return list(written(obs[covariate.name]))
