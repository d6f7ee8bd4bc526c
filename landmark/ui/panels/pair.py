"""Two sets of a comparison against each other: figures and an honest sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landmark.evaluation.paired import paired_tests, share_won
from landmark.runs.store import Run
from landmark.ui.panels.words import counted, escaped, p_value, percent


@dataclass(frozen=True)
class Pair:
    """Two sets on the targets that both predict.

    Attributes
    ----------
    mae, pcc
        Means over the shared targets, first and second set.
    low, high
        Interval of the difference in mean MAE over resampled test samples; None where it was not computed.
    won
        Share of targets that each predicts with the smaller error; ties count for neither.
    t_p_value
        Paired t-test of the MAE over targets.
    """

    first: str
    second: str
    targets: int
    mae: tuple[float, float]
    pcc: tuple[float, float]
    low: float | None
    high: float | None
    won: tuple[float, float]
    t_p_value: float

    @property
    def difference(self) -> float:
        """Mean MAE of the first set less that of the second."""
        return self.mae[0] - self.mae[1]

    @property
    def clear(self) -> bool:
        """Whether the difference would stand with other samples, or, where that is unknown, with other genes."""
        if self.low is None or self.high is None:
            return self.t_p_value < 0.01
        return self.low > 0 or self.high < 0


def pair_of(run: Run, table: pd.DataFrame, first: str, second: str) -> Pair:
    """Set two sets against each other.

    Parameters
    ----------
    table
        The comparison per target gene.

    Raises
    ------
    BadData
        If both predict fewer than two genes in common.
    """
    measured = {name: table[f"mae_{name}"].to_numpy(float, na_value=np.nan) for name in (first, second)}
    both = np.isfinite(measured[first]) & np.isfinite(measured[second])
    shared = table[both]
    test = paired_tests(measured[first], measured[second])
    low, high = _interval(run.manifest.metrics, first, second)
    return Pair(
        first,
        second,
        int(both.sum()),
        (float(shared[f"mae_{first}"].mean()), float(shared[f"mae_{second}"].mean())),
        (float(shared[f"pcc_{first}"].mean()), float(shared[f"pcc_{second}"].mean())),
        low,
        high,
        (
            share_won(measured[first], measured[second], higher_is_better=False),
            share_won(measured[second], measured[first], higher_is_better=False),
        ),
        test.t_p_value,
    )


def _interval(found: Mapping[str, Any], first: str, second: str) -> tuple[float | None, float | None]:
    """Return the stored interval, turned where the sets are asked for the other way round."""
    if found.get("mae_low") is None:
        return None, None
    low, high = float(found["mae_low"]), float(found["mae_high"])
    if (first, second) == (found["first"], found["second"]):
        return low, high
    return (-high, -low) if (second, first) == (found["first"], found["second"]) else (None, None)


def verdict(pair: Pair) -> str:
    """Say which set predicts better, by how much, and whether that is more than the luck of the samples."""
    first, second = escaped(pair.first), escaped(pair.second)
    means = (
        f"mean correlation {pair.pcc[0]:.3f} against {pair.pcc[1]:.3f}, mean error {pair.mae[0]:.3f} against "
        f"{pair.mae[1]:.3f} over {pair.targets:,} genes"
    )
    if not pair.clear:
        return f"**{first} and {second} predict the other genes equally well**: {means}; no clear difference."
    word = "better" if pair.difference < 0 else "less well"
    share = pair.won[0] if pair.difference < 0 else pair.won[1]
    winner = first if pair.difference < 0 else second
    return (
        f"**{first} predicts the other genes {word} than {second}**: {means}; {winner} has the smaller error for "
        f"{percent(share)} of them."
    )


def beaten(random: pd.DataFrame, name: str, measure: str) -> float:
    """Return the share of random sets that a set beats, on the targets that each random set predicts."""
    ours = random[f"{measure}_{name}"]
    return float(((ours > random[measure]) if measure == "pcc" else (ours < random[measure])).mean())


def against_chance(random: pd.DataFrame, names: list[str]) -> str:
    """Say where each set stands among random sets; empty where none were drawn."""
    known = [name for name in names if f"pcc_{name}" in random]
    if random.empty or not known:
        return ""
    parts = [f"{escaped(name)} beats {percent(beaten(random, name, 'pcc'))} of them" for name in known]
    spread = f" ± {random['pcc'].std():.3f}" if len(random) > 1 else ""
    return (
        f"{counted(len(random), 'random set')} of the same size reach a mean correlation of "
        f"{random['pcc'].mean():.3f}{spread}; asked for the same genes, {' and '.join(parts)}."
    )


def details(pair: Pair) -> str:
    """Write the tests out, with what they are worth."""
    first, second = escaped(pair.first), escaped(pair.second)
    interval = (
        "not computed for this pair"
        if pair.low is None
        else f"{pair.low:+.4f} to {pair.high:+.4f} when the test samples are drawn again (95%)"
    )
    return (
        f"Difference in mean error, {first} less {second}: {pair.difference:+.4f}, {interval}. Paired t-test over "
        f"genes, as in the paper: {p_value(pair.t_p_value)}; genes depend on each other, so this p is too small, "
        "and the interval is the safer guide."
    )
