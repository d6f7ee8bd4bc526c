"""Apply a trained network to any number of samples, some hundreds at a time."""

from collections.abc import Callable
from typing import Any

import numpy as np

SAMPLES = 512
"""Samples per call: enough for full speed, little enough for any memory."""


def in_portions(function: Callable[[np.ndarray], Any], X: np.ndarray) -> np.ndarray:
    """Apply a compiled function of [samples, inputs] portion by portion.

    The last portion is filled up with zeros and cut again, so that one compiled function serves all.
    """
    height = min(SAMPLES, len(X))
    results = []
    for first in range(0, len(X), SAMPLES):
        portion = X[first : first + SAMPLES]
        missing = height - len(portion)
        filled = np.concatenate([portion, np.zeros((missing, X.shape[1]), X.dtype)]) if missing else portion
        results.append(np.asarray(function(filled))[: len(portion)])
    return np.concatenate(results)
