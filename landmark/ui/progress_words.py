"""How far a run is, in words: counts in whole units, a pace, and the time left once it can be known."""

from collections.abc import Mapping
from typing import Any

from landmark.ui.clock import duration
from landmark.ui.pace import Pace

KNOWN_SHARE = 0.05
"""From this share of a stage on, the time left is told."""

KNOWN_SECONDS = 20.0
"""Or from a pace measured for so long, over at least ``KNOWN_UNITS``."""

KNOWN_UNITS = 2


def counted(line: Mapping[str, Any]) -> str:
    """Write how far a stage is: "sets 4 of 13", "12 MB"; whole units only, "" where nothing is counted."""
    done, total, unit = int(line["done"]), line["total"], line["unit"]
    if total:
        return f"{plural(unit)} {done:,} of {round(total):,}".strip()
    return f"{done:,} {unit if done == 1 else plural(unit)}".strip() if done else ""


def at_a_pace(pace: Pace, unit: str) -> str:
    """Write a pace: "7,520 genes/s", "12 s per epoch"; "" where it is not known."""
    if pace.rate >= 1:
        return f"{figure(pace.rate)} {plural(unit or 'step')}/s"
    return f"{duration(1 / pace.rate)} per {unit or 'step'}" if pace.rate else ""


def left(line: Mapping[str, Any], pace: Pace) -> str:
    """Write the time to the end of the stage; "" while it would be a guess."""
    if pace.left is None or pace.left < 1:
        return ""
    share = line["done"] / line["total"]
    measured = pace.seconds >= KNOWN_SECONDS and pace.rate * pace.seconds >= KNOWN_UNITS
    return f"about {duration(pace.left)} left" if share >= KNOWN_SHARE or measured else ""


def plural(unit: str) -> str:
    """Write a unit as it stands before or after a number other than one."""
    if not unit or unit.isupper() or unit.endswith("s"):
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("y") and unit[-2:-1] not in "aeiou" else f"{unit}s"


def figure(value: float) -> str:
    """Write a number without exponent, to three or four digits: "16,420", "61.8", "0.5123"."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return (
        f"{value:.3g}"
        if size >= 1
        else f"{value:.4f}".rstrip("0").rstrip(".")
        if size >= 1e-4
        else f"{value:.1e}"
    )
