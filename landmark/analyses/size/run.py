"""Ask how accuracy grows with the number of genes measured, for several orders of genes and for chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from landmark.analyses.fit.run import device_of, method
from landmark.analyses.size.config import SizeConfiguration
from landmark.analyses.size.results import TABLES, SizeResults
from landmark.errors import BadConfiguration
from landmark.genesets.geneset import GeneSet
from landmark.genesets.sources import random_sets
from landmark.inference.predict import predict
from landmark.inference.split import SplitExpression
from landmark.metrics.gene_sets import Targets, identical_columns
from landmark.metrics.per_gene import accuracy
from landmark.metrics.size_curve import size_curve
from landmark.progress import Progress, Report
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.samples import Expression, split_expression
from landmark.workflows.sets import kind_of, parse_sets, ranking_run, sets_table, target_rule

FEW = 5
"""Sizes that are tried where each has to be learned anew."""

_NAMES = {"ranking": "DeepLIFT", "improved": "greedy", "variable": "variable"}
"""Names of orders without an end, whose sets would be called D1000 and V1000."""


def run(configuration: SizeConfiguration, context: Context) -> Outcome:
    """Write size.parquet, random.parquet and sets.parquet."""
    asked = _asked(configuration, context)
    orders, rule = asked.orders, asked.rule
    tables = _curves(configuration, context, asked)
    curves = pd.concat(tables[: len(orders)], ignore_index=True)
    context.draft.table("size", curves)
    context.draft.table("random", _random(tables[len(orders) :], configuration.seed))
    context.draft.table("sets", sets_table(orders))
    kinds = [kind_of(text) for text in configuration.sets]
    parents = {"dataset": configuration.dataset}
    if ranking := ranking_run(configuration.sets):
        parents["rank"] = ranking
    return Outcome(
        parents=parents,
        results=SizeResults(
            predictor=configuration.predictor,
            arithmetic=rule.count(orders[0]).sentence(),
            recovered_pcc=configuration.recovered,
            random_orders=len(asked.chance),
            identical_genes=int(identical_columns(asked.split.train).sum()),
            sets={
                order.name: _figures(curves[curves["set"] == order.name].iloc[-1], kind, len(rule.of(order)))
                for order, kind in zip(orders, kinds, strict=True)
            },
        ),
        split={"train": len(asked.split.train), "test": len(asked.split.test)},
        seed=configuration.seed,
        device=device_of(configuration),
    )


def take_part(configuration: SizeConfiguration, context: Context) -> None:
    """Share the trainings of the process that executes ``run``; write nothing."""
    _curves(configuration, context, _asked(configuration, context))


@dataclass(frozen=True)
class _Asked:
    """What is to be predicted from what: orders of genes, and random ones beside them."""

    split: SplitExpression
    orders: list[GeneSet]
    chance: list[GeneSet]
    rule: Targets
    sizes: list[int]


def _asked(configuration: SizeConfiguration, context: Context) -> _Asked:
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    matrix = Expression(dataset)
    genes = tuple(map(str, matrix.about.var_names))
    largest = configuration.largest_of(len(genes))
    if largest >= len(genes):
        raise BadConfiguration(
            f"largest = {largest:,}: the dataset has {len(genes):,} genes, and some must be left to predict. Choose at "
            f"most {len(genes) - 1:,}."
        )
    orders = _orders(configuration, matrix, context, largest)
    longest = max(map(len, orders))
    return _Asked(
        split_expression(matrix),
        orders,
        list(random_sets(genes, longest, configuration.chance_orders, configuration.seed)),
        target_rule(matrix.about, orders, configuration.targets, configuration.strict),
        _sizes(configuration, longest),
    )


def _curves(configuration: SizeConfiguration, context: Context, asked: _Asked) -> list[pd.DataFrame]:
    """Follow every order, then every random one."""
    tables = []
    every = [*asked.orders, *asked.chance]
    for number, order in enumerate(every):
        report = part(context.report, f"Sizes of {order.name}", number, len(every), "set")
        sizes = [size for size in asked.sizes if size <= len(order)] or [len(order)]
        targets = asked.rule.of(order)
        tables.append(_curve(configuration, context, asked.split, order, targets, sizes, report))
    return tables


def _orders(
    configuration: SizeConfiguration, matrix: Expression, context: Context, largest: int
) -> list[GeneSet]:
    """Make the sets, each with as many genes as it has up to the largest size."""
    texts = [_with_size(text.strip(), largest) for text in configuration.sets]
    named: list[GeneSet] = []
    for text, order in zip(texts, parse_sets(texts, matrix, context.runs, False), strict=True):
        name = _NAMES.get(kind_of(text), order.name)
        number = 1 + sum(other.name.partition(" ")[0] == name for other in named)
        named.append(
            replace(order, name=name if number == 1 else f"{name} {number}", genes=order.genes[:largest])
        )
    return named


def _with_size(text: str, largest: int) -> str:
    endless = kind_of(text) in ("ranking", "variable")  # a greedy selection ends at its own size
    return f"{text}:{largest}" if endless and ":" not in text else text


def _sizes(configuration: SizeConfiguration, longest: int) -> list[int]:
    """Return the sizes to try, ascending; those of the configuration must not pass the longest set."""
    if configuration.sizes:
        if max(configuration.sizes) > longest:
            raise BadConfiguration(
                f"sizes = {max(configuration.sizes):,}: the longest set has {longest:,} genes. Choose sizes up to "
                "that, or a larger largest size."
            )
        return sorted(set(configuration.sizes))
    if configuration.predictor == "ridge":
        return list(range(1, longest + 1))
    return sorted({int(size) for size in np.geomspace(max(1, longest / 16), longest, FEW).round()})


def _curve(
    configuration: SizeConfiguration,
    context: Context,
    split: SplitExpression,
    order: GeneSet,
    targets: Sequence[str],
    sizes: Sequence[int],
    report: Report,
) -> pd.DataFrame:
    """Return set, size, mae, pcc, recovered, one row per size."""
    if configuration.predictor == "ridge":
        return size_curve(
            order.name,
            split,
            order.genes[: max(sizes)],
            targets,
            sizes=sizes,
            recovered=configuration.recovered,
            seed=configuration.seed,
            report=report,
        ).table
    found = []
    for number, size in enumerate(sizes):
        folder = context.draft.folder / "checkpoints" / f"{order.name}-{size}"
        smaller = part(report, f"{order.name}, {size:,} genes", number, len(sizes))
        predictor = method(configuration, folder, configuration.seed)
        answer = predict(
            split, order.genes[:size], targets, predictor, seed=configuration.seed, report=smaller
        )
        reached = accuracy(answer.true, answer.predicted)
        recovered = float((reached.pcc >= configuration.recovered).mean())
        found.append((order.name, size, float(reached.mae.mean()), float(np.nanmean(reached.pcc)), recovered))
    return pd.DataFrame(found, columns=TABLES["size"].names)


def _random(tables: Sequence[pd.DataFrame], seed: int) -> pd.DataFrame:
    columns = TABLES["random"].names
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    numbered = [table.assign(seed=seed + number) for number, table in enumerate(tables)]
    return pd.concat(numbered, ignore_index=True)[columns]


def _figures(last: pd.Series, kind: str, targets: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "largest": int(last["size"]),
        "targets": targets,
        "mae": float(last["mae"]),
        "pcc": float(last["pcc"]),
        "recovered": float(last["recovered"]),
    }
