"""How far samples lie outside those a predictor has learned from, and which of these are nearest."""

from dataclasses import dataclass

import numpy as np

NEAREST = 10
"""The mean distance to so many training samples says how far outside a sample lies."""

CLOSEST = 1e-3
"""The least distance there is, in standard deviations: logarithms of it are taken."""

_ROWS = 1024
"""Samples whose distances to all training samples are held at once."""


@dataclass(frozen=True)
class Neighbours:
    """The training samples nearest to some samples.

    Attributes
    ----------
    distance
        Mean distance to the ``NEAREST`` nearest training samples, float32 [samples]: the root mean square difference
        over landmark genes, in standard deviations of the training samples.
    nearest
        Positions of the nearest training samples, nearest first, int32 [samples, up to NEAREST].
    """

    distance: np.ndarray
    nearest: np.ndarray


def nearest_samples(
    landmarks: np.ndarray, training: np.ndarray, apart: tuple[np.ndarray, np.ndarray] | None = None
) -> Neighbours:
    """Find the training samples nearest to each sample.

    Parameters
    ----------
    landmarks, training
        Standardised landmark genes of the samples and of the training samples, [samples, landmarks].
    apart
        Numbers of parts that the samples and the training samples belong to, int [samples] each: those of one part
        are no neighbours of each other. None where all are.
    """
    count = min(NEAREST, len(training))
    own = np.einsum("ij,ij->i", training, training)
    distance = np.empty(len(landmarks), np.float32)
    nearest = np.empty((len(landmarks), count), np.int32)
    for start in range(0, len(landmarks), _ROWS):
        rows = slice(start, start + _ROWS)
        X = landmarks[rows]
        squares = np.einsum("ij,ij->i", X, X)[:, None] + own - 2 * (X @ training.T)
        if apart is not None:
            squares[apart[0][rows, None] == apart[1]] = np.inf
        found = np.argpartition(squares, count - 1, axis=1)[:, :count]
        values = np.take_along_axis(squares, found, axis=1)
        order = np.argsort(values, axis=1, kind="stable")
        nearest[rows] = np.take_along_axis(found, order, axis=1)
        values = np.where(
            np.isfinite(values), values, np.nan
        )  # a part that leaves fewer samples than asked for
        distance[rows] = np.sqrt(np.nanmean(np.maximum(values, 0), axis=1) / X.shape[1])
    return Neighbours(np.maximum(distance, CLOSEST), nearest)
