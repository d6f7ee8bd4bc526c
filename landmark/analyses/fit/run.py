"""Fit a predictor of all other genes on the genes of one set, measure it on test samples, and keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from anndata import AnnData

from landmark.analyses.choices import NETWORKS, PredictorChoice
from landmark.analyses.fit.config import PREDICTIONS, FitConfiguration
from landmark.analyses.fit.results import FitResults
from landmark.analyses.fit.reuse import fingerprint, finished_fit
from landmark.data.split import rows
from landmark.genesets.geneset import GeneSet
from landmark.inference.predict import Prediction, fit, narrowed, predict_test
from landmark.inference.predictor import Predictor, TrainedInEpochs
from landmark.inference.split import SplitExpression
from landmark.inference.trained import METHODS, TrainedPredictor
from landmark.metrics.gene_sets import target_accuracy
from landmark.progress import Progress
from landmark.store import predictions
from landmark.store.runs import Run
from landmark.training.settings import PredictorTraining
from landmark.workflows.context import Context, Outcome, named
from landmark.workflows.samples import Expression, split_expression
from landmark.workflows.sets import parse_set, source_runs

PREDICTOR = "predictor"
"""Folder of the fitted predictor in its run."""


HANDED_BYTES = 50_000_000
"""Predictions up to this size are handed to a longer run; larger ones are sooner made again than held for long."""


@dataclass
class FitInput:
    """What a fit works on; a longer run that has it in memory hands it to the fits that are its steps.

    Attributes
    ----------
    gene_set, split
        What to learn from. A split that has an annotation makes it an input.
    samples
        Names of the test samples.
    prediction
        Of all targets for the test samples, left here by a fit that was not found finished, where it is small.
    """

    gene_set: GeneSet
    split: SplitExpression
    samples: tuple[str, ...]
    prediction: Prediction | None = None

    @classmethod
    def of(cls, about: AnnData, gene_set: GeneSet, split: SplitExpression) -> "FitInput":
        """Take the names of the test samples from the annotations of a dataset."""
        return cls(gene_set, split, tuple(about.obs_names[rows(about, "test")]))


def fitted_step(context: Context, wanted: FitConfiguration, given: FitInput, name: str) -> Run:
    """Return the run of a fit that is a step of a longer run: a finished one that fits, or a new one.

    Parameters
    ----------
    wanted
        What is to be fitted.
    given
        What it is fitted on.
    name
        Tells the step from others of the same run.
    """
    finished = finished_fit(wanted, given.gene_set.genes, context.runs)
    return context.step("fit", wanted.model_dump(mode="json"), name, finished, given)


def predicted_by(fitted: Run, given: FitInput, targets: Sequence[str] | None = None) -> Prediction:
    """Return what ``fitted_step`` predicts for the test samples: all its targets, or those asked for."""
    if given.prediction is not None:
        return narrowed(given.split, given.prediction, targets or given.prediction.targets)
    trained = TrainedPredictor.load(fitted.folder / PREDICTOR)
    return predict_test(given.split, trained, targets or trained.targets)


def run(configuration: FitConfiguration, context: Context) -> Outcome:
    """Write accuracy.parquet, set.parquet, history.parquet (networks), predicted values and the predictor."""
    given = _given(configuration, context)
    gene_set, split = given.gene_set, given.split
    trained = _fitted(configuration, context, given)
    trained.save(context.draft.folder / PREDICTOR)
    if isinstance(trained.fitted, TrainedInEpochs):
        context.draft.table("history", trained.fitted.history)
    context.draft.table("set", pd.DataFrame({"gene": gene_set.genes}))

    report = named(context.report, gene_set.name)
    report(Progress("Predicting the test samples"))
    prediction = predict_test(split, trained, trained.targets)
    if prediction.predicted.nbytes <= HANDED_BYTES:
        given.prediction = prediction
    accuracy = target_accuracy(prediction, report=report).rename(columns={"p": "p_value"})
    context.draft.table("accuracy", accuracy)
    report(Progress("Keeping the predictions"))
    predictions.save(
        context.draft,
        PREDICTIONS,
        prediction.true,
        prediction.predicted,
        trained.targets,
        given.samples,
        configuration.seed,
        trained.target_scaling,
    )
    return Outcome(
        parents={"dataset": configuration.dataset} | source_runs([configuration.set]),
        results=FitResults(
            predictor=configuration.predictor,
            set=gene_set.name,
            fingerprint=fingerprint(gene_set.genes),
            size=len(gene_set),
            targets=len(trained.targets),
            mae=float(accuracy["mae"].mean()),
            pcc=float(accuracy["pcc"].mean()),
            significant=int(accuracy["significant"].sum()),
            **_beside(trained, split),
            **trained.fitted.details,
        ),
        split={"train": len(split.train), "test": len(split.test)},
        seed=configuration.seed,
        device=device_of(configuration),
    )


def take_part(configuration: FitConfiguration, context: Context) -> None:
    """Share the training of the process that executes ``run``; write nothing."""
    _fitted(configuration, context, _given(configuration, context))


def method(choice: PredictorChoice, checkpoints: Path, seed: int) -> Predictor:
    """Return a method with its settings; a network keeps checkpoints, and takes the run's seed unless it has one."""
    if choice.predictor == "ensemble":
        members = {name: _single(choice, name, checkpoints / name, seed) for name in choice.ensemble.members}
        return METHODS["ensemble"](members, seed)
    return _single(choice, choice.predictor, checkpoints, seed)


def _single(choice: PredictorChoice, name: str, checkpoints: Path, seed: int) -> Predictor:
    if name not in NETWORKS:
        return METHODS[name]()
    settings: PredictorTraining = getattr(choice, name)
    return METHODS[name](settings.seeded(seed), checkpoints)


def device_of(choice: PredictorChoice) -> str:
    """Return what a predictor is fitted on, in words; only networks leave the processor."""
    if not choice.is_network:
        return "CPU"
    from landmark.training.mesh import device_name

    return device_name()


def _beside(trained: TrainedPredictor, split: SplitExpression) -> dict[str, Any]:
    """Say what is known of the annotation that is an input."""
    if trained.covariate is None or split.labels is None:
        return {}
    return {
        "covariate": trained.covariate.name,
        "covariate_groups": len(trained.covariate.groups),
        "covariate_unknown": int(trained.covariate.unknown(split.labels.test).sum()),
    }


def _given(configuration: FitConfiguration, context: Context) -> FitInput:
    if isinstance(context.shared, FitInput):
        return context.shared
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    matrix = Expression(dataset)
    gene_set = parse_set(configuration.set, matrix, context.runs, configuration.size)
    return FitInput.of(matrix.about, gene_set, split_expression(matrix, configuration.covariate))


def _fitted(configuration: FitConfiguration, context: Context, given: FitInput) -> TrainedPredictor:
    gene_set, split, own = given.gene_set, given.split, set(given.gene_set.genes)
    return fit(
        split,
        gene_set.genes,
        [gene for gene in split.genes if gene not in own],
        method(configuration, context.draft.folder / "checkpoints", configuration.seed),
        seed=configuration.seed,
        report=named(context.report, gene_set.name),
    )
