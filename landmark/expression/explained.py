"""How much of the variance between samples goes with an annotation, such as a batch."""

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution

MOST_VALUES = 20
"""Whole numbers with at most so many values (batch 1 to 5) are groups, not a scale."""

MOST_GROUPS = 100
"""With more groups, or fewer than two samples in each, an annotation says little of what sets samples apart."""

LEAST_SAMPLES = 3


def explained(scores: np.ndarray, share: np.ndarray, annotations: pd.DataFrame) -> pd.DataFrame:
    """Share of every principal component's variance that each annotation explains (R²).

    Groups: between-group over total sum of squares, as in a one-way analysis of variance; numbers: squared correlation.
    Samples without a value are left out.

    Parameters
    ----------
    scores
        [samples, components].
    share
        Share of the variance of each component, [components].
    annotations
        One row per sample, one column per annotation.

    Returns
    -------
    pandas.DataFrame
        annotation, component (from 1), r2, by_chance (the R² expected of as many random groups), p_value (F-test),
        share (of the component), groups (0 for numbers), samples (that have a value). Columns that are the same for
        all samples, or different for nearly all, are left out.
    """
    rows = []
    for name in annotations:
        known, values = _known(annotations[name])
        y = scores[known] - scores[known].mean(axis=0) if known.any() else scores[:0]
        if grouped(values) is not None:
            groups = values.nunique()
            parameters, fitted = groups - 1, _by_group(values, y)
        elif _is_scale(values):
            groups, parameters, fitted = 0, 1, _by_line(values, y)
        else:
            continue
        total, left = (y**2).sum(axis=0), len(y) - parameters - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            r2 = np.where(total > 0, np.clip(fitted / total, 0, 1), 0.0)
            p_values = f_distribution.sf((r2 / parameters) / ((1 - r2) / left), parameters, left)
        rows += [
            {
                "annotation": str(name),
                "component": component + 1,
                "r2": float(r2[component]),
                "by_chance": parameters / (len(y) - 1),
                "p_value": float(p_values[component]),
                "share": float(share[component]),
                "groups": groups,
                "samples": len(y),
            }
            for component in range(scores.shape[1])
        ]
    columns = ["annotation", "component", "r2", "by_chance", "p_value", "share", "groups", "samples"]
    return pd.DataFrame(rows, columns=columns)


def overall(table: pd.DataFrame) -> pd.DataFrame:
    """Average R² over the components, weighted by their share of the variance, the largest excess over chance first.

    Returns
    -------
    pandas.DataFrame
        annotation, r2, by_chance, groups, samples.
    """
    weighted = table.assign(r2=table["r2"] * table["share"])
    found = weighted.groupby("annotation", sort=False).agg(
        r2=("r2", "sum"),
        share=("share", "sum"),
        by_chance=("by_chance", "first"),
        groups=("groups", "first"),
        samples=("samples", "first"),
    )
    found["r2"] /= found.pop("share")
    order = (found["r2"] - found["by_chance"]).sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index()


def grouped(column: pd.Series) -> pd.Series | None:
    """Return the values of a column that divides samples into groups, where they are known; None for other columns."""
    _, values = _known(column)
    if _is_scale(values) or not 2 <= values.nunique() <= min(MOST_GROUPS, len(values) // 2):
        return None
    return values


def _known(column: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return which samples have a value, and these values."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    known = column.notna().to_numpy()
    if not pd.api.types.is_numeric_dtype(column):
        known &= column.astype(str).str.strip().to_numpy() != ""
    return known, column[known]


def _by_group(values: pd.Series, y: np.ndarray) -> np.ndarray:
    """Sum of squares between groups for each column of y, whose mean is 0."""
    codes, names = pd.factorize(values)
    sums = np.stack([np.bincount(codes, weights=column, minlength=len(names)) for column in y.T], axis=1)
    between: np.ndarray = (sums**2 / np.bincount(codes)[:, None]).sum(axis=0)
    return between


def _by_line(values: pd.Series, y: np.ndarray) -> np.ndarray:
    """Sum of squares of a straight line for each column of y, whose mean is 0."""
    x = values.to_numpy(dtype=np.float64)
    x = x - x.mean()
    along: np.ndarray = (x @ y) ** 2 / (x @ x)
    return along


def _is_scale(values: pd.Series) -> bool:
    """Tell whether values are numbers on a scale rather than names of groups."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    number = values.to_numpy(dtype=np.float64)
    if len(number) < LEAST_SAMPLES or not np.isfinite(number).all() or values.nunique() < 2:
        return False
    return bool((number != np.round(number)).any()) or values.nunique() > MOST_VALUES
