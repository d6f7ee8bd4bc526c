"""RNAseqDB: RNA-seq of GTEx and TCGA by one pipeline, a table per study, joined into one matrix.

Wang et al. (Scientific Data 5:180061, 2018) aligned and quantified the reads of both projects alike, normalised
quantiles and corrected for batches. Each table is text packed with gzip: genes in rows; columns Hugo_Symbol,
Entrez_Gene_Id and one per sample; FPKM, not logged. The example takes the 27 of the 52 tables whose checksums are kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.gene_identifiers import ASSETS
from landmark.data.gene_names import check_names
from landmark.data.history import describe, record
from landmark.data.io.files import MEGABYTE, limits, source
from landmark.data.reading import read_file
from landmark.data.sources.download import NotThere, download
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent
from landmark.settings import settings

COMMIT = "47a1ff047f37b5bb5cc05d47908e18bf662618e0"
ADDRESS = f"https://raw.githubusercontent.com/mskcc/RNAseqDB/{COMMIT}/data/normalized"
LISTED = f"https://github.com/mskcc/RNAseqDB/tree/{COMMIT}/data/normalized"
SOURCE = (
    "RNAseqDB, github.com/mskcc/RNAseqDB, data/normalized (Wang et al., Scientific Data 5:180061, 2018), from the open "
    "tiers of GTEx and TCGA; the repository states no licence: use the data, do not redistribute them"
)
TITLE = "GTEx and TCGA (RNAseqDB)"
NAME = re.compile(r"(?P<study>[a-z]+(?:_[a-z]+)?)-rsem-fpkm-(?P<part>gtex|tcga|tcga-t)\.txt(?:\.gz)?")
"""Of a table: the study, and whether its samples are of GTEx, or normal or tumours of TCGA."""

PARTS = {"gtex": ("GTEx", "normal"), "tcga": ("TCGA", "normal"), "tcga-t": ("TCGA", "tumour")}
"""Source and kind of the samples."""

STUDIES = {
    "bile duct": ("chol",),
    "bladder": ("bladder", "blca"),
    "breast": ("breast", "brca"),
    "cervix": ("cervix", "cesc"),
    "colorectal": ("colon", "coad", "read"),
    "head and neck": ("hnsc",),
    "kidney": ("kidney", "kich", "kirc", "kirp"),
    "liver": ("liver", "lihc"),
    "lung": ("lung", "luad", "lusc"),
    "oesophagus": ("esophagus_gas", "esophagus_muc", "esophagus_mus", "esca"),
    "prostate": ("prostate", "prad"),
    "salivary gland": ("salivary",),
    "stomach": ("stomach", "stad"),
    "thyroid": ("thyroid", "thca"),
    "uterus": ("uterus", "ucec", "ucs"),
}
"""Organ to the studies of it, as the names of the tables call them: all 34 of the 52 tables."""

ORGANS = {study: organ for organ, studies in STUDIES.items() for study in studies}
PATIENT_PARTS = {"GTEx": 2, "TCGA": 3}
"""Parts of a sample's name that say whose it is: GTEX-S3XE, TCGA-CU-A0YN."""

GENE_COLUMNS = ["Hugo_Symbol", "Entrez_Gene_Id"]


@dataclass(frozen=True)
class Published:
    """A table as its authors published it."""

    name: str
    bytes: int
    sha256: str  # hexadecimal


@cache
def published() -> tuple[Published, ...]:
    """List the tables of the example."""
    text = (ASSETS / "rnaseqdb_files.csv").read_text(encoding="utf-8")
    rows = (line.split(",") for line in text.splitlines()[1:])
    return tuple(Published(name, int(size), sha256) for name, size, sha256 in rows)


def rnaseqdb(report: Report = silent) -> AnnData:
    """Fetch the tables, unless they are kept at home, and join them; BadData where they cannot be downloaded.

    X float32 [1078, 18154], log2(FPKM + 1); obs as of ``joined``.
    """
    folder = settings().home / "downloads" / "rnaseqdb"
    before, total = 0, sum(table.bytes for table in published())
    for table in published():
        _fetch(table, folder, _part_of_all(report, before, total))
        before += table.bytes
    return joined([folder / table.name for table in published()], report)


def _fetch(table: Published, folder: Path, report: Report) -> None:
    address = f"{ADDRESS}/{table.name}"
    by_hand = f"put it into {folder}, with the other {len(published()) - 1} files of the example, listed at {LISTED}"
    try:
        download(address, folder / table.name, "RNAseqDB", report, table.sha256, by_hand)
    except NotThere as error:
        raise BadData(
            f"{address} is not there any more. If you can have {table.name} elsewhere, put it into {folder}."
        ) from error


def _part_of_all(report: Report, before: int, total: int) -> Report:
    """Tell of one download as part of all: ``before`` bytes of ``total`` have been fetched."""

    def told(progress: Progress) -> None:
        if progress.unit == "MB":
            done = round(before / MEGABYTE + progress.done, 1)
            progress = replace(progress, done=done, total=round(total / MEGABYTE, 1))
        report(progress)

    return told


def tables_in(folder: Path) -> list[Path]:
    """List the tables of RNAseqDB in a folder, by their names; none where it is no folder or holds none."""
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if NAME.fullmatch(path.name)]


def joined(tables: Sequence[Path], report: Report = silent) -> AnnData:
    """Join tables of RNAseqDB on the genes that all have, in the order of the first: log2(FPKM + 1).

    X float32 [samples, genes]; obs: source (GTEx, TCGA), organ, study, kind (normal, tumour), patient. One table is in
    memory at a time, beside the matrix. BadData: a table is damaged or not laid out as those of RNAseqDB, they have
    less than two genes in common, or a sample occurs twice.
    """
    headed = []
    for number, path in enumerate(tables):
        report(Progress("Reading the names in the tables", number, len(tables), "file"))
        headed.append(_names(path))
    common = set(headed[0].genes).intersection(*(names.genes for names in headed[1:]))
    if len(common) < 2:
        raise BadData("These tables of RNAseqDB have less than two genes in common. Are all of one version?")
    genes = [gene for gene in headed[0].genes if gene in common]
    check_names([sample for names in headed for sample in names.samples], "sample")
    obs = pd.concat([_annotations(path, names.samples) for path, names in zip(tables, headed, strict=True)])
    X = np.empty((len(obs), len(genes)), np.float32)
    first = 0
    for number, (path, names) in enumerate(zip(tables, headed, strict=True)):
        report(Progress("Reading the tables", number, len(tables), "file"))
        X[first : first + len(names.samples)] = _values(path, names, genes)
        first += len(names.samples)
    matrix = AnnData(X, obs=obs.astype("category"), var=pd.DataFrame(index=genes))
    describe(matrix, title=TITLE, source=SOURCE, unit="log2(FPKM + 1)", identifier="symbol")
    record(
        matrix,
        "Studies joined",
        tables=[path.name for path in tables],
        samples=len(obs),
        genes=len(genes),
        genes_in_any=len(set().union(*(names.genes for names in headed))),
    )
    record(matrix, "Logarithm", base=2, offset=1.0)
    return matrix


@dataclass(frozen=True)
class _Names:
    samples: list[str]
    genes: list[str]


def _names(path: Path) -> _Names:
    """Read the names along both axes, without the values."""
    with source(path, limits()).open() as stream:
        header = stream.readline().decode("utf-8", "replace").rstrip("\r\n").split("\t")
        genes = [line.partition(b"\t")[0].decode("utf-8", "replace") for line in stream]
    if header[:2] != GENE_COLUMNS or len(header) < 3:
        raise _other_layout(path)
    check_names(genes, "gene")
    return _Names(header[2:], genes)


def _values(path: Path, names: _Names, genes: Sequence[str]) -> np.ndarray:
    """Read log2(FPKM + 1) of some genes: float32 [samples, genes]."""
    table = read_file(path)
    if table.rows != names.genes or table.columns != names.samples:
        raise _other_layout(path)
    row = {gene: position for position, gene in enumerate(names.genes)}
    fpkm = table.values[[row[gene] for gene in genes]]
    if not (np.isfinite(fpkm) & (fpkm >= 0)).all():
        raise BadData(
            f"{path.name} has missing, infinite or negative values, which no FPKM is. Download it again."
        )
    logged: np.ndarray = np.log2(fpkm.T + np.float32(1))
    return logged


def _other_layout(path: Path) -> BadData:
    columns = ", ".join(GENE_COLUMNS)
    return BadData(
        f"{path.name} is not laid out as the tables of RNAseqDB, whose columns are {columns} and one per sample, "
        "divided by tabs. Download it again, or import it as a file of its own."
    )


def _annotations(path: Path, samples: Sequence[str]) -> pd.DataFrame:
    """Say of every sample of a table where it is from."""
    name = NAME.fullmatch(path.name)
    if name is None:
        raise BadData(
            f"{path.name} is not named as the tables of RNAseqDB: bladder-rsem-fpkm-gtex.txt.gz, for instance."
        )
    project, kind = PARTS[name["part"]]
    patients = ["-".join(sample.split("-")[: PATIENT_PARTS[project]]) for sample in samples]
    about = {
        "source": project,
        "organ": ORGANS.get(name["study"], name["study"]),
        "study": name["study"],
        "kind": kind,
    }
    return pd.DataFrame({**about, "patient": patients}, index=list(samples))
