"""Train the autoencoder and measure what it reconstructs on held-out samples (Fig. 2a of the paper)."""

from statistics import median

from landmark.analyses.train.config import TrainConfiguration
from landmark.analyses.train.held_out import held_out
from landmark.analyses.train.results import TrainResults
from landmark.models.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.progress import Progress, Report
from landmark.store import predictions
from landmark.training.data import Source
from landmark.training.mesh import accelerator_memory, device_name
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
    found = held_out(trained, data, context.report)
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
