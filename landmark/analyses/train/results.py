"""What a training of the autoencoder promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.results import Number, Results, Table, Text, Truth, Whole


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
        Whole("epoch", "Epoch, from 1."),
        Number("train_loss", "Mean absolute error on training samples, with dropout.", "the network's input"),
        Number("validation_loss", "The same on the samples that judge epochs.", "the network's input"),
        Number("seconds", "Time of the epoch.", "seconds"),
    ),
    "reconstruction": Table(
        "One gene.",
        Text("gene", "Its name."),
        Number("mae", "Mean absolute error over held-out samples.", "standard deviations"),
        Number(
            "mae_unscaled",
            "Mean absolute error over held-out samples.",
            "the unit of the dataset",
            "MAE, data unit",
        ),
        Number("pcc", "Pearson correlation of measured and restored values over held-out samples."),
        Number(
            "p_value",
            "Share of the other genes that correlate with this gene's reconstruction at least as well. Not "
            "corrected for the number of genes.",
            heading="p, permutation test",
        ),
        Truth("significant", "Whether p_value is below 0.01."),
        Number("mae_pca", "Mean absolute error by principal components.", "standard deviations"),
        Number("pcc_pca", "Correlation by principal components."),
    ),
}
