"""Cluster samples by their bottleneck values and compare with their labels (Fig. 2b of the paper)."""

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.embedding.agreement import agreement_table, representations
from landmark.embedding.clustering import grow_tree
from landmark.embedding.umap import umap_coordinates
from landmark.errors import BadData
from landmark.expression.split import rows
from landmark.progress import Progress
from landmark.training.autoencoder import TrainedAutoencoder
from landmark.workflows.configuration import ClusterConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.device import device_name
from landmark.workflows.labels import propose
from landmark.workflows.train import MODEL


def run(configuration: ClusterConfiguration, context: Context) -> Outcome:
    """Write embedding.parquet, linkage.parquet, bottleneck.parquet and agreement.parquet."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = TrainedAutoencoder.load(model.folder / MODEL)
    dataset = context.datasets.get(model.manifest.parents["dataset"])
    matrix = dataset.load()
    label, groups = _labels(configuration, matrix)
    chosen = matrix.obs[label].astype(str).isin(groups).to_numpy()
    labels = matrix.obs[label].astype(str).to_numpy()[chosen]
    samples = list(matrix.obs_names[chosen])

    context.report(Progress("Embedding samples"))
    bottleneck = trained.encode(matrix.X[chosen])
    tree = grow_tree(bottleneck, configuration.linkage, configuration.distance)
    clusters = tree.cut(configuration.clusters or len(groups))
    umap = umap_coordinates(
        bottleneck, distance=configuration.distance, seed=configuration.seed, report=context.report
    )
    agreement = agreement_table(
        representations(
            bottleneck,
            trained.scaling.apply(matrix.X[rows(matrix, "train")]),
            trained.scaling.apply(matrix.X[chosen]),
            bottleneck.shape[1],
            report=context.report,
        ),
        list(labels),
        clusters=configuration.clusters,
        linkage=configuration.linkage,
        distance=configuration.distance,
        seed=configuration.seed,
        report=context.report,
    )
    units = {f"unit_{unit}": bottleneck[:, unit] for unit in range(bottleneck.shape[1])}
    context.draft.table("bottleneck", pd.DataFrame({"sample": samples, **units}))
    context.draft.table("linkage", tree.table())
    context.draft.table("agreement", agreement)
    context.draft.table(
        "embedding",
        pd.DataFrame(
            {
                "sample": samples,
                "umap_1": umap[:, 0],
                "umap_2": umap[:, 1],
                "cluster": clusters,
                "label": labels,
            }
        ),
    )
    ours, pca = agreement.iloc[0], agreement.iloc[1]
    return Outcome(
        parents={"dataset": dataset.id, "train": model.id},
        metrics={
            "label": label,
            "groups": list(groups),
            "samples": len(samples),
            "held_out_samples": int((matrix.obs["split"].to_numpy().astype(str)[chosen] == "test").sum()),
            "clusters": len(np.unique(clusters)),
            "adjusted_rand": float(ours["adjusted_rand"]),
            "mutual_information": float(ours["mutual_information"]),
            "silhouette": float(ours["silhouette"]),
            "neighbour_accuracy": float(ours["neighbour_accuracy"]),
            "adjusted_rand_pca": float(pca["adjusted_rand"]),
            "silhouette_pca": float(pca["silhouette"]),
        },
        split=model.manifest.split,
        seed=configuration.seed,
        device=device_name(),
    )


def _labels(configuration: ClusterConfiguration, matrix: AnnData) -> tuple[str, tuple[str, ...]]:
    """Return the annotation column and its values to include, as asked for or as proposed."""
    columns = [name for name in matrix.obs.columns if name != "split"]
    label = configuration.label or propose(matrix.obs[columns]).label
    if label not in columns:
        raise BadData(
            f"The samples have no annotation {label!r}. Choose from: {', '.join(columns) or 'there is none'}."
        )
    groups = configuration.groups or propose(matrix.obs[[label]]).groups
    values = set(matrix.obs[label].astype(str))
    if unknown := [group for group in groups if group not in values]:
        raise BadData(
            f"No sample has {label} = {unknown[0]!r}. Values there are: {', '.join(sorted(values)[:20])}."
        )
    return label, tuple(groups)
