"""Which units of the bottleneck set some samples apart from the others."""

import numpy as np
import pandas as pd


def distinctive_units(values: np.ndarray, chosen: np.ndarray) -> pd.DataFrame:
    """Compare chosen samples with all others, unit by unit.

    Parameters
    ----------
    values
        Bottleneck values, [samples, units].
    chosen
        bool [samples]; neither all nor none.

    Returns
    -------
    DataFrame
        unit, its number; inside and outside, the means; effect, their difference in standard deviations within
        the two groups (Cohen's d), 0 for a unit that does not vary. The largest effect, of either sign, first.
    """
    inside, outside = values[chosen].astype(np.float64), values[~chosen].astype(np.float64)
    difference = inside.mean(0) - outside.mean(0)
    freedom = max(len(values) - 2, 1)
    spread = np.sqrt((len(inside) * inside.var(0) + len(outside) * outside.var(0)) / freedom)
    effect = np.divide(difference, spread, where=spread > 1e-12, out=np.zeros_like(difference))
    table = pd.DataFrame(
        {
            "unit": np.arange(values.shape[1]),
            "inside": inside.mean(0),
            "outside": outside.mean(0),
            "effect": effect,
        }
    )
    return table.sort_values("effect", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def unit_profiles(values: np.ndarray, clusters: np.ndarray) -> pd.DataFrame:
    """Mean of every unit in every cluster, in standard deviations from the mean of all samples.

    Returns
    -------
    DataFrame
        One row per cluster, in order of its number (the index), one column per unit.
    """
    values = values.astype(np.float64)
    deviation = values.std(0)
    scaled = np.divide(values - values.mean(0), deviation, where=deviation > 1e-12, out=np.zeros_like(values))
    return pd.DataFrame(scaled).groupby(np.asarray(clusters)).mean()
