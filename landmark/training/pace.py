"""How many steps to take before looking up."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from landmark.training.devices import agreed

SECONDS = 0.7
"""Aim between two looks at progress and cancellation."""

GROWTH = 4
"""A stretch is at most so many times longer than the one before: the first also compiles."""


@dataclass
class Pace:
    """Cuts many steps into stretches of about equal time, learning as it goes. Never changes a result.

    Attributes
    ----------
    steps
        Length of the next stretch.
    """

    steps: int = 1

    def stretches(self, steps: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last (exclusive) step of each stretch; the caller takes them meanwhile."""
        first = 0
        while first < steps:
            last = min(first + agreed(self.steps), steps)
            began = time.perf_counter()
            yield first, last
            fitting = int((last - first) * SECONDS / max(time.perf_counter() - began, 1e-6))
            self.steps = max(1, min(fitting, GROWTH * self.steps))
            first = last
