"""The speed of a training beside what the machine can do."""

from dataclasses import dataclass, field, replace
from statistics import median

from landmark.progress import Progress, Report

SPEED, SHARE = "samples_per_second", "share_of_matrix_rate"


@dataclass
class Speed:
    """Adds to progress the share of the machine's matrix-product rate, and remembers the speed of whole epochs.

    Attributes
    ----------
    report
        Told about the progress.
    flop_per_sample
        Arithmetic of one sample in one training step.
    matrix_rate
        FLOP per second of the matrix products of all devices that train; None where it is not known.
    """

    report: Report
    flop_per_sample: int
    matrix_rate: float | None
    _seen: list[float] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        """Pass progress on; a ``Report``."""
        speed = progress.values.get(SPEED)
        if speed is None:
            self.report(progress)
            return
        if "validation_loss" in progress.values:  # the end of an epoch
            self._seen.append(speed)
        self.report(replace(progress, values={**progress.values, **self._share(speed)}))

    def metrics(self) -> dict[str, float]:
        """Return the median over epochs; nothing where all epochs were done before a resume."""
        if not self._seen:
            return {}
        speed = median(self._seen)
        return {SPEED: speed, **self._share(speed)}

    def _share(self, speed: float) -> dict[str, float]:
        return {SHARE: speed * self.flop_per_sample / self.matrix_rate} if self.matrix_rate else {}
