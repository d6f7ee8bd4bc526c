"""What a trained autoencoder restores of held-out samples, whether or not the dataset fits in memory."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.metrics.reconstruction import reconstruction_quality
from landmark.models.autoencoder import TrainedAutoencoder
from landmark.models.size import MOST_MEASURED
from landmark.progress import Progress, Report
from landmark.training.data import Source
from landmark.training.trained import SAMPLES
from landmark.workflows.samples import SplitSamples


@dataclass(frozen=True)
class HeldOut:
    """The reconstruction of held-out samples.

    Attributes
    ----------
    quality
        One row per gene, as from ``reconstruction_quality``.
    measured, restored
        In the unit of the dataset, [samples, genes].
    samples
        Names of these samples.
    training_samples
        Number of training samples behind the principal components and the standard deviations.
    """

    quality: pd.DataFrame
    measured: np.ndarray
    restored: np.ndarray
    samples: list[str]
    training_samples: int


def held_out(trained: TrainedAutoencoder, data: SplitSamples, report: Report) -> HeldOut:
    """Restore held-out samples and measure how well, gene by gene.

    Where the dataset is not loaded, at most ``MOST_MEASURED`` samples of either part take part, drawn with the seed
    of the training.
    """
    seed = trained.problem.configuration.seed
    training, chosen = (_drawn(part.samples, data.loaded, seed) for part in (data.train, data.test))
    train = _read(data.train, training, report)
    _scale(train, trained.problem.scaling)
    measured = _read(data.test, chosen, report)
    restored = np.empty_like(measured)
    for first in range(0, len(measured), SAMPLES):
        report(Progress("Restoring held-out samples", first, len(measured), "sample"))
        restored[first : first + SAMPLES] = trained.apply(measured[first : first + SAMPLES])
    quality = reconstruction_quality(
        train,
        trained.problem.scaling.apply(measured),
        restored,
        data.genes,
        unit_scale=trained.problem.scaling.scale,
        components=trained.problem.configuration.bottleneck,
        report=report,
    )
    names = [data.test_names[place] for place in chosen]
    return HeldOut(quality, measured, trained.problem.scaling.invert(restored), names, len(training))


def _drawn(samples: int, loaded: bool, seed: int) -> np.ndarray:
    if loaded or samples <= MOST_MEASURED:
        return np.arange(samples)
    return np.sort(np.random.default_rng(seed).choice(samples, MOST_MEASURED, replace=False))


def _read(source: Source, rows: np.ndarray, report: Report) -> np.ndarray:
    """Read samples some hundreds at a time, so that a user who stops need not wait."""
    X = np.empty((len(rows), *source.widths), np.float32)
    for first in range(0, len(rows), SAMPLES):
        report(Progress("Reading samples", first, len(rows), "sample"))
        (X[first : first + SAMPLES],) = source.read(rows[first : first + SAMPLES])
    return X


def _scale(X: np.ndarray, scaling: Scaling) -> None:
    """Scale in place: training samples may be large."""
    X -= scaling.shift
    X /= scaling.scale
