"""What a training of the autoencoder promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Column, Results, Table


class TrainResults(Results):
    """Figures of a training. MAE is in standard deviations of the gene, over the training samples."""

    reconstruction_pcc: float = Field(
        description="Pearson correlation of measured and restored values, mean over genes; NaN where none exists."
    )
    reconstruction_mae: float = Field(description="Mean absolute error of restored values, mean over genes.")
    significant_genes: int = Field(description="Genes that pass the permutation test.")
    genes: int = Field(description="Genes restored.")
    pca_pcc: float = Field(
        description="The correlation by as many principal components as the bottleneck has units."
    )
    pca_mae: float = Field(description="The error by these principal components.")
    measured_samples: int | None = Field(
        None, description="Held-out samples measured on; version 0.1 measured on all and did not say."
    )
    pca_samples: int | None = Field(
        None, description="Training samples that the principal components were fitted to; as before."
    )
    validation_samples: int | None = Field(
        None, description="Training samples kept back to choose the epoch by; version 0.3 kept none."
    )
    train_loss: float = Field(description="Loss of the last epoch on training samples.")
    validation_loss: float = Field(
        description="Loss of the last epoch on validation, else on held-out samples."
    )
    epochs: int = Field(description="Epochs trained.")
    training_seconds: float = Field(description="Time of all epochs, in seconds.")
    samples_per_second: float | None = Field(
        None, description="Median over epochs; absent where all were done before a resume."
    )


TABLES: Mapping[str, Table] = {
    "history": Table(
        "One epoch.",
        (
            Column("epoch", "whole", "Epoch, from 1."),
            Column(
                "train_loss",
                "number",
                "Mean absolute error on training samples, with dropout.",
                "scaled values",
            ),
            Column(
                "validation_loss", "number", "The same on the samples that judge epochs.", "scaled values"
            ),
            Column("seconds", "number", "Time of the epoch.", "s"),
        ),
    ),
    "reconstruction": Table(
        "One gene.",
        (
            Column("gene", "text", "Its name."),
            Column("mae", "number", "Mean absolute error over held-out samples.", "standard deviations"),
            Column("mae_unscaled", "number", "The same in the unit of the dataset.", "unit of the dataset"),
            Column("pcc", "number", "Pearson correlation of measured and restored values."),
            Column("p_value", "number", "Of the permutation test, not corrected for the number of genes."),
            Column("significant", "truth", "Whether p_value is below 0.01."),
            Column(
                "mae_pca", "number", "Mean absolute error by principal components.", "standard deviations"
            ),
            Column("pcc_pca", "number", "Correlation by principal components."),
        ),
    ),
}
