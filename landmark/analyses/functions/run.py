"""Ask what the genes of a set do: over-represented terms (Fig. 5 of the paper). Needs no jax: it takes a second."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.functions.results import EnrichResults
from landmark.analyses.functions.terms import ABSENT, AGAIN, PREFIX, UNKNOWN, UNNAMED, Question, question
from landmark.genesets.enrichment import SIGNIFICANT, enrich, term_groups, usable_terms
from landmark.genesets.geneset import GeneSet
from landmark.progress import Progress
from landmark.workflows.context import Context, Outcome
from landmark.workflows.sets import source_runs

TERMS = "terms.gmt"
"""An uploaded file of terms is kept with the run."""

GROUPED = 300
"""So many terms at most are told apart by the genes they share."""

FEWEST_GROUPED = 20
"""So many are, also where fewer are significant."""

DOMINATES = 0.5
"""A term that holds this share of the set's genes dominates it."""


def run(configuration: EnrichConfiguration, context: Context) -> Outcome:
    """Write enrichment.parquet and names.parquet."""
    context.report(Progress("Finding the set and the terms"))
    dataset = context.datasets.get(configuration.dataset)
    with dataset.opened() as matrix:
        asked = question(configuration, matrix, context.runs)
    context.report(Progress("Testing the terms"))
    limits = {"smallest": configuration.smallest, "largest": configuration.largest}
    tested = usable_terms(asked.terms, asked.background, **limits)
    table = enrich(GeneSet(asked.name, asked.genes, ""), asked.terms, asked.background, **limits)
    table = _grouped(table)
    context.draft.table("enrichment", table)
    context.draft.table("names", asked.names)
    if configuration.gmt:
        shutil.copyfile(Path(configuration.gmt), context.draft.folder / TERMS)
    return Outcome(
        parents={"dataset": dataset.id} | _parents(configuration),
        results=EnrichResults(
            **_counts(asked),
            **_findings(table, asked),
            tested=len(tested),
            annotated=len(set().union(*tested.values()).intersection(asked.genes)),
        ),
        split=dataset.manifest.split,
    )


def _grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Number the groups of terms that share most of their genes, from 1; 0 for terms that were not compared."""
    significant = int((table["p_adjusted"] < SIGNIFICANT).sum())
    first = min(max(significant, FEWEST_GROUPED), GROUPED)
    groups = pd.Series(0, index=table.index)
    if len(table):
        groups.iloc[:first] = term_groups(table["genes"].iloc[:first])
    return table.assign(group=groups.astype(int))


def _counts(asked: Question) -> dict[str, Any]:
    status = asked.names["status"].value_counts()
    return {
        "set": asked.name,
        "kind": asked.kind,
        "genes": len(asked.genes),
        "named": len(asked.names) - int(status.get(AGAIN, 0)),
        "absent": int(status.get(ABSENT, 0)),
        "unknown": int(status.get(UNKNOWN, 0)),
        "unnamed": int(status.get(UNNAMED, 0)),
        "duplicated": int(status.get(AGAIN, 0)),
        "source": asked.source,
        "background_genes": len(asked.background),
    }


def _findings(table: pd.DataFrame, asked: Question) -> dict[str, Any]:
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
        "dominates": overlap >= DOMINATES * len(asked.genes),
    }


def _parents(configuration: EnrichConfiguration) -> dict[str, str]:
    text = configuration.set.strip()
    if text.startswith(PREFIX):
        return {"cluster": text.partition(":")[0]}
    return source_runs([text])
