"""Landmark and target genes of the same samples, for training and for validation."""

import numpy as np

from landmark.errors import BadData
from landmark.training.source import Paired, Source, as_source


def paired(
    landmarks: np.ndarray | Source,
    targets: np.ndarray | Source,
    validation_landmarks: np.ndarray | Source,
    validation_targets: np.ndarray | Source,
) -> tuple[Paired, Paired]:
    """Put the two tables of each part side by side.

    Parameters
    ----------
    landmarks, targets, validation_landmarks, validation_targets
        Each [samples, genes].

    Returns
    -------
    train, validation

    Raises
    ------
    BadData
        If samples or genes do not agree.
    """
    train = _pair(landmarks, targets, "training")
    validation = _pair(validation_landmarks, validation_targets, "validation")
    if train.widths != validation.widths:
        raise BadData(
            f"Training data have {train.widths[0]} landmark and {train.widths[1]} target genes, "
            f"validation data {validation.widths[0]} and {validation.widths[1]}."
        )
    return train, validation


def _pair(landmarks: np.ndarray | Source, targets: np.ndarray | Source, part: str) -> Paired:
    pair = Paired(
        as_source(landmarks, f"The landmark genes of the {part} data"),
        as_source(targets, f"The target genes of the {part} data"),
    )
    if pair.first.samples != pair.second.samples:
        raise BadData(
            f"The {part} data have {pair.first.samples} samples of landmark genes and "
            f"{pair.second.samples} of target genes; each sample needs both."
        )
    return pair
