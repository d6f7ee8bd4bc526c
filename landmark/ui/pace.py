"""How fast an unfinished run goes and how long it will take, from its lines of progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WINDOW = 30.0
"""Seconds of the past that a rate is taken from."""


@dataclass(frozen=True)
class Pace:
    """The pace of the present stage.

    Attributes
    ----------
    rate
        Units per second; 0 where it is not known yet.
    left
        Seconds to the end of the stage; None where it is not known.
    seconds
        How long the pace was measured.
    """

    rate: float
    left: float | None
    seconds: float = 0.0


def pace(lines: Sequence[dict[str, Any]]) -> Pace:
    """Measure the pace over the last ``WINDOW`` seconds of the present stage.

    Parameters
    ----------
    lines
        Lines of progress, oldest first, as ``Activity.recent`` has them.
    """
    if not lines:
        return Pace(0.0, None)
    last = lines[-1]
    first = last
    for line in reversed(lines):
        if (
            line["stage"] != last["stage"]
            or line["done"] > first["done"]
            or last["time"] - line["time"] > WINDOW
        ):
            break
        first = line
    seconds, done = last["time"] - first["time"], last["done"] - first["done"]
    if seconds <= 0 or done <= 0:
        return Pace(0.0, None)
    rate = done / seconds
    return Pace(rate, (last["total"] - last["done"]) / rate if last["total"] else None, seconds)
