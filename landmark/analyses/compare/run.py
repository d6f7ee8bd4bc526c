"""Ask which gene set predicts the other genes better (Fig. 3 of the paper), with chance beside it."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from landmark.analyses.compare.config import CompareConfiguration
from landmark.analyses.compare.results import TABLES, CompareResults
from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.run import PREDICTOR, device_of, method
from landmark.data.gene_identifiers import probe_symbols
from landmark.data.history import fact
from landmark.evaluation.bootstrap import units_of
from landmark.evaluation.comparison import (
    comparison_table,
    random_row,
    random_table,
    summary_table,
    target_accuracy,
)
from landmark.evaluation.identical import identical_columns, without_identical
from landmark.evaluation.targets import Targets
from landmark.evaluation.verdict import standing, verdicts
from landmark.genesets.geneset import GeneSet
from landmark.genesets.sources import random_sets
from landmark.inference.predict import Prediction, fit, predict_test
from landmark.inference.trained import TrainedPredictor
from landmark.progress import Progress
from landmark.store.runs import Run
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.reuse import fitted_step
from landmark.workflows.sets import kind_of, parse_sets, source_runs
from landmark.workflows.split_expression import split_expression


def run(configuration: CompareConfiguration, context: Context) -> Outcome:
    """Write comparison.parquet, summary.parquet, random.parquet, sets.parquet and pairs.parquet."""
    question = _Question(configuration, context)
    sets, rule, kinds = question.sets, question.rule, question.kinds
    predictions = {s.name: question.predicted(s) for s in sets}
    accuracies = {name: target_accuracy(prediction) for name, prediction in predictions.items()}
    random = random_table(
        random_row(configuration.seed + number, question.by_chance(number), accuracies)
        for number in range(len(question.chance))
    )
    summary = summary_table(accuracies, {s.name: len(s) for s in sets}, kinds, random)
    context.draft.table("comparison", comparison_table(accuracies, rule.genes))
    context.draft.table("summary", summary)
    context.draft.table("random", random if len(random) else pd.DataFrame(columns=TABLES["random"].names))
    context.draft.table(
        "sets", pd.DataFrame([(s.name, gene) for s in sets for gene in s.genes], columns=["set", "gene"])
    )

    pairs = _pairs(question, predictions)
    context.draft.table("pairs", pairs)
    copied = identical_columns(question.split.train)
    identical = [gene for gene, is_copy in zip(rule.genes, copied, strict=True) if is_copy]
    parents = {"dataset": configuration.dataset} | source_runs(configuration.sets)
    return Outcome(
        parents=parents | {f"fit {name}": fitted.id for name, fitted in question.fits.items()},
        results=CompareResults(
            predictor=configuration.predictor,
            arithmetic=rule.count(sets[0]).sentence(),
            sets=_figures(summary, random),
            identical_genes=len(identical),
            without_identical=without_identical(accuracies, sets, identical) if identical else {},
            **_chance(random),
            **_headline(question, pairs),
        ),
        split={"train": len(question.split.train), "test": len(question.split.test)},
        seed=configuration.seed,
        device=device_of(configuration),
    )


def take_part(configuration: CompareConfiguration, context: Context) -> None:
    """Share the trainings of the process that executes ``run``; write nothing."""
    question = _Question(configuration, context)
    for number in range(len(question.chance)):
        question.fitted_by_chance(number)


class _Question:
    """The sets that are compared, each with a stored predictor, and random sets, whose predictors are not kept."""

    def __init__(self, configuration: CompareConfiguration, context: Context) -> None:
        context.report(Progress("Reading the dataset"))
        self.configuration, self.context = configuration, context
        self.sets, self.rule = _sets(configuration, context)
        self.kinds = {s.name: kind_of(text) for s, text in zip(self.sets, configuration.sets, strict=True)}
        size = min(map(len, self.sets))
        self.chance = list(random_sets(self.rule.genes, size, configuration.chance_sets, configuration.seed))
        self.fits = {
            s.name: self._fit(s, text) for s, text in zip(self.sets, configuration.sets, strict=True)
        }
        # Only now: each fit has read the dataset for itself, and it should not be in memory twice.
        matrix = context.datasets.get(configuration.dataset).load()
        self.split = split_expression(matrix, self.rule.genes, configuration.covariate)

    def predicted(self, gene_set: GeneSet) -> Prediction:
        """Predict the targets of one of the compared sets by its stored predictor."""
        self.context.report(Progress(f"Predicting from {gene_set.name}"))
        trained = TrainedPredictor.load(self.fits[gene_set.name].folder / PREDICTOR)
        return predict_test(self.split, trained, self.rule.of(gene_set))

    def by_chance(self, number: int) -> Prediction:
        """Predict the targets of one of the random sets."""
        return predict_test(self.split, self.fitted_by_chance(number), self.rule.of(self.chance[number]))

    def fitted_by_chance(self, number: int) -> TrainedPredictor:
        """Fit a predictor on one of the random sets, to all genes outside it, as is done for the compared sets."""
        gene_set, own = self.chance[number], set(self.chance[number].genes)
        configuration = self.configuration
        return fit(
            self.split,
            gene_set.genes,
            [gene for gene in self.rule.genes if gene not in own],
            method(
                configuration,
                self.context.draft.folder / "checkpoints" / gene_set.name,
                configuration.seed,
            ),
            seed=configuration.seed,
            report=part(
                self.context.report, f"Predicting from {gene_set.name}", number, len(self.chance), "set"
            ),
        )

    def _fit(self, gene_set: GeneSet, text: str) -> Run:
        """Return the run that holds the predictor of a set: a finished one, or a new one as a step of this."""
        shared = set(FitConfiguration.model_fields) & set(CompareConfiguration.model_fields)
        chosen = {name: getattr(self.configuration, name) for name in shared}
        wanted = FitConfiguration(**chosen, set=text, size=len(gene_set))
        return fitted_step(self.context, wanted, gene_set.genes, f"fit {gene_set.name}")


def _sets(configuration: CompareConfiguration, context: Context) -> tuple[list[GeneSet], Targets]:
    """Make the sets and the rule of their targets; the matrix is not kept."""
    dataset = context.datasets.get(configuration.dataset)
    matrix = dataset.load()
    sets = parse_sets(configuration.sets, matrix, dataset.id, context.runs, configuration.same_size)
    genes = tuple(map(str, matrix.var_names))
    strict = configuration.strict and fact(matrix, "identifier") == "hgu133a_probe"
    rule = Targets(genes, tuple(sets), configuration.targets, probe_symbols() if strict else None)
    for gene_set in sets:  # where none is left, that is said before anything is fitted
        rule.of(gene_set)
    return sets, rule


def _figures(summary: pd.DataFrame, random: pd.DataFrame) -> dict[str, dict[str, Any]]:
    figures = {}
    for row in summary[summary["kind"] != "random"].itertuples():
        figures[row.set] = {
            "size": int(row.size),
            "targets": int(row.targets),
            "mae": float(row.mae),
            "pcc": float(row.pcc),
            "significant": int(row.significant),
        }
        if len(random):
            place = standing(row.set, random)
            figures[row.set] |= {"percentile": 100 * place.pcc, "percentile_mae": 100 * place.mae}
    return figures


def _chance(random: pd.DataFrame) -> dict[str, float]:
    if len(random) < 2:
        return {}
    return {
        "random_sets": len(random),
        "random_pcc": float(random["pcc"].mean()),
        "random_pcc_sd": float(random["pcc"].std()),
        "random_mae": float(random["mae"].mean()),
        "random_mae_sd": float(random["mae"].std()),
    }


def _pairs(question: "_Question", predictions: Mapping[str, Prediction]) -> pd.DataFrame:
    """Set every two sets against each other, each on the targets that both predict; intervals over test samples."""
    found = verdicts(
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
