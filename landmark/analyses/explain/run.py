"""Ask which landmark genes drive the prediction of a target gene, by DeepLIFT on the fitted predictor."""

import numpy as np
import pandas as pd

from landmark.analyses.explain.config import ExplainConfiguration
from landmark.analyses.explain.results import ExplainResults
from landmark.analyses.fit.results import FitResults
from landmark.analyses.fit.run import PREDICTOR
from landmark.attribution.explanation import Explanation
from landmark.attribution.explanation import explain as explained
from landmark.data.split import COLUMN, rows
from landmark.errors import BadConfiguration, BadData
from landmark.inference.trained import TrainedPredictor
from landmark.progress import Progress
from landmark.training.data import portions
from landmark.training.mesh import device_here, own_devices
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sample_groups import groups_or_reason, reference_of
from landmark.workflows.samples import annotation, split_samples


def run(configuration: ExplainConfiguration, context: Context) -> Outcome:
    """Write contributions.parquet, targets.parquet, and groups.parquet where samples fall into groups."""
    context.report(Progress("Reading the predictor"))
    fitted = context.runs.get(configuration.fit, "fit")
    known = FitResults.read(fitted.manifest.metrics)
    trained = TrainedPredictor.load(fitted.folder / PREDICTOR)
    targets = _distinct(configuration.targets)
    network = trained.fitted.network(trained.columns(targets))

    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(fitted.manifest.parents["dataset"])
    data, about = split_samples(dataset), dataset.annotations()
    annotations = about.obs.iloc[rows(about, "train")].drop(columns=COLUMN)
    places = about.var_names.get_indexer(list(trained.landmarks))
    train = np.concatenate(
        [data.train.read(portion)[0][:, places] for portion in portions(data.train.samples)]
    )
    covariate = trained.covariate
    labels = list(annotation(annotations, covariate.name)) if covariate else None
    train = trained.with_covariate(trained.landmark_scaling.apply(train), labels)
    groups, groups_missing = groups_or_reason(
        annotations, train.shape[1] * len(targets), _label(configuration, annotations)
    )
    found = explained(
        network.apply,
        network.parameters,
        train,
        reference_of(configuration, trained.input_scaling, train, annotations),
        groups=groups.numbers if groups else None,
        mesh=own_devices(),
        report=context.report,
    )
    contributions = _contribution_rows(found, targets, trained.inputs)
    context.draft.table("contributions", contributions)
    if groups and found.by_group is not None:
        context.draft.table(
            "groups", _group_rows(found.by_group, list(groups.sizes), targets, trained.inputs)
        )
    accuracy = fitted.table("accuracy").set_index("gene").loc[targets].reset_index()
    context.draft.table("targets", accuracy)
    return Outcome(
        parents={"dataset": dataset.id, "fit": fitted.id},
        results=ExplainResults(
            predictor=known.predictor,
            set=known.set,
            landmarks=len(trained.landmarks),
            targets=tuple(targets),
            first=contributions.groupby("target")["gene"].first().loc[targets].to_dict(),
            residual_worst=found.worst_residual,
            residual_mean=found.mean_residual,
            group_label=groups.label if groups else "",
            group_sizes=groups.sizes if groups else {},
            groups_missing=groups_missing,
        ),
        split=fitted.manifest.split,
        seed=fitted.manifest.seed,
        device=device_here(),
    )


def _contribution_rows(found: Explanation, targets: list[str], landmarks: tuple[str, ...]) -> pd.DataFrame:
    """Write contributions as the table of the run: the largest mean_absolute of a target comes first."""
    table = pd.DataFrame(
        {
            "target": np.repeat(targets, len(landmarks)),
            "gene": np.tile(landmarks, len(targets)),
            "mean_absolute": found.mean_absolute.ravel(),
            "mean": found.mean.ravel(),
            "slope": found.slope.ravel(),
        }
    )
    order = np.lexsort((-table["mean_absolute"], np.repeat(np.arange(len(targets)), len(landmarks))))
    return table.iloc[order].reset_index(drop=True)


def _group_rows(
    by_group: np.ndarray, groups: list[str], targets: list[str], landmarks: tuple[str, ...]
) -> pd.DataFrame:
    """Write mean contributions, [groups, targets, landmarks], as rows: target, gene, group, mean."""
    shape = len(targets), len(groups), len(landmarks)
    target, group, gene = np.indices(shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "target": pd.Categorical.from_codes(target, targets),
            "gene": pd.Categorical.from_codes(gene, list(landmarks)),
            "group": pd.Categorical.from_codes(group, groups),
            "mean": by_group.transpose(1, 0, 2).ravel(),
        }
    )


def _label(configuration: ExplainConfiguration, annotations: pd.DataFrame) -> str:
    """Return the annotation by which contributions are told apart; empty for the clearest one."""
    label = configuration.label
    if label and label not in annotations:
        raise BadData(
            f"The samples have no annotation {label!r}. Choose: {', '.join(map(str, annotations)) or 'there is none'}."
        )
    return label or configuration.reference_label


def _distinct(targets: tuple[str, ...]) -> list[str]:
    named = [target.strip() for target in targets]
    if len(set(named)) < len(named):
        raise BadConfiguration("targets: a gene is named twice. Name each gene once.")
    return named
