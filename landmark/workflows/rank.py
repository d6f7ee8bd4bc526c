"""Score every gene by its DeepLIFT contribution to the bottleneck, with figures that say how far to trust it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.metrics import roc_auc_score

from landmark.attribution.combine import combined, combined_groups
from landmark.attribution.encoder import DenseEncoder
from landmark.attribution.groups import renumbered
from landmark.attribution.importance import gradient_times_input, importance
from landmark.attribution.ranking import (
    contribution_table,
    overlap,
    rank_genes,
    scores,
    split_half_stability,
)
from landmark.attribution.references import group_mean, training_mean, zero
from landmark.attribution.summary import Importance
from landmark.errors import BadData
from landmark.expression.history import fact
from landmark.expression.split import COLUMN, rows
from landmark.genesets.l1000 import l1000_present
from landmark.progress import Progress, Report
from landmark.training.autoencoder import TrainedAutoencoder
from landmark.workflows.configuration import RankConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.device import device_name
from landmark.workflows.labels import written
from landmark.workflows.sample_groups import SampleGroups, group_table, largest_groups
from landmark.workflows.sets import default_cut, l1000_count
from landmark.workflows.stages import part
from landmark.workflows.train import MODEL

PASSES = 3
"""DeepLIFT on two halves of the samples, and gradient times input on all."""

Scorer = Callable[..., Importance]


def run(configuration: RankConfiguration, context: Context) -> Outcome:
    """Write ranking.parquet and contributions.parquet, and groups.parquet where samples fall into groups."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = TrainedAutoencoder.load(model.folder / MODEL)
    dataset = context.datasets.get(model.manifest.parents["dataset"])
    matrix = dataset.load()
    genes = list(matrix.var_names)
    training = rows(matrix, "train")
    train = trained.scaling.apply(matrix.X[training])
    annotations = matrix.obs.iloc[training].drop(columns=COLUMN)
    reference = _reference(configuration, trained, train, annotations)
    weights, biases = zip(*trained.encoder_layers(), strict=True)
    encoder = DenseEncoder(weights, biases, ("sigmoid", "sigmoid"))
    seed = model.manifest.seed or 0
    order = np.random.default_rng(seed).permutation(len(train))
    groups, groups_missing = _groups(configuration, annotations, encoder)

    def scored(
        scorer: Scorer, samples: np.ndarray, stage: str, number: int, of: np.ndarray | None = None
    ) -> Importance:
        report: Report = part(context.report, stage, number, PASSES)
        return scorer(
            encoder, train[samples], reference, target=configuration.target, groups=of, report=report
        )

    samples = [np.sort(half) for half in np.array_split(order, 2)]
    halves = [
        scored(
            importance,
            half,
            f"Scoring genes, half {number + 1} of the samples",
            number,
            renumbered(groups.numbers[half]) if groups else None,
        )
        for number, half in enumerate(samples)
    ]
    gradient = scored(gradient_times_input, np.arange(len(train)), "Gradient times input, to compare", 2)
    first, second = halves
    whole = combined(halves)
    score = scores(whole, configuration.aggregation)
    ranking = rank_genes(score, genes)
    context.draft.table("ranking", ranking)
    context.draft.table("contributions", contribution_table(whole, genes))
    if groups:
        by_group = combined_groups(halves, [groups.numbers[half] for half in samples])
        context.draft.table("groups", group_table(by_group, list(groups.sizes), genes))

    identifier = fact(matrix, "identifier")
    cut = default_cut(genes, identifier)
    overlap_halves, correlation_halves = split_half_stability(first, second, cut, configuration.aggregation)
    return Outcome(
        parents={"dataset": dataset.id, "train": model.id},
        metrics={
            "cut": cut,
            "genes": len(genes),
            "residual_worst": whole.worst_residual,
            "residual_mean": whole.mean_residual,
            "overlap_halves": overlap_halves,
            "correlation_halves": correlation_halves,
            "overlap_gradient": overlap(score, scores(gradient, configuration.aggregation), cut),
            "group_label": groups.label if groups else "",
            "group_sizes": groups.sizes if groups else {},
            "groups_missing": groups_missing,
            **_against_l1000(ranking, cut, genes, identifier),
            **_drivers(ranking, matrix),
        },
        split=model.manifest.split,
        seed=seed,
        device=device_name(),
    )


def _reference(
    configuration: RankConfiguration,
    trained: TrainedAutoencoder,
    train: np.ndarray,
    annotations: pd.DataFrame,
) -> np.ndarray:
    """Return the input that counts as nothing, scaled as the network's input, [genes]."""
    if configuration.reference == "zero":
        return trained.scaling.apply(zero(train.shape[1])[None])[0]
    if configuration.reference == "training mean":
        return training_mean(train)
    label = configuration.reference_label
    if label not in annotations:
        offered = ", ".join(map(str, annotations)) or "there is none"
        raise BadData(
            f"The samples have no annotation {label!r} to take the reference from. Choose: {offered}."
        )
    return group_mean(train, written(annotations[label]).to_numpy(), configuration.reference_group.strip())


def _groups(
    configuration: RankConfiguration, annotations: pd.DataFrame, encoder: DenseEncoder
) -> tuple[SampleGroups | None, str]:
    """Return the groups by which contributions are told apart, or None and why there are none."""
    try:
        values = encoder.genes * encoder.units
        return largest_groups(annotations, values, configuration.reference_label), ""
    except BadData as reason:
        return None, str(reason)


def _against_l1000(ranking: pd.DataFrame, cut: int, genes: list[str], identifier: str) -> dict[str, float]:
    present = l1000_count(genes, identifier)
    if not present:
        return {"l1000_present": 0}
    published = set(l1000_present(genes, identifier, dgex=True).genes)  # type: ignore[arg-type]
    chosen = set(ranking["gene"].iloc[:cut])
    return {
        "l1000_present": present,
        "overlap_l1000": len(chosen & published),
        "overlap_l1000_by_chance": cut * present / len(genes),
    }


def _drivers(ranking: pd.DataFrame, matrix: AnnData) -> dict[str, float]:
    """Where the dataset knows its drivers, measure how well the ranking finds them (area under the ROC curve)."""
    if "driver" not in matrix.var:
        return {}
    driver = matrix.var["driver"].astype(bool).loc[ranking["gene"]]
    return {"driver_auc": float(roc_auc_score(driver, ranking["score"])), "drivers": int(driver.sum())}
