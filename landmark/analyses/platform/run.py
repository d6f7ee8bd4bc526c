"""Learn on one dataset and predict another, measured in another way (Fig. 4 of the paper)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.fit.run import device_of, method
from landmark.analyses.platform.config import CrossPlatformConfiguration
from landmark.analyses.platform.results import TABLES, PlatformResults, PlatformSet
from landmark.data.history import fact
from landmark.data.scaling import Scaling
from landmark.data.shared_samples import shared_samples
from landmark.data.split import rows
from landmark.data.steps.normalise import onto_quantiles, onto_quantiles_dense, quantiles_of
from landmark.data.steps.stream import from_memory
from landmark.errors import BadConfiguration, BadData
from landmark.genesets.geneset import GeneSet
from landmark.genesets.sources import random_sets
from landmark.inference.predict import Prediction, fit, predict_test
from landmark.inference.split import SplitExpression
from landmark.inference.trained import TrainedPredictor
from landmark.metrics.gene_sets import Evaluation, Targets, evaluate, target_accuracy
from landmark.metrics.per_sample import tissue_accuracy
from landmark.progress import Progress
from landmark.results import Results
from landmark.store.datasets import Dataset
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.matching import Matched, matched
from landmark.workflows.sample_groups import propose
from landmark.workflows.samples import Expression, groups_of
from landmark.workflows.sets import PAPER_CUT, kind_of, parse_sets, ranking_run, sets_table

ENDLESS = ("ranking", "variable")
"""Kinds of sets that order all genes: they give their first genes among those of both datasets."""

FEW_SAMPLES = 60

FEWEST_SAMPLES = 3
"""A correlation over fewer samples means nothing."""

NAMED = 10
"""Of samples that are left out, so many are named."""

_LETTERS = {"ranking": "D", "variable": "V"}


def run(configuration: CrossPlatformConfiguration, context: Context) -> Outcome:
    """Write platform.parquet, tissues.parquet, random.parquet and sets.parquet."""
    context.report(Progress("Reading the datasets"))
    if configuration.dataset == configuration.other:
        raise BadConfiguration(
            f"other = {configuration.other!r}: that is the dataset to learn from. Choose another dataset to predict."
        )
    dataset = context.datasets.get(configuration.dataset)
    first = dataset.load()
    other = context.datasets.get(configuration.other).load()
    both = matched(first, other)
    other, both, shared = _unseen(first, other, both)
    home, away = _splits(configuration, context, first, both)
    sets = _sets(configuration, context, dataset, both)
    rule = Targets(both.genes, tuple(sets))
    chance = list(random_sets(both.genes, min(map(len, sets)), configuration.chance_sets, configuration.seed))
    label, tissues = _tissues(configuration, other)

    every = [*sets, *chance]
    by_tissue: list[pd.DataFrame] = []
    at_home: dict[str, pd.DataFrame] = {}

    def fitted(gene_set: GeneSet) -> TrainedPredictor:
        stage, number = f"Predicting from {gene_set.name}", every.index(gene_set)
        checkpoints = context.draft.folder / "checkpoints" / gene_set.name
        return fit(
            home,
            gene_set.genes,
            rule.of(gene_set),
            method(configuration, checkpoints, configuration.seed),
            seed=configuration.seed,
            report=part(context.report, stage, number, len(every), "set"),
        )

    def predict(gene_set: GeneSet) -> Prediction:
        trained = fitted(gene_set)
        here, there = (predict_test(split, trained, trained.targets) for split in (home, away))
        at_home[gene_set.name] = target_accuracy(here)
        if label:
            table = tissue_accuracy(there.true, there.predicted, tissues)
            by_tissue.append(table.assign(set=gene_set.name))
        return there

    def by_chance(gene_set: GeneSet) -> Prediction:
        return predict_test(away, fitted(gene_set), rule.of(gene_set))

    found = evaluate(sets, predict, chance, by_chance, seed=configuration.seed)
    platform = pd.concat([_by_gene(s.name, found, at_home[s.name]) for s in sets], ignore_index=True)
    random = found.random
    context.draft.table("platform", platform)
    context.draft.table("tissues", _stacked(by_tissue, TABLES["tissues"].names))
    context.draft.table("random", random if len(random) else pd.DataFrame(columns=TABLES["random"].names))
    context.draft.table("sets", sets_table(sets))
    parents = {"dataset": configuration.dataset, "other": configuration.other}
    if ranking := ranking_run(configuration.sets):
        parents["rank"] = ranking
    kinds = {s.name: kind_of(text) for s, text in zip(sets, configuration.sets, strict=True)}
    return Outcome(
        parents=parents,
        results=PlatformResults(
            predictor=configuration.predictor,
            title=fact(first, "title"),
            other_title=fact(other, "title"),
            genes=first.n_vars,
            other_genes=other.n_vars,
            matched=len(both.genes),
            other_samples=other.n_obs,
            **shared,
            label=label,
            arithmetic=rule.count(sets[0]).sentence(),
            sets={s.name: _figures(kinds[s.name], s, found, at_home[s.name]) for s in sets},
            **_promised(PlatformResults, found.chance()),
        ),
        split={"train": len(home.train), "test": len(home.test), "other": len(away.test)},
        seed=configuration.seed,
        device=device_of(configuration),
    )


def _unseen(first: AnnData, other: AnnData, both: Matched) -> tuple[AnnData, Matched, dict[str, Any]]:
    """Leave out samples of the other dataset that the prediction is learned from, and say which they are."""
    found = shared_samples(
        both.first, both.other, list(map(str, first.obs_names)), list(map(str, other.obs_names))
    )
    training = np.zeros(first.n_obs, dtype=bool)
    training[rows(first, "train")] = True
    learned = (found.place >= 0) & training[found.place]
    left = int((~learned).sum())
    if left < FEWEST_SAMPLES:
        raise BadConfiguration(
            f"other: {int(learned.sum()):,} of the {other.n_obs:,} samples of {fact(other, 'title')} are training "
            f"samples of {fact(first, 'title')}, by their names or values, which leaves {left:,} to predict; at least "
            f"{FEWEST_SAMPLES} are needed. Choose a dataset of other samples."
        )
    facts = {
        "shared_samples": int(learned.sum()),
        "shared_first": [str(name) for name in other.obs_names[learned][:NAMED]],
        "shared_held_out": found.count - int(learned.sum()),
    }
    if not learned.any():
        return other, both, facts
    return other[~learned].copy(), replace(both, other=both.other[~learned]), facts


def _splits(
    configuration: CrossPlatformConfiguration, context: Context, first: AnnData, both: Matched
) -> tuple[SplitExpression, SplitExpression]:
    """Return the training samples with the test samples of their own platform, and with all of the other."""
    train, test = both.first[rows(first, "train")], both.first[rows(first, "test")]
    home = SplitExpression.of(train, test, both.genes, groups=groups_of(first))
    values = both.other
    if configuration.normalise:
        context.report(Progress("Joint quantile normalisation"))
        onto = onto_quantiles_dense if configuration.joint_ranks == "dense" else onto_quantiles
        values = onto(values, quantiles_of(from_memory(AnnData(train))))
    if configuration.scaling == "own":
        values = home.scaling.invert(Scaling.learn(values).apply(values))
    return home, SplitExpression.of(train, values, both.genes)


def _sets(
    configuration: CrossPlatformConfiguration, context: Context, dataset: Dataset, both: Matched
) -> list[GeneSet]:
    """Make the sets over the genes of both datasets, all of one size."""
    texts = [_endless(text.strip(), dataset.manifest.genes) for text in configuration.sets]
    kinds = [kind_of(text) for text in texts]
    sets = []
    for gene_set in parse_sets(texts, Expression(dataset), context.runs, same_size=False):
        genes = tuple(dict.fromkeys(both.names[gene] for gene in gene_set.genes if gene in both.names))
        if not genes:
            raise BadData(
                f"None of the {len(gene_set):,} genes of {gene_set.name} is in both datasets. Leave this set out, or "
                "choose another dataset to predict."
            )
        sets.append(replace(gene_set, genes=genes))
    ended = [len(s) for s, kind in zip(sets, kinds, strict=True) if kind not in ENDLESS]
    size = configuration.size or (min(ended) if ended else max(1, min(PAPER_CUT, len(both.genes) // 10)))
    if short := next((s for s in sets if len(s) < size), None):
        raise BadConfiguration(
            f"size = {size:,}: {short.name} has {len(short):,} genes in both datasets. Choose at most so many."
        )
    return [
        _cut(s, kind, size, sets[:number]) for number, (s, kind) in enumerate(zip(sets, kinds, strict=True))
    ]


def _endless(text: str, genes: int) -> str:
    kind = kind_of(text)
    return f"{text.partition(':')[0]}:{genes}" if kind in ENDLESS else text


def _cut(gene_set: GeneSet, kind: str, size: int, before: Sequence[GeneSet]) -> GeneSet:
    name = f"{_LETTERS[kind]}{size}" if kind in ENDLESS else gene_set.name
    again = sum(kind in ENDLESS and other.name.startswith(_LETTERS[kind]) for other in before)
    origin = f"the first {size} genes of both datasets in {gene_set.origin}"
    return GeneSet(f"{name}-{again + 1}" if again else name, gene_set.genes[:size], origin)


def _tissues(configuration: CrossPlatformConfiguration, other: AnnData) -> tuple[str, list[str]]:
    """Return the annotation of the other samples and its values; an empty name where there is none."""
    columns = [name for name in other.obs.columns if name != "split"]
    if configuration.label and configuration.label not in columns:
        raise BadData(
            f"The samples of {fact(other, 'title')} have no annotation {configuration.label!r}. Choose from: "
            f"{', '.join(columns) or 'there is none'}."
        )
    label = configuration.label
    if not label and columns:
        try:
            label = propose(other.obs[columns]).label
        except BadData:  # no annotation that groups samples: the rest is told all the same
            label = ""
    if label:
        return label, list(other.obs[label].astype(str))
    # few samples without a common annotation are each a group of their own, such as means of tissues
    return ("sample", list(other.obs_names)) if other.n_obs <= FEW_SAMPLES else ("", [])


def _stacked(tables: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _by_gene(name: str, found: Evaluation, at_home: pd.DataFrame) -> pd.DataFrame:
    own = {"home_mae": at_home["mae"], "home_pcc": at_home["pcc"], "set": name}
    return found.per_gene[name].rename(columns={"p": "p_value"}).assign(**own)


def _figures(kind: str, gene_set: GeneSet, found: Evaluation, at_home: pd.DataFrame) -> PlatformSet:
    return PlatformSet(
        kind=kind,
        size=len(gene_set),
        **found.means(gene_set.name),
        home_mae=float(at_home["mae"].mean()),
        home_pcc=float(at_home["pcc"].mean()),
        **_promised(PlatformSet, found.percentiles(gene_set.name)),
    )


def _promised(results: type[Results], figures: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if name in results.model_fields}
