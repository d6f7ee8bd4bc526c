"""Would other samples give another ranking? Two networks, each trained and asked on one half of the samples alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landmark.analyses.ranking.config import RankConfiguration
from landmark.attribution.importance import DenseEncoder, Importance, importance
from landmark.attribution.ranking import split_half_stability
from landmark.models.autoencoder import encoder_layers, train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Report
from landmark.training.data import Chosen, Scaled
from landmark.training.mesh import own_devices
from landmark.workflows.context import named
from landmark.workflows.sample_groups import reference_of
from landmark.workflows.samples import Rows, SplitSamples, learning

NAMES = ("first half", "second half")


def retrained_halves(
    network: AutoencoderConfiguration,
    configuration: RankConfiguration,
    data: SplitSamples,
    annotations: pd.DataFrame,
    seed: int,
    cut: int,
    directory: Path,
    report: Report,
) -> dict[str, Any]:
    """Train on each half, rank by each network the samples that it learned from, and compare.

    Parameters
    ----------
    network
        Settings of the ranked network, its seed among them: both start from the same weights, as only the samples are
        to differ.
    configuration
        How genes are scored; a reference is made from the half's own samples.
    data
        The dataset.
    annotations
        One row per training sample.
    seed
        Divides the training samples, groups that the split keeps together as wholes.
    cut
        Size of the sets compared.
    directory
        For checkpoints.
    report
        Told about progress.

    Returns
    -------
    dict
        overlap_retrained, the share of the best ``cut`` genes that both name; correlation_retrained, Spearman's.
    """
    scored = []
    for name, half in zip(NAMES, _halves(data, seed), strict=True):
        of_half = named(report, name.capitalize())
        own = annotations.iloc[half]
        scored.append(_scored(network, configuration, data, own, half, directory / name, of_half))
    found = split_half_stability(scored[0], scored[1], cut, configuration.aggregation)
    return dict(zip(("overlap_retrained", "correlation_retrained"), found, strict=True))


def _halves(data: SplitSamples, seed: int) -> list[np.ndarray]:
    """Divide the training samples in two at random: positions, ascending."""
    units = np.arange(data.train.samples) if data.groups is None else data.groups
    names = np.unique(units)
    parts = np.array_split(np.random.default_rng(seed).permutation(len(names)), 2)
    return [np.flatnonzero(np.isin(units, names[part])) for part in parts]


def _scored(
    network: AutoencoderConfiguration,
    configuration: RankConfiguration,
    data: SplitSamples,
    annotations: pd.DataFrame,
    half: np.ndarray,
    directory: Path,
    report: Report,
) -> Importance:
    some = Chosen(data.train, half)
    whole = None if data.groups is None else data.groups[half]
    learned = learning(some, data.test, network, whole)
    trained = train_autoencoder(*learned, network, directory=directory, report=report)
    samples = Rows.all(Scaled(some, trained.problem.scaling))
    score: Callable[..., Importance] = importance
    return score(
        DenseEncoder.of(encoder_layers(trained)),
        samples,
        reference_of(configuration, trained.problem.scaling, samples, annotations),
        target=configuration.target,
        mesh=own_devices(),
        report=report,
    )
