"""Samples from outside, as a fitted predictor takes them: opened, and their genes found under the names it learned."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.gene_identifiers import TITLES, Identifier, recognise
from landmark.data.gene_index import GeneIndex
from landmark.data.gene_names import CALLED, other_species
from landmark.data.history import describe, fact, identifier_of
from landmark.data.io.files import Axis
from landmark.data.reading import read, read_passing
from landmark.data.steps.missing import Missing
from landmark.data.steps.normalise import log2
from landmark.data.steps.stream import Stream, from_memory
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent
from landmark.store.datasets import ID, DatasetStore
from landmark.store.workspace import Workspace

NAMED = 10
"""Of genes that are missing, so many are named in a sentence."""


@dataclass(frozen=True)
class FileChoices:
    """How a file of new samples is read.

    Attributes
    ----------
    names_from
        Column of the file that names the genes; empty for the names that the file gives them.
    genes_in
        Where the file has its genes; found from the names where None.
    missing
        What to do about missing values.
    """

    names_from: str = ""
    genes_in: Axis | None = None
    missing: Missing = "refuse"


@dataclass(frozen=True)
class NewSamples:
    """Samples whose profiles are to be completed; their values pass in blocks.

    Attributes
    ----------
    stream
        Values by sample and gene.
    dataset
        Id of the dataset; empty for a file.
    """

    stream: Stream
    dataset: str = ""

    @property
    def title(self) -> str:
        """Name shown to people."""
        return fact(self.stream.about, "title")

    @property
    def names(self) -> list[str]:
        """Names of the samples."""
        return [str(name) for name in self.stream.about.obs_names]


def open_samples(
    workspace: Workspace,
    text: str,
    choices: FileChoices = FileChoices(),
    *,
    logged: bool = True,
    report: Report = silent,
) -> NewSamples:
    """Open a stored dataset by its id, or a file by its path, which may hold a single sample.

    Parameters
    ----------
    text
        Id of a dataset, or absolute path of a file in any format that can be imported.
    choices
        How a file is read.
    logged
        Whether values are taken as they are; otherwise log2(x + 1) is taken.

    Raises
    ------
    BadData, BadRun
        If there is no such dataset or file, or the file cannot be read.
    """
    if Path(text).is_absolute():
        found = open_file(Path(text), choices, report)
    elif ID.fullmatch(text):
        found = NewSamples(DatasetStore(workspace).get(text).stream(), text)
    else:
        raise BadData(
            f"dataset = {text!r}: there is no such file, and the id of a dataset is 12 digits and letters, as import "
            "prints it. Check how it is written."
        )
    return found if logged else NewSamples(log2(found.stream), found.dataset)


def open_file(path: Path, choices: FileChoices = FileChoices(), report: Report = silent) -> NewSamples:
    """Open a file in any format that can be imported; genes of one name are brought together later.

    Raises
    ------
    BadData
        If it cannot be read.
    """
    report(Progress(f"Reading {path.name}"))
    passing = read_passing(path, report=report, several=True, **asdict(choices))
    if passing is not None:
        return NewSamples(passing)
    return NewSamples(from_memory(read(path, several=True, fewest_samples=1, **asdict(choices))))


def samples_in_memory(matrix: AnnData, title: str) -> NewSamples:
    """Take samples that are in memory: X [samples, genes], with gene names that are looked at."""
    describe(matrix, title=title, identifier=recognise([str(name) for name in matrix.var_names]).identifier)
    return NewSamples(from_memory(matrix))


@dataclass(frozen=True)
class GeneMatch:
    """Which columns of new samples measure the genes that a predictor knows.

    Attributes
    ----------
    genes
        Names of the genes that were found, as the predictor knows them.
    columns
        For each, the columns of the new samples that measure it; their mean is taken.
    unknown
        Names in the new samples that are no gene of the predictor.
    """

    genes: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]
    unknown: tuple[str, ...]

    def names(self, stream: Stream) -> list[str]:
        """Say how the new samples name each gene, "; " between several."""
        called = [str(name) for name in stream.about.var_names]
        return ["; ".join(called[column] for column in columns) for columns in self.columns]

    def take(self, block: np.ndarray, genes: Sequence[str]) -> np.ndarray:
        """Return some of the genes of a block of new samples, float32 [samples, genes]."""
        chosen = [self.columns[self._place[gene]] for gene in genes]
        found: np.ndarray = block[:, [columns[0] for columns in chosen]]
        for place, columns in enumerate(chosen):
            if len(columns) > 1:
                found[:, place] = block[:, list(columns)].mean(axis=1)
        return found

    @cached_property
    def _place(self) -> dict[str, int]:
        return {gene: place for place, gene in enumerate(self.genes)}

    def __contains__(self, gene: str) -> bool:
        return gene in self._place


def match_genes(about: AnnData, genes: Sequence[str], identifier: str) -> GeneMatch:
    """Find genes of a predictor among the columns of new samples, by any name of the gene.

    Parameters
    ----------
    about
        The new samples with their genes; values are not looked at.
    genes, identifier
        Names of the genes that the predictor knows, and their kind.

    Raises
    ------
    BadData
        If the genes are of another species.
    """
    kind = identifier_of(about)
    called = [str(name) for name in about.var.get(CALLED, about.var_names)]
    if species := other_species(called, kind):
        raise BadData(
            f"{species} The predictor learned from human genes. Replace them by their human orthologues first."
        )
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(called):
        if name:
            columns.setdefault(name, []).append(place)
    index = GeneIndex(list(columns), kind)
    found: dict[str, tuple[int, ...]] = {}
    taken: set[str] = set()
    for gene in genes:
        names = index.find_all(gene) if identifier != "unknown" or gene in index else ()
        if names:
            found[gene] = tuple(place for name in names for place in columns[name])
            taken.update(names)
    return GeneMatch(
        tuple(found), tuple(found.values()), tuple(name for name in columns if name not in taken)
    )


def landmark_table(match: GeneMatch, stream: Stream, landmarks: Sequence[str]) -> pd.DataFrame:
    """List landmark genes and what became of them, then names that are unknown: columns gene, state, found_as."""
    called = dict(zip(match.genes, match.names(stream), strict=True))
    several = {gene for gene, columns in zip(match.genes, match.columns, strict=True) if len(columns) > 1}
    states = [
        "missing" if gene not in called else "mean of several" if gene in several else "matched"
        for gene in landmarks
    ]
    known = pd.DataFrame(
        {"gene": list(landmarks), "state": states, "found_as": [called.get(gene, "") for gene in landmarks]}
    )
    rest = pd.DataFrame({"gene": list(match.unknown), "state": "unknown", "found_as": list(match.unknown)})
    return pd.concat([known, rest], ignore_index=True).astype(object) if len(rest) else known


def check_landmarks(
    match: GeneMatch, landmarks: Sequence[str], identifier: Identifier, about: AnnData
) -> None:
    """Refuse samples in which fewer than two landmark genes are found."""
    present = sum(gene in match for gene in landmarks)
    if present >= FEWEST_LANDMARKS:
        return
    raise BadData(
        f"{present or 'None'} of the {len(landmarks):,} landmark genes {'is' if present == 1 else 'are'} found in "
        f"{fact(about, 'title')!r}: its genes are {TITLES[identifier_of(about)]}, such as "
        f"{', '.join(map(str, about.var_names[:3]))}; the predictor knows {TITLES[identifier]}, such as "
        f"{', '.join(landmarks[:3])}. Give the file with names of a known kind, or say which column names the genes."
    )


FEWEST_LANDMARKS = 2
