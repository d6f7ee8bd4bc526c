"""The paper's whole path in one request: import, train, rank, compare, cluster, each a run of its own."""

from landmark.workflows.configuration import PathConfiguration
from landmark.workflows.context import Context, Outcome


def run(configuration: PathConfiguration, context: Context) -> Outcome:
    """Walk the path; the headline figures of every step become the figures of this run."""
    dataset = configuration.dataset
    if not dataset:
        dataset = context.step("import", {"example": configuration.example}).manifest.parents["dataset"]
    trained = context.step("train", {"dataset": dataset, "network": configuration.network.model_dump()})
    ranked = context.step("rank", {"model": trained.id})
    own = f"{ranked.id}:{ranked.manifest.metrics['cut']}"
    compared = context.step(
        "compare",
        {
            "dataset": dataset,
            # genes of no known kind: chance alone stands beside the set
            "sets": ("L1000", own) if ranked.manifest.metrics["l1000_present"] else (own,),
            "predictor": configuration.predictor,
            "random_sets": configuration.random_sets,
        },
    )
    clustered = context.step("cluster", {"model": trained.id})
    steps = (trained, ranked, compared, clustered)
    return Outcome(
        parents={"dataset": dataset} | {step.kind: step.id for step in steps},
        metrics={step.kind: dict(step.manifest.metrics) for step in steps},
        split=trained.manifest.split,
        seed=configuration.network.seed,
        device=trained.manifest.device,
    )
