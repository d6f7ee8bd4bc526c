"""What a training of DeepChrome promises: its figures and tables."""

from collections.abc import Mapping

from pydantic import Field

from landmark.epigenome.histones.results import BIN, CELL_TYPE, CLASS, EXPRESSED, GENE, MARK, SPLIT
from landmark.results import Column, Results, Table


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
        (
            CELL_TYPE,
            Column("epoch", "whole", "Epoch, from 1."),
            Column("train_loss", "number", "Log-loss on training genes, with dropout."),
            Column("validation_loss", "number", "Log-loss on validation genes."),
            Column("validation_auc_error", "number", "1 less the AUC on validation genes.", optional=True),
            Column("seconds", "number", "Time of the epoch.", "s"),
        ),
    ),
    "cells": Table(
        "One cell type.",
        (
            CELL_TYPE,
            Column("train", "whole", "Training genes."),
            Column("validation", "whole", "Validation genes."),
            Column("test", "whole", "Test genes."),
            Column("auc", "number", "AUC on test genes."),
            Column("auc_low", "number", "Lower end of its 95% interval."),
            Column("auc_high", "number", "Upper end of its 95% interval."),
            Column("auc_logistic", "number", "AUC of logistic regression on mean reads of each mark."),
            Column("auc_logistic_low", "number", "Lower end of its 95% interval."),
            Column("auc_logistic_high", "number", "Upper end of its 95% interval."),
            Column("auc_shuffled", "number", "Mean AUC of permuted labels."),
            Column("accuracy", "number", "Share of test genes whose class is right."),
            Column("epochs", "whole", "Epochs trained."),
            Column("epoch", "whole", "The epoch kept."),
            Column("seconds", "number", "Time of all epochs.", "s"),
        ),
    ),
    "roc": Table(
        "One corner of the ROC curve of one cell type.",
        (
            CELL_TYPE,
            Column("false_positive_rate", "number", "Share of unexpressed genes called expressed."),
            Column("true_positive_rate", "number", "Share of expressed genes called expressed."),
        ),
    ),
    "predictions": Table(
        "One gene of one cell type.",
        (
            CELL_TYPE,
            GENE,
            SPLIT,
            EXPRESSED,
            Column("probability", "number", "Of being expressed, by the network."),
        ),
    ),
    "maps": Table(
        "One bin of one mark in the pattern of one class.",
        (
            CELL_TYPE,
            CLASS,
            MARK,
            BIN,
            Column("value", "number", "From 0, no reads, to 1, the most."),
        ),
    ),
    "frequency": Table(
        "One mark in the pattern of one class.",
        (
            CELL_TYPE,
            CLASS,
            MARK,
            Column("frequency", "number", "Share of bins whose value is above the threshold."),
        ),
    ),
    "planted": Table(
        "One planted rule in the patterns of one cell type; of simulated profiles alone.",
        (
            CELL_TYPE,
            MARK,
            Column("first_bin", "whole", "First bin of the rule, from 1."),
            Column("last_bin", "whole", "Last bin of the rule."),
            Column("sign", "whole", "1 where the mark favours expression, -1 where it hinders it."),
            Column(
                "difference",
                "number",
                "Mean value there, pattern of expressed less that of unexpressed genes.",
            ),
            Column("recovered", "truth", "Whether the difference has the sign of the rule."),
        ),
    ),
}
