"""How long work tells how far it is: a plain value passed to a plain callable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Progress:
    """One step of progress.

    Attributes
    ----------
    stage
        What is being done, for people: "Training", "Scoring genes".
    done, total
        How far, in ``unit``; ``total`` is 0 where it is not known.
    unit
        What is counted: "epoch", "sample", "MB".
    values
        Figures of this step, such as ``{"train_loss": 0.48}``.
    """

    stage: str
    done: float = 0
    total: float = 0
    unit: str = ""
    values: Mapping[str, float] = field(default_factory=dict)


Report = Callable[[Progress], None]
"""Receives progress. It may raise ``Cancelled`` to stop the work at this point."""


def silent(progress: Progress) -> None:
    """Report to nobody."""
