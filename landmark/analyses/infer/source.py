"""Where the predictor of an inference comes from: a finished fit, a kept predictor, or a fit made now."""

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.results import FitResults
from landmark.analyses.fit.run import PREDICTOR, method
from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.keep.source import kept_predictor
from landmark.data.history import fact
from landmark.data.split import rows
from landmark.inference.calibrated import TrainingSamples
from landmark.inference.trained import TrainedPredictor
from landmark.store.request import NAME
from landmark.store.runs import Run
from landmark.workflows.context import Context
from landmark.workflows.fitted import Fitted
from landmark.workflows.samples import split_expression


def fitted_for(configuration: InferConfiguration, context: Context) -> Fitted:
    """Return the predictor that is asked for; one that is fitted now becomes a run of its own.

    Raises
    ------
    BadRun, BadData
        If there is no such predictor, or it cannot be read.
    """
    if configuration.fit:
        return _named(configuration.fit, context)
    wanted = FitConfiguration(
        dataset=configuration.train_on,
        set=configuration.set,
        seed=configuration.seed,
        **{name: getattr(configuration, name) for name in FitConfiguration.model_fields if name in _SHARED},
    )
    return of_run(context.step("fit", wanted.model_dump(mode="json")), context)


_SHARED = ("predictor", "dgex", "graph", "ensemble", "covariate")
"""Fields that say the same in both configurations."""


def _named(name: str, context: Context) -> Fitted:
    if NAME.fullmatch(name):
        return of_run(context.runs.get(name, "fit"), context)
    return kept_predictor(name, context.workspace, context.draft.folder / "checkpoints", context.report)


def of_run(run: Run, context: Context) -> Fitted:
    """Take the predictor of a finished fit, with the dataset that it learned from.

    Raises
    ------
    BadRun
        If the run or its dataset is missing or damaged.
    """
    made = FitConfiguration.parse(run.manifest.configuration)
    found = FitResults.read(run.manifest.metrics)
    matrix = context.datasets.get(made.dataset).load()
    split = split_expression(matrix, covariate=made.covariate)
    names = tuple(str(name) for name in matrix.obs_names[rows(matrix, "train")])
    return Fitted(
        title=fact(matrix, "title"),
        identifier=fact(matrix, "identifier"),
        unit=fact(matrix, "unit"),
        set=found.set,
        genes=split.genes,
        trained=TrainedPredictor.load(run.folder / PREDICTOR),
        predictor=method(made, context.draft.folder / "checkpoints", made.seed),
        training=TrainingSamples(split, names),
        seed=made.seed,
        parents={"fit": run.id, "dataset": made.dataset},
    )
