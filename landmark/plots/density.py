"""Smooth densities on a fixed grid."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from scipy.stats import gaussian_kde

from landmark.plots.colours import faded

POINTS = 400
_MOST = 20_000
"""A density of more values is made from evenly spaced order statistics: the same curve in less time."""


def grid(values: list[np.ndarray], low: float = -np.inf, high: float = np.inf) -> np.ndarray:
    """Make the common grid of several samples: their whole range and a little more, within the bounds."""
    pooled = np.concatenate([finite(v) for v in values]) if values else np.empty(0)
    if not pooled.size:
        return np.linspace(0.0, 1.0, POINTS)
    start, end = float(pooled.min()), float(pooled.max())
    margin = 0.05 * (end - start) or 0.05 * (abs(start) or 1.0)
    return np.linspace(max(start - margin, low), min(end + margin, high), POINTS)


def density(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Estimate the density of values at the points of a grid.

    Parameters
    ----------
    values
        One sample, in any order; values that are not finite are left out.
    at
        Ascending evenly spaced points, [points].

    Returns
    -------
    numpy.ndarray
        Density, [points]; zero everywhere for an empty sample, a narrow peak for a constant one.
    """
    sample = np.sort(finite(values))
    if sample.size == 0:
        return np.zeros_like(at)
    if sample.size > _MOST:
        sample = sample[np.linspace(0, sample.size - 1, _MOST).round().astype(int)]
    step = at[1] - at[0]
    if sample[-1] - sample[0] < step:
        height: np.ndarray = np.exp(-0.5 * ((at - sample.mean()) / (2 * step)) ** 2) / (
            2 * step * np.sqrt(2 * np.pi)
        )
        return height
    return gaussian_kde(sample)(at)


def add_density(
    figure: go.Figure,
    values: np.ndarray,
    at: np.ndarray,
    colour: str,
    dash: str,
    *,
    filled: float | None = 0.12,
    mean: bool = False,
    **more: Any,
) -> np.ndarray:
    """Draw the density of one sample as a curve.

    Parameters
    ----------
    values, at
        As for ``density``.
    colour, dash
        Of the line.
    filled
        Opacity of the area below the curve; None to leave it empty.
    mean
        Whether a dotted line stands at the mean.
    more
        Further settings of the curve, and its place in a figure of several panels.

    Returns
    -------
    numpy.ndarray
        The density, [points].
    """
    height = density(values, at)
    figure.add_scatter(
        x=at,
        y=height,
        mode="lines",
        line={"color": colour, "width": 2.5, "dash": dash},
        fill=None if filled is None else "tozeroy",
        fillcolor=faded(colour, filled or 0.12),
        **more,
    )
    known = finite(values)
    if mean and known.size:
        place = {name: more[name] for name in ("row", "col") if name in more}
        line = {"color": colour, "width": 1.5, "dash": "dot"}
        figure.add_vline(x=float(np.mean(known)), line=line, **place)
    return height


def finite(values: np.ndarray) -> np.ndarray:
    """Keep the finite values, as float64."""
    array = np.asarray(values, dtype=np.float64).ravel()
    return array[np.isfinite(array)]
