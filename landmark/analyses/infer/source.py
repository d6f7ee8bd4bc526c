"""Where samples and predictor of an inference come from: a finished fit, a kept predictor, or a fit made now."""

from pathlib import Path
from typing import Any

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.results import FitResults
from landmark.analyses.fit.run import PREDICTOR, method
from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.keep.source import kept_predictor
from landmark.data.history import fact
from landmark.data.orientation import ORIENTATIONS
from landmark.data.split import rows
from landmark.inference.calibrated import TrainingSamples
from landmark.inference.predict import fit
from landmark.inference.split import SplitExpression
from landmark.inference.trained import TrainedPredictor
from landmark.progress import Report
from landmark.store.datasets import DatasetStore
from landmark.store.request import NAME
from landmark.store.runs import Run, RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.context import Context
from landmark.workflows.fitted import Fitted
from landmark.workflows.new_samples import FileChoices, NewSamples, open_samples
from landmark.workflows.samples import Expression, split_expression
from landmark.workflows.sets import parse_set


def new_samples(configuration: InferConfiguration, workspace: Workspace, report: Report) -> NewSamples:
    """Open the new samples as they are asked for.

    Raises
    ------
    BadData, BadRun
        If there is no such dataset or file, or the file cannot be read.
    """
    return open_samples(
        workspace,
        configuration.dataset,
        FileChoices(
            names_from=configuration.names_from,
            genes_in=ORIENTATIONS[configuration.orientation],
            missing=configuration.missing,
        ),
        logged=not configuration.log2,
        report=report,
    )


def fitted_for(configuration: InferConfiguration, context: Context) -> Fitted:
    """Return the predictor that is asked for; one that is fitted now becomes a run of its own.

    Raises
    ------
    BadRun, BadData
        If there is no such predictor, or it cannot be read.
    """
    checkpoints = context.draft.folder / "checkpoints"
    if configuration.fit:
        return named_predictor(configuration.fit, context.workspace, checkpoints, context.report)
    wanted = FitConfiguration(
        dataset=configuration.train_on,
        set=configuration.set,
        seed=configuration.seed,
        **{name: getattr(configuration, name) for name in FitConfiguration.model_fields if name in _SHARED},
    )
    return of_run(context.step("fit", wanted.model_dump(mode="json")), context.workspace, checkpoints)


_SHARED = ("predictor", "dgex", "graph", "ensemble", "covariate")
"""Fields that say the same in both configurations."""


def named_predictor(name: str, workspace: Workspace, checkpoints: Path, report: Report) -> Fitted:
    """Return a predictor that is there; ``checkpoints`` is where one that is trained again would keep its own.

    Raises
    ------
    BadRun, BadData
        If there is no such predictor, or it cannot be read.
    """
    if NAME.fullmatch(name):
        return of_run(RunStore(workspace).get(name, "fit"), workspace, checkpoints)
    return kept_predictor(name, workspace, checkpoints, report)


def of_run(run: Run, workspace: Workspace, checkpoints: Path) -> Fitted:
    """Take the predictor of a finished fit, with the dataset that it learned from.

    Raises
    ------
    BadRun
        If the run or its dataset is missing or damaged.
    """
    made = FitConfiguration.parse(run.manifest.configuration)
    matrix = Expression(DatasetStore(workspace).get(made.dataset))
    return _learned_from(
        matrix,
        split_expression(matrix, made.covariate),
        set=FitResults.read(run.manifest.metrics).set,
        trained=TrainedPredictor.load(run.folder / PREDICTOR),
        predictor=method(made, checkpoints, made.seed),
        seed=made.seed,
        parents={"fit": run.id, "dataset": made.dataset},
    )


def fitted_for_now(
    configuration: InferConfiguration, workspace: Workspace, checkpoints: Path, report: Report
) -> Fitted:
    """Fit the predictor that is asked for without keeping it, as for a look at what would come of it.

    Raises
    ------
    BadData, BadConfiguration, BadRun
        If the dataset or the set of genes is missing, or nothing can be learned from it.
    """
    matrix = Expression(DatasetStore(workspace).get(configuration.train_on))
    gene_set = parse_set(configuration.set, matrix, RunStore(workspace))
    split = split_expression(matrix, configuration.covariate)
    own = set(gene_set.genes)
    targets = [gene for gene in split.genes if gene not in own]
    predictor = method(configuration, checkpoints, configuration.seed)
    return _learned_from(
        matrix,
        split,
        set=gene_set.name,
        trained=fit(split, gene_set.genes, targets, predictor, seed=configuration.seed, report=report),
        predictor=predictor,
        seed=configuration.seed,
    )


def _learned_from(matrix: Expression, split: SplitExpression, **learned: Any) -> Fitted:
    about = matrix.about
    return Fitted(
        title=fact(about, "title"),
        identifier=fact(about, "identifier"),
        unit=fact(about, "unit"),
        genes=split.genes,
        training=TrainingSamples(split, tuple(map(str, about.obs_names[rows(about, "train")]))),
        **learned,
    )
