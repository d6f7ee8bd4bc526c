"""Cluster samples by their bottleneck values and compare with their labels (Fig. 2b of the paper)."""

from dataclasses import dataclass, replace
from typing import cast

import jax.numpy as jnp
import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.metrics import adjusted_rand_score

from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.analyses.clusters.results import TABLES, ClusterResults
from landmark.analyses.train.run import MODEL
from landmark.attribution.baselines import training_mean
from landmark.attribution.importance import DenseEncoder, importance
from landmark.data.gene_identifiers import Identifier
from landmark.data.history import fact
from landmark.data.split import groups_kept_whole
from landmark.errors import BadData
from landmark.metrics.agreement import MEASURES, Genes, agreement_table, align, representations
from landmark.metrics.clusters import (
    MOST_SAMPLES,
    Tree,
    choose_clusters,
    distinctive_units,
    grow_tree,
    silhouettes,
)
from landmark.metrics.umap import FEWEST_SAMPLES, umap_coordinates
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder, encoder_layers
from landmark.progress import Progress, Report, silent
from landmark.training.data import Arrays, Rows, Samples, in_memory, passing, scaled, scaling_of
from landmark.training.mesh import device_name
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.matching import related
from landmark.workflows.sample_groups import propose
from landmark.workflows.samples import Expression, written

_MOST_CUTS = 20
"""Largest number of clusters whose silhouette is computed, unless more are asked for."""


def run(configuration: ClusterConfiguration, context: Context) -> Outcome:
    """Write embedding, linkage, cuts, bottleneck, drivers, and agreement where samples have labels, as Parquet."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = Trained.load(model.folder / MODEL, AutoencoderProblem)
    trained_on = context.datasets.get(model.manifest.parents["dataset"])
    home = Expression(trained_on)
    dataset = context.datasets.get(configuration.dataset or trained_on.id)
    matrix = home if dataset.id == trained_on.id else Expression(dataset)
    asked = _Labels.of(configuration, matrix.about)
    labels = asked.some(MOST_SAMPLES, configuration.seed)
    if labels.chosen.sum() < FEWEST_SAMPLES:
        raise BadData(
            f"{int(labels.chosen.sum())} samples are too few to cluster; at least {FEWEST_SAMPLES} are needed. "
            "Choose more groups."
        )
    context.report(Progress("Embedding samples"))
    embedded = _embed(trained, home, matrix, labels.chosen, configuration)
    units = embedded.bottleneck
    tree = grow_tree(units, configuration.linkage, configuration.distance)
    number = configuration.clusters or len(labels.groups) or choose_clusters(tree, _MOST_CUTS)
    clusters = tree.cut(number)
    split = matrix.about.obs["split"].to_numpy().astype(str)[labels.chosen]
    values = representations(units, embedded.train, embedded.scaled, units.shape[1], report=context.report)
    samples = pd.Index(matrix.about.obs_names[labels.chosen].astype(str))
    context.draft.table("linkage", tree.table())
    context.draft.table("cuts", _cuts(tree, labels, max(_MOST_CUTS, number)))
    numbered = {f"unit_{unit}": found for unit, found in enumerate(units.T)}
    context.draft.table("bottleneck", pd.DataFrame({"sample": samples, **numbered}))
    umap = umap_coordinates(
        units, distance=configuration.distance, seed=configuration.seed, report=context.report
    )
    pca = next(found for name, found in values.items() if name.startswith("PCA"))
    embedding = {
        "sample": samples,
        "umap_1": umap[:, 0],
        "umap_2": umap[:, 1],
        "cluster": clusters,
        "label": labels.values,
        "pca_1": pca[:, 0],
        "pca_2": pca[:, min(1, pca.shape[1] - 1)],
        "split": split,
    }
    context.draft.table("embedding", pd.DataFrame(embedding))
    encoder, genes = DenseEncoder.of(encoder_layers(trained)), list(map(str, home.about.var_names))
    drivers = driving_table(encoder, embedded.scaled, units, clusters, genes, report=context.report)
    context.draft.table("drivers", drivers)
    found: dict[str, float] = {}
    if len(labels.groups) > 1:
        together = groups_kept_whole(matrix.about)
        agreement = agreement_table(
            values,
            list(labels.values),
            clusters=number,
            linkage=configuration.linkage,
            distance=configuration.distance,
            held_out=split == "test" if matrix is home else None,
            groups=None if together is None else together[labels.chosen],
            seed=configuration.seed,
            report=context.report,
        )
        context.draft.table("agreement", agreement)
        found = _headline(agreement)
        if matrix is home:
            found |= _held_out_alone(units, labels, split == "test", configuration)
    return Outcome(
        parents={"dataset": dataset.id, "train": model.id},
        results=ClusterResults(
            label=labels.label,
            groups=labels.groups,
            samples=len(samples),
            **({} if labels is asked else {"drawn_from": int(asked.chosen.sum())}),
            held_out_samples=int((split == "test").sum()) if matrix is home else 0,
            clusters=len(np.unique(clusters)),
            genes=home.about.n_vars,
            missing_genes=len(embedded.missing),
            missing_first=tuple(embedded.missing[:10]),
            shared_samples=related(trained_on, dataset).samples if dataset.id != trained_on.id else 0,
            unit=fact(matrix.about, "unit"),
            unit_trained=fact(home.about, "unit"),
            **found,
        ),
        split=model.manifest.split,
        seed=configuration.seed,
        device=device_name(),
    )


@dataclass(frozen=True)
class _Labels:
    """Which samples are looked at, bool [samples of the dataset], and the label of each of them.

    Where there is no annotation column, ``label`` and the labels are empty, and all samples are looked at.
    """

    label: str
    groups: tuple[str, ...]
    chosen: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, configuration: ClusterConfiguration, about: AnnData) -> "_Labels":
        """Find the column and its values, as asked for or as proposed."""
        annotations = about.obs[[name for name in about.obs.columns if name != "split"]]
        label, groups = configuration.label, configuration.groups
        if not label:
            try:
                label = propose(annotations).label
            except BadData:
                if groups:
                    raise
                every = np.ones(about.n_obs, dtype=bool)
                return cls("", (), every, np.full(about.n_obs, "", dtype=object))
        if label not in annotations:
            known = ", ".join(map(str, annotations.columns)) or "there is none"
            raise BadData(f"The samples have no annotation {label!r}. Choose from: {known}.")
        groups = groups or propose(annotations[[label]]).groups
        values = written(annotations[label]).to_numpy()
        if unknown := [group for group in groups if group not in set(values)]:
            known = ", ".join(sorted(set(values) - {""})[:20])
            raise BadData(f"No sample has {label} = {unknown[0]!r}. Values there are: {known}.")
        chosen = np.isin(values, groups)
        return cls(label, tuple(groups), chosen, values[chosen])

    def some(self, most: int, seed: int) -> "_Labels":
        """Draw some of very many samples."""
        if (count := int(self.chosen.sum())) <= most:
            return self
        drawn = np.sort(np.random.default_rng(seed).permutation(count)[:most])
        chosen = np.zeros_like(self.chosen)
        chosen[np.flatnonzero(self.chosen)[drawn]] = True
        return replace(self, chosen=chosen, values=self.values[drawn])


@dataclass(frozen=True)
class _Embedded:
    """Chosen and training samples as the network sees them, the former in its bottleneck, and genes that they lack."""

    scaled: np.ndarray
    train: Samples
    bottleneck: np.ndarray
    missing: tuple[str, ...]


def _embed(
    trained: TrainedAutoencoder,
    home: Expression,
    matrix: Expression,
    chosen: np.ndarray,
    configuration: ClusterConfiguration,
) -> _Embedded:
    """Embed chosen samples of a dataset, whatever dataset, ``home``, the network was trained on."""
    problem = trained.problem
    train = scaled(home.train, problem.scaling)
    values, learned = matrix.samples(np.flatnonzero(chosen)), home.train
    if own := configuration.scaling == "dataset":
        every = matrix.samples(np.arange(len(chosen)))
        values, learned = scaled(values, scaling_of(every, problem.configuration.scaling)), train
    missing: tuple[str, ...] = ()
    if matrix is not home:
        fill = training_mean(learned)
        aligned = align(in_memory(values), _genes(matrix), _genes(home), fill, configuration.most_missing)
        values, missing = aligned.values, aligned.missing
    bottleneck, seen = [], np.empty(values.shape, np.float32)
    for places, some in passing(values):
        some = problem.scaling.invert(some) if own else some
        bottleneck.append(trained.apply(some, AutoencoderProblem.activation))
        seen[places] = problem.scaling.apply(some)
    return _Embedded(seen, train, np.concatenate(bottleneck), missing)


def _genes(matrix: Expression) -> Genes:
    identifier = cast(Identifier, fact(matrix.about, "identifier") or "unknown")
    return Genes(tuple(map(str, matrix.about.var_names)), identifier)


def _cuts(tree: Tree, labels: _Labels, most: int) -> pd.DataFrame:
    """Describe every cut: clusters, height, silhouette, and adjusted_rand where samples have labels."""
    cuts = silhouettes(tree, most)
    if len(labels.groups) > 1:
        rand = [adjusted_rand_score(labels.values, tree.cut(number)) for number in cuts["clusters"]]
        cuts = cuts.assign(adjusted_rand=np.asarray(rand, dtype=float))
    return cuts


def _headline(agreement: pd.DataFrame) -> dict[str, float]:
    ours, pca = agreement.iloc[0], agreement.iloc[1]
    figures = {measure: float(ours[measure]) for measure in MEASURES if np.isfinite(ours[measure])}
    return figures | {f"{name}_pca": float(pca[name]) for name in ("adjusted_rand", "silhouette")}


def _held_out_alone(
    bottleneck: np.ndarray, labels: _Labels, held: np.ndarray, configuration: ClusterConfiguration
) -> dict[str, float]:
    """Cluster the held-out samples by themselves, as the paper clusters new samples; nothing where they are too few."""
    values = labels.values[held]
    groups = len(set(values))
    if held.sum() < FEWEST_SAMPLES or groups < 2:
        return {}
    tree = grow_tree(bottleneck[held], configuration.linkage, configuration.distance)
    return {
        "held_out_adjusted_rand": float(
            adjusted_rand_score(values, tree.cut(configuration.clusters or groups))
        )
    }


_FEWEST_DRIVEN = 3
"""Samples of a cluster, and outside of it: fewer say nothing about the cluster."""

_MOST_ASKED = 500
"""So many samples of a cluster at most are asked, evenly spaced in their order."""

_UNITS = 10
"""So many of its most distinctive units are asked."""

_DRIVERS = 200
"""So many genes of each cluster are kept."""


def driving_table(
    encoder: DenseEncoder,
    samples: np.ndarray,
    bottleneck: np.ndarray,
    clusters: np.ndarray,
    genes: list[str],
    report: Report = silent,
) -> pd.DataFrame:
    """Find the genes by which the network tells each cluster from the rest.

    The contributions C[gene, unit] of a cluster's samples are measured from the mean of all other samples and
    averaged. Over the cluster's ten most distinctive units, each divided by its standard deviation over all
    samples, they add up with the sign in which the unit sets the cluster apart. By summation-to-delta the total
    over genes is how far the cluster lies from the rest.

    Parameters
    ----------
    samples, bottleneck
        Scaled expression, [samples, genes], and what the encoder makes of it, [samples, units].
    clusters
        Number of each sample's cluster, from 1, int [samples].

    Returns
    -------
    DataFrame
        The table ``drivers`` of the run: at most 200 genes per cluster, those that pull away from it left out.
        Clusters that are too small, or leave too few other samples, are absent.
    """
    before = np.concatenate([np.asarray(encoder.apply(jnp.asarray(some))) for _, some in passing(samples)])
    spread = before.std(0)
    numbers = [
        number
        for number in np.unique(clusters)
        if _FEWEST_DRIVEN <= (clusters == number).sum() <= len(clusters) - _FEWEST_DRIVEN
    ]
    tables = []
    for done, number in enumerate(numbers):
        stage = part(report, "Genes that drive the clusters", done, len(numbers), "cluster")
        chosen = clusters == number
        inside = np.flatnonzero(chosen)
        inside = inside[np.unique(np.linspace(0, len(inside) - 1, _MOST_ASKED).round().astype(int))]
        reference = training_mean(Rows(Arrays((samples,)), np.flatnonzero(~chosen)))
        mean = importance(encoder, samples[inside], reference, report=stage).mean
        units = distinctive_units(bottleneck, chosen)["unit"].to_numpy()[:_UNITS]
        units = units[spread[units] > 0]
        signs = np.sign(before[inside].mean(0) - before[~chosen].mean(0))[units]
        score = mean[:, units] @ (signs / spread[units])
        order = np.argsort(-score, kind="stable")[:_DRIVERS]
        order = order[score[order] > 0]
        tables.append(
            pd.DataFrame(
                {
                    "cluster": int(number),
                    "rank": np.arange(1, len(order) + 1),
                    "gene": [genes[place] for place in order],
                    "contribution": score[order],
                    "share": score[order] / score.sum(),
                    "difference": samples[:, order][inside].mean(0) - samples[:, order][~chosen].mean(0),
                }
            )
        )
    report(Progress("Genes that drive the clusters", len(numbers), len(numbers), "cluster"))
    return (
        pd.concat(tables)
        if tables
        else pd.DataFrame(columns=TABLES["drivers"].names).astype({"cluster": int})
    )
