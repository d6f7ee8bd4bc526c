"""What a training of DeepChrome promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.epigenome.histones.results import BIN, CELL_TYPE, CLASS, EXPRESSED, GENE, MARK, SPLIT
from landmark.results import Number, Results, Table, Truth, Whole


class DeepchromeResults(Results):
    """Figures of a training over its cell types. AUC is the area under the ROC curve on test genes."""

    auc_mean: float = Field(description="Mean AUC over cell types.")
    auc_median: float = Field(description="Median AUC over cell types.")
    auc_low: float = Field(description="Lowest AUC of a cell type.")
    auc_high: float = Field(description="Highest AUC of a cell type.")
    cell_types: int = Field(description="Cell types, each with its network.")
    genes: int = Field(description="Different genes over all cell types.")
    logistic_mean: float = Field(description="Mean AUC of logistic regression on mean reads of each mark.")
    better_than_logistic: int = Field(description="Cell types whose network exceeds logistic regression.")
    training_seconds: float = Field(description="Time of all epochs of all networks, in seconds.")
    planted: int | None = Field(
        None, description="Planted rules over all cell types; of simulated profiles alone."
    )
    recovered: int | None = Field(None, description="Of them found again in the patterns.")


TABLES: Mapping[str, Table] = {
    "history": Table(
        "One epoch of one cell type.",
        CELL_TYPE,
        Whole("epoch", "Epoch, from 1."),
        Number("train_loss", "Log-loss on training genes, with dropout."),
        Number("validation_loss", "Log-loss on validation genes."),
        Number("validation_auc_error", "1 less the AUC on validation genes.", optional=True),
        Number("seconds", "Time of the epoch.", "seconds"),
    ),
    "cells": Table(
        "One cell type.",
        CELL_TYPE,
        Whole("train", "Training genes."),
        Whole("validation", "Validation genes."),
        Whole("test", "Test genes.", "", "Test genes"),
        Number("auc", "On test genes; the bar starts at chance, 0.5.", bar=(0.5, 1)),
        Number("auc_low", "Lower end of its 95% interval.", "", "from"),
        Number("auc_high", "Upper end of its 95% interval.", "", "to"),
        Number(
            "auc_logistic",
            "AUC of logistic regression on mean reads of each mark, on the same genes.",
            heading="Logistic regression",
        ),
        Number("auc_logistic_low", "Lower end of its 95% interval."),
        Number("auc_logistic_high", "Upper end of its 95% interval."),
        Number(
            "auc_shuffled", "Mean AUC against permuted labels: what chance gives here.", "", "Permuted labels"
        ),
        Number("accuracy", "Share of test genes whose class is right.", format="percent"),
        Whole("epochs", "Epochs trained."),
        Whole("epoch", "The epoch kept."),
        Number("seconds", "Time of all epochs.", "seconds"),
    ),
    "roc": Table(
        "One corner of the ROC curve of one cell type.",
        CELL_TYPE,
        Number("false_positive_rate", "Share of unexpressed genes called expressed."),
        Number("true_positive_rate", "Share of expressed genes called expressed."),
    ),
    "predictions": Table(
        "One gene of one cell type.",
        CELL_TYPE,
        GENE,
        SPLIT,
        EXPRESSED,
        Number("probability", "Of being expressed, by the network."),
    ),
    "maps": Table(
        "One bin of one mark in the pattern of one class.",
        CELL_TYPE,
        CLASS,
        MARK,
        BIN,
        Number("value", "From 0, no reads, to 1, the most."),
    ),
    "frequency": Table(
        "One mark in the pattern of one class.",
        CELL_TYPE,
        CLASS,
        MARK,
        Number("frequency", "Share of bins whose value is above the threshold."),
    ),
    "planted": Table(
        "One planted rule in the patterns of one cell type; of simulated profiles alone.",
        CELL_TYPE,
        MARK,
        Whole("first_bin", "First bin of the rule, from 1."),
        Whole("last_bin", "Last bin of the rule."),
        Whole("sign", "1 where the mark favours expression, -1 where it hinders it."),
        Number(
            "difference",
            "Mean value there, pattern of expressed less that of unexpressed genes.",
            heading="Difference of patterns",
            format="%+.2f",
        ),
        Truth("recovered", "Whether the difference has the sign of the rule."),
    ),
}
