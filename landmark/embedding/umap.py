"""UMAP: samples in two dimensions, neighbours kept near each other (McInnes et al., 2018)."""

import warnings

import numpy as np

from landmark.embedding.distances import Distance
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent

FEWEST_SAMPLES = 4
"""UMAP cannot start with fewer."""


def umap_coordinates(
    values: np.ndarray,
    *,
    neighbours: int = 15,
    least_distance: float = 0.1,
    distance: Distance = "correlation",
    seed: int = 0,
    report: Report = silent,
) -> np.ndarray:
    """Lay samples out in the plane, the same way for the same seed.

    Parameters
    ----------
    values
        [samples, features].
    neighbours
        How many neighbours of a sample are kept near; at most one less than the samples.
    least_distance
        How tightly points may lie.
    distance
        Between samples in ``values``.
    seed
        Of the layout. A seed makes UMAP run on one processor.
    report
        Told once, at the start: UMAP itself does not say how far it is.

    Returns
    -------
    ndarray
        float32 [samples, 2]. Only who is near whom has a meaning.

    Raises
    ------
    BadData
        If there are fewer than four samples, or a value is missing.
    """
    samples = len(values)
    if samples < FEWEST_SAMPLES:
        raise BadData(f"UMAP needs at least {FEWEST_SAMPLES} samples; there are {samples}.")
    if not np.isfinite(values).all():
        raise BadData("Some values of the samples are missing or infinite, so UMAP cannot place them.")
    report(Progress("UMAP", 0, samples, "sample"))
    with warnings.catch_warnings():
        # said on import, and true: we do not use the part of umap-learn that needs TensorFlow
        warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
        # here, not above: its import compiles for seconds
        from umap import UMAP

        from landmark.embedding.compiled import keep_compiled
    keep_compiled(["umap", "pynndescent"])
    # one job, as a seed demands; umap-learn would otherwise set it and warn
    layout = UMAP(
        n_neighbors=max(2, min(neighbours, samples - 1)),
        min_dist=least_distance,
        metric=distance,
        random_state=seed,
        n_jobs=1,
    )
    return layout.fit_transform(values.astype(np.float32))
