"""Rows and columns of a table that are no expression: facts about genes, facts about samples, and footers of counters.

Programs write them beside the values. Once it is known where the genes are, their names give them away, and facts about
genes their values too; they become annotations, or are left out, and a note says so.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from landmark.data import gene_identifiers
from landmark.data.io.files import Axis, Table
from landmark.data.io.values import MISSING
from landmark.wording import listed

# fmt: off
_GENE_FACTS = frozenset((
    # names and places: cBioPortal, featureCounts, biomaRt, the 1000 Genomes tables of D-GEX
    "chr", "chrom", "chromosome", "chromosomename", "coord", "cytoband", "description", "end", "endposition",
    "entrez", "entrezgene", "entrezgeneid", "entrezid", "ensembl", "ensemblid", "ensemblgeneid", "exoncount",
    "exonnumber", "exons", "genebank", "genbank", "genbankaccession", "genebiotype", "genechr", "geneend", "geneid",
    "genelength", "genename", "genestart", "genestrand", "genesymbol", "genetype", "biotype", "hgncid",
    "hgncsymbol", "hugosymbol", "length", "locusid", "locuslink", "ncbigene", "ncbigeneid", "ncbiid", "omim",
    "omimid", "probeid", "refseq", "start", "startposition", "stop", "strand", "symbol", "targetid",
    "transcriptcount", "transcriptlength", "unigene", "unigeneid", "uniprot", "width", "effectivelength",
    "efflength", "gccontent", "percentagegccontent", "percentagegenegccontent",
    # results of tests: limma, edgeR, DESeq2, GEO2R
    "adjpval", "adjpvalue", "pvaladj", "padj", "pvalue", "pval", "fdr", "fdrpvalue", "qvalue", "qval", "logfc",
    "log2fc", "log2foldchange", "logfoldchange", "foldchange", "lfcse", "basemean", "avgexpr", "aveexpr", "logcpm",
    "tstatistic", "fstatistic", "zscore", "bonferroni",
))
_SAMPLE_WORDS = frozenset((
    "age", "ages", "at", "diagnosis", "dx", "os", "pfs", "dfs", "rfs", "dss", "dfi", "pfi", "efs", "ttp", "overall",
    "progression", "relapse", "recurrence", "disease", "free", "specific", "event", "events", "time", "times",
    "month", "months", "day", "days", "year", "years", "yr", "yrs", "to", "death", "dead", "deceased", "last",
    "follow", "up", "followup", "survival", "surv", "vital", "status", "censor", "censored", "censoring", "sex",
    "gender", "male", "female", "race", "ethnicity", "bmi", "weight", "height", "kg", "cm", "smoking", "smoker",
    "pack", "stage", "grade", "tumor", "tumour", "purity", "ploidy", "size", "dose", "concentration", "rin",
    "batch", "plate", "replicate", "class", "label", "labels", "target", "group", "cluster", "patient", "subject",
    "sample", "index", "score", "of", "birth", "initial", "pathologic", "clinical", "treatment", "treated",
    "response", "responder", "new", "number", "num", "the", "in",
))
_SAMPLE_FACTS = frozenset((
    "age", "ages", "os", "pfs", "dfs", "rfs", "dss", "dfi", "pfi", "efs", "ttp", "time", "days", "months", "years",
    "survival", "surv", "vital", "status", "sex", "gender", "race", "ethnicity", "bmi", "weight", "height",
    "smoking", "smoker", "stage", "grade", "purity", "ploidy", "dose", "rin", "batch", "class", "label", "labels",
    "target", "group", "cluster", "event", "death", "dead", "censored", "response", "responder", "treatment",
    "patient", "subject", "followup",
))
"""At least one of these stands in the name of a fact about samples."""
_FOOTERS = frozenset((
    "no_feature", "ambiguous", "too_low_aqual", "not_aligned", "alignment_not_unique",
    "n_unmapped", "n_multimapping", "n_nofeature", "n_ambiguous", "unassigned", "assigned", "total", "totals", "sum",
    "grand total", "total counts", "total reads",
))
# fmt: on
"""Last lines of HTSeq (with two underscores before), STAR, featureCounts and spreadsheets: counts of no gene."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_DISTINCT = 0.9
_CONTINUOUS = 0.5


def is_about_gene(name: str) -> bool:
    """Tell whether a column of this name describes genes, though it may hold numbers: "Gene ID", "adj.P.Val"."""
    return re.sub(r"[^a-z0-9]", "", name.lower()) in _GENE_FACTS


def _is_about_sample(name: str) -> bool:
    """Tell whether a name is that of a fact about samples, such as "OS.time" or "ageAtDiagnosis", and of no gene."""
    words = [word.lower() for word in _WORD.findall(name)]
    return (
        bool(words)
        and all(word in _SAMPLE_WORDS for word in words)
        and not _SAMPLE_FACTS.isdisjoint(words)
        and name not in gene_identifiers.symbols()
    )


def _is_footer(name: str) -> bool:
    """Tell whether a row of this name counts what belongs to no gene."""
    plain = name.strip().lower()
    return plain.startswith(("__", "unassigned_")) or plain in _FOOTERS


def without_facts(table: Table, genes_in: Axis) -> Table:
    """Take facts about genes and samples out of the matrix, whose genes are on one axis.

    Facts about samples among the genes become annotations of the samples, and the other way round; footers and rows for
    genes that have no name but "NA" are left out; the notes name what was moved.
    """
    genes = table.rows if genes_in == "rows" else table.columns
    samples = table.columns if genes_in == "rows" else table.rows
    X = table.values.T if genes_in == "rows" else table.values
    footers = [j for j, name in enumerate(genes) if _is_footer(name)]
    nameless = [j for j, name in enumerate(genes) if name and name in MISSING]
    about_samples = [j for j, name in enumerate(genes) if _is_about_sample(name)]
    about_genes = _about_genes(X, samples) if genes_in == "rows" else []
    if (
        len(genes) - len(footers) - len(nameless) - len(about_samples) < 2
        or len(samples) - len(about_genes) < 2
    ):
        return table
    if not (footers or nameless or about_samples or about_genes):
        return table
    notes = list(table.notes)
    if footers:
        notes.append(f"Rows that count reads of no gene are left out: {_first(genes, footers)}.")
    if nameless:
        notes.append(
            f"Values of no named gene are left out: {len(nameless)}, called {_first(genes, nameless[:1])} in the file."
        )
    if about_samples:
        notes.append(f"Kept as annotations of the samples, not as genes: {_first(genes, about_samples)}.")
    if about_genes:
        notes.append(f"Kept as annotations of the genes, not as samples: {_first(samples, about_genes)}.")
    obs = pd.DataFrame(
        {genes[j]: X[:, j].astype(np.float64) for j in about_samples}, index=range(len(samples))
    )
    var = pd.DataFrame({samples[i]: X[i].astype(np.float64) for i in about_genes}, index=range(len(genes)))
    kept_genes = np.setdiff1d(np.arange(len(genes)), [*footers, *nameless, *about_samples])
    kept_samples = np.setdiff1d(np.arange(len(samples)), about_genes)
    rows, columns = (kept_genes, kept_samples) if genes_in == "rows" else (kept_samples, kept_genes)
    of_rows, of_columns = (var, obs) if genes_in == "rows" else (obs, var)
    return replace(
        table,
        values=table.values[np.ix_(rows, columns)],
        rows=[table.rows[i] for i in rows],
        columns=[table.columns[i] for i in columns],
        row_annotations=_beside(table.row_annotations, of_rows, rows),
        column_annotations=_beside(table.column_annotations, of_columns, columns),
        notes=tuple(notes),
    )


def _about_genes(X: np.ndarray, samples: Sequence[str]) -> list[int]:
    """Positions of samples that are facts about genes: by name, or whole numbers beside continuous values.

    Whole numbers are facts where nearly all are different and are Entrez identifiers, or where the other names are of
    one pattern ("S1", "S2") and this one is not.
    """
    named = [i for i, name in enumerate(samples) if is_about_gene(name)]
    broken = np.array([bool(np.any(np.isfinite(row) & (row != np.round(row)))) for row in X])
    if broken.mean() < _CONTINUOUS:
        return named
    whole = ~broken & np.isfinite(X).all(axis=1)
    patterns = [re.sub(r"\d+", "0", name) for name in samples]
    usual, count = Counter(patterns).most_common(1)[0]
    for i in np.flatnonzero(whole):
        if i in named:
            continue
        values = np.unique(X[i])
        if len(values) < 2:
            continue
        known = np.mean([str(int(value)) in gene_identifiers.entrez() for value in values[:2000]])
        identifiers = len(values) > _DISTINCT * X.shape[1] and known > 0.5 and values[0] > 0
        apart = count > len(samples) / 2 and patterns[i] != usual
        if identifiers or apart:
            named.append(int(i))
    return sorted(named)


def _beside(annotations: pd.DataFrame, further: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    frame = annotations if len(annotations.columns) else pd.DataFrame(index=range(len(further)))
    joined = pd.concat([frame.reset_index(drop=True), further], axis=1) if len(further.columns) else frame
    return joined.iloc[kept].reset_index(drop=True)


def _first(names: Sequence[str], positions: list[int]) -> str:
    return listed([names[i] for i in positions], 10, " and {:,} more")
