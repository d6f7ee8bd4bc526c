"""Which annotations go together, so that what they do to the samples cannot be told apart."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from landmark.expression.explained import grouped

COLUMNS = ["first", "second", "association", "samples"]


def associated(annotations: pd.DataFrame) -> pd.DataFrame:
    """Measure how far each pair of annotations divides the samples alike.

    Cramér's V, corrected for chance (Bergsma, Journal of the Korean Statistical Society 42:323, 2013): 0 for
    annotations that have nothing to do with each other, 1 where one tells the other.

    Parameters
    ----------
    annotations
        One row per sample, one column per annotation; those that ``explained`` takes for groups count.

    Returns
    -------
    pandas.DataFrame
        first, second (names of columns), association, samples (that have both); the strongest first.
    """
    columns = {name: values for name in annotations if (values := grouped(annotations[name])) is not None}
    rows = []
    for (first, one), (second, two) in combinations(columns.items(), 2):
        table = pd.crosstab(one, two)
        if min(table.shape) > 1:
            rows.append((str(first), str(second), cramers_v(table.to_numpy()), int(table.to_numpy().sum())))
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values("association", ascending=False, kind="stable", ignore_index=True)


def cramers_v(counts: np.ndarray) -> float:
    """Cramér's V of a table of counts [rows, columns], corrected for chance; 0 to 1."""
    n, (rows, columns) = counts.sum(), counts.shape
    squared = chi2_contingency(counts, correction=False).statistic / n
    expected = (rows - 1) * (columns - 1) / (n - 1)
    fewest = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(max(0.0, squared - expected) / fewest))) if fewest > 0 else 0.0
