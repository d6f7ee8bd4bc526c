"""Look at the samples of a dataset: distributions, principal components, correlations, outliers, batches."""

import numpy as np
import pandas as pd

from landmark.analyses.quality.config import QualityConfiguration
from landmark.analyses.quality.results import QualityResults
from landmark.data.quality import (
    associated,
    correlation_order,
    explained,
    median_correlation,
    most_variable,
    of_genes,
    outliers,
    overall,
    principal_components,
    profile,
    robust_distance,
)
from landmark.data.split import training_rows
from landmark.data.steps.outlying import examples, find_outlying, learn_limits
from landmark.progress import Progress
from landmark.workflows.context import Context, Outcome

NAMED = 5  # outliers and outlying values that are named in the metrics, the furthest first


def run(configuration: QualityConfiguration, context: Context) -> Outcome:
    """Write tables of samples, components, outlying values, correlation, explained, overall and associated."""
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    stream = dataset.stream()
    names, obs = stream.about.obs_names.to_numpy(dtype=object), stream.about.obs
    quantiles, variance = profile(stream, context.report)
    X = of_genes(stream, most_variable(variance, configuration.genes), context.report)
    context.report(Progress("Principal components"))
    scores, share = principal_components(X, configuration.components)
    with_others = median_correlation(X, configuration.seed, context.report)
    distance = robust_distance(scores)
    samples = pd.concat(
        [
            quantiles,
            pd.DataFrame(scores, columns=[f"pc_{i + 1}" for i in range(scores.shape[1])]),
            pd.DataFrame({"median_correlation": with_others, "distance": distance}),
            outliers(with_others, distance, configuration.threshold),
        ],
        axis=1,
    )
    context.draft.table("samples", samples)
    context.draft.table(
        "components", pd.DataFrame({"component": np.arange(1, len(share) + 1), "share": share})
    )

    odd = find_outlying(
        stream, learn_limits(stream, configuration.outlying, training_rows(stream.about)), context.report
    )
    context.draft.table("outlying", odd.table)

    context.report(Progress("Clustering the samples"))
    shown = np.arange(len(X))
    if len(X) > configuration.shown:
        rng = np.random.default_rng(configuration.seed)
        shown = np.sort(rng.choice(len(X), configuration.shown, replace=False))
    correlation, order = correlation_order(X[shown])
    ordered = names[shown][order]
    heat = pd.DataFrame(correlation[np.ix_(order, order)], columns=[f"with_{i}" for i in range(len(order))])
    heat.insert(0, "sample", ordered)
    context.draft.table("correlation", heat)

    context.report(Progress("Variance that annotations explain"))
    table = explained(scores, share, obs)
    summary = overall(table)
    context.draft.table("explained", table)
    context.draft.table("overall", summary)
    context.draft.table("associated", associated(obs))
    worst = samples[samples["outlier"]].sort_values(
        ["distance_deviation", "correlation_deviation"], ascending=False
    )
    strongest = summary.iloc[0] if len(summary) else None
    return Outcome(
        parents={"dataset": dataset.id},
        results=QualityResults(
            samples=stream.samples,
            genes_used=X.shape[1],
            outliers=len(worst),
            outlier_names=worst["sample"].head(NAMED).tolist(),
            share_1=float(share[0]),
            share_2=float(share[1]) if len(share) > 1 else 0.0,
            median_correlation=float(np.median(with_others)),
            annotation="" if strongest is None else str(strongest["annotation"]),
            annotation_r2=0.0 if strongest is None else float(strongest["r2"]),
            annotation_by_chance=0.0 if strongest is None else float(strongest["by_chance"]),
            outlying_values=odd.values,
            outlying_genes=odd.genes,
            outlying_samples=odd.samples,
            outlying_examples=examples(odd.table, NAMED),
            shown=len(shown),
        ),
        split=dataset.manifest.split,
        seed=configuration.seed,
    )
