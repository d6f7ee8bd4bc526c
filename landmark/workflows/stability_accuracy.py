"""Whether repeated choices, which differ in their genes, say the same of all others."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landmark.evaluation.accuracy import accuracy
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import SplitExpression
from landmark.progress import Report
from landmark.workflows.stages import part

COLUMNS = ["choice", "targets", "mae", "pcc"]


def accuracy_of_choices(
    split: SplitExpression, choices: Mapping[str, np.ndarray], seed: int, report: Report
) -> pd.DataFrame:
    """Predict the genes that no choice took from each choice in turn, by ridge regression.

    Parameters
    ----------
    split
        All training samples, to learn from, and the test samples.
    choices
        Columns of each choice, by its name.
    seed
        Chooses the samples on which the penalty is judged.

    Returns
    -------
    DataFrame
        choice; targets, the number of predicted genes, the same for all; mae, in standard deviations of the training
        samples, and pcc, means over them. Empty where the choices leave no gene.
    """
    names = np.array(split.genes, dtype=object)
    targets = np.setdiff1d(np.arange(len(names)), np.concatenate(list(choices.values())))
    rows = []
    for number, (name, columns) in enumerate(choices.items() if len(targets) else ()):
        of_choice = part(report, "Predicting the other genes", number, len(choices), "choice")
        made = predict(
            split, list(names[columns]), list(names[targets]), Ridge(), seed=seed, report=of_choice
        )
        measured = accuracy(made.true, made.predicted)
        known = np.isfinite(measured.pcc)
        pcc = float(measured.pcc[known].mean()) if known.any() else np.nan
        rows.append((name, len(targets), float(measured.mae.mean()), pcc))
    return pd.DataFrame(rows, columns=COLUMNS)
