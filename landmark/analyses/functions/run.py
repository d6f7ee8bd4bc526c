"""Ask what the genes of a set do: over-represented terms (Fig. 5 of the paper). Needs no jax: it takes a second."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, cast

import pandas as pd
from anndata import AnnData

from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.functions.results import EnrichResults
from landmark.data.gene_identifiers import TITLES, Identifier, symbols_of
from landmark.data.gene_index import index_of
from landmark.data.history import fact
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.genesets.enrichment import SIGNIFICANT, enrich, term_groups, usable_terms
from landmark.genesets.geneset import GeneSet
from landmark.genesets.gmt import molecular_functions, read_gmt
from landmark.genesets.text import read_list, triage
from landmark.progress import Progress
from landmark.store.runs import RunStore
from landmark.workflows.context import Context, Outcome
from landmark.workflows.samples import Expression
from landmark.workflows.sets import kind_of, parse_sets, source_runs

_TERMS = "terms.gmt"
"""An uploaded file of terms is kept with the run."""


def run(configuration: EnrichConfiguration, context: Context) -> Outcome:
    """Write enrichment.parquet and names.parquet."""
    context.report(Progress("Finding the set and the terms"))
    dataset = context.datasets.get(configuration.dataset)
    asked = _question(configuration, Expression(dataset), context.runs)
    context.report(Progress("Testing the terms"))
    limits = {"smallest": configuration.smallest, "largest": configuration.largest}
    tested = usable_terms(asked.terms, asked.background, **limits)
    table = enrich(GeneSet(asked.name, asked.genes, ""), asked.terms, asked.background, **limits)
    table = _grouped(table)
    context.draft.table("enrichment", table)
    context.draft.table("names", asked.names)
    if configuration.gmt:
        shutil.copyfile(Path(configuration.gmt), context.draft.folder / _TERMS)
    text, status = configuration.set.strip(), asked.names["status"].value_counts()
    made = {"cluster": text.partition(":")[0]} if text.startswith(_PREFIX) else source_runs([text])
    return Outcome(
        parents={"dataset": dataset.id} | made,
        results=EnrichResults(
            set=asked.name,
            kind=asked.kind,
            genes=len(asked.genes),
            named=len(asked.names) - int(status.get(_AGAIN, 0)),
            absent=int(status.get(_ABSENT, 0)),
            unknown=int(status.get(_UNKNOWN, 0)),
            unnamed=int(status.get(_UNNAMED, 0)),
            duplicated=int(status.get(_AGAIN, 0)),
            source=asked.source,
            background_genes=len(asked.background),
            **_findings(table, asked),
            tested=len(tested),
            annotated=len(set().union(*tested.values()).intersection(asked.genes)),
        ),
        split=dataset.manifest.split,
    )


_PREFIX = "cluster-"


def _driving_genes(text: str, dataset_id: str, runs: RunStore) -> GeneSet:
    """Make the set of genes that drive a cluster: ``<cluster run>:<cluster>``, or that and ``:<number of genes>``."""
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


_GO = "GO molecular function"


_USED = "used"


_ABSENT = "not in the background"


_UNKNOWN = "unknown"


_UNNAMED = "no symbol known"


_AGAIN = "named again"
"""What becomes of a name of the set."""


@dataclass(frozen=True)
class _Question:
    """What is tested against what: a set of a name and kind ("D490", "ranking"), terms, and genes of the background.

    Attributes
    ----------
    genes
        The genes of the set that are in the background.
    names
        What became of every name of the set: columns name, gene, status. A name given several times has a row
        more with the status "named again".
    source
        What the terms are, for people.
    """

    name: str
    kind: str
    genes: tuple[str, ...]
    names: pd.DataFrame
    terms: tuple[GeneSet, ...]
    source: str
    background: frozenset[str]


def _question(configuration: EnrichConfiguration, matrix: Expression, runs: RunStore) -> _Question:
    """Find the set, the terms and the background; values of the matrix are read only for the most variable genes."""
    source, written = _terms(configuration)
    names = _Names.of(matrix.about, frozenset(gene for term in written for gene in term.genes))
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
    used = tuple(dict.fromkeys(gene for _, gene, status in rows if status == _USED))
    if not used:
        raise BadData(
            f"None of the {len(rows):,} names of {name} is in the background of {len(background):,} genes. Check "
            f"that they are {TITLES[names.identifier]} or gene symbols of this dataset."
        )
    table = pd.DataFrame(rows, columns=["name", "gene", "status"])
    return _Question(name, kind, used, table, terms, source, background)


def _terms(configuration: EnrichConfiguration) -> tuple[str, Sequence[GeneSet]]:
    if not configuration.gmt:
        return _GO, molecular_functions()
    path = Path(configuration.gmt)
    if not path.is_file():
        raise BadData(f"There is no file {path}. Give the path of a GMT file, or none for {_GO}.")
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
    matrix: Expression,
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
    if text.startswith(_PREFIX):
        chosen, kind = _driving_genes(text, configuration.dataset, runs), "cluster"
    else:
        (chosen,) = parse_sets([text], matrix, runs, same_size=False)
        kind = kind_of(text)
    translated = dict(zip(names.native, names.translated, strict=True))
    return chosen.name, kind, _judged({name: translated[name] for name in chosen.genes}, background)


def _judged(genes: Mapping[str, str], background: frozenset[str]) -> list[tuple[str, str, str]]:
    """Say of every name, by the gene that it stands for, what becomes of it."""
    rows, seen = [], set()
    for name, gene in genes.items():
        status = (
            _UNNAMED if not gene else _ABSENT if gene not in background else _AGAIN if gene in seen else _USED
        )
        seen.add(gene)
        rows.append((name, gene, status))
    return rows


def _listed(text: str, names: _Names, background: frozenset[str]) -> list[tuple[str, str, str]]:
    """Sort the names of a list; those of the dataset and those of the terms are both understood."""
    translated = {name: gene for name, gene in zip(names.native, names.translated, strict=True) if gene}
    present = {**translated, **dict.fromkeys(sorted(background))}
    found = triage(text, present, identifier=names.identifier)
    rows = _judged(
        {name: name if name in background else translated[name] for name in found.used}, background
    )
    rows += [(name, "", _ABSENT) for name in found.absent]
    rows += [(name, "", _UNKNOWN) for name in found.unknown]
    rows += [(name, "", _AGAIN) for name in found.duplicated]
    return rows


_GROUPED = 300
"""So many terms at most are told apart by the genes they share."""


_FEWEST_GROUPED = 20
"""So many are, also where fewer are significant."""


_DOMINATES = 0.5
"""A term that holds this share of the set's genes dominates it."""


def _grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Number the groups of terms that share most of their genes, from 1; 0 for terms that were not compared."""
    significant = int((table["p_adjusted"] < SIGNIFICANT).sum())
    first = min(max(significant, _FEWEST_GROUPED), _GROUPED)
    groups = pd.Series(0, index=table.index)
    if len(table):
        groups.iloc[:first] = term_groups(table["genes"].iloc[:first])
    return table.assign(group=groups.astype(int))


def _findings(table: pd.DataFrame, asked: _Question) -> dict[str, Any]:
    """Count significant terms, and find the largest of them."""
    found = table[table["p_adjusted"] < SIGNIFICANT]
    if found.empty:
        return {"significant": 0, "groups": 0, "best_term": table["term"].iloc[0] if len(table) else ""}
    largest = found.loc[found["overlap"].idxmax()]
    overlap = int(largest["overlap"])
    return {
        "significant": len(found),
        "groups": int(found.loc[found["group"] > 0, "group"].nunique()),
        "best_term": str(found["term"].iloc[0]),
        "largest_term": str(largest["term"]),
        "largest_overlap": overlap,
        "dominates": overlap >= _DOMINATES * len(asked.genes),
    }
