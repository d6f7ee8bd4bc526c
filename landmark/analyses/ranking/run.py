"""Score every gene by its DeepLIFT contribution to the bottleneck, with figures that say how far to trust it."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData
from sklearn.metrics import roc_auc_score

from landmark.analyses.ranking.config import RankConfiguration
from landmark.analyses.ranking.results import RankResults
from landmark.analyses.train.run import MODEL
from landmark.attribution.blocks import renumbered
from landmark.attribution.importance import (
    DenseEncoder,
    Importance,
    combined,
    combined_groups,
    importance,
)
from landmark.attribution.ranking import (
    contribution_table,
    overlap,
    rank_correlation,
    rank_genes,
    scores,
    split_half_stability,
)
from landmark.data.history import fact
from landmark.data.split import COLUMN, rows
from landmark.models.autoencoder import AutoencoderProblem, encoder_layers, train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Progress, Report
from landmark.training.data import Chosen, Rows, Scaled
from landmark.training.mesh import device_here, own_devices
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome, named, part
from landmark.workflows.sample_groups import group_table, groups_or_reason, reference_of
from landmark.workflows.samples import SplitSamples, halves, learning, split_samples
from landmark.workflows.sets import against_l1000, default_cut

_MOST_SAMPLES = 1000
"""So many training samples tell how far a choice moves a ranking; all of them would take several times as long."""


_Scorer = Callable[..., Importance]


def run(configuration: RankConfiguration, context: Context) -> Outcome:
    """Write ranking.parquet, contributions.parquet and choices.parquet; groups.parquet where samples form groups."""
    context.report(Progress("Reading the model"))
    model = context.runs.get(configuration.model, "train")
    trained = Trained.load(model.folder / MODEL, AutoencoderProblem)
    dataset = context.datasets.get(model.manifest.parents["dataset"])
    data, about = split_samples(dataset), dataset.annotations()
    genes, train = data.genes, Rows.all(Scaled(data.train, trained.problem.scaling))
    annotations = about.obs.iloc[rows(about, "train")].drop(columns=COLUMN)
    reference = reference_of(configuration, trained.problem.scaling, train, annotations)
    encoder = DenseEncoder.of(encoder_layers(trained))
    seed = model.manifest.seed or 0
    order = np.random.default_rng(seed).permutation(len(train))
    groups, groups_missing = groups_or_reason(
        annotations, encoder.genes * encoder.units, configuration.reference_label
    )
    identifier = fact(about, "identifier")
    cut = default_cut(genes, identifier)
    some = np.sort(order[:_MOST_SAMPLES])
    # the choices of reference and target, and the choice made itself where not all samples are asked
    changed = [made for choice, _, made in _alternatives(configuration) if choice != "aggregation"]
    passes = 3 + len(changed) + (len(some) < len(train))
    number = itertools.count()

    def scored(
        chosen: np.ndarray,
        stage: str,
        choices: RankConfiguration | None = None,
        of: np.ndarray | None = None,
        scorer: _Scorer = importance,
    ) -> Importance:
        return scorer(
            encoder,
            Rows(train.source, chosen),
            reference_of(choices, trained.problem.scaling, train, annotations) if choices else reference,
            target=(choices or configuration).target,
            groups=of,
            mesh=own_devices(),
            report=part(context.report, stage, next(number), passes),
        )

    samples = [np.sort(half) for half in np.array_split(order, 2)]
    first, second = (
        scored(
            half,
            f"Scoring genes, half {which} of the samples",
            of=renumbered(groups.numbers[half]) if groups else None,
        )
        for which, half in enumerate(samples, start=1)
    )
    gradient = scored(
        np.arange(len(train)), "Gradient times input, to compare", scorer=partial(importance, rule="gradient")
    )
    whole = combined([first, second])
    moved = _moved_by(
        configuration,
        whole if len(some) == len(train) else scored(some, "Other choices, to compare"),
        lambda choices: scored(some, "Other choices, to compare", choices),
        cut,
    )
    score = scores(whole, configuration.aggregation)
    ranking = rank_genes(score, genes)
    context.draft.table("ranking", ranking)
    context.draft.table("contributions", contribution_table(whole, genes))
    context.draft.table("choices", moved)
    if groups:
        by_group = combined_groups([first, second], [groups.numbers[half] for half in samples])
        context.draft.table("groups", group_table(by_group, list(groups.sizes), genes))

    overlap_halves, correlation_halves = split_half_stability(first, second, cut, configuration.aggregation)
    retrained = (
        _retrained_halves(
            trained.problem.configuration,
            configuration,
            data,
            annotations,
            seed,
            cut,
            context.draft.folder / "checkpoints",
            context.report,
        )
        if configuration.retrain_halves
        else {}
    )
    return Outcome(
        parents={"dataset": dataset.id, "train": model.id},
        results=RankResults(
            cut=cut,
            genes=len(genes),
            residual_worst=whole.worst_residual,
            residual_mean=whole.mean_residual,
            overlap_halves=overlap_halves,
            correlation_halves=correlation_halves,
            **retrained,
            overlap_gradient=overlap(score, scores(gradient, configuration.aggregation), cut),
            group_label=groups.label if groups else "",
            group_sizes=groups.sizes if groups else {},
            groups_missing=groups_missing,
            choices_samples=len(some),
            **against_l1000(ranking["gene"].tolist()[:cut], genes, identifier),
            **_drivers(ranking, about),
        ),
        split=model.manifest.split,
        seed=seed,
        device=device_here(),
    )


_OPTIONS = {
    "reference": ("training mean", "zero"),
    "target": ("pre", "post"),
    "aggregation": ("mean_absolute", "absolute_mean"),
}
"""What is tried of each choice; the mean of a group only where it was asked for."""


def _alternatives(configuration: RankConfiguration) -> Iterator[tuple[str, str, RankConfiguration]]:
    """Yield each choice, another value of it, and the configuration that differs in this alone."""
    for choice, options in _OPTIONS.items():
        for value in options:
            if value != getattr(configuration, choice):
                change = {choice: value}
                if choice == "reference":
                    change |= {"reference_label": "", "reference_group": ""}
                yield choice, value, configuration.model_copy(update=change)


def _moved_by(
    configuration: RankConfiguration,
    own: Importance,
    importance_of: Callable[[RankConfiguration], Importance],
    cut: int,
) -> pd.DataFrame:
    """Compare a ranking with those that other choices give on the same samples: the table ``choices`` of the run."""
    score, rows = scores(own, configuration.aggregation), []
    for choice, value, changed in _alternatives(configuration):
        found = own if choice == "aggregation" else importance_of(changed)
        other = scores(found, changed.aggregation)
        rows.append((choice, value, rank_correlation(score, other), overlap(score, other, cut)))
    return pd.DataFrame(rows, columns=["choice", "value", "rank_correlation", "overlap"])


def _drivers(ranking: pd.DataFrame, matrix: AnnData) -> dict[str, Any]:
    """Where the dataset knows its drivers, measure how well the ranking finds them (area under the ROC curve)."""
    if "driver" not in matrix.var:
        return {}
    driver = matrix.var["driver"].astype(bool).loc[ranking["gene"]]
    return {"driver_auc": float(roc_auc_score(driver, ranking["score"])), "drivers": int(driver.sum())}


def _retrained_halves(
    network: AutoencoderConfiguration,
    configuration: RankConfiguration,
    data: SplitSamples,
    annotations: pd.DataFrame,
    seed: int,
    cut: int,
    directory: Path,
    report: Report,
) -> dict[str, Any]:
    """Train on each half, rank by each network the samples that it learned from, and compare.

    Both start from the same weights, as only the samples are to differ; a reference is made from the half's own
    samples. The seed divides the training samples, groups that the split keeps together as wholes.
    """
    scored = []
    divided = halves(data.train.samples, data.groups, np.random.default_rng(seed))
    score: _Scorer = importance
    for name, half in zip(("first half", "second half"), divided, strict=True):
        of_half = named(report, name.capitalize())
        some, whole = Chosen(data.train, half), None if data.groups is None else data.groups[half]
        learned = learning(some, data.test, network, whole)
        trained = train_autoencoder(*learned, network, directory=directory / name, report=of_half)
        samples = Rows.all(Scaled(some, trained.problem.scaling))
        scored.append(
            score(
                DenseEncoder.of(encoder_layers(trained)),
                samples,
                reference_of(configuration, trained.problem.scaling, samples, annotations.iloc[half]),
                target=configuration.target,
                mesh=own_devices(),
                report=of_half,
            )
        )
    found = split_half_stability(scored[0], scored[1], cut, configuration.aggregation)
    return dict(zip(("overlap_retrained", "correlation_retrained"), found, strict=True))
