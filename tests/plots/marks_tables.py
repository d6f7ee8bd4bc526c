"""Small tables of histone marks, of the shapes that the workflows write."""

import numpy as np
import pandas as pd

from .tables import ODD

MARKS = [ODD, "H3K4me3", "H3K9me3"]
BINS = 20


def _cells(labels: tuple[int, ...] = (0, 1)) -> pd.DataFrame:
    rows = [(label, mark, bin_) for label in labels for mark in MARKS for bin_ in range(1, BINS + 1)]
    return pd.DataFrame(rows, columns=["label", "mark", "bin"])


def means() -> pd.DataFrame:
    """Genes of label 1 have one read more in every bin of H3K4me3."""
    table = _cells()
    raised = (table["label"] == 1) & (table["mark"] == "H3K4me3")
    return table.assign(mean=table["bin"] / BINS + raised)


def maps() -> pd.DataFrame:
    table = _cells()
    return table.assign(value=(table["bin"] + table["label"]) / (BINS + 1))


def frequency() -> pd.DataFrame:
    table = _cells()[["label", "mark"]].drop_duplicates(ignore_index=True)
    return table.assign(frequency=np.linspace(0, 1, len(table)))


def average() -> pd.DataFrame:
    """Contributions of label 0 lower, those of label 1 raise twice as much."""
    table = _cells()
    return table.assign(contribution=np.where(table["label"] == 1, 0.2, -0.1))


def contributions() -> pd.DataFrame:
    table = _cells((1,)).drop(columns="label")
    contribution = np.where(table["mark"] == "H3K4me3", 0.3, -0.01) * table["bin"] / BINS
    return table.assign(count=table["bin"] % 5 * 10.0, contribution=contribution)


def cells() -> pd.DataFrame:
    """E1 is told best; the interval reaches 0.05 to both sides, the plain model 0.1 below."""
    auc = np.array([0.8, 0.9, 0.7])
    return pd.DataFrame(
        {
            "cell_type": [ODD, "E1", "E2"],
            "auc": auc,
            "auc_low": auc - 0.05,
            "auc_high": auc + 0.05,
            "auc_logistic": auc - 0.1,
        }
    )


def roc(cell_types: int = 3) -> pd.DataFrame:
    rate = np.linspace(0, 1, 11)
    return pd.concat(
        [
            pd.DataFrame(
                {"cell_type": name, "false_positive_rate": rate, "true_positive_rate": rate ** (1 / (2 + i))}
            )
            for i, name in enumerate([ODD, *(f"E{i:03}" for i in range(1, cell_types))])
        ],
        ignore_index=True,
    )
