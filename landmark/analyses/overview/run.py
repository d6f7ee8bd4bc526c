"""The paper's whole path in one request: import, train, rank, compare, cluster, each a run of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from landmark.analyses.overview.config import PathConfiguration
from landmark.analyses.overview.results import PathResults
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.registry import ANALYSES
from landmark.store.runs import Run
from landmark.workflows.context import Context, Outcome


def run(configuration: PathConfiguration, context: Context) -> Outcome:
    """Walk the path; the headline figures of every step become the figures of this run.

    A step that was finished before with the same settings is taken as it is. All steps have the seed of the network.
    """
    dataset = configuration.dataset
    if not dataset:
        dataset = context.step("import", {"example": configuration.example}).manifest.parents["dataset"]

    def step(kind: str, values: Mapping[str, Any]) -> Run:
        return context.step(kind, values, finished=_finished(kind, values, context.runs.all(kind)))

    trained = (
        context.runs.get(configuration.model, "train")
        if configuration.model
        else step("train", _training(configuration, dataset))
    )
    ranked = step("rank", {"model": trained.id})
    compared = step("compare", _comparison(configuration, dataset, ranked))
    clustered = step("cluster", _clustering(trained))
    steps = (trained, ranked, compared, clustered)
    return Outcome(
        parents={"dataset": dataset} | {step.kind: step.id for step in steps},
        results=PathResults.read({step.kind: step.manifest.metrics for step in steps}),
        split=trained.manifest.split,
        seed=trained.manifest.seed,
        device=trained.manifest.device,
    )


def _training(configuration: PathConfiguration, dataset: str) -> dict[str, Any]:
    """Return what the path asks of its training."""
    return {"dataset": dataset, "network": configuration.network.model_dump()}


def _comparison(configuration: PathConfiguration, dataset: str, ranked: Run) -> dict[str, Any]:
    """Return what the path asks of its comparison."""
    found = RankResults.read(ranked.manifest.metrics)
    own = f"{ranked.id}:{found.cut}"
    return {
        "dataset": dataset,
        # genes of no known kind: chance alone stands beside the set
        "sets": ("L1000", own) if found.l1000_present else (own,),
        "predictor": configuration.predictor,
        "random_sets": configuration.random_sets,
        "seed": ranked.manifest.seed or 0,
    }


def _clustering(trained: Run) -> dict[str, Any]:
    """Return what the path asks of its clusters."""
    return {"model": trained.id, "seed": trained.manifest.seed or 0}


def _finished(kind: str, values: Mapping[str, Any], runs: Sequence[Run]) -> Run | None:
    """Return the first of some runs of a kind that was asked for the same, or None."""
    wanted = ANALYSES[kind].configuration.parse(values).model_dump(mode="json")
    return next((run for run in runs if run.kind == kind and run.manifest.configuration == wanted), None)


def remaining(configuration: PathConfiguration, runs: Sequence[Run]) -> list[str]:
    """Return the kinds of the steps that a path on a stored dataset would have to compute beside finished runs."""
    dataset = configuration.dataset
    trained = (
        next((run for run in runs if run.id == configuration.model), None)
        if configuration.model
        else _finished("train", _training(configuration, dataset), runs)
    )
    if trained is None:
        return ["train", "rank", "compare", "cluster"]
    ranked = _finished("rank", {"model": trained.id}, runs)
    left = [] if ranked else ["rank"]
    if ranked is None or _finished("compare", _comparison(configuration, dataset, ranked), runs) is None:
        left.append("compare")
    return left if _finished("cluster", _clustering(trained), runs) else [*left, "cluster"]
