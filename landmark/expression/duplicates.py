"""Near-duplicates: the same sample deposited twice, or measured twice, under different names.

As in D-GEX (Chen et al., Bioinformatics 32:1832, 2016): k-means divides the samples, and within a cluster a later
sample closer than a Euclidean distance of 1.0 to an earlier one is dropped. Here a sample near the border of two
clusters is compared with the samples of both, so that the answer is that of comparing all pairs, whatever the clusters.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.cluster import MiniBatchKMeans

from landmark.errors import BadData
from landmark.expression.history import record
from landmark.progress import Progress, Report, silent

DISTANCE = 1.0
"""Euclidean distance over all genes, in the unit of the data; D-GEX's."""

CLUSTERS = 100
"""Number of clusters of D-GEX."""

ALL_PAIRS = 3000
"""Up to so many samples are compared with each other without clusters: it takes seconds."""

_ROWS_AT_ONCE = 512
_SINGLE_PRECISION = 2e-5
"""Bound of the relative error of squared distances from a float32 matrix product, for tens of thousands of genes."""

STAGE = "Looking for near-duplicates"
STEP = "Near-duplicates removed"


def remove_duplicates(
    adata: AnnData, distance: float = DISTANCE, seed: int = 0, report: Report = silent
) -> tuple[AnnData, pd.DataFrame]:
    """Drop every sample that is closer than ``distance`` to an earlier one.

    Parameters
    ----------
    adata
        The matrix; not changed.
    distance
        Euclidean distance over all genes.
    seed
        Of k-means, which decides how long it takes, not what is found.

    Returns
    -------
    AnnData
        The matrix without them; itself where there are none.
    pandas.DataFrame
        sample, duplicate_of (the nearest earlier sample), distance; one row per dropped sample, in their order.

    Raises
    ------
    BadData
        Fewer than two samples would be left.
    """
    found = near_duplicates(adata.X, distance, seed, report)
    kept, table = removal(found, adata.obs_names, distance)
    if len(found):
        adata = adata[kept].copy()
    record(adata, STEP, distance=distance, removed=len(found), left=adata.n_obs)
    return adata, table


def removal(found: pd.DataFrame, samples: pd.Index, distance: float) -> tuple[np.ndarray, pd.DataFrame]:
    """Say which samples are left, as truth values [samples], and name those found: see ``remove_duplicates``.

    Raises
    ------
    BadData
        Fewer than two samples would be left.
    """
    kept = np.ones(len(samples), bool)
    kept[found["later"]] = False
    if kept.sum() < 2:
        raise BadData(
            f"All samples lie closer together than {distance:g}, so a single one would be left. Choose a smaller "
            "distance, or leave near-duplicates in."
        )
    names = samples.to_numpy()
    table = pd.DataFrame(
        {
            "sample": names[found["later"]],
            "duplicate_of": names[found["earlier"]],
            "distance": found["distance"],
        }
    )
    return kept, table


def near_duplicates(
    X: np.ndarray, distance: float = DISTANCE, seed: int = 0, report: Report = silent
) -> pd.DataFrame:
    """Find the samples that are closer than ``distance`` to an earlier one.

    Parameters
    ----------
    X
        float32 [samples, genes].

    Returns
    -------
    pandas.DataFrame
        Positions later and earlier (the nearest of the earlier samples), and their distance; one row per later sample,
        ascending.
    """
    groups = [np.arange(len(X))] if len(X) <= ALL_PAIRS else divided(X, distance, seed, report)
    pairs = [np.empty((0, 3))]
    done, total = 0, sum(map(len, groups))
    for group in groups:
        for block in _pairs(X, group, distance):
            pairs.append(block)
            report(Progress(STAGE, min(done := done + _ROWS_AT_ONCE, total), total, "sample"))
    table = pd.DataFrame(np.concatenate(pairs), columns=["later", "earlier", "distance"])
    table = table.sort_values(["later", "distance", "earlier"]).drop_duplicates("later", ignore_index=True)
    return table.astype({"later": np.int64, "earlier": np.int64})


def divided(X: np.ndarray, distance: float, seed: int, report: Report) -> list[np.ndarray]:
    """Divide the samples by k-means; those within ``distance`` of a border belong to both sides.

    A pair that a border divides has both of its samples closer to the border than they are to each other.
    """
    report(Progress("Dividing the samples into clusters"))
    model = MiniBatchKMeans(CLUSTERS, random_state=seed, batch_size=1024, n_init=1).fit(X)
    centres = model.cluster_centers_.astype(np.float64)
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    members: list[list[np.ndarray]] = [[] for _ in centres]
    for start in range(0, len(X), _ROWS_AT_ONCE):
        report(Progress("Dividing the samples into clusters", start, len(X), "sample"))
        to_centre = model.transform(X[start : start + _ROWS_AT_ONCE]).astype(np.float64)
        own = to_centre.argmin(axis=1)
        nearest = to_centre[np.arange(len(own)), own][:, None]
        with np.errstate(divide="ignore", invalid="ignore"):  # no border between a centre and itself
            border = (to_centre**2 - nearest**2) / (2 * apart[own])
        border[np.arange(len(own)), own] = 0.0
        near = ~(border >= distance * 1.05 + 1e-4 * nearest)
        for cluster in np.flatnonzero(near.any(axis=0)):
            members[cluster].append(start + np.flatnonzero(near[:, cluster]))
    return [np.concatenate(parts) for parts in members if parts]


def _pairs(X: np.ndarray, group: np.ndarray, distance: float) -> Iterator[np.ndarray]:
    """Yield [pairs, 3] per block of a group's samples: later, earlier, distance.

    A float32 product of centred samples finds candidates; their distances are then taken in float64.
    """
    A = X[group]
    A = A - A.mean(axis=0)
    squares = np.einsum("ij,ij->i", A, A, dtype=np.float64)
    for start in range(0, len(A), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        earlier = slice(0, min(start + _ROWS_AT_ONCE, len(A)))
        both = squares[rows, None] + squares[None, earlier]
        close = both - 2.0 * (A[rows] @ A[earlier].T) < distance**2 + _SINGLE_PRECISION * both
        found = []
        for later in np.flatnonzero(close.any(axis=1)):
            others = np.flatnonzero(close[later, : start + later])
            exact = np.linalg.norm(X[group[others]].astype(np.float64) - X[group[start + later]], axis=1)
            for other, value in zip(others[exact < distance], exact[exact < distance], strict=True):
                found.append((group[start + later], group[other], value))
        yield np.array(found, dtype=np.float64).reshape(-1, 3)
