"""Samples of a dataset in the bottleneck of a trained network, whatever dataset that was trained on."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from anndata import AnnData

from landmark.analyses.clusters.config import ClusterConfiguration
from landmark.data.gene_identifiers import Identifier
from landmark.data.history import fact
from landmark.data.scaling import Scaling
from landmark.data.split import rows
from landmark.errors import BadData
from landmark.metrics.agreement import Genes, align
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder
from landmark.workflows.sample_groups import propose
from landmark.workflows.samples import written


@dataclass(frozen=True)
class Labels:
    """Which samples are looked at, and what is known of them.

    Attributes
    ----------
    label
        The annotation column; empty where there is none, and all samples are looked at.
    groups
        Its values.
    chosen
        bool [samples of the dataset].
    values
        Label of each chosen sample; empty text where there is none.
    """

    label: str
    groups: tuple[str, ...]
    chosen: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, configuration: ClusterConfiguration, matrix: AnnData) -> "Labels":
        """Find the column and its values, as asked for or as proposed.

        Raises
        ------
        BadData
            If a column or value is asked for that the samples do not have.
        """
        annotations = matrix.obs[[name for name in matrix.obs.columns if name != "split"]]
        label, groups = configuration.label, configuration.groups
        if not label:
            try:
                label = propose(annotations).label
            except BadData:
                if groups:
                    raise
                every = np.ones(matrix.n_obs, dtype=bool)
                return cls("", (), every, np.full(matrix.n_obs, "", dtype=object))
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


@dataclass(frozen=True)
class Embedded:
    """Chosen samples in an encoder's genes and in its bottleneck.

    Attributes
    ----------
    scaled
        Expression as the network sees it, [samples, genes of the network].
    train
        The model's training samples, likewise.
    bottleneck
        [samples, units].
    missing
        Genes that the dataset lacks.
    """

    scaled: np.ndarray
    train: np.ndarray
    bottleneck: np.ndarray
    missing: tuple[str, ...]


def embed(
    trained: TrainedAutoencoder,
    home: AnnData,
    matrix: AnnData,
    chosen: np.ndarray,
    configuration: ClusterConfiguration,
) -> Embedded:
    """Embed samples.

    Parameters
    ----------
    trained
        The network.
    home
        The dataset it was trained on.
    matrix
        The dataset to embed, which may be the same.
    chosen
        Samples of it, bool [samples].

    Raises
    ------
    BadData
        If too many genes are missing.
    """
    learned = home.X[rows(home, "train")]
    train = trained.problem.scaling.apply(learned)
    values, fill = matrix.X[chosen], learned.mean(axis=0)
    own = configuration.scaling == "dataset"
    if own:
        values = Scaling.learn(matrix.X, trained.problem.configuration.scaling).apply(values)
        fill = train.mean(axis=0)
    missing: tuple[str, ...] = ()
    if matrix is not home:
        aligned = align(values, _genes(matrix), _genes(home), fill, configuration.most_missing)
        values, missing = aligned.values, aligned.missing
    if own:
        values = trained.problem.scaling.invert(values)
    return Embedded(
        trained.problem.scaling.apply(values),
        train,
        trained.apply(values, AutoencoderProblem.activation),
        missing,
    )


def _genes(matrix: AnnData) -> Genes:
    return Genes(tuple(map(str, matrix.var_names)), cast(Identifier, fact(matrix, "identifier") or "unknown"))
