"""History of an expression matrix: the steps done to it, in order, kept with it in ``uns["landmark"]``."""

import json
from typing import Any, cast

from anndata import AnnData

from landmark.data.gene_identifiers import Identifier

KEY = "landmark"


def describe(adata: AnnData, **facts: str) -> None:
    """Set facts of the whole matrix: ``unit``, ``identifier``, ``source``, ``title``."""
    adata.uns.setdefault(KEY, {}).update(facts)


def fact(adata: AnnData, name: str) -> str:
    """Read one fact that ``describe`` set; empty where it was not."""
    return str(adata.uns.get(KEY, {}).get(name, ""))


def identifier_of(adata: AnnData) -> Identifier:
    """Read the kind of the gene names; ``unknown`` where nothing says it."""
    return cast(Identifier, fact(adata, "identifier") or "unknown")


def record(adata: AnnData, step: str, **details: Any) -> None:
    """Add one step to the history: what was done in a few plain words, its parameters and counts as JSON values."""
    entry = json.dumps({"step": step, **details}, ensure_ascii=False)
    adata.uns.setdefault(KEY, {})["history"] = [*_entries(adata), entry]


def history(adata: AnnData) -> list[dict[str, Any]]:
    """Read the history back, first step first: dictionaries with ``step`` and the step's details."""
    return [json.loads(entry) for entry in _entries(adata)]


def _entries(adata: AnnData) -> list[str]:
    # A file gives the list back as an array of strings.
    return [str(entry) for entry in adata.uns.get(KEY, {}).get("history", [])]
