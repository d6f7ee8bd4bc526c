"""Train DeepChrome on each cell type, measure it on held-out genes, and draw what each class looks like to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from landmark.epigenome.deepchrome.config import DeepchromeConfiguration
from landmark.epigenome.deepchrome.results import DeepchromeResults
from landmark.epigenome.histones import store as histones
from landmark.epigenome.histones.results import HistonesResults
from landmark.epigenome.network import DeepchromeProblem, TrainedDeepchrome, class_patterns, train_deepchrome
from landmark.epigenome.profiles import BINS, LABELS, MARKS, PARTS, bin_rows
from landmark.errors import BadConfiguration, BadData
from landmark.metrics.roc import area, area_by_chance, curve, score_by_levels
from landmark.progress import Progress, Report
from landmark.store.runs import Run
from landmark.training.mesh import device_here
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome


def frequency_rows(patterns: np.ndarray, threshold: float) -> pd.DataFrame:
    """Write as rows in what share of the 100 bins each mark is above the threshold: label, mark, frequency."""
    label, mark = np.indices((len(patterns), len(MARKS))).reshape(2, -1)
    active = (patterns > threshold).mean(axis=1)
    return pd.DataFrame({"label": label, "mark": np.array(MARKS)[mark], "frequency": active.ravel()})


def planted_rows(patterns: np.ndarray, rules: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Look for planted rules in the patterns; rows: mark, first_bin, last_bin, sign, difference, recovered.

    difference is the mean value of the mark in the rule's bins in the pattern of expressed genes less that in the
    pattern of unexpressed ones; the rule is recovered where it has the rule's sign. Rules without an effect are left
    out.
    """
    rows = []
    for rule in rules:
        if rule["sign"]:
            bins = slice(rule["first_bin"] - 1, min(rule["last_bin"], BINS))
            unexpressed, expressed = patterns[:, bins, MARKS.index(rule["mark"])].mean(axis=1)
            difference = float(expressed - unexpressed)
            named = {name: rule[name] for name in ("mark", "first_bin", "last_bin", "sign")}
            rows.append({**named, "difference": difference, "recovered": difference * rule["sign"] > 0})
    return pd.DataFrame(rows)


NETWORKS = "networks"
"""Folder of the trained networks in their run, one sub-folder per cell type, numbered in the order of cells.parquet."""


@dataclass(frozen=True)
class CellType:
    """Genes of one cell type: columns gene, split and label, and their reads, mapped, [genes, 100, 5]."""

    name: str
    genes: pd.DataFrame
    reads: np.ndarray

    def rows(self, part: str) -> np.ndarray:
        """Places of the genes of a part of the split."""
        return np.flatnonzero(self.genes["split"].to_numpy() == part)

    def of(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Read the reads and labels of a part of the split."""
        rows = self.rows(part)
        return np.asarray(self.reads[rows]), self.genes["label"].to_numpy()[rows]


def run(configuration: DeepchromeConfiguration, context: Context) -> Outcome:
    """Write a network per cell type, and the tables history, cells, roc, predictions, maps, frequency, planted."""
    context.report(Progress("Reading the histone profiles"))
    source = context.runs.get(configuration.histones, "histones")
    names = _chosen(configuration, source)
    for name in names:
        _check(name, histones.genes(source, name))
    tables: dict[str, list[pd.DataFrame]] = {}
    for number, name in enumerate(names):
        cells = CellType(name, histones.genes(source, name), histones.profiles(source, name))
        trained = _trained(cells, configuration, context, number, len(names))
        trained.save(context.draft.folder / NETWORKS / str(number))
        context.report(Progress(f"Measuring {name}", number + 1, len(names), "cell type"))
        for table, rows in {
            "history": trained.history,
            **_measured(cells, trained, configuration.seed),
            **_patterns(trained, configuration, _rules(source)),
        }.items():
            tables.setdefault(table, []).append(rows.assign(cell_type=name))
    found = {table: pd.concat(parts, ignore_index=True) for table, parts in tables.items()}
    for table, rows in found.items():
        context.draft.table(table, rows[["cell_type", *rows.columns.drop("cell_type")]])
    return Outcome(
        parents={"histones": source.id},
        results=_summary(found),
        split={part: int(found["cells"][part].sum()) for part in PARTS},
        seed=configuration.training.seed,
        device=device_here(),
    )


def cell_type_of(run: Run, cell_type: str) -> tuple[str, TrainedDeepchrome]:
    """Return a trained network of a DeepChrome run: the one asked for, or the first.

    BadData if the run has no network of that cell type.
    """
    names = run.table("cells")["cell_type"].tolist()
    name = cell_type or names[0]
    if name not in names:
        raise BadData(f"{run.id} has no network of {name!r}. It has: {', '.join(names[:20])}.")
    return name, Trained.load(run.folder / NETWORKS / str(names.index(name)), DeepchromeProblem)


def _chosen(configuration: DeepchromeConfiguration, source: Run) -> list[str]:
    known = histones.cell_types(source)
    chosen = list(configuration.cell_types) or known
    if unknown := [name for name in chosen if name not in known]:
        raise BadConfiguration(
            f"cell_types: {source.id} has no cell type {unknown[0]!r}. It has: {', '.join(known[:20])}."
        )
    if len(set(chosen)) < len(chosen):
        raise BadConfiguration("cell_types: a cell type is named twice. Name each once.")
    return chosen


def _check(name: str, genes: pd.DataFrame) -> None:
    """Refuse a cell type on which nothing could be learned or measured, before any training starts."""
    for part in PARTS:
        labels = genes.loc[genes["split"] == part, "label"]
        missing = [word for label, word in enumerate(LABELS) if not (labels == label).any()]
        if part != "validation" and missing:
            raise BadData(
                f"The {part} genes of {name} hold no {missing[0]} gene, so the two kinds cannot be told apart. "
                "Bring in more genes, or split them anew."
            )
        if labels.empty:
            raise BadData(f"{name} has no {part} genes. Bring in more genes, or split them anew.")


def _trained(
    cells: CellType, configuration: DeepchromeConfiguration, context: Context, number: int, count: int
) -> TrainedDeepchrome:
    """Train on one cell type; an interrupted training goes on from its checkpoints."""
    return train_deepchrome(
        *cells.of("train"),
        *cells.of("validation"),
        configuration.training,
        directory=context.draft.folder / "checkpoints" / str(number),
        report=_of_cell_type(context.report, cells.name, number, count),
    )


def _of_cell_type(report: Report, name: str, number: int, count: int) -> Report:
    """Return a report of one training that tells how many cell types are done, and its losses."""

    def of_one(progress: Progress) -> None:
        training = progress.stage == "Training" and progress.total
        done = number + (progress.done / progress.total if training else 0)
        stage = f"{name}: {progress.stage[:1].lower()}{progress.stage[1:]}"
        report(replace(progress, stage=stage, done=done, total=count, unit="cell type"))

    return of_one


def _measured(cells: CellType, trained: TrainedDeepchrome, seed: int) -> dict[str, pd.DataFrame]:
    """Measure a network on its test genes, beside logistic regression on mean mark levels and beside chance."""
    probability = trained.apply(cells.reads)
    reads, labels = cells.of("test")
    scores = probability[cells.rows("test")]
    found = area(labels, scores)
    logistic = area(labels, score_by_levels(*cells.of("train"), reads))
    cell = {
        **{part: len(cells.rows(part)) for part in PARTS},
        "auc": found.value,
        "auc_low": found.low,
        "auc_high": found.high,
        "auc_logistic": logistic.value,
        "auc_logistic_low": logistic.low,
        "auc_logistic_high": logistic.high,
        "auc_shuffled": area_by_chance(labels, scores, seed),
        "accuracy": float(((scores > 0.5) == (labels == 1)).mean()),
        "epochs": len(trained.history),
        "epoch": trained.epoch,
        "seconds": float(trained.history["seconds"].sum()),
    }
    return {
        "cells": pd.DataFrame([cell]),
        "roc": curve(labels, scores),
        "predictions": cells.genes.assign(probability=probability),
    }


def _patterns(
    trained: TrainedDeepchrome, configuration: DeepchromeConfiguration, rules: list[dict[str, object]]
) -> dict[str, pd.DataFrame]:
    """Draw the pattern of each class, and look for the planted rules in it where they are known."""
    chosen = configuration.maps
    patterns = class_patterns(
        trained,
        steps=chosen.steps,
        learning_rate=chosen.learning_rate,
        penalty=chosen.penalty,
        seed=configuration.seed,
    )
    found = {
        "maps": bin_rows("label", value=patterns),
        "frequency": frequency_rows(patterns, chosen.threshold),
    }
    return found | ({"planted": planted_rows(patterns, rules)} if rules else {})


def _rules(source: Run) -> list[dict[str, object]]:
    """Return the rules planted in simulated profiles; none in others."""
    rules: list[dict[str, object]] = json.loads(HistonesResults.read(source.manifest.metrics).rules or "[]")
    return rules


def _summary(found: dict[str, pd.DataFrame]) -> DeepchromeResults:
    cells = found["cells"]
    planted = {}
    if "planted" in found:
        planted = {"planted": len(found["planted"]), "recovered": int(found["planted"]["recovered"].sum())}
    return DeepchromeResults(
        auc_mean=float(cells["auc"].mean()),
        auc_median=float(cells["auc"].median()),
        auc_low=float(cells["auc"].min()),
        auc_high=float(cells["auc"].max()),
        cell_types=len(cells),
        genes=int(found["predictions"]["gene"].nunique()),
        logistic_mean=float(cells["auc_logistic"].mean()),
        better_than_logistic=int((cells["auc"] > cells["auc_logistic"]).sum()),
        training_seconds=float(cells["seconds"].sum()),
        **planted,
    )
