"""A look at a file before it is imported: what it seems to be, what should be asked about it; kept as files."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import ClassVar

import h5py
import numpy as np
import pandas as pd
from anndata import AnnData
from pydantic import ConfigDict, TypeAdapter

from landmark.data.gene_identifiers import Identifier, recognise, shares
from landmark.data.gene_index import landmarks_present
from landmark.data.gene_names import repeats, told_apart
from landmark.data.gene_table import read_gene_table
from landmark.data.history import fact
from landmark.data.io.files import Axis, Limits, Table, limits, source
from landmark.data.io.hdf5 import sample_rows
from landmark.data.matrix import Arranged, arrange
from landmark.data.orientation import Orientation, Reason
from landmark.data.reading import PASSING_BYTES, format_of, read_file
from landmark.data.split import COLUMN as SPLIT
from landmark.data.steps.genes import Collapse
from landmark.data.steps.missing import Missing
from landmark.data.steps.normalise import Logged, looks_logged
from landmark.data.steps.stream import evenly_spaced

FIRST, SPREAD = 8, 200
"""Samples whose values are read: the first, which are shown, and others at even distances."""


def few_samples(
    path: Path,
    genes_in: Axis | None,
    within: Limits,
    larger_than: int = PASSING_BYTES,
    *,
    names_from: str = "",
) -> tuple[Table, Arranged] | None:
    """Read names, annotations and the values of some samples of a large file; None where ``read`` is the way in."""
    file = source(path, within)
    form = format_of(file)
    if form.opened is None:
        return None
    with form.opened(file) as (table, X):
        if not isinstance(X, h5py.Dataset) or 4 * X.size <= larger_than:
            return None
        placed = arrange(table, path.name, genes_in, names_from=names_from)
        samples = len(placed.samples)
        positions = np.union1d(np.arange(min(FIRST, samples)), evenly_spaced(samples, SPREAD))
        return table, replace(placed, X=sample_rows(X, placed.orientation.genes_in, positions))


SHOWN = 8
FEW = 3  # names and values given as examples
DRAWN_VALUES = 100_000
FEW_MISSING = 0.2
"""Genes with missing values are dropped, by proposal, up to this share of them; of more they are filled."""
REPEATED = (
    "{:,} gene names occur more than once, so the values of genes of one name have to be brought together."
)


@dataclass(frozen=True)
class Names:
    """The names along one axis of a file."""

    count: int  # how many there are
    # kind of gene names they seem to be, and the share of them recognised
    identifier: Identifier
    share: float
    examples: tuple[str, ...]  # the first of them


@dataclass(frozen=True)
class Label:
    """One annotation of the samples."""

    name: str  # of the column
    values: int  # number of different values
    missing: int  # number of samples without one
    examples: tuple[str, ...]  # the most frequent values, as text


@dataclass(frozen=True)
class Preview:
    """What a file seems to hold."""

    __pydantic_config__: ClassVar = ConfigDict(arbitrary_types_allowed=True)

    title: str  # what the file says of itself; empty where it says nothing
    # sizes of the matrix as it would be imported
    samples: int
    # number of samples whose values were looked at; of a large matrix some, whose values stand for all
    looked_at: int
    genes: int
    # the axis of the file that holds genes, and what told so
    genes_in: Axis
    decided_by: Reason
    # names along both axes of the file
    rows: Names
    columns: Names
    # kind of the gene names, and the share of them recognised
    identifier: Identifier
    share: float
    # each known kind of gene name, the share of the genes that it recognises and the L1000 genes then present
    kinds: Mapping[Identifier, tuple[float, int]]
    landmarks: int  # number of L1000 genes present, of 978
    # missing or infinite values among those looked at, and genes that have any
    missing: int
    genes_with_missing: int
    # range of the finite values; NaN where there are none
    low: float
    high: float
    logged: Logged  # whether the values look logged
    labels: tuple[Label, ...]  # annotations of samples in the file
    notes: tuple[str, ...]  # decisions of the reader
    corner: pd.DataFrame  # the first samples and genes, for looking at
    values: np.ndarray  # float32, evenly spaced finite values of the whole matrix, for drawing
    sample_names: tuple[str, ...]  # all of them
    # proposed answers: take logarithms, make one gene of several probes, what to do about missing values
    propose_log2: bool
    propose_collapse: Collapse | None
    propose_missing: Missing
    # platforms of the samples and their number where there are several; the first is the one looked at
    platforms: Mapping[str, int] = field(default_factory=dict)
    # columns of the file that name the genes as well, and the kind of their entries, the best known first
    name_columns: Mapping[str, Identifier] = field(default_factory=dict)
    repeated: int = 0  # gene names that occur more than once: such genes must be brought together
    # the column that the genes should be named by: where their own names are not known, and it names no two
    # alike
    propose_names_from: str = ""

    @property
    def annotations(self) -> tuple[str, ...]:
        """Names of the annotations of samples in the file."""
        return tuple(label.name for label in self.labels)


def preview(
    path: str | PathLike[str],
    genes_in: Axis | None = None,
    platform: str = "",
    within: Limits | None = None,
    names_from: str = "",
    gene_table: str | PathLike[str] = "",
) -> Preview:
    """Look at a file, with what a person says of it; found where not given.

    ``gene_table`` is a table with the gene symbol of every name, if there is one. BadData: the file cannot be
    read or holds no matrix. Missing values and repeated names are shown, not refused.
    """
    path, within = Path(path), within or limits()
    few = None if platform else few_samples(path, genes_in, within, names_from=names_from)
    if few is not None:
        table, placed = few
    else:
        table = read_file(path, within, platform)
        placed = arrange(table, path.name, genes_in, names_from=names_from)
    if gene_table:
        placed = _by_symbol(placed, Path(gene_table), within)
    return _seen(placed, table.title, table.platforms)


def _by_symbol(placed: Arranged, path: Path, within: Limits) -> Arranged:
    """Name the genes as a table of symbols does; those without a symbol keep their names."""
    table = read_gene_table(path, placed.genes, within)
    genes = [symbol or name for symbol, name in zip(table.symbols, placed.genes, strict=True)]
    known = replace(recognise(genes), identifier="symbol", share=shares(genes)["symbol"])
    return replace(
        placed,
        genes=genes,
        orientation=replace(placed.orientation, genes=known),
        notes=(*placed.notes, table.sentence(path.name)),
    )


def preview_of(adata: AnnData) -> Preview:
    """Look at a matrix that is read already, such as an example."""
    genes = [str(name) for name in adata.var_names]
    placed = Arranged(
        adata.X,
        [str(name) for name in adata.obs_names],
        genes,
        adata.obs.drop(columns=SPLIT, errors="ignore"),
        adata.var,
        Orientation("columns", "format", recognise(genes)),
        (),
    )
    return _seen(placed, fact(adata, "title"), {})


def labels_of(obs: pd.DataFrame) -> tuple[Label, ...]:
    """Summarise annotations of samples."""
    found = []
    for name in obs.columns:
        column = obs[name][obs[name].notna() & (obs[name].astype(str) != "")]
        counts = column.astype(str).value_counts()
        examples = tuple(str(value)[:60] for value in counts.index[: FEW + 2])
        found.append(Label(str(name), len(counts), len(obs) - len(column), examples))
    return tuple(found)


def _seen(placed: Arranged, title: str, platforms: Mapping[str, int]) -> Preview:
    X, genes = placed.X, placed.orientation.genes
    finite = np.isfinite(X)
    absent = ~finite
    genes_with_missing = int(absent.any(axis=0).sum())
    values = X[finite]
    logged = looks_logged(values)
    kinds = {
        kind: (share, landmarks_present(placed.genes, kind)) for kind, share in shares(placed.genes).items()
    }
    repeated = repeats(placed.genes)
    few_missing = absent.any(axis=0).mean() <= FEW_MISSING
    unknown = genes.identifier == "unknown"
    own, other = _names(placed.genes), _names(placed.samples)
    in_rows = placed.orientation.genes_in == "rows"
    return Preview(
        title=title,
        samples=len(placed.samples),
        looked_at=len(X),
        genes=len(placed.genes),
        genes_in=placed.orientation.genes_in,
        decided_by=placed.orientation.decided_by,
        rows=own if in_rows else other,
        columns=other if in_rows else own,
        identifier=genes.identifier,
        share=genes.share,
        kinds=kinds,
        landmarks=kinds[genes.identifier][1] if genes.identifier in kinds else 0,
        missing=int(absent.sum()),
        genes_with_missing=genes_with_missing,
        low=float(values.min()) if len(values) else float("nan"),
        high=float(values.max()) if len(values) else float("nan"),
        logged=logged,
        labels=labels_of(placed.obs),
        notes=placed.notes + ((REPEATED.format(repeated),) if repeated else ()),
        corner=pd.DataFrame(X[:SHOWN, :SHOWN], placed.samples[:SHOWN], told_apart(placed.genes[:SHOWN])),
        values=values[:: max(1, values.size // DRAWN_VALUES)].astype(np.float32),
        sample_names=tuple(placed.samples),
        propose_log2=not logged.looks and bool(values.min() > -1),
        propose_collapse="mean" if genes.identifier == "hgu133a_probe" or repeated else None,
        propose_missing=("drop genes" if few_missing else "gene median") if genes_with_missing else "refuse",
        platforms=dict(platforms) if len(platforms) > 1 else {},
        propose_names_from=next((c.name for c in placed.name_columns if unknown and c.unique), ""),
        name_columns={column.name: column.genes.identifier for column in placed.name_columns},
        repeated=repeated,
    )


def _names(names: Sequence[str]) -> Names:
    found = recognise(names)
    return Names(len(names), found.identifier, found.share, tuple(names[:FEW]))


ABOUT, VALUES = "preview.json", "values.npy"


def write_preview(seen: Preview, folder: Path) -> None:
    """Write a preview into a folder."""
    about = asdict(replace(seen, corner=pd.DataFrame(), values=np.empty(0)))
    about |= {"corner": seen.corner.astype(float).to_dict("split"), "values": None}
    np.save(folder / VALUES, seen.values, allow_pickle=False)
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def read_preview(folder: Path) -> Preview:
    """Read a preview that ``write_preview`` wrote."""
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    about["corner"] = pd.DataFrame(**about["corner"], dtype=np.float32)
    about["values"] = np.load(folder / VALUES, allow_pickle=False)
    return _STORED.validate_python(about)


_STORED = TypeAdapter(Preview)
