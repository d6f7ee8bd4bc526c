"""Look at a file before importing it: what it seems to be, and what should be asked about it."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.expression.identifiers import Identifier, landmarks_present
from landmark.expression.matrix import arrange
from landmark.expression.missing import Missing
from landmark.expression.orientation import Reason
from landmark.expression.prepare import Collapse
from landmark.expression.reading import read_file
from landmark.expression.table import Axis

SHOWN = 8
QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.99, 1.0)
SAMPLED_VALUES = 2_000_000


@dataclass(frozen=True)
class Logged:
    """Whether the values look logged.

    Attributes
    ----------
    looks
        True if they do, or if a logarithm makes no sense.
    reason
        Why, one sentence with the figures.
    """

    looks: bool
    reason: str


@dataclass(frozen=True)
class Preview:
    """What a file seems to hold.

    Attributes
    ----------
    samples, genes
        Sizes of the matrix as it would be imported.
    genes_in, decided_by
        The axis of the file that holds genes, and what told so.
    identifier, share
        Kind of the gene names, and the share of them recognised.
    landmarks
        Number of L1000 genes present, of 978.
    missing, genes_with_missing
        Missing or infinite values, and genes that have any.
    low, high
        Range of the finite values; NaN where there are none.
    logged
        Whether the values look logged.
    annotations
        Names of the annotations of samples in the file.
    notes
        Decisions of the reader.
    corner
        The first samples and genes, for looking at.
    propose_log2, propose_collapse, propose_missing
        Proposed answers: take logarithms, make one gene of several probes, what to do about missing values.
    """

    samples: int
    genes: int
    genes_in: Axis
    decided_by: Reason
    identifier: Identifier
    share: float
    landmarks: int
    missing: int
    genes_with_missing: int
    low: float
    high: float
    logged: Logged
    annotations: tuple[str, ...]
    notes: tuple[str, ...]
    corner: pd.DataFrame
    propose_log2: bool
    propose_collapse: Collapse | None
    propose_missing: Missing


def preview(path: str | PathLike[str]) -> Preview:
    """Look at a file.

    Raises
    ------
    BadData
        The file cannot be read or holds no matrix. Missing values and repeated names are shown, not refused.
    """
    path = Path(path)
    placed = arrange(read_file(path), path.name)
    X, genes = placed.X, placed.orientation.genes
    finite = np.isfinite(X)
    absent = ~finite
    genes_with_missing = int(absent.any(axis=0).sum())
    values = X[finite]
    logged = looks_logged(values)
    several = genes.identifier == "hgu133a_probe"
    return Preview(
        samples=len(placed.samples),
        genes=len(placed.genes),
        genes_in=placed.orientation.genes_in,
        decided_by=placed.orientation.decided_by,
        identifier=genes.identifier,
        share=genes.share,
        landmarks=landmarks_present(placed.genes, genes.identifier),
        missing=int(absent.sum()),
        genes_with_missing=genes_with_missing,
        low=float(values.min()) if len(values) else float("nan"),
        high=float(values.max()) if len(values) else float("nan"),
        logged=logged,
        annotations=tuple(map(str, placed.obs.columns)),
        notes=placed.notes,
        corner=pd.DataFrame(X[:SHOWN, :SHOWN], placed.samples[:SHOWN], placed.genes[:SHOWN]),
        propose_log2=not logged.looks,
        propose_collapse="mean" if several else None,
        propose_missing="refuse" if not genes_with_missing else _about_missing(absent),
    )


def looks_logged(values: np.ndarray) -> Logged:
    """Judge whether values are logged, by the rule of NCBI's GEO2R script.

    Not logged if the 99% quantile exceeds 100, or if the range exceeds 50 and the 25% quantile is above 0.

    Parameters
    ----------
    values
        Finite values, any shape. Of many, an even selection is looked at.
    """
    if not values.size:
        return Logged(True, "There are no values to judge by.")
    flat = values.ravel()
    low, first, _, _, almost, high = np.quantile(flat[:: max(1, flat.size // SAMPLED_VALUES)], QUANTILES)
    low, high = float(flat.min()), float(flat.max())
    span = f"Values run from {low:.4g} to {high:.4g}"
    if low < 0:
        return Logged(True, f"{span}: negative values are logged, or differences of logged values, already.")
    if almost > 100 or (high - low > 50 and first > 0):
        return Logged(False, f"{span}: logged values stay below about 25.")
    return Logged(True, f"{span}, as logged values do.")


def _about_missing(absent: np.ndarray) -> Missing:
    """Drop the genes where few are affected, else fill."""
    if absent.any(axis=0).mean() <= 0.2 or absent.all(axis=0).any():
        return "drop genes"
    return "fill with the gene's mean"
