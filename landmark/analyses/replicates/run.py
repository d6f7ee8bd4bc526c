"""The same question with several seeds in one request: every figure with its spread, not one lucky run."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.compare.results import CompareResults
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.replicates.config import SeedsConfiguration
from landmark.analyses.replicates.results import SeedsResults
from landmark.analyses.train.results import TrainResults
from landmark.errors import BadData
from landmark.metrics.replicates import gene_stability, pairwise_overlaps, spread
from landmark.results import Results
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sample_groups import propose
from landmark.workflows.sets import cut_of

FIGURES: Mapping[str, tuple[type[Results], tuple[str, ...]]] = {
    "train": (TrainResults, ("reconstruction_pcc", "reconstruction_mae")),
    "rank": (
        RankResults,
        ("overlap_l1000", "overlap_halves", "overlap_gradient", "residual_worst", "driver_auc"),
    ),
    "compare": (CompareResults, ("pcc_difference", "mae_difference", "wins", "random_pcc", "random_mae")),
    "cluster": (ClusterResults, ("adjusted_rand", "silhouette", "neighbour_accuracy")),
}
"""Figures taken over from the steps, where they have them."""


def run(configuration: SeedsConfiguration, context: Context) -> Outcome:
    """Write seeds.parquet, spread.parquet, overlaps.parquet and genes.parquet.

    Starting weights, order of samples, dropout, random sets, choice of penalty, UMAP and permuted labels follow
    the seed; the split into training and test samples is that of the dataset and stays the same.
    """
    dataset = context.datasets.get(configuration.dataset)
    reason = _no_labels(dataset)
    steps = {
        seed: _repetition(configuration, context, seed, cluster=not reason)
        for seed in configuration.all_seeds
    }
    values = pd.DataFrame(
        [(seed, name, value) for seed, of_seed in steps.items() for name, value in _figures(of_seed).items()],
        columns=["seed", "figure", "value"],
    )
    summary = spread(values)
    last = steps[configuration.all_seeds[-1]]
    cut = cut_of(last["rank"])
    rankings = {seed: of_seed["rank"].table("ranking") for seed, of_seed in steps.items()}
    overlaps, genes = pairwise_overlaps(rankings, cut), gene_stability(rankings, cut)
    for name, table in (("seeds", values), ("spread", summary), ("overlaps", overlaps), ("genes", genes)):
        context.draft.table(name, table)

    trained = last["train"].manifest
    compared = CompareResults.read(last["compare"].manifest.metrics)
    return Outcome(
        parents={"dataset": dataset.id}
        | {f"{kind} {seed}": step.id for seed, of_seed in steps.items() for kind, step in of_seed.items()},
        results=SeedsResults(
            seeds=list(configuration.all_seeds),
            figures=summary.set_index("figure").to_dict("index"),
            cut=cut,
            genes=len(genes),
            overlap=float(overlaps["overlap"].mean()),
            overlap_minimum=float(overlaps["overlap"].min()),
            overlap_maximum=float(overlaps["overlap"].max()),
            overlap_by_chance=cut / len(genes),
            rank_correlation=float(overlaps["rank_correlation"].mean()),
            genes_in_all=int((genes["times"] == len(steps)).sum()),
            genes_in_any=int((genes["times"] > 0).sum()),
            first=compared.first or next(iter(compared.sets)),
            second=compared.second or "",
            label=ClusterResults.read(last["cluster"].manifest.metrics).label if "cluster" in last else "",
            left_out=_left_out(last, reason),
        ),
        split=trained.split,
        seed=configuration.first_seed,
        device=trained.device,
    )


def _repetition(
    configuration: SeedsConfiguration, context: Context, seed: int, cluster: bool
) -> dict[str, Run]:
    """Walk the path of the paper with one seed."""
    network = configuration.network.model_dump() | {"seed": seed}
    trained = context.step("train", {"dataset": configuration.dataset, "network": network}, f"train {seed}")
    ranked = context.step("rank", {"model": trained.id}, f"rank {seed}")
    found = RankResults.read(ranked.manifest.metrics)
    own = f"{ranked.id}:{found.cut}"
    compared = context.step(
        "compare",
        {
            "dataset": configuration.dataset,
            "sets": ("L1000", own) if found.l1000_present else (own,),
            "predictor": configuration.predictor,
            "random_sets": configuration.random_sets,
            "seed": seed,
        },
        f"compare {seed}",
    )
    steps = {"train": trained, "rank": ranked, "compare": compared}
    if cluster:
        steps["cluster"] = context.step("cluster", {"model": trained.id, "seed": seed}, f"cluster {seed}")
    return steps


def _figures(steps: Mapping[str, Run]) -> dict[str, float]:
    """Return the headline figures of one seed by name."""
    figures: dict[str, Any] = {}
    for kind, step in steps.items():
        results, names = FIGURES[kind]
        found = results.read(step.manifest.metrics)
        figures |= {name: value for name in names if (value := getattr(found, name)) is not None}
    for name, of_set in CompareResults.read(steps["compare"].manifest.metrics).sets.items():
        prefix = "l1000" if name == "L1000" else "set"
        figures |= {f"{prefix}_pcc": of_set.pcc, f"{prefix}_mae": of_set.mae}
    return {name: float(value) for name, value in figures.items()}


def _no_labels(dataset: Dataset) -> str:
    """Return why samples cannot be clustered by label, or nothing where they can."""
    try:
        propose(dataset.annotations().obs.drop(columns="split"))
    except BadData as error:
        return str(error)
    return ""


def _left_out(steps: Mapping[str, Run], no_labels: str) -> dict[str, str]:
    """Say which parts could not be computed on this dataset, and why."""
    reasons = {}
    if not RankResults.read(steps["rank"].manifest.metrics).l1000_present:
        reasons["L1000"] = "The dataset holds no gene that is known as one of the L1000 genes."
    if no_labels:
        reasons["clusters"] = no_labels
    return reasons
