"""Proposed answers to what a file leaves open."""

import numpy as np

from landmark.expression.matrix import Arranged
from landmark.expression.streamed.missing import Missing


def about_names(placed: Arranged) -> str:
    """Name the genes by a column where their own names are not known, and it names no two alike."""
    unknown = placed.orientation.genes.identifier == "unknown"
    return next((column.name for column in placed.name_columns if unknown and column.unique), "")


def about_missing(absent: np.ndarray) -> Missing:
    """Drop the genes where few are affected, else fill."""
    if absent.any(axis=0).mean() <= 0.2:
        return "drop genes"
    return "gene median"
