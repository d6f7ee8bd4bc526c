"""Tables of a tournament, for tests of its figures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .tables import ODD

STRATEGIES = ("blend", "measured", "ranking", "L1000", "random", ODD)


def standing(
    sizes: Sequence[int] = (122, 245, 490), measures: Sequence[str] = ("mae", "pcc")
) -> pd.DataFrame:
    """Return standings of one predictor and one scope."""
    rows = [(name, size, measure) for name in STRATEGIES for size in sizes for measure in measures]
    table = pd.DataFrame(rows, columns=["strategy", "size", "measure"])
    rng = np.random.default_rng(0)
    table["mean"] = 0.5 + 0.05 * rng.normal(size=len(table))
    for name in ("L1000", "random"):
        table[f"difference_{name}"] = np.where(
            table["strategy"] == name, np.nan, 0.01 * rng.normal(size=len(table))
        )
        table[f"low_{name}"] = table[f"difference_{name}"] - 0.004
        table[f"high_{name}"] = table[f"difference_{name}"] + 0.004
        table[f"p_{name}"], table[f"won_{name}"] = 0.01, 0.6
    return table.assign(low=table["mean"] - 0.01, high=table["mean"] + 0.02, results=5)


def costs() -> pd.DataFrame:
    """Return what strategies cost, with trainings that some of them share."""
    return pd.DataFrame(
        {
            "strategy": ["models", *(name for name in STRATEGIES if name != "L1000")],
            "seconds": [90.0, 4.0, 3.0, 5.0, 0.0, 7.0],
            "memory": [6e8, 2e8, 2e8, 1e8, 0.0, 3e7],
        }
    )
