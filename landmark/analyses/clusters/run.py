"""Cluster samples by their bottleneck values and compare with their labels (Fig. 2b of the paper)."""

from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.metrics import adjusted_rand_score

from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.analyses.clusters.drivers import driving_table
from landmark.analyses.clusters.embed import Embedded, Labels, embed
from landmark.analyses.clusters.results import ClusterResults
from landmark.analyses.train.run import MODEL
from landmark.attribution.encoder import DenseEncoder
from landmark.data.history import fact
from landmark.errors import BadData
from landmark.metrics.agreement import MEASURES, agreement_table, representations
from landmark.metrics.clusters import Tree, choose_clusters, grow_tree, silhouettes
from landmark.metrics.umap import FEWEST_SAMPLES, umap_coordinates
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder, encoder_layers
from landmark.progress import Progress
from landmark.training.mesh import device_name
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome
from landmark.workflows.matching import related

MOST_CUTS = 20
"""Largest number of clusters whose silhouette is computed, unless more are asked for."""


def run(configuration: ClusterConfiguration, context: Context) -> Outcome:
    """Write embedding, linkage, cuts, bottleneck, drivers, and agreement where samples have labels, as Parquet."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = Trained.load(model.folder / MODEL, AutoencoderProblem)
    trained_on = model.manifest.parents["dataset"]
    home = context.datasets.get(trained_on).load()
    dataset = context.datasets.get(configuration.dataset or trained_on)
    matrix = home if dataset.id == trained_on else dataset.load()
    labels = Labels.of(configuration, matrix)
    if labels.chosen.sum() < FEWEST_SAMPLES:
        raise BadData(
            f"{int(labels.chosen.sum())} samples are too few to cluster; at least {FEWEST_SAMPLES} are needed. "
            "Choose more groups."
        )
    context.report(Progress("Embedding samples"))
    embedded = embed(trained, home, matrix, labels.chosen, configuration)
    tree = grow_tree(embedded.bottleneck, configuration.linkage, configuration.distance)
    number = configuration.clusters or len(labels.groups) or choose_clusters(tree, MOST_CUTS)
    clusters = tree.cut(number)
    split = matrix.obs["split"].to_numpy().astype(str)[labels.chosen]
    values = representations(
        embedded.bottleneck,
        embedded.train,
        embedded.scaled,
        embedded.bottleneck.shape[1],
        report=context.report,
    )
    samples = pd.Index(matrix.obs_names[labels.chosen].astype(str))
    context.draft.table("linkage", tree.table())
    context.draft.table("cuts", _cuts(tree, labels, max(MOST_CUTS, number)))
    context.draft.table("bottleneck", _units(samples, embedded))
    context.draft.table(
        "embedding", _coordinates(samples, embedded, values, clusters, labels, split, configuration, context)
    )
    context.draft.table("drivers", _drivers(trained, embedded, clusters, home, context))
    found: dict[str, Any] = {}
    if len(labels.groups) > 1:
        agreement = agreement_table(
            values,
            list(labels.values),
            clusters=number,
            linkage=configuration.linkage,
            distance=configuration.distance,
            held_out=split == "test" if matrix is home else None,
            seed=configuration.seed,
            report=context.report,
        )
        context.draft.table("agreement", agreement)
        found = _headline(agreement)
        if matrix is home:
            found |= _held_out_alone(embedded.bottleneck, labels, split, configuration)
    return Outcome(
        parents={"dataset": dataset.id, "train": model.id},
        results=ClusterResults(
            label=labels.label,
            groups=labels.groups,
            samples=len(samples),
            held_out_samples=int((split == "test").sum()) if matrix is home else 0,
            clusters=len(np.unique(clusters)),
            genes=home.n_vars,
            missing_genes=len(embedded.missing),
            missing_first=tuple(embedded.missing[:10]),
            shared_samples=related(context.datasets.get(trained_on), dataset).samples
            if dataset.id != trained_on
            else 0,
            unit=fact(matrix, "unit"),
            unit_trained=fact(home, "unit"),
            **found,
        ),
        split=model.manifest.split,
        seed=configuration.seed,
        device=device_name(),
    )


def _held_out_alone(
    bottleneck: np.ndarray, labels: Labels, split: np.ndarray, configuration: ClusterConfiguration
) -> dict[str, float]:
    """Cluster the held-out samples by themselves, as the paper clusters new samples; nothing where they are too few."""
    held = split == "test"
    values = labels.values[held]
    groups = len(set(values))
    if held.sum() < FEWEST_SAMPLES or groups < 2:
        return {}
    clusters = grow_tree(bottleneck[held], configuration.linkage, configuration.distance).cut(
        configuration.clusters or groups
    )
    return {"held_out_adjusted_rand": float(adjusted_rand_score(values, clusters))}


def _cuts(tree: Tree, labels: Labels, most: int) -> pd.DataFrame:
    """Describe every cut: clusters, height, silhouette, and adjusted_rand where samples have labels."""
    cuts = silhouettes(tree, most)
    if len(labels.groups) > 1:
        rand = [adjusted_rand_score(labels.values, tree.cut(number)) for number in cuts["clusters"]]
        cuts = cuts.assign(adjusted_rand=np.asarray(rand, dtype=float))
    return cuts


def _units(samples: pd.Index, embedded: Embedded) -> pd.DataFrame:
    units = {f"unit_{unit}": values for unit, values in enumerate(embedded.bottleneck.T)}
    return pd.DataFrame({"sample": samples, **units})


def _coordinates(
    samples: pd.Index,
    embedded: Embedded,
    values: dict[str, np.ndarray],
    clusters: np.ndarray,
    labels: Labels,
    split: np.ndarray,
    configuration: ClusterConfiguration,
    context: Context,
) -> pd.DataFrame:
    umap = umap_coordinates(
        embedded.bottleneck,
        distance=configuration.distance,
        seed=configuration.seed,
        report=context.report,
    )
    pca = next(found for name, found in values.items() if name.startswith("PCA"))
    return pd.DataFrame(
        {
            "sample": samples,
            "umap_1": umap[:, 0],
            "umap_2": umap[:, 1],
            "cluster": clusters,
            "label": labels.values,
            "pca_1": pca[:, 0],
            "pca_2": pca[:, min(1, pca.shape[1] - 1)],
            "split": split,
        }
    )


def _drivers(
    trained: TrainedAutoencoder, embedded: Embedded, clusters: np.ndarray, home: AnnData, context: Context
) -> pd.DataFrame:
    encoder = DenseEncoder.of(encoder_layers(trained))
    genes = list(map(str, home.var_names))
    return driving_table(
        encoder, embedded.scaled, embedded.bottleneck, clusters, genes, report=context.report
    )


def _headline(agreement: pd.DataFrame) -> dict[str, float]:
    ours, pca = agreement.iloc[0], agreement.iloc[1]
    figures = {measure: float(ours[measure]) for measure in MEASURES if np.isfinite(ours[measure])}
    return figures | {
        "adjusted_rand_pca": float(pca["adjusted_rand"]),
        "silhouette_pca": float(pca["silhouette"]),
    }
