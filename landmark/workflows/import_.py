"""Import a matrix: read or fetch it, prepare as asked, split, store under the hash of its content."""

from pathlib import Path

from anndata import AnnData

from landmark.expression import annotations
from landmark.expression.examples import example
from landmark.expression.geo import fetch_series
from landmark.expression.history import describe, record
from landmark.expression.identifiers import Identifier, shares
from landmark.expression.prepare import collapse_probes, log2
from landmark.expression.reading import read
from landmark.expression.split import assign_split
from landmark.expression.table import Axis
from landmark.progress import Progress
from landmark.runs.request import now
from landmark.workflows.configuration import ImportConfiguration
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import l1000_count

ORIENTATIONS: dict[str, Axis | None] = {"found": None, "genes in rows": "rows", "genes in columns": "columns"}

NAMED = 100
"""Of the names that a join did not match, so many are kept in the manifest."""


def run(configuration: ImportConfiguration, context: Context) -> Outcome:
    """Store the dataset; the run itself has no tables."""
    matrix = _matrix(configuration, context)
    if configuration.title:
        describe(matrix, title=configuration.title)
    joined = _annotate(matrix, configuration, context)
    if configuration.log2:
        log2(matrix)
    recognised = _recognised(matrix)
    if configuration.collapse != "none":
        matrix = collapse_probes(matrix, configuration.collapse)
    assign_split(matrix, configuration.held_out, configuration.seed, configuration.split_by or None)
    context.report(Progress("Storing the dataset"))
    dataset = context.datasets.add(matrix, now())
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id},
        metrics={
            "samples": about.samples,
            "genes": about.genes,
            "identifier": about.identifier,
            "share_recognised": recognised,
            "l1000_present": l1000_count(list(matrix.var_names), about.identifier),
            **joined,
        },
        split=about.split,
        seed=configuration.seed,
    )


def _matrix(configuration: ImportConfiguration, context: Context) -> AnnData:
    """Read the file, the series or the example that is asked for."""
    if configuration.example:
        return example(configuration.example, context.report, configuration.seed)
    path, platform = Path(configuration.path), configuration.platform
    series = None
    if configuration.accession:
        series = fetch_series(configuration.accession, platform, context.report)
        path, platform = series.path, series.platform_within
    context.report(Progress(f"Reading {path.name}"))
    identifier: Identifier | None = None if configuration.identifier == "found" else configuration.identifier
    matrix = read(
        path,
        missing=configuration.missing,
        genes_in=ORIENTATIONS[configuration.orientation],
        identifier=identifier,
        platform=platform,
    )
    if series is not None:
        describe(matrix, source=series.source)
        record(matrix, "Downloaded", file=path.name, source=series.source, notes=series.note)
    return matrix


def _annotate(
    matrix: AnnData, configuration: ImportConfiguration, context: Context
) -> dict[str, int | list[str]]:
    """Join the table of annotations, keep the columns asked for, and say for the manifest what was matched."""
    joined: dict[str, int | list[str]] = {}
    if configuration.annotations:
        path = Path(configuration.annotations)
        context.report(Progress(f"Reading {path.name}"))
        found = annotations.join(
            matrix, annotations.read_annotations(path), configuration.annotations_by or None
        )
        joined = {
            "annotated": found.matched,
            "samples_without": len(found.samples_without),
            "rows_without": len(found.rows_without),
            "unmatched_samples": list(found.samples_without[:NAMED]),
            "unmatched_rows": list(found.rows_without[:NAMED]),
        }
    if configuration.columns is not None:
        annotations.keep(matrix, configuration.columns)
    return joined


def _recognised(matrix: AnnData) -> float:
    """Give the share of the gene names, as they were read, that are of the kind they are said to be."""
    kind: Identifier = matrix.uns["landmark"]["identifier"]
    return round(shares([str(name) for name in matrix.var_names]).get(kind, 0.0), 4)
