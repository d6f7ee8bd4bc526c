"""Let ways of choosing genes compete in nested cross-validation: which one serves samples that nobody has seen?"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.benchmark.config import BenchmarkConfiguration
from landmark.analyses.benchmark.fold import Fold, Setup
from landmark.analyses.benchmark.results import BenchmarkResults
from landmark.analyses.benchmark.store import FoldStore
from landmark.data.gene_identifiers import probe_symbols
from landmark.data.history import fact
from landmark.data.split import COLUMN, annotation_kept_whole, numbered_groups
from landmark.errors import BadConfiguration
from landmark.genesets.sources import l1000_present
from landmark.metrics.cross_validation import L1000, balanced_folds, grouped_folds, random_folds, standing
from landmark.metrics.gene_sets import identical_columns
from landmark.progress import Progress, Report
from landmark.training.mesh import accelerator_memory, device_name
from landmark.workflows.context import Context, Outcome
from landmark.workflows.resource_check import check_resources, task_of
from landmark.workflows.sets import LEAST_L1000, default_cut, l1000_count


def run(configuration: BenchmarkConfiguration, context: Context) -> Outcome:
    """Write results.parquet, duels.parquet, chosen.parquet, costs.parquet and standing.parquet.

    A fold that is finished is kept in the draft; on a resume it is not computed again.
    """
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    if configuration.trainings:
        task = task_of(dataset.manifest, configuration.network)
        check_resources(context.workspace, task, device_memory=accelerator_memory())
    matrix = dataset.load()
    divided = {seed: _folds(matrix, configuration, seed) for seed in configuration.all_seeds}
    setup = _setup(matrix, configuration)
    store = FoldStore(context.draft.folder)
    total = configuration.folds * configuration.seeds
    for number, (seed, fold) in enumerate((s, f) for s in divided for f in range(configuration.folds)):
        if not store.finished(seed, fold):
            report = _of_fold(context.report, number, total)
            report(Progress("Beginning"))
            test = divided[seed] == fold
            working = store.working(seed, fold)
            found = Fold(setup, configuration, seed, fold, test, working).run(report)
            store.save(seed, fold, found)

    results, duels = store.table("results"), store.table("duels")
    ratio = 1 / (configuration.folds - 1)
    table = standing(results, duels, ratio)
    for name in ("chosen", "costs"):
        context.draft.table(name, store.table(name))
    context.draft.table("results", results)
    context.draft.table("duels", duels)
    context.draft.table("standing", table)
    return Outcome(
        parents={"dataset": dataset.id},
        results=BenchmarkResults(
            sizes=list(setup.sizes),
            size=_headline_size(setup),
            predictors=list(configuration.predictors),
            strategies=list(configuration.strategies),
            folds=configuration.folds,
            seeds=configuration.seeds,
            samples=len(setup.X),
            genes=len(setup.genes),
            **({"groups": together} if (together := _together(matrix, configuration)) else {}),
            l1000_present=len(setup.l1000),
            identical_genes=int(setup.copied.sum()),
            **_winner(table, _headline_size(setup), configuration.predictors[0]),
        ),
        split={"in all": len(setup.X)},
        seed=configuration.first_seed,
        device=device_name(),
    )


def _setup(matrix: AnnData, configuration: BenchmarkConfiguration) -> Setup:
    genes = tuple(map(str, matrix.var_names))
    identifier = fact(matrix, "identifier")
    sizes = _sizes(configuration, genes, identifier)
    l1000 = np.array([], dtype=np.intp)
    if l1000_count(genes, identifier) >= LEAST_L1000:
        place = {gene: column for column, gene in enumerate(genes)}
        published = l1000_present(genes, identifier, dgex=True).genes
        l1000 = np.array([place[gene] for gene in published])
    of_probe = None
    if configuration.strict and identifier == "hgu133a_probe":
        known = probe_symbols()
        of_probe, _ = pd.factorize(pd.Series([known.get(gene) or None for gene in genes], dtype=object))
    X = np.asarray(matrix.X, dtype=np.float32)
    together = _together(matrix, configuration)
    groups = numbered_groups(matrix.obs[together]) if together else None
    return Setup(X, genes, sizes, l1000, identical_columns(X), of_probe, groups)


def _sizes(configuration: BenchmarkConfiguration, genes: tuple[str, ...], identifier: str) -> tuple[int, ...]:
    """Return the sizes of sets, ascending."""
    cut = default_cut(genes, identifier)
    sizes = tuple(sorted(configuration.sizes or {max(1, cut // part) for part in (4, 2, 1)}))
    if sizes[-1] >= len(genes):
        raise BadConfiguration(
            f"sizes = {sizes[-1]:,}: the dataset has {len(genes):,} genes, and some must be left to predict; choose at "
            f"most {len(genes) - 1:,}"
        )
    return sizes


def _together(matrix: AnnData, configuration: BenchmarkConfiguration) -> str:
    """Name the annotation whose groups are never divided: the one asked for, else that of the dataset's split."""
    return configuration.groups or ("" if configuration.balance else annotation_kept_whole(matrix))


def _folds(matrix: AnnData, configuration: BenchmarkConfiguration, seed: int) -> np.ndarray:
    """Divide the samples; the split of the dataset into training and test samples plays no part."""
    together = _together(matrix, configuration)
    column = together or configuration.balance
    if not column:
        return random_folds(matrix.n_obs, configuration.folds, seed)
    offered = [name for name in matrix.obs.columns if name != COLUMN]
    if column not in offered:
        field = "groups" if configuration.groups else "balance"
        raise BadConfiguration(
            f"{field} = {column!r}: the samples have no such annotation; there are {', '.join(offered) or 'none'}"
        )
    divide = grouped_folds if together else balanced_folds
    return divide(matrix.obs[column], configuration.folds, seed)


def _headline_size(setup: Setup) -> int:
    """Return the size of the headline: the whole of L1000 where it was tried, else the largest."""
    return len(setup.l1000) if len(setup.l1000) in setup.sizes else setup.sizes[-1]


def _winner(table: pd.DataFrame, size: int, predictor: str) -> dict[str, Any]:
    """Say which strategy has the least error on common targets, and how far it is from L1000 and from chance."""
    chosen = (table["size"] == size) & (table["predictor"] == predictor)
    ranked = table[chosen & (table["scope"] == "common") & (table["measure"] == "mae")]
    best = ranked[ranked["strategy"] != L1000].iloc[0]
    found: dict[str, Any] = {"predictor": predictor, "best": best["strategy"], "mae": float(best["mean"])}
    for opponent in ("L1000", "random"):
        of_opponent = ranked[ranked["strategy"] == opponent]
        if len(of_opponent):
            found[f"mae_{opponent}"] = float(of_opponent.iloc[0]["mean"])
            for name in ("difference", "low", "high", "p", "won"):
                if not np.isnan(value := best[f"{name}_{opponent}"]):
                    found[f"{name}_{opponent}"] = float(value)
    return found


def _of_fold(report: Report, number: int, folds: int) -> Report:
    """Return a report for one fold, whose own progress goes from 0 to 1."""

    def of_fold(progress: Progress) -> None:
        stage = progress.stage[:1].lower() + progress.stage[1:]
        share = progress.done / progress.total if progress.total else 0.0
        report(
            replace(
                progress,
                stage=f"Fold {number + 1} of {folds}: {stage}",
                done=number + share,
                total=folds,
                unit="fold",
            )
        )

    return of_fold
