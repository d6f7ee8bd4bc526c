"""Ask which gene set predicts the other genes better (Fig. 3 of the paper), with chance beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from anndata import AnnData

from landmark.evaluation.comparison import (
    comparison_table,
    random_row,
    random_table,
    summary_table,
    target_accuracy,
)
from landmark.evaluation.targets import Targets
from landmark.evaluation.verdict import standing, verdict
from landmark.expression.annotation import probe_symbols
from landmark.expression.history import fact
from landmark.expression.split import rows
from landmark.genesets.geneset import GeneSet
from landmark.genesets.random_sets import random_sets
from landmark.inference.dgex import Dgex
from landmark.inference.methods import METHODS
from landmark.inference.predict import Prediction, predict
from landmark.inference.predictor import Predictor
from landmark.inference.split import SplitExpression
from landmark.progress import Progress
from landmark.workflows.configuration import CompareConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import kind_of, parse_sets, ranking_run
from landmark.workflows.stages import part


def run(configuration: CompareConfiguration, context: Context) -> Outcome:
    """Write comparison.parquet, summary.parquet, random.parquet and sets.parquet."""
    question = _Question(configuration, context)
    sets, chance, rule, split = question.sets, question.chance, question.rule, question.split
    genes, kinds = rule.genes, question.kinds
    predictions = {s.name: question.predicted(number) for number, s in enumerate(sets)}
    accuracies = {name: target_accuracy(prediction) for name, prediction in predictions.items()}
    random = random_table(
        random_row(configuration.seed + number, question.predicted(len(sets) + number), accuracies)
        for number in range(len(chance))
    )
    summary = summary_table(accuracies, {s.name: len(s) for s in sets}, kinds, random)
    context.draft.table("comparison", comparison_table(accuracies, genes))
    context.draft.table("summary", summary)
    context.draft.table("random", random if len(random) else pd.DataFrame(columns=["seed", "mae", "pcc"]))
    context.draft.table(
        "sets", pd.DataFrame([(s.name, gene) for s in sets for gene in s.genes], columns=["set", "gene"])
    )

    parents = {"dataset": configuration.dataset}
    if ranking := ranking_run(configuration.sets):
        parents["rank"] = ranking
    return Outcome(
        parents=parents,
        metrics={
            "predictor": configuration.predictor,
            "arithmetic": rule.count(sets[0]).sentence(),
            "sets": _figures(summary, random),
            **_chance(random),
            **_pair(sets, kinds, predictions, configuration, context),
        },
        split={"train": len(split.train), "test": len(split.test)},
        seed=configuration.seed,
        device=_device(configuration),
    )


def take_part(configuration: CompareConfiguration, context: Context) -> None:
    """Share the trainings of the process that executes ``run``; write nothing."""
    question = _Question(configuration, context)
    for number in range(len(question.sets) + len(question.chance)):
        question.predicted(number)


class _Question:
    """The sets that are compared, random ones too, and the predictions from each."""

    def __init__(self, configuration: CompareConfiguration, context: Context) -> None:
        context.report(Progress("Reading the dataset"))
        self.configuration, self.context = configuration, context
        dataset = context.datasets.get(configuration.dataset)
        matrix = dataset.load()
        genes = tuple(matrix.var_names)
        self.split = SplitExpression.of(
            matrix.X[rows(matrix, "train")], matrix.X[rows(matrix, "test")], genes
        )
        self.sets = parse_sets(configuration.sets, matrix, dataset.id, context.runs, configuration.same_size)
        self.kinds = {s.name: kind_of(text) for s, text in zip(self.sets, configuration.sets, strict=True)}
        self.rule = Targets(genes, tuple(self.sets), configuration.targets, _gene_of_probe(matrix))
        size = min(map(len, self.sets))
        self.chance = list(random_sets(genes, size, configuration.chance_sets, configuration.seed))

    def predicted(self, number: int) -> Prediction:
        """Predict from one of the sets, counted through from the first set to the last random one."""
        gene_set = [*self.sets, *self.chance][number]
        stage = f"Predicting from {gene_set.name}"
        report = part(self.context.report, stage, number, len(self.sets) + len(self.chance), "set")
        checkpoints = self.context.draft.folder / "checkpoints" / gene_set.name
        return predict(
            self.split,
            gene_set.genes,
            self.rule.of(gene_set),
            _predictor(self.configuration, checkpoints),
            seed=self.configuration.seed,
            report=report,
        )


def _predictor(configuration: CompareConfiguration, checkpoints: Path) -> Predictor:
    if configuration.predictor == "dgex":
        return Dgex(configuration.dgex, checkpoints)
    return METHODS[configuration.predictor]()


def _gene_of_probe(matrix: AnnData) -> Mapping[str, str] | None:
    return probe_symbols() if fact(matrix, "identifier") == "hgu133a_probe" else None


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


def _pair(
    sets: Sequence[GeneSet],
    kinds: Mapping[str, str],
    predictions: Mapping[str, Prediction],
    configuration: CompareConfiguration,
    context: Context,
) -> dict[str, Any]:
    """Set the first ranking against L1000, or the first two sets against each other."""
    if len(sets) < 2:
        return {}
    order = sorted(sets, key=lambda s: {"ranking": 0, "l1000": 2}.get(kinds[s.name], 1))
    first, second = order[0], order[-1]
    found = verdict(
        first.name,
        predictions[first.name],
        second.name,
        predictions[second.name],
        seed=configuration.seed,
        report=part(context.report, "Judging the difference", 0, 1),
    )
    return {
        "first": first.name,
        "second": second.name,
        "overlap": len(set(first.genes) & set(second.genes)),
        "wins": found.mae.won,
        "mae_difference": found.mae.mean,
        "mae_low": found.mae.low,
        "mae_high": found.mae.high,
        "pcc_difference": found.pcc.mean,
        "pcc_low": found.pcc.low,
        "pcc_high": found.pcc.high,
        "t_p_value": found.mae.t_p_value,
        "wilcoxon_p_value": found.mae.wilcoxon_p_value,
    }


def _device(configuration: CompareConfiguration) -> str:
    if configuration.predictor != "dgex":
        return "CPU"
    from landmark.workflows.device import device_name

    return device_name()
