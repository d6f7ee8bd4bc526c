"""Near-duplicates: the same sample deposited twice, or measured twice, under different names.

As in D-GEX (Chen et al., Bioinformatics 32:1832, 2016) k-means divides the samples, and within a cluster a later sample
closer than a Euclidean distance of 1.0 to an earlier one is dropped. Here a sample near the border of two clusters is
compared with the samples of both, so that the answer is that of comparing all pairs, whatever the clusters.

Distances are bounded from below by an embedding small enough for memory: the coordinates of a sample along some
orthonormal directions, and the length of what is left. By Pythagoras and the triangle inequality two samples are never
closer than their embeddings. Candidates are found there, and only they are read and compared over all genes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import MiniBatchKMeans

from landmark.data.history import record
from landmark.data.steps.stream import Stream, chosen
from landmark.decompositions import qr
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent

DISTANCE = 1.0  # Euclidean distance over all genes, in the unit of the data; D-GEX's
CLUSTERS = 100  # number of clusters of D-GEX
ALL_PAIRS = 3000  # up to so many samples are compared with each other without clusters: it takes seconds
STAGE = "Looking for near-duplicates"
DIRECTIONS = 128  # orthonormal directions of the embedding: those that as many samples, drawn at random, span
_SINGLE_PRECISION = 2e-5
"""Bound of the error of an embedding, relative to the sample's distance from the mean: float32 matrix products."""

_ROWS_AT_ONCE = 256
_KMEANS_ROWS = 512


@dataclass(frozen=True)
class _Embedding:
    """Attributes: points, float64 [samples, directions + 1]; slack, by how much they may lie too far apart."""

    points: np.ndarray
    slack: float


def remove_duplicates(
    stream: Stream, distance: float = DISTANCE, seed: int = 0, report: Report = silent
) -> tuple[Stream, pd.DataFrame]:
    """Drop every sample closer than ``distance`` to an earlier one.

    Beside the samples that are left, a table: sample, duplicate_of (the nearest earlier sample), distance;
    one row per dropped sample, in their order. ``seed`` decides how long it takes, not what is found.
    BadData: fewer than two samples would be left.
    """
    found = near_duplicates(stream, distance, seed, report)
    kept = np.ones(stream.samples, bool)
    kept[found["later"]] = False
    if kept.sum() < 2:
        raise BadData(
            f"All samples lie closer together than {distance:g}, so a single one would be left. Choose a smaller "
            "distance, or leave near-duplicates in."
        )
    remaining = chosen(stream, kept)
    record(
        remaining.about,
        "Near-duplicates removed",
        distance=distance,
        removed=len(found),
        left=remaining.samples,
    )
    names = stream.about.obs_names.to_numpy()
    table = pd.DataFrame(
        {
            "sample": names[found["later"]],
            "duplicate_of": names[found["earlier"]],
            "distance": found["distance"],
        }
    )
    return remaining, table


def near_duplicates(
    stream: Stream, distance: float = DISTANCE, seed: int = 0, report: Report = silent
) -> pd.DataFrame:
    """Find the samples closer than ``distance`` to an earlier one: one pass, and a reading of the candidates.

    Positions later and earlier (the nearest of the earlier samples), and their distance; one row per later sample.
    """
    embedding = _embed(stream, seed, report)
    reach = distance + embedding.slack
    groups = [np.arange(stream.samples)]
    if stream.samples > ALL_PAIRS:
        groups = _divided(embedding.points.astype(np.float32), reach, seed, report)
    found = [np.empty((0, 3))]
    done, total = 0, sum(map(len, groups))
    for group in groups:
        for near in _candidates(embedding.points[group], reach):
            report(Progress(STAGE, done, total, "sample"))
            found.append(_nearest(stream, group, near, distance, embedding.slack))
            done += _ROWS_AT_ONCE
    table = pd.DataFrame(np.concatenate(found), columns=["later", "earlier", "distance"])
    table = table.sort_values(["later", "distance", "earlier"]).drop_duplicates("later", ignore_index=True)
    return table.astype({"later": np.int64, "earlier": np.int64})


def _divided(X: np.ndarray, distance: float, seed: int, report: Report) -> list[np.ndarray]:
    """Divide the samples by k-means; those within ``distance`` of a border belong to both sides.

    A pair that a border divides has both of its samples closer to the border than they are to each other.
    """
    report(Progress("Dividing the samples into clusters"))
    model = MiniBatchKMeans(CLUSTERS, random_state=seed, batch_size=1024, n_init=1).fit(X)
    centres = model.cluster_centers_.astype(np.float64)
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    members: list[list[np.ndarray]] = [[] for _ in centres]
    for start in range(0, len(X), _KMEANS_ROWS):
        report(Progress("Dividing the samples into clusters", start, len(X), "sample"))
        to_centre = model.transform(X[start : start + _KMEANS_ROWS]).astype(np.float64)
        own = to_centre.argmin(axis=1)
        nearest = to_centre[np.arange(len(own)), own][:, None]
        with np.errstate(divide="ignore", invalid="ignore"):  # no border between a centre and itself
            border = (to_centre**2 - nearest**2) / (2 * apart[own])
        border[np.arange(len(own)), own] = 0.0
        near = ~(border >= distance * 1.05 + 1e-4 * nearest)
        for cluster in np.flatnonzero(near.any(axis=0)):
            members[cluster].append(start + np.flatnonzero(near[:, cluster]))
    return [np.concatenate(parts) for parts in members if parts]


def _embed(stream: Stream, seed: int, report: Report) -> _Embedding:
    """Pass once: coordinates along the directions that a few samples span, and the length of what is left."""
    drawn = np.random.default_rng(seed).permutation(stream.samples)[:DIRECTIONS]
    few = stream.rows(np.sort(drawn))
    centre = few.mean(axis=0)
    directions, _ = qr((few - centre).T)  # float32 [genes, directions]
    points = np.empty((stream.samples, directions.shape[1] + 1))
    farthest = 0.0
    for first, block in stream.reported(report, "Measuring the samples"):
        block -= centre
        along = block @ directions
        farthest = max(farthest, float(np.linalg.norm(block, axis=1).max()))
        block -= along @ directions.T
        here = slice(first, first + len(block))
        points[here, :-1] = along
        points[here, -1] = np.linalg.norm(block, axis=1)
    return _Embedding(points, 2 * _SINGLE_PRECISION * farthest)


@dataclass(frozen=True)
class _Near:
    """The earlier samples within reach of one sample, nearest first; places within a group, distances of embeddings."""

    later: int
    earlier: np.ndarray
    distances: np.ndarray


def _candidates(points: np.ndarray, reach: float) -> Iterator[list[_Near]]:
    """Compare a group's samples, some at a time; a list may be empty."""
    squares = np.einsum("ij,ij->i", points, points)
    for start in range(0, len(points), _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, len(points))
        # In place: a cluster may hold most of the samples.
        distances = points[start:stop] @ points[:stop].T
        distances *= -2
        distances += squares[start:stop, None]
        distances += squares[:stop]
        np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
        found = []
        for row in np.flatnonzero((distances <= reach).any(axis=1)):
            earlier = np.flatnonzero(distances[row, : start + row] <= reach)
            if len(earlier):
                order = np.argsort(distances[row, earlier], kind="stable")
                found.append(_Near(start + int(row), earlier[order], distances[row, earlier[order]]))
        yield found


def _nearest(
    stream: Stream, group: np.ndarray, near: list[_Near], distance: float, slack: float
) -> np.ndarray:
    """Compare samples over all genes with their candidates, nearest first, until no other can be nearer."""
    if not near:
        return np.empty((0, 3))
    own = stream.rows(group[[one.later for one in near]])
    nearest = np.full(len(near), np.inf)
    found: list[tuple[int, int, float]] = []
    for turn in range(max(len(one.earlier) for one in near)):
        waiting = [
            i
            for i, one in enumerate(near)
            if turn < len(one.earlier) and one.distances[turn] - slack <= nearest[i]
        ]
        if not waiting:
            break
        others = group[[near[i].earlier[turn] for i in waiting]]
        positions, place = np.unique(others, return_inverse=True)
        exact = np.linalg.norm(own[waiting].astype(np.float64) - stream.rows(positions)[place], axis=1)
        nearest[waiting] = np.minimum(nearest[waiting], exact)
        for i, other, value in zip(waiting, others, exact, strict=True):
            if value < distance:
                found.append((group[near[i].later], other, value))
    return np.array(found, dtype=np.float64).reshape(-1, 3)
