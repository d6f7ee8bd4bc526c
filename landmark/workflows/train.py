"""Train the autoencoder and measure what it reconstructs on held-out samples (Fig. 2a of the paper)."""

import numpy as np

from landmark.evaluation.quality import reconstruction_quality
from landmark.expression.split import rows
from landmark.progress import Progress
from landmark.training.autoencoder import TrainedAutoencoder, train_autoencoder
from landmark.workflows.configuration import TrainConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.device import device_name

MODEL = "model"


def run(configuration: TrainConfiguration, context: Context) -> Outcome:
    """Write history.parquet, reconstruction.parquet and the trained network."""
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    matrix = dataset.load()
    train, test = matrix.X[rows(matrix, "train")], matrix.X[rows(matrix, "test")]
    trained = _trained(train, test, configuration, context)
    trained.save(context.draft.folder / MODEL)
    context.draft.table("history", trained.history)

    context.report(Progress("Measuring the reconstruction"))
    quality = reconstruction_quality(
        trained.scaling.apply(train),
        trained.scaling.apply(test),
        trained.reconstruct(test),
        list(matrix.var_names),
        unit_scale=trained.scaling.scale,
        components=configuration.network.bottleneck,
    )
    context.draft.table("reconstruction", quality)
    last = trained.history.iloc[-1]
    return Outcome(
        parents={"dataset": dataset.id},
        metrics={
            "reconstruction_pcc": float(quality["pcc"].mean()),
            "reconstruction_mae": float(quality["mae"].mean()),
            "significant_genes": int(quality["significant"].sum()),
            "genes": len(quality),
            "pca_pcc": float(quality["pcc_pca"].mean()),
            "pca_mae": float(quality["mae_pca"].mean()),
            "train_loss": float(last["train_loss"]),
            "validation_loss": float(last["validation_loss"]),
            "epochs": int(last["epoch"]),
            "training_seconds": float(trained.history["seconds"].sum()),
        },
        split={"train": len(train), "test": len(test)},
        seed=configuration.network.seed,
        device=device_name(),
    )


def take_part(configuration: TrainConfiguration, context: Context) -> None:
    """Share the training of the process that executes ``run``; write nothing."""
    matrix = context.datasets.get(configuration.dataset).load()
    _trained(matrix.X[rows(matrix, "train")], matrix.X[rows(matrix, "test")], configuration, context)


def _trained(
    train: np.ndarray, test: np.ndarray, configuration: TrainConfiguration, context: Context
) -> TrainedAutoencoder:
    return train_autoencoder(
        train,
        test,
        configuration.network,
        directory=context.draft.folder / "checkpoints",
        report=context.report,
    )
