"""What a test of functions takes: the set, the terms and the background under one kind of gene name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import cast

import pandas as pd
from anndata import AnnData

from landmark.analyses.functions.config import EnrichConfiguration
from landmark.data.gene_identifiers import TITLES, Identifier, symbols_of
from landmark.data.gene_index import index_of
from landmark.data.history import fact
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions, read_gmt
from landmark.genesets.text import read_list, triage
from landmark.store.runs import RunStore
from landmark.workflows.sets import kind_of, parse_sets

PREFIX = "cluster-"


def driving_genes(text: str, dataset_id: str, runs: RunStore) -> GeneSet:
    """Make the set of the genes by which DeepLIFT tells a cluster from the other samples.

    Parameters
    ----------
    text
        ``<cluster run>:<cluster>`` or ``<cluster run>:<cluster>:<number of genes>``.
    dataset_id
        The dataset that the genes are looked up in.

    Raises
    ------
    BadConfiguration
        If the text is not of this form, or the run is of another dataset.
    BadRun
        If the run does not exist or holds no such cluster.
    """
    run_id, _, rest = text.partition(":")
    cluster, _, size = rest.partition(":")
    if not cluster.isdecimal() or not (size or "1").isdecimal() or size == "0":
        raise BadConfiguration(f"{text!r}: write {run_id}:3 or {run_id}:3:100 for the genes of cluster 3.")
    run = runs.get(run_id, "cluster")
    if run.manifest.parents["dataset"] != dataset_id:
        raise BadConfiguration(
            f"{run_id} clusters samples of dataset {run.manifest.parents['dataset']}, not of {dataset_id}. "
            "Choose a clustering of this dataset."
        )
    table = run.table("drivers")
    found = table.loc[table["cluster"] == int(cluster), "gene"]
    if found.empty:
        known = ", ".join(map(str, sorted(set(table["cluster"]))))
        raise BadRun(
            f"{run_id} has no driving genes of cluster {cluster}. Clusters with such genes: {known}."
        )
    genes = tuple(found.iloc[: int(size)] if size else found)
    return GeneSet(
        f"cluster {cluster}", genes, f"the {len(genes)} genes that drive cluster {cluster} of {run_id}"
    )


GO = "GO molecular function"

USED = "used"
ABSENT = "not in the background"
UNKNOWN = "unknown"
UNNAMED = "no symbol known"
AGAIN = "named again"
"""What becomes of a name of the set."""


@dataclass(frozen=True)
class Question:
    """What is tested against what.

    Attributes
    ----------
    name, kind
        Of the set: "D490" and "ranking".
    genes
        The genes of the set that are in the background.
    names
        What became of every name of the set: columns name, gene, status. A name given several times has a row
        more with the status "named again".
    terms
        Sets of genes.
    source
        What the terms are, for people.
    background
        Genes that could have been drawn.
    """

    name: str
    kind: str
    genes: tuple[str, ...]
    names: pd.DataFrame
    terms: tuple[GeneSet, ...]
    source: str
    background: frozenset[str]


def question(configuration: EnrichConfiguration, matrix: AnnData, runs: RunStore) -> Question:
    """Find the set, the terms and the background.

    Parameters
    ----------
    matrix
        The dataset; its values are read only for the most variable genes.

    Raises
    ------
    BadData
        If the set has no gene in the background, or the terms name genes by another kind of identifier.
    """
    source, written = _terms(configuration)
    names = _Names.of(matrix, frozenset(gene for term in written for gene in term.genes))
    terms = names.spelled(written)
    annotated = frozenset(gene for term in terms for gene in term.genes)
    measured = frozenset(name for name in names.translated if name)
    background = {"measured": measured, "annotated": annotated, "both": measured & annotated}[
        configuration.background
    ]
    if not annotated & measured:
        raise BadData(
            f"The genes of this dataset are {TITLES[names.identifier]}, such as {names.native[0]}; no term of "
            f"{source} names any of them. Upload a GMT file with the same kind of names, or import the dataset again "
            "with a table that gives the gene symbol of every name."
        )
    if configuration.genes:
        name, kind, rows = "your list", "list", _listed(configuration.genes, names, background)
    else:
        name, kind, rows = _named(configuration, matrix, names, background, runs)
    used = tuple(dict.fromkeys(gene for _, gene, status in rows if status == USED))
    if not used:
        raise BadData(
            f"None of the {len(rows):,} names of {name} is in the background of {len(background):,} genes. Check "
            f"that they are {TITLES[names.identifier]} or gene symbols of this dataset."
        )
    table = pd.DataFrame(rows, columns=["name", "gene", "status"])
    return Question(name, kind, used, table, terms, source, background)


def _terms(configuration: EnrichConfiguration) -> tuple[str, Sequence[GeneSet]]:
    if not configuration.gmt:
        return GO, molecular_functions()
    path = Path(configuration.gmt)
    if not path.is_file():
        raise BadData(f"There is no file {path}. Give the path of a GMT file, or none for {GO}.")
    terms = read_gmt(path)
    if not terms:
        raise BadData(f"{path.name} holds no gene sets. Each line of a GMT file is one.")
    return path.name, terms


@dataclass(frozen=True)
class _Names:
    """Gene names of the dataset, and what the terms call the same genes."""

    identifier: Identifier
    native: tuple[str, ...]
    translated: tuple[str, ...]

    @classmethod
    def of(cls, matrix: AnnData, annotated: frozenset[str]) -> "_Names":
        identifier = cast(Identifier, fact(matrix, "identifier") or "unknown")
        native = tuple(map(str, matrix.var_names))
        symbol = tuple(symbols_of(native, identifier))
        # a GMT of probes is looked up by probes
        own = len(annotated.intersection(native)) >= len(annotated.intersection(symbol))
        return cls(identifier, native, native if own else symbol)

    def spelled(self, terms: Sequence[GeneSet]) -> tuple[GeneSet, ...]:
        """Spell the genes of terms as they are here; those that are not measured stay as they are."""
        kind = self.identifier if self.translated == self.native or self.identifier == "unknown" else "symbol"
        index = index_of(tuple(name for name in self.translated if name), kind)
        here: dict[str, tuple[str, ...]] = {}
        for gene in {gene for term in terms for gene in term.genes}:
            here[gene] = index.find_all(gene) or (gene,)
        return tuple(
            replace(term, genes=tuple(dict.fromkeys(chain.from_iterable(map(here.__getitem__, term.genes)))))
            for term in terms
        )


def _named(
    configuration: EnrichConfiguration,
    matrix: AnnData,
    names: _Names,
    background: frozenset[str],
    runs: RunStore,
) -> tuple[str, str, list[tuple[str, str, str]]]:
    text = configuration.set.strip()
    kind, _, rest = text.partition(":")
    if kind == "list":
        path = Path(rest)
        if not path.is_file():
            raise BadData(
                f"There is no file {path}. Write list: and the path of a text file with gene names."
            )
        return path.stem, "list", _listed(read_list(path), names, background)
    if text.startswith(PREFIX):
        chosen, kind = driving_genes(text, configuration.dataset, runs), "cluster"
    else:
        (chosen,) = parse_sets([text], matrix, configuration.dataset, runs, same_size=False)
        kind = kind_of(text)
    translated = dict(zip(names.native, names.translated, strict=True))
    rows, seen = [], set()
    for name in chosen.genes:
        gene = translated[name]
        status = (
            UNNAMED if not gene else ABSENT if gene not in background else AGAIN if gene in seen else USED
        )
        seen.add(gene)
        rows.append((name, gene, status))
    return chosen.name, kind, rows


def _listed(text: str, names: _Names, background: frozenset[str]) -> list[tuple[str, str, str]]:
    """Sort the names of a list; those of the dataset and those of the terms are both understood."""
    translated = {name: gene for name, gene in zip(names.native, names.translated, strict=True) if gene}
    present = {**translated, **dict.fromkeys(sorted(background))}
    found = triage(text, present, identifier=names.identifier)
    rows, seen = [], set()
    for name in found.used:
        gene = name if name in background else translated[name]
        status = ABSENT if gene not in background else AGAIN if gene in seen else USED
        seen.add(gene)
        rows.append((name, gene, status))
    rows += [(name, "", ABSENT) for name in found.absent]
    rows += [(name, "", UNKNOWN) for name in found.unknown]
    rows += [(name, "", AGAIN) for name in found.duplicated]
    return rows
