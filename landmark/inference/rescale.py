"""New samples on the scale of the training samples: as they are, gene by gene, or by ranks within each sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landmark.data.scaling import Scaling
from landmark.data.steps.normalise import looks_logged, varies_around_zero
from landmark.inference.neighbours import nearest_samples

Scale = Literal["none", "standardise", "quantiles"]

FEWEST_STANDARDISED = 10
"""Of fewer samples, mean and standard deviation of a gene say little."""

FEWEST_RANKED = 20
"""Ranks among fewer landmark genes are too coarse."""

NEAR = 95.0
"""Samples are taken as they are where the median one is no farther than so many per cent of the held-out samples."""

MUCH_NEARER = 0.8
"""Another scale is proposed where the median distance falls to this share of what it was."""


@dataclass(frozen=True)
class Option:
    """One way of bringing the new samples to the training samples' scale.

    Attributes
    ----------
    distance
        Median distance of the new samples to their nearest training samples with it; NaN where it cannot be chosen.
    why_not
        Why it cannot be chosen, one sentence; empty where it can.
    """

    distance: float
    why_not: str = ""


@dataclass(frozen=True)
class Landmarks:
    """Landmark genes of new samples, and what is known of them in the training samples.

    Attributes
    ----------
    values
        Of the new samples in their own unit, float32 [samples, landmarks]; of many, some that stand for all.
    samples
        Number of all new samples.
    own
        Scaling of the genes by the new samples themselves.
    training
        Scaling of the genes by the training samples.
    quantiles
        Mean of the sorted landmark genes of the training samples, ascending, float32 [landmarks].
    reference
        Standardised landmark genes of the training samples, [training samples, landmarks]; where these were not kept,
        of their mean.
    """

    values: np.ndarray
    samples: int
    own: Scaling
    training: Scaling
    quantiles: np.ndarray
    reference: np.ndarray


def options(landmarks: Landmarks, title: str) -> dict[Scale, Option]:
    """Say of each scale whether it can be chosen, and how near the samples come to the training samples with it."""
    reasons: dict[Scale, str] = {
        "none": _different_unit(landmarks, title),
        "standardise": _too_few_to_standardise(landmarks.samples),
        "quantiles": _too_few_to_rank(len(landmarks.quantiles)),
    }
    found: dict[Scale, Option] = {}
    for scale, why_not in reasons.items():
        distance = float("nan")
        if not why_not:
            onto = onto_training(scale, landmarks.own, landmarks.training, landmarks.quantiles)
            standardised = landmarks.training.apply(onto(landmarks.values, landmarks.values))
            distance = float(np.median(nearest_samples(standardised, landmarks.reference).distance))
        found[scale] = Option(distance, why_not)
    return found


def proposed(found: Mapping[Scale, Option], near: float) -> Scale | None:
    """Choose a scale: none where samples then lie among the training samples, else what brings them much nearer.

    Parameters
    ----------
    found
        What there is to choose from.
    near
        Distance below which samples lie among the training samples.

    Returns
    -------
    scale
        None where no scale can be chosen.
    """
    able = {scale: option.distance for scale, option in found.items() if not option.why_not}
    if not able:
        return None
    best = next(scale for scale in ("none", "quantiles", "standardise") if scale in able)
    if best == "none" and not able["none"] > near:
        return "none"
    for scale in ("quantiles", "standardise"):
        if scale in able and able[scale] < MUCH_NEARER * able[best]:
            best = scale
    return best


def onto_training(
    scale: Scale, own: Scaling, training: Scaling, quantiles: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return what brings genes of new samples to the unit of the training samples.

    It takes the landmark genes and the genes to be brought over, [samples, landmarks] and [samples, genes]. For
    ``quantiles``, as D-GEX does for RNA-seq (Chen et al. 2016), the landmark genes of a sample get the mean landmark
    values of the training samples by rank, and all genes follow the same rising curve.

    Parameters
    ----------
    own, training
        Scaling of the genes by the new samples themselves and by the training samples; looked at by ``standardise``.
    quantiles
        Mean of the sorted landmark genes of the training samples, [landmarks]; looked at by ``quantiles``.
    """
    match scale:
        case "none":
            return lambda landmarks, genes: genes
        case "standardise":
            return lambda landmarks, genes: training.invert(own.apply(genes))
        case "quantiles":
            return lambda landmarks, genes: _by_rank(landmarks, genes, quantiles)


def _by_rank(landmarks: np.ndarray, genes: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    found = np.empty(genes.shape, np.float32)
    for place, (own, values) in enumerate(zip(landmarks, genes, strict=True)):
        distinct, first, count = np.unique(np.sort(own), return_index=True, return_counts=True)
        found[place] = np.interp(values, distinct, np.add.reduceat(quantiles, first) / count)
    return found


def not_logged(values: np.ndarray, quantiles: np.ndarray) -> str:
    """Say why values are not logged, where the training samples are; empty where they are alike."""
    if not looks_logged(quantiles).looks:
        return ""
    found = looks_logged(values)
    return "" if found.looks else found.reason


def _different_unit(landmarks: Landmarks, title: str) -> str:
    new, learned = varies_around_zero(landmarks.values), varies_around_zero(landmarks.quantiles)
    if new is not None and learned is not None and new != learned:
        first, second = ("around zero", "above zero") if new else ("above zero", "around zero")
        return (
            f"The values of {title!r} lie {first}, those of the training samples {second}: the units differ."
        )
    if logged := not_logged(landmarks.values, landmarks.quantiles):
        return f"The values of {title!r} are not logged, those of the training samples are. {logged}"
    return ""


def _too_few_to_standardise(samples: int) -> str:
    if samples >= FEWEST_STANDARDISED:
        return ""
    return (
        f"{'A single sample has' if samples == 1 else f'{samples} samples have'} no mean and spread of their own to "
        f"standardise by; at least {FEWEST_STANDARDISED} are needed."
    )


def _too_few_to_rank(landmarks: int) -> str:
    if landmarks >= FEWEST_RANKED:
        return ""
    return f"Ranks among {landmarks} landmark genes are too coarse; at least {FEWEST_RANKED} are needed."
