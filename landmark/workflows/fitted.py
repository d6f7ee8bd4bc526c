"""Predictors that new samples can be given to: of a finished fit, or kept under a name or in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from landmark.errors import BadConfiguration, BadData
from landmark.inference.calibrated import CalibratedPredictor, TrainingSamples
from landmark.inference.predict import predict_test
from landmark.inference.predictor import Predictor, TrainedInEpochs, holds_samples
from landmark.inference.trained import TrainedPredictor
from landmark.metrics.gene_sets import mean_accuracy
from landmark.progress import Report, silent
from landmark.workflows.calibration import calibrated


@dataclass(frozen=True)
class Fitted:
    """A predictor, what it learned from, and how it is made ready for samples that lack some of its landmark genes.

    Attributes
    ----------
    title, identifier, unit
        Of the data it learned from: their name, the kind of their gene names, the unit of their values.
    set
        Name of the set of landmark genes.
    genes
        All genes of a complete profile, in their order.
    trained
        What was learned.
    predictor
        The method with its settings, to learn anew.
    training
        The training samples; None where it was kept without them.
    seed
        Of the fit.
    kept
        The predictor with its errors, where they were kept with it.
    pcc
        Mean correlation on held-out samples.
    parents
        Of a run that uses it.
    """

    title: str
    identifier: str
    unit: str
    set: str
    genes: tuple[str, ...]
    trained: TrainedPredictor
    predictor: Predictor
    training: TrainingSamples | None
    seed: int = 0
    kept: CalibratedPredictor | None = None
    pcc: float | None = None
    parents: Mapping[str, str] = field(default_factory=dict)

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Names of the landmark genes."""
        return self.trained.landmarks

    def ready(self, present: Sequence[str], report: Report = silent) -> CalibratedPredictor:
        """Return the predictor with its errors, fitted again where some of its landmark genes are missing.

        Parameters
        ----------
        present
            Landmark genes that the new samples measure, in the predictor's order.

        Raises
        ------
        BadData
            If genes are missing and the predictor cannot be fitted again at once.
        """
        missing = len(self.landmarks) - len(present)
        if not missing:
            return self.kept or self._calibrated(self.trained.landmarks, self.trained, report)
        lacks = f"{missing:,} of the {len(self.landmarks):,} landmark genes are missing in the new samples"
        if isinstance(self.trained.fitted, TrainedInEpochs):
            raise BadData(
                f"{lacks}, and a network is not trained again on the way. Fit one on the {len(present):,} that are "
                "there (fit --set list:FILE), or use a predictor that is fitted at once, such as ridge."
            )
        if self.training is None:
            raise BadData(
                f"{lacks}, and this predictor was kept without its training values, so it cannot be fitted again. "
                "Ask for it with its training values, or give samples with all of its landmark genes."
            )
        return self._calibrated(present, None, report)

    def to_keep(self, values: bool, report: Report = silent) -> CalibratedPredictor:
        """Return the predictor with its errors as it can stand by itself, with the values of its samples or without.

        Raises
        ------
        BadConfiguration
            If it is made of these values, and is to be without.
        """
        if values:
            return self.ready(self.landmarks, report)
        if holds_samples(self.trained.fitted):
            raise BadConfiguration(
                f"without_values: {self.trained.fitted.method!r} predicts from the training samples themselves, so it "
                "cannot be kept without their values. Keep it with them, or fit ridge regression."
            )
        return self._calibrated(self.landmarks, self.trained, report, values=False)

    def _calibrated(
        self,
        landmarks: Sequence[str],
        trained: TrainedPredictor | None,
        report: Report,
        values: bool = True,
    ) -> CalibratedPredictor:
        if self.training is None:
            raise BadConfiguration(
                "This predictor has neither its errors nor its training values. Fit it again."
            )
        own = set(landmarks)
        targets = [gene for gene in self.genes if gene not in own]
        return calibrated(
            self.training,
            landmarks,
            targets,
            self.predictor,
            trained=trained,
            seed=self.seed,
            values=values,
            report=report,
        )

    def cost(self, ready: CalibratedPredictor) -> tuple[float, float] | None:
        """Return mean held-out correlations with all landmark genes and with those that are present.

        Both are over the genes that both predict: on the test samples; where these were not kept, on training samples
        that fits had not seen. None where neither is known.
        """
        targets = self.trained.targets
        if self.training is None or len(self.training.split.test) < 3:
            if self.kept is None:
                return None
            return _mean(self.kept.pcc), _mean(ready.pcc[ready.trained.columns(targets)])
        split = self.training.split
        found = [
            mean_accuracy(predict_test(split, one, targets)).pcc for one in (self.trained, ready.trained)
        ]
        return found[0], found[1]


def _mean(pcc: np.ndarray) -> float:
    """Average correlations over the genes that have one; NaN where none has."""
    known = pcc[np.isfinite(pcc)]
    return float(known.mean()) if len(known) else float("nan")
