"""Train the autoencoder and measure what it restores of held-out samples (Fig. 2a of the paper)."""

from dataclasses import dataclass
from statistics import median

import numpy as np
import pandas as pd

from landmark.analyses.train.config import TrainConfiguration
from landmark.analyses.train.results import TrainResults
from landmark.metrics.reconstruction import reconstruction_quality
from landmark.models.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.models.size import MOST_MEASURED
from landmark.progress import Progress, Report
from landmark.store import predictions
from landmark.training.data import Source
from landmark.training.mesh import accelerator_memory, device_name
from landmark.training.trained import SAMPLES
from landmark.workflows.context import Context, Outcome
from landmark.workflows.notes import check_held_out, training_notes
from landmark.workflows.resource_check import check_resources, task_of
from landmark.workflows.samples import SplitSamples, learning, split_samples

MODEL = "model"


PREDICTIONS = "predictions"


def run(configuration: TrainConfiguration, context: Context) -> Outcome:
    """Write history.parquet, reconstruction.parquet, predictions.npy and the trained network."""
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    check_held_out(dataset.manifest.split.get("test", 0))
    task = task_of(dataset.manifest, configuration.network)
    check_resources(context.workspace, task, device_memory=accelerator_memory())
    data, speeds = split_samples(dataset), list[float]()

    def watched(progress: Progress) -> None:
        if "validation_loss" in progress.values:  # the end of an epoch
            speeds.append(progress.values["samples_per_second"])
        context.report(progress)

    trained = _trained(data, configuration, context, watched)
    trained.save(context.draft.folder / MODEL)
    context.draft.table("history", trained.history)

    context.report(Progress("Measuring the reconstruction"))
    found = _held_out(trained, data, context.report)
    context.draft.table("reconstruction", found.quality)
    predictions.save(
        context.draft,
        PREDICTIONS,
        found.measured,
        found.restored,
        data.genes,
        found.samples,
        configuration.network.seed,
    )
    quality, last = found.quality, trained.history.iloc[-1]
    validation = data.train.samples - _learning(data, configuration)[0].samples
    parts = {"train": data.train.samples - validation, "validation": validation, "test": data.test.samples}
    return Outcome(
        parents={"dataset": dataset.id},
        results=TrainResults(
            reconstruction_pcc=float(quality["pcc"].mean()),
            reconstruction_mae=float(quality["mae"].mean()),
            significant_genes=int(quality["significant"].sum()),
            genes=len(quality),
            pca_pcc=float(quality["pcc_pca"].mean()),
            pca_mae=float(quality["mae_pca"].mean()),
            measured_samples=len(found.samples),
            pca_samples=found.training_samples,
            validation_samples=validation,
            train_loss=float(last["train_loss"]),
            validation_loss=float(last["validation_loss"]),
            epochs=int(last["epoch"]),
            training_seconds=float(trained.history["seconds"].sum()),
            **({"samples_per_second": median(speeds)} if speeds else {}),
        ),
        split={name: samples for name, samples in parts.items() if samples},
        seed=configuration.network.seed,
        device=device_name(),
        notes=training_notes(dataset.manifest, configuration.network),
    )


def take_part(configuration: TrainConfiguration, context: Context) -> None:
    """Share the training of the process that executes ``run``; write nothing."""
    data = split_samples(context.datasets.get(configuration.dataset))
    _trained(data, configuration, context, context.report)


def _trained(
    data: SplitSamples, configuration: TrainConfiguration, context: Context, report: Report
) -> TrainedAutoencoder:
    return train_autoencoder(
        *_learning(data, configuration),
        configuration.network,
        directory=context.draft.folder / "checkpoints",
        report=report,
    )


def _learning(data: SplitSamples, configuration: TrainConfiguration) -> tuple[Source, Source]:
    return learning(data.train, data.test, configuration.network, data.groups)


@dataclass(frozen=True)
class _HeldOut:
    """Quality per gene; measured and restored values in the dataset's unit, [samples, genes]; the samples' names.

    ``training_samples`` are behind the principal components and the standard deviations.
    """

    quality: pd.DataFrame
    measured: np.ndarray
    restored: np.ndarray
    samples: list[str]
    training_samples: int


def _held_out(trained: TrainedAutoencoder, data: SplitSamples, report: Report) -> _HeldOut:
    """Restore held-out samples and measure how well, gene by gene.

    Where the dataset is not loaded, at most ``MOST_MEASURED`` samples of either part take part, drawn with the seed
    of the training.
    """
    seed = trained.problem.configuration.seed
    training, chosen = (_drawn(part.samples, data.loaded, seed) for part in (data.train, data.test))
    train = _read(data.train, training, report)
    train -= trained.problem.scaling.shift  # in place: training samples may be large
    train /= trained.problem.scaling.scale
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
    return _HeldOut(quality, measured, trained.problem.scaling.invert(restored), names, len(training))


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
