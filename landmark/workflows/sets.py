"""From what a user writes for a gene set to the set itself, on a dataset."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from anndata import AnnData

from landmark.analyses.ranking.results import RankResults
from landmark.analyses.registry import ANALYSES
from landmark.analyses.selection.results import SelectResults
from landmark.data.gene_identifiers import probe_symbols
from landmark.data.history import fact
from landmark.errors import BadConfiguration, BadData
from landmark.genesets.geneset import GeneSet, cut_to_same_size
from landmark.genesets.sources import l1000_present, most_variable, top
from landmark.genesets.text import read_list, triage
from landmark.metrics.gene_sets import Mode, Targets
from landmark.store.runs import Run, RunStore
from landmark.workflows.samples import Expression

PAPER_CUT = 943
"""Size of the paper's D1000."""

_LETTERS = {"rank": "D", "select": "G"}
"""D for DeepLIFT, as in the paper's D1000; G for greedy."""

FROM_RUNS = tuple(f"{name}-" for name, analysis in ANALYSES.items() if analysis.gives_sets)
"""How the names of runs begin that order genes."""

LEAST_L1000 = 20
"""With fewer L1000 genes than this a dataset says nothing about L1000."""


def l1000_among(genes: Sequence[str], identifier: str) -> tuple[str, ...]:
    """Find the paper's L1000 genes (943 of the 978) in a dataset; none where the kind of name does not tell."""
    try:
        return l1000_present(genes, identifier, dgex=True).genes
    except BadData:
        return ()


def l1000_count(genes: Sequence[str], identifier: str) -> int:
    """Count them."""
    return len(l1000_among(genes, identifier))


def against_l1000(chosen: Sequence[str], genes: Sequence[str], identifier: str) -> dict[str, Any]:
    """Count the L1000 genes of a dataset, those chosen and those that chance would choose, as figures of a run."""
    published = l1000_among(genes, identifier)
    if not published:
        return {"l1000_present": 0}
    return {
        "l1000_present": len(published),
        "overlap_l1000": len(set(published).intersection(chosen)),
        "overlap_l1000_by_chance": len(chosen) * len(published) / len(genes),
    }


def default_cut(genes: Sequence[str], identifier: str) -> int:
    """Return the size of a fair set: as many genes as L1000 has here, or the paper's 943, or a tenth of all.

    Where most genes are L1000 genes, as on the L1000 platform itself, a quarter of all: with as many as L1000 has,
    two sets would leave nothing to predict.
    """
    present = l1000_count(genes, identifier)
    if present < LEAST_L1000:
        return max(1, min(PAPER_CUT, len(genes) // 10))
    return present if 2 * present <= len(genes) else max(1, len(genes) // 4)


def cut_of(run: Run) -> int:
    """Return the size of the set at the top of a ranking, or of a choice of genes."""
    results = RankResults if run.kind == "rank" else SelectResults
    return results.read(run.manifest.metrics).cut


def parse_sets(
    texts: Sequence[str],
    matrix: Expression,
    runs: RunStore,
    same_size: bool,
    lists: Collection[str] | None = None,
) -> list[GeneSet]:
    """Make the sets that a comparison asks for.

    Parameters
    ----------
    texts
        ``L1000`` (the 943 that the paper uses), ``L1000-978`` (all), ``variable``, ``<ranking run>``, each also with
        ``:<genes>`` for its first so many, or ``list:<file>``.
    same_size
        Cut all to the size of the smallest.
    lists
        The lists that may be read, each as ``list:<file>``: what pages ask for is restricted to those that are stored.
        Any file where nothing is given, as on the command line.

    Raises
    ------
    BadConfiguration
        If a text is none of these.
    BadData
        If a list is none of those that may be read, a set has no gene here, or asks for more genes than there are.
    BadRun
        If a ranking does not exist or belongs to another dataset.
    """
    if lists is not None:
        refuse_files(texts, lists)
    sets = [_parse(text.strip(), matrix, runs) for text in texts]
    return distinct_names(cut_to_same_size(sets) if same_size else sets)


def refuse_files(texts: Iterable[str], lists: Collection[str]) -> None:
    """Refuse sets that are read from other files than those of some lists; BadData if there is one."""
    for text in texts:
        if text.strip().partition(":")[0].strip().lower() == "list" and text.strip() not in lists:
            raise BadData(
                "A set names a list that is not among yours. Choose a stored one, or paste its genes."
            )


def parse_set(text: str, matrix: Expression, runs: RunStore, size: int | None = None) -> GeneSet:
    """Make one set, or of its genes the first ``size``; see ``parse_sets``."""
    [gene_set] = parse_sets([text], matrix, runs, same_size=False)
    return first_genes(gene_set, size)


def first_genes(gene_set: GeneSet, size: int | None) -> GeneSet:
    """Return the first genes of a set, all of them where no size is given; BadConfiguration if it has fewer."""
    if size is None or size == len(gene_set):
        return gene_set
    if size > len(gene_set):
        raise BadConfiguration(
            f"size = {size}: {gene_set.name} has {len(gene_set):,} genes here. Choose a number up to that."
        )
    return replace(
        gene_set, genes=gene_set.genes[:size], origin=f"the first {size} genes of {gene_set.origin}"
    )


def kind_of(text: str) -> str:
    """Return the kind of a set from how it is written: ranking, l1000, variable or list."""
    kind = text.strip().partition(":")[0]
    if kind.startswith("rank-"):
        return "ranking"
    if kind.startswith("select-"):
        return "improved"
    return "l1000" if kind.startswith("L1000") else kind


def target_rule(
    matrix: AnnData, sets: Sequence[GeneSet], mode: Mode = "common", strict: bool = False
) -> Targets:
    """Return the rule of the targets of some sets; a strict one leaves out probes of genes that are measured."""
    probes = probe_symbols() if strict and fact(matrix, "identifier") == "hgu133a_probe" else None
    return Targets(tuple(map(str, matrix.var_names)), tuple(sets), mode, probes)


def sets_table(sets: Iterable[GeneSet]) -> pd.DataFrame:
    """List the genes of sets: set, gene."""
    return pd.DataFrame([(s.name, gene) for s in sets for gene in s.genes], columns=["set", "gene"])


def source_runs(texts: Sequence[str]) -> dict[str, str]:
    """Return the runs that sets come from by role: rank and select, and where there are several rank 2 and so on."""
    found = [text.strip().partition(":")[0] for text in texts]
    roles: dict[str, str] = {}
    for run_id in dict.fromkeys(name for name in found if name.startswith(FROM_RUNS)):
        kind, number = run_id.partition("-")[0], 1
        while (role := kind if number == 1 else f"{kind} {number}") in roles:
            number += 1
        roles[role] = run_id
    return roles


def ranking_run(texts: Sequence[str]) -> str:
    """Return the first ranking run that sets come from, or ""."""
    return source_runs(texts).get("rank", "")


def _parse(text: str, matrix: Expression, runs: RunStore) -> GeneSet:
    genes, identifier = list(matrix.about.var_names), fact(matrix.about, "identifier")
    kind, _, rest = text.partition(":")
    size = _number(rest, text) if rest and kind in ("L1000", "L1000-978", "variable") else None
    makers: dict[str, Callable[[], GeneSet]] = {
        "L1000": lambda: first_genes(l1000_present(genes, identifier, dgex=True), size),
        "L1000-978": lambda: first_genes(replace(l1000_present(genes, identifier), name="L1000-978"), size),
        "variable": lambda: most_variable(
            matrix.train,
            genes,
            size or default_cut(genes, identifier),
        ),
        "list": lambda: _from_file(Path(rest), genes, identifier),
    }
    if kind in makers:
        return makers[kind]()
    if kind.startswith(FROM_RUNS):
        return _from_ranking(kind, rest, text, matrix.dataset.id, runs)
    raise BadConfiguration(
        f"{text!r} is no gene set. Write L1000, L1000-978, variable, <ranking run>:<number of genes>, "
        "<selection run>:<number of genes> or list:<file>."
    )


def _from_ranking(run_id: str, size: str, text: str, dataset_id: str, runs: RunStore) -> GeneSet:
    run = runs.get(run_id, run_id.partition("-")[0])
    if run.manifest.parents["dataset"] != dataset_id:
        raise BadConfiguration(
            f"{run_id} chose from the genes of dataset {run.manifest.parents['dataset']}, not of {dataset_id}. "
            "Choose one made on the dataset you compare on."
        )
    count = _number(size, text) if size else cut_of(run)
    name = f"{_LETTERS[run.kind]}{count}"
    return top(run.table("ranking"), count, origin=f"the first {count} genes of {run_id}", name=name)


def _from_file(path: Path, genes: Sequence[str], identifier: str) -> GeneSet:
    if not path.is_file():
        raise BadData(f"There is no file {path}. Write list: and the path of a text file with gene names.")
    found = triage(read_list(path), genes, identifier=identifier)
    return found.gene_set(path.stem, f"the file {path.name}")


def _number(text: str, whole: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise BadConfiguration(
            f"{whole!r}: {text!r} is not a number of genes. Write for instance {whole.partition(':')[0]}:490."
        )
    return int(text)


def distinct_names(sets: list[GeneSet]) -> list[GeneSet]:
    """Give every set a name of its own that can be part of a column name."""
    named: dict[str, GeneSet] = {}
    for gene_set in sets:
        plain = re.sub(r"[^A-Za-z0-9-]+", "-", gene_set.name).strip("-") or "set"
        name, number = plain, 2
        while name in named:
            name, number = f"{plain}-{number}", number + 1
        named[name] = replace(gene_set, name=name)
    return list(named.values())
