"""Coordinates by UMAP, and its compiled code kept on the disk: it compiles for some fifteen seconds otherwise."""

import sys
import warnings
from collections.abc import Collection
from contextlib import suppress

import numpy as np
from numba.core.dispatcher import Dispatcher

from landmark.errors import BadData
from landmark.metrics.clusters import Distance
from landmark.progress import Progress, Report, silent


def _keep_compiled(packages: Collection[str]) -> None:
    """Let the functions of imported packages be read from the disk where an earlier process has compiled them.

    Numba puts them beside the source of each function, or, where it may not write there, into the user's cache; a
    function whose source has changed is compiled again.

    Parameters
    ----------
    packages
        Names of packages that were imported before.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in packages:
            for function in list(vars(module).values()):
                if isinstance(function, Dispatcher) and not function.stats.cache_path:
                    with suppress(RuntimeError):  # no place to write: it is compiled anew, as before
                        function.enable_caching()


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

    _keep_compiled(["umap", "pynndescent"])
    # one job, as a seed demands; umap-learn would otherwise set it and warn
    layout = UMAP(
        n_neighbors=max(2, min(neighbours, samples - 1)),
        min_dist=least_distance,
        metric=distance,
        random_state=seed,
        n_jobs=1,
    )
    return layout.fit_transform(values.astype(np.float32))
