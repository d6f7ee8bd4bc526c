"""Train the paper's autoencoder."""

from landmark.analyses.analysis import Analysis, Entry, always
from landmark.analyses.train.config import TrainConfiguration
from landmark.analyses.train.results import TABLES, TrainResults


def _headline(found: TrainResults) -> str:
    return (
        f"held-out samples are restored with a mean correlation of {found.reconstruction_pcc:.3f} per gene "
        f"(PCA: {found.pca_pcc:.3f})"
    )


TRAIN = Analysis(
    name="train",
    title="Autoencoder",
    page="train",
    entry=Entry("Model", "Train", "model_training", "pages/model/train.py"),
    configuration=TrainConfiguration,
    results=TrainResults,
    tables=TABLES,
    headline=_headline,
    trains=always,
    adopts="model",
)
