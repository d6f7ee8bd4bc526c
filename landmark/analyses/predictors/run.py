"""Ask how well whole samples are inferred from the genes of one set, and by which predictor (Kim et al. 2025)."""

from dataclasses import replace

import pandas as pd
from anndata import AnnData

from landmark.analyses.choices import PredictorName, beside, networks_among
from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.results import FitResults
from landmark.analyses.fit.run import FitInput, fitted_step, predicted_by
from landmark.analyses.predictors.config import PredictorsConfiguration
from landmark.analyses.predictors.results import PredictorsResults
from landmark.data.split import COLUMN, rows
from landmark.errors import BadData
from landmark.metrics.gene_sets import identical_columns
from landmark.metrics.predictors import (
    Inferred,
    best_of,
    genes_table,
    overall_table,
    pairs_table,
    recall_table,
    samples_table,
)
from landmark.metrics.recall import recall
from landmark.progress import Progress, Report
from landmark.store.runs import Run
from landmark.workflows.context import Context, Outcome, part
from landmark.workflows.sample_groups import groups_judged_if_any, propose
from landmark.workflows.samples import Expression, split_expression, written
from landmark.workflows.sets import parse_set, source_runs


def run(configuration: PredictorsConfiguration, context: Context) -> Outcome:
    """Write overall.parquet, samples.parquet, recall.parquet, genes.parquet, pairs.parquet and set.parquet."""
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    matrix = Expression(dataset)
    gene_set = parse_set(configuration.set, matrix, context.runs, configuration.size)
    split = split_expression(matrix, configuration.covariate)
    label, about = _samples(matrix.about, configuration.covariate)
    groups = groups_judged_if_any(matrix)
    both = {configuration.covariate: FitInput.of(matrix.about, gene_set, split)}
    both[""] = FitInput.of(matrix.about, gene_set, replace(split, labels=None))
    fits, inputs = [], []
    for predictor in configuration.predictors:
        for covariate in configuration.covariates:
            inputs.append(replace(both[covariate]))
            fits.append(_fit(configuration, context, inputs[-1], predictor, covariate))
    inferred = []
    for number, (fit, given) in enumerate(zip(fits, inputs, strict=True)):
        asked = FitConfiguration.parse(fit.manifest.configuration)
        name = beside(asked.predictor, asked.covariate)
        report = part(context.report, f"Inferring by {name}", number, len(fits), "predictor")
        inferred.append(_inferred(configuration, fit, given, asked, report))
    overall = overall_table(inferred, groups.numbers if groups else None)
    context.draft.table("overall", overall)
    context.draft.table("samples", samples_table(inferred, about))
    context.draft.table("recall", recall_table(inferred))
    context.draft.table("genes", genes_table(inferred))
    report = part(context.report, "Judging the differences", 0, 1)
    context.draft.table(
        "pairs",
        pairs_table(
            inferred,
            seed=configuration.seed,
            groups=split.groups.test if split.groups else None,
            report=report,
        ),
    )
    context.draft.table("set", pd.DataFrame({"gene": gene_set.genes}))
    fits_of = {f"fit {one.name}": fit.id for one, fit in zip(inferred, fits, strict=True)}
    networks = [bool(networks_among([one.predictor], configuration.ensemble.members)) for one in inferred]
    devices = [fit.manifest.device for fit, is_network in zip(fits, networks, strict=True) if is_network]
    unknown = [FitResults.read(fit.manifest.metrics).covariate_unknown or 0 for fit in fits]
    return Outcome(
        parents={"dataset": dataset.id} | source_runs([configuration.set]) | fits_of,
        results=PredictorsResults(
            set=gene_set.name,
            size=len(gene_set),
            targets=len(inferred[0].prediction.targets),
            label=label,
            **({"within_label": groups.label} if groups else {}),
            covariate_unknown=max(unknown),
            identical_genes=int(identical_columns(split.train).sum()),
            best=best_of(inferred).name,
            predictors={
                row["name"]: {name: value for name, value in row.items() if name != "name"}
                for row in overall[overall["predictor"] != ""].to_dict("records")
            },
        ),
        split={"train": len(split.train), "test": len(split.test)},
        seed=configuration.seed,
        device=devices[0] if devices else "CPU",
    )


def _fit(
    configuration: PredictorsConfiguration,
    context: Context,
    given: FitInput,
    predictor: PredictorName,
    covariate: str,
) -> Run:
    """Return the run that holds a predictor: a finished one, or a new one as a step of this."""
    wanted = FitConfiguration(
        dataset=configuration.dataset,
        set=configuration.set,
        size=len(given.gene_set),
        predictor=predictor,
        covariate=covariate,
        seed=configuration.seed,
        dgex=configuration.dgex,
        graph=configuration.graph,
        ensemble=configuration.ensemble,
    )
    return fitted_step(context, wanted, given, f"fit {beside(predictor, covariate)}")


def _inferred(
    configuration: PredictorsConfiguration,
    fit: Run,
    given: FitInput,
    asked: FitConfiguration,
    report: Report,
) -> Inferred:
    found = predicted_by(fit, given)
    return Inferred(
        beside(asked.predictor, asked.covariate),
        asked.predictor,
        asked.covariate,
        found,
        given.split.scaling_of(found.targets),
        fit.table("accuracy"),
        recall(found.true, found.predicted, null=configuration.null, seed=configuration.seed, report=report),
        fit.manifest.seconds,
    )


def _samples(matrix: AnnData, covariate: str) -> tuple[str, pd.DataFrame]:
    """Return the annotation that groups samples, empty where none does, and the test samples: sample, group."""
    of_samples, test = matrix.obs.drop(columns=COLUMN), rows(matrix, "test")
    label = covariate
    if not label:
        try:
            label = propose(of_samples).label
        except BadData:  # no annotation that groups samples: they are shown without
            label = ""
    groups = written(of_samples[label]).iloc[test].to_numpy() if label else ""
    return label, pd.DataFrame({"sample": matrix.obs_names[test].astype(str), "group": groups})
