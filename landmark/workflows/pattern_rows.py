"""Patterns of the two classes as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landmark.epigenome.profiles import BINS, MARKS


def map_rows(patterns: np.ndarray) -> pd.DataFrame:
    """Write patterns [labels, 100, 5] as rows: label, mark, bin, value."""
    label, bin_, mark = np.indices(patterns.shape).reshape(3, -1)
    return pd.DataFrame(
        {"label": label, "mark": np.array(MARKS)[mark], "bin": bin_ + 1, "value": patterns.ravel()}
    )


def frequency_rows(patterns: np.ndarray, threshold: float) -> pd.DataFrame:
    """Write as rows how often each mark is active: label, mark, frequency.

    frequency is the share of the 100 bins whose value is above the threshold.
    """
    label, mark = np.indices((len(patterns), len(MARKS))).reshape(2, -1)
    active = (patterns > threshold).mean(axis=1)
    return pd.DataFrame({"label": label, "mark": np.array(MARKS)[mark], "frequency": active.ravel()})


def planted_rows(patterns: np.ndarray, rules: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Look for planted rules in the patterns; rows: mark, first_bin, last_bin, sign, difference, recovered.

    difference is the mean value of the mark in the rule's bins in the pattern of expressed genes less that in the
    pattern of unexpressed ones; the rule is recovered where it has the rule's sign. Rules without an effect are left
    out.
    """
    rows = []
    for rule in rules:
        if rule["sign"]:
            bins = slice(rule["first_bin"] - 1, min(rule["last_bin"], BINS))
            unexpressed, expressed = patterns[:, bins, MARKS.index(rule["mark"])].mean(axis=1)
            difference = float(expressed - unexpressed)
            named = {name: rule[name] for name in ("mark", "first_bin", "last_bin", "sign")}
            rows.append({**named, "difference": difference, "recovered": difference * rule["sign"] > 0})
    return pd.DataFrame(rows)
