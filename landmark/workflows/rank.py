"""Score every gene by its DeepLIFT contribution to the bottleneck, with figures that say how far to trust it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.metrics import roc_auc_score

from landmark.attribution.combine import combined
from landmark.attribution.encoder import DenseEncoder
from landmark.attribution.importance import gradient_times_input, importance
from landmark.attribution.ranking import (
    contribution_table,
    overlap,
    rank_genes,
    scores,
    split_half_stability,
)
from landmark.attribution.references import training_mean, zero
from landmark.attribution.summary import Importance
from landmark.expression.history import fact
from landmark.expression.split import rows
from landmark.genesets.l1000 import l1000_present
from landmark.progress import Progress, Report
from landmark.training.autoencoder import TrainedAutoencoder
from landmark.workflows.configuration import RankConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.device import device_name
from landmark.workflows.sets import default_cut, l1000_count
from landmark.workflows.stages import part
from landmark.workflows.train import MODEL

PASSES = 3
"""DeepLIFT on two halves of the samples, and gradient times input on all."""

Scorer = Callable[..., Importance]


def run(configuration: RankConfiguration, context: Context) -> Outcome:
    """Write ranking.parquet and contributions.parquet."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = TrainedAutoencoder.load(model.folder / MODEL)
    dataset = context.datasets.get(model.manifest.parents["dataset"])
    matrix = dataset.load()
    genes = list(matrix.var_names)
    train = trained.scaling.apply(matrix.X[rows(matrix, "train")])
    reference = _reference(configuration, trained, train)
    weights, biases = zip(*trained.encoder_layers(), strict=True)
    encoder = DenseEncoder(weights, biases, ("sigmoid", "sigmoid"))
    seed = model.manifest.seed or 0
    order = np.random.default_rng(seed).permutation(len(train))

    def scored(scorer: Scorer, samples: np.ndarray, stage: str, number: int) -> Importance:
        report: Report = part(context.report, stage, number, PASSES)
        return scorer(encoder, train[samples], reference, target=configuration.target, report=report)

    halves = [
        scored(importance, np.sort(half), f"Scoring genes, half {number + 1} of the samples", number)
        for number, half in enumerate(np.array_split(order, 2))
    ]
    gradient = scored(gradient_times_input, np.arange(len(train)), "Gradient times input, to compare", 2)
    first, second = halves
    whole = combined(halves)
    score = scores(whole, configuration.aggregation)
    ranking = rank_genes(score, genes)
    context.draft.table("ranking", ranking)
    context.draft.table("contributions", contribution_table(whole, genes))

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
            **_against_l1000(ranking, cut, genes, identifier),
            **_drivers(ranking, matrix),
        },
        split=model.manifest.split,
        seed=seed,
        device=device_name(),
    )


def _reference(
    configuration: RankConfiguration, trained: TrainedAutoencoder, train: np.ndarray
) -> np.ndarray:
    """Return the input that counts as nothing, scaled as the network's input, [genes]."""
    if configuration.reference == "zero":
        return trained.scaling.apply(zero(train.shape[1])[None])[0]
    return training_mean(train)


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
