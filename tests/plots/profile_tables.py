"""Small tables of complete profiles."""

import numpy as np
import pandas as pd

from .tables import ODD, names


def genes(count: int = 80) -> pd.DataFrame:
    r = np.random.default_rng(11)
    pcc = r.uniform(-0.1, 1, count)
    return pd.DataFrame(
        {
            "gene": names("G", count),
            "grade": np.where(pcc >= 0.5, "trust", np.where(pcc >= 0.25, "with care", "not")),
            "pcc": pcc,
            "mae": 1 - pcc / 2,
            "coverage": r.uniform(0.7, 1, count),
        }
    )


def gene(samples: int = 30, truth: bool = True) -> pd.DataFrame:
    value = np.linspace(4, 9, samples)
    table = pd.DataFrame(
        {"sample": names("S", samples), "value": value, "lower": value - 0.5, "upper": value + 1.0}
    )
    return table.assign(truth=value + 0.2) if truth else table


def grouped(samples: int = 30) -> pd.DataFrame:
    groups = np.sort(np.resize(["lung", "skin", ODD], samples))
    return gene(samples).assign(group=groups)


def distances(samples: int = 30) -> pd.DataFrame:
    r = np.random.default_rng(12)
    return pd.DataFrame({"sample": names("S", samples), "distance": r.uniform(0.5, 2, samples)})


def profile(count: int = 60) -> pd.DataFrame:
    r = np.random.default_rng(13)
    value = r.normal(7, 1, count)
    return pd.DataFrame(
        {
            "gene": names("G", count),
            "value": value,
            "nearest": value + r.normal(0, 0.3, count),
            "measured": np.arange(count) % 3 == 0,
        }
    )


def heat(samples: int = 25, count: int = 12) -> pd.DataFrame:
    r = np.random.default_rng(14)
    return pd.DataFrame(
        r.normal(7, 1, (samples, count)), index=names("S", samples), columns=names("G", count)
    )
