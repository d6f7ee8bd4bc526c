"""Import a matrix: read or fetch it, prepare as asked, split, store under the hash of its content."""

from pathlib import Path
from typing import Any

import pandas as pd
from anndata import AnnData

from landmark.analyses.import_data.config import ImportConfiguration
from landmark.analyses.import_data.results import ImportResults
from landmark.data import sample_metadata
from landmark.data.gene_identifiers import shares
from landmark.data.gene_names import CALLED
from landmark.data.gene_table import read_gene_table, rename, settle
from landmark.data.history import describe, identifier_of, record
from landmark.data.orientation import ORIENTATIONS
from landmark.data.reading import read, read_passing
from landmark.data.sources.examples import example
from landmark.data.sources.geo import fetch_series
from landmark.data.sources.rnaseqdb import joined as join_tables
from landmark.data.sources.rnaseqdb import tables_in
from landmark.data.split import assign, training_rows
from landmark.data.steps.duplicates import ALL_PAIRS, DISTANCE, near_duplicates
from landmark.data.steps.genes import collapse_probes
from landmark.data.steps.missing import resolve_missing
from landmark.data.steps.normalise import log2
from landmark.data.steps.stream import Stream, from_memory
from landmark.errors import BadConfiguration
from landmark.progress import Progress
from landmark.store.request import now
from landmark.workflows.context import Context, Outcome
from landmark.workflows.notes import dataset_notes, joining_notes, reading_notes, split_notes
from landmark.workflows.sets import l1000_count

FEWEST_GENES = 500
"""Over fewer genes also unlike samples may lie as close to each other as near-duplicates do."""

NAMED = 100  # of the names that a join did not match, so many are kept in the manifest


def run(configuration: ImportConfiguration, context: Context) -> Outcome:
    """Store the dataset; the run itself has no tables."""
    matrix = _matrix(configuration, context)
    if configuration.title:
        describe(matrix.about, title=configuration.title)
    joined, unmatched = _annotate(matrix.about, configuration, context)
    joined |= _rename(matrix, configuration, context)
    recognised = _recognised(matrix.about)
    assign(
        matrix.about,
        configuration.held_out,
        configuration.seed,
        configuration.split_by,
        names=configuration.test_groups,
        number=configuration.test_group_count,
    )
    matrix = settle(_changed(matrix, configuration, context))
    notes = reading_notes(matrix.about)
    dataset = context.datasets.add(matrix, now(), context.report)
    about = dataset.manifest
    return Outcome(
        parents={"dataset": dataset.id},
        results=ImportResults(
            samples=about.samples,
            genes=about.genes,
            identifier=about.identifier,
            share_recognised=recognised,
            l1000_present=l1000_count(list(matrix.about.var_names), about.identifier),
            **joined,
        ),
        split=about.split,
        seed=configuration.seed,
        notes=(
            *notes,
            *unmatched,
            *split_notes(matrix.about, _twins(dataset.stream(), context), DISTANCE),
            *dataset_notes(about, map(str, matrix.about.var_names)),
        ),
    )


def _matrix(configuration: ImportConfiguration, context: Context) -> Stream:
    """Read the file, the series or the example that is asked for; a large file is only opened."""
    if configuration.example:
        return from_memory(example(configuration.example, context.report, configuration.seed))
    path, platform = Path(configuration.path), configuration.platform
    if configuration.path and (tables := tables_in(path)):
        if answers := configuration.answers_about_a_file:
            raise BadConfiguration(
                f"{answers[0]} is asked of single files only; leave it out for {path.name}, a folder of RNAseqDB."
            )
        return from_memory(join_tables(tables, context.report))
    series = None
    if configuration.accession:
        series = fetch_series(configuration.accession, platform, context.report)
        path, platform = series.path, series.platform_within
    context.report(Progress(f"Reading {path.name}"))
    choices: dict[str, Any] = {
        "missing": "leave" if configuration.missing == "gene median" else configuration.missing,
        "genes_in": ORIENTATIONS[configuration.orientation],
        "identifier": None if configuration.identifier == "found" else configuration.identifier,
        "names_from": configuration.names_from,
        "several": configuration.collapse != "none",
    }
    stream = None if platform else read_passing(path, report=context.report, **choices)
    if stream is not None:
        return stream
    matrix = read(path, platform=platform, **choices)
    if series is not None:
        describe(matrix, source=series.source)
        record(matrix, "Downloaded", file=path.name, source=series.source, notes=series.note)
    return from_memory(matrix)


def _changed(matrix: Stream, configuration: ImportConfiguration, context: Context) -> Stream:
    """Fill in medians, take logarithms and bring probes together, as asked; training samples alone decide how."""
    learned_on = training_rows(matrix.about)
    if configuration.missing == "gene median":
        matrix = resolve_missing(matrix, "gene median", context.report, learned_on)
    if configuration.log2:
        matrix = log2(matrix)
    if configuration.collapse == "none":
        return matrix
    return collapse_probes(matrix, configuration.collapse, context.report, learned_on)


def _twins(matrix: Stream, context: Context) -> pd.DataFrame | None:
    """Find near-duplicates, of as many samples as can be compared in seconds, over enough genes to be told by."""
    if matrix.samples > ALL_PAIRS or matrix.genes < FEWEST_GENES:
        return None
    return near_duplicates(matrix, report=context.report)


def _annotate(
    matrix: AnnData, configuration: ImportConfiguration, context: Context
) -> tuple[dict[str, int | list[str]], tuple[str, ...]]:
    """Join the table of annotations, keep the columns asked for, and say what was matched: in figures, in notes."""
    joined: dict[str, int | list[str]] = {}
    notes: tuple[str, ...] = ()
    if configuration.annotations:
        path = Path(configuration.annotations)
        context.report(Progress(f"Reading {path.name}"))
        found = sample_metadata.join(
            matrix, sample_metadata.read_annotations(path), configuration.annotations_by or None
        )
        joined = {
            "annotated": found.matched,
            "samples_without": len(found.samples_without),
            "rows_without": len(found.rows_without),
            "unmatched_samples": list(found.samples_without[:NAMED]),
            "unmatched_rows": list(found.rows_without[:NAMED]),
        }
        notes = joining_notes(found.matched, found.samples_without, found.rows_without, found.by)
    if configuration.columns is not None:
        sample_metadata.keep(matrix, configuration.columns)
    return joined, notes


def _rename(
    matrix: Stream, configuration: ImportConfiguration, context: Context
) -> dict[str, int | list[str]]:
    """Name the genes by the table of symbols, if one is given, and say for the manifest what was matched."""
    if not configuration.gene_table:
        return {}
    path = Path(configuration.gene_table)
    context.report(Progress(f"Reading {path.name}"))
    var = matrix.about.var
    table = read_gene_table(path, [str(name) for name in var.get(CALLED, var.index)])
    rename(matrix.about, table, path.name, keep=configuration.gene_table_rest == "keep")
    return {"names_matched": table.matched, "names_unmatched": len(table.symbols) - table.matched}


def _recognised(matrix: AnnData) -> float:
    """Give the share of the gene names, as they were read, that are of the kind they are said to be."""
    called = matrix.var.get(CALLED, matrix.var_names)
    return round(shares([str(name) for name in called]).get(identifier_of(matrix), 0.0), 4)
