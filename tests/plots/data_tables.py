"""Small tables of the data pages, in the form their workflows write them."""

import numpy as np
import pandas as pd

from .tables import ODD


def quality(samples: int = 30) -> pd.DataFrame:
    """Quantiles and deviations of every sample; the last is an outlier."""
    rng = np.random.default_rng(0)
    middle = rng.normal(6, 0.2, samples)
    table = pd.DataFrame({"sample": [ODD, *(f"S{i}" for i in range(1, samples))]})
    for name, away in (("q05", -3), ("q25", -1), ("q50", 0), ("q75", 1), ("q95", 3)):
        table[name] = middle + away
    table["distance_deviation"] = [*rng.normal(size=samples - 1), 9.0]
    table["correlation_deviation"] = rng.normal(size=samples)
    table["outlier"] = table["distance_deviation"] > 5
    return table


def groups(samples: int = 30) -> pd.Series:
    return pd.Series(np.array(["lung", "skin", ODD])[np.arange(samples) % 3])


def correlation(samples: int = 12) -> pd.DataFrame:
    values = np.corrcoef(np.random.default_rng(0).normal(size=(samples, 5)))
    table = pd.DataFrame(values, columns=[f"with_{i}" for i in range(samples)])
    table.insert(0, "sample", [ODD, *(f"S{i}" for i in range(1, samples))])
    return table


def explained(components: int = 4) -> pd.DataFrame:
    rows = [
        (annotation, component, 1 / component / place, 0.1, 0.4 / component)
        for place, annotation in enumerate(["batch", ODD, "split"], 1)
        for component in range(1, components + 1)
    ]
    return pd.DataFrame(rows, columns=["annotation", "component", "r2", "by_chance", "share"])


def overall() -> pd.DataFrame:
    return pd.DataFrame({"annotation": ["batch", ODD, "split"], "r2": [0.6, 0.2, 0.01], "by_chance": 0.03})


def counts() -> pd.DataFrame:
    return pd.DataFrame({"dataset": ["Lung", ODD], "genes": [40, 60], "common": 40, "lost": [0, 20]})


def values() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    before = rng.exponential(100, 400)
    return pd.DataFrame({"before": before, "after": np.log2(before + 1)})
