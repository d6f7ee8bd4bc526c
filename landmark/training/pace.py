"""How many steps to take before looking up."""

from dataclasses import dataclass

SECONDS = 0.7
"""Aim between two looks at progress and cancellation."""

GROWTH = 4


@dataclass
class Pace:
    """Learns from each stretch of steps how long the next may be. Never changes a result."""

    steps: int = 1

    def learn(self, taken: int, seconds: float) -> None:
        """Note how long a stretch took; the first one includes compiling, so growth is stepwise."""
        fitting = int(taken * SECONDS / max(seconds, 1e-6))
        self.steps = max(1, min(fitting, GROWTH * self.steps))
