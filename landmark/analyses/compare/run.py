"""Ask which gene set predicts the other genes better (Fig. 3 of the paper), with chance beside it."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from landmark.analyses.compare.config import CompareConfiguration
from landmark.analyses.compare.results import TABLES, CompareResults, SetResults
from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.run import FitInput, device_of, fitted_step, method, predicted_by
from landmark.genesets.geneset import GeneSet, cut_to_same_size
from landmark.genesets.sources import random_sets
from landmark.inference.predict import Prediction, narrowed, predict
from landmark.metrics.gene_sets import (
    Evaluation,
    chance_table,
    comparison_table,
    identical_columns,
    summary_table,
    target_accuracy,
    without_identical,
)
from landmark.metrics.paired import compare_pairs, units_of
from landmark.metrics.per_gene import within_groups
from landmark.progress import Progress
from landmark.store.runs import Run
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.sample_groups import groups_judged_if_any
from landmark.workflows.samples import Expression, split_expression
from landmark.workflows.sets import (
    distinct_names,
    first_genes,
    kind_of,
    parse_set,
    sets_table,
    source_runs,
    target_rule,
)


def run(configuration: CompareConfiguration, context: Context) -> Outcome:
    """Write comparison.parquet, summary.parquet, random.parquet, sets.parquet and pairs.parquet."""
    question = _Question(configuration, context)
    sets, rule = question.sets, question.rule
    predictions = {s.name: question.predicted(s) for s in sets}
    per_gene = {name: target_accuracy(one, report=context.report) for name, one in predictions.items()}
    within, pairs = question.within(predictions), _pairs(question, predictions)
    del predictions  # random sets need the memory
    found = Evaluation(
        per_gene, chance_table(per_gene, question.chance, question.by_chance, configuration.seed)
    )
    random = found.random if len(found.random) else pd.DataFrame(columns=TABLES["random"].names)
    context.draft.table("comparison", comparison_table(found.per_gene, rule.genes))
    summary = summary_table(found, sets, question.kinds)
    context.draft.table(
        "summary", summary.assign(pcc_within=summary["set"].map(within)) if within else summary
    )
    context.draft.table("random", random)
    context.draft.table("sets", sets_table(sets))
    context.draft.table("pairs", pairs)
    copied = identical_columns(question.split.train)
    identical = [gene for gene, is_copy in zip(rule.genes, copied, strict=True) if is_copy]
    parents = {"dataset": configuration.dataset} | source_runs(configuration.sets)
    ranked = sorted(sets, key=lambda s: -found.means(s.name)["pcc"])
    return Outcome(
        parents=parents | {f"fit {name}": fitted.id for name, fitted in question.fits.items()},
        results=CompareResults(
            predictor=configuration.predictor,
            arithmetic=rule.count(sets[0]).sentence(),
            sets={
                s.name: SetResults(
                    size=len(s),
                    **found.means(s.name),
                    **({"pcc_within": within[s.name]} if s.name in within else {}),
                    **found.percentiles(s.name),
                )
                for s in ranked
            },
            **question.label_figures(),
            identical_genes=len(identical),
            without_identical=without_identical(found.per_gene, sets, identical) if identical else {},
            **(found.chance() if len(random) > 1 else {}),
            **_headline(question, pairs),
        ),
        split={"train": len(question.split.train), "test": len(question.split.test)},
        seed=configuration.seed,
        device=device_of(configuration),
    )


def take_part(configuration: CompareConfiguration, context: Context) -> None:
    """Share the trainings of the process that executes ``run``; write nothing."""
    question = _Question(configuration, context)
    for gene_set in question.chance:
        question.by_chance(gene_set)


class _Question:
    """The sets that are compared, each with a stored predictor, and random sets, whose predictors are not kept."""

    def __init__(self, configuration: CompareConfiguration, context: Context) -> None:
        context.report(Progress("Reading the dataset"))
        self.configuration, self.context = configuration, context
        dataset = context.datasets.get(configuration.dataset)
        matrix = Expression(dataset)
        whole = [parse_set(text, matrix, context.runs) for text in configuration.sets]
        self.sets = distinct_names(cut_to_same_size(whole) if configuration.same_size else whole)
        self.rule = target_rule(matrix.about, self.sets, configuration.targets, configuration.strict)
        for gene_set in self.sets:  # where none is left, that is said before anything is fitted
            self.rule.of(gene_set)
        self.kinds = {s.name: kind_of(text) for s, text in zip(self.sets, configuration.sets, strict=True)}
        size = min(map(len, self.sets))
        self.chance = list(random_sets(self.rule.genes, size, configuration.chance_sets, configuration.seed))
        self.split = split_expression(matrix, configuration.covariate)
        self.groups = groups_judged_if_any(matrix, configuration.label)
        given = [
            FitInput.of(matrix.about, first_genes(of_text, len(s)), self.split)
            for s, of_text in zip(self.sets, whole, strict=True)
        ]
        self.fits, self._predicted = {}, {}
        for gene_set, text, of_set in zip(self.sets, configuration.sets, given, strict=True):
            self.fits[gene_set.name] = self._fit(gene_set, text, of_set)
            self._predicted[gene_set.name] = of_set

    def predicted(self, gene_set: GeneSet) -> Prediction:
        """Predict the targets of one of the compared sets by its stored predictor."""
        self.context.report(Progress(f"Predicting from {gene_set.name}"))
        given = self._predicted.pop(gene_set.name)  # what it predicts of other genes is not kept
        return predicted_by(self.fits[gene_set.name], given, self.rule.of(gene_set))

    def by_chance(self, gene_set: GeneSet) -> Prediction:
        """Predict from one of the random sets, learning all genes outside it as is done for the compared sets."""
        own, configuration, number = set(gene_set.genes), self.configuration, self.chance.index(gene_set)
        stage = f"Predicting from {gene_set.name}"
        checkpoints = self.context.draft.folder / "checkpoints" / gene_set.name
        found = predict(
            self.split,
            gene_set.genes,
            [gene for gene in self.rule.genes if gene not in own],
            method(configuration, checkpoints, configuration.seed),
            seed=configuration.seed,
            report=part(self.context.report, stage, number, len(self.chance), "set"),
        )
        return narrowed(self.split, found, self.rule.of(gene_set))

    def within(self, predictions: Mapping[str, Prediction]) -> dict[str, float]:
        """Average the correlation within groups of test samples over targets, by set; empty without groups."""
        if self.groups is None:
            return {}
        found = {
            name: within_groups(one.true, one.predicted, self.groups.numbers)
            for name, one in predictions.items()
        }
        return {name: float(np.nanmean(pcc)) for name, pcc in found.items() if np.isfinite(pcc).any()}

    def label_figures(self) -> dict[str, Any]:
        """Say which groups of test samples these are."""
        if self.groups is None:
            return {}
        sizes = self.groups.sizes.values()
        return {"label": self.groups.label, "label_groups": len(sizes), "label_samples": sum(sizes)}

    def _fit(self, gene_set: GeneSet, text: str, given: FitInput) -> Run:
        """Return the run that holds the predictor of a set: a finished one, or a new one as a step of this."""
        shared = set(FitConfiguration.model_fields) & set(CompareConfiguration.model_fields)
        chosen = {name: getattr(self.configuration, name) for name in shared}
        wanted = FitConfiguration(**chosen, set=text, size=len(gene_set))
        return fitted_step(self.context, wanted, given, f"fit {gene_set.name}")


def _pairs(question: "_Question", predictions: Mapping[str, Prediction]) -> pd.DataFrame:
    """Set every two sets against each other, each on the targets that both predict; intervals over test samples."""
    found = compare_pairs(
        predictions,
        list(combinations([s.name for s in _in_order(question)], 2)),
        seed=question.configuration.seed,
        groups=question.split.groups.test if question.split.groups else None,
        report=part(question.context.report, "Judging the differences", 0, 1),
    )
    return pd.DataFrame(
        [
            (
                *(one.first, one.second, one.targets, one.mae.won),
                *(one.mae.mean, one.mae.low, one.mae.high, one.pcc.mean, one.pcc.low, one.pcc.high),
                *(one.mae.t_p_value, one.mae.wilcoxon_p_value),
            )
            for one in found
        ],
        columns=TABLES["pairs"].names,
    )


def _in_order(question: "_Question") -> list[GeneSet]:
    """Return the sets, selections and rankings first and L1000 last."""
    rank = {"improved": 0, "ranking": 1, "l1000": 3}
    return sorted(question.sets, key=lambda s: rank.get(question.kinds[s.name], 2))


def _headline(question: "_Question", pairs: pd.DataFrame) -> dict[str, Any]:
    """Set the first selection or ranking against L1000, or the first two sets against each other."""
    if pairs.empty:
        return {}
    order = _in_order(question)
    first, second = order[0], order[-1]
    found = pairs[(pairs["first"] == first.name) & (pairs["second"] == second.name)].iloc[0]
    figures = {name: found[name] for name in TABLES["pairs"].names if name != "targets"}
    known = {name: value for name, value in figures.items() if isinstance(value, str) or not np.isnan(value)}
    groups = question.split.groups
    return known | {
        "overlap": len(set(first.genes) & set(second.genes)),
        "redrawn_groups": units_of(len(groups.test), groups.test) if groups else 0,
    }
