"""Genes brought together, one value per gene symbol, or left out, where they carry the values of another gene."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Literal

import numpy as np
import pandas as pd

from landmark.data.gene_identifiers import TITLES, is_nameless, symbols_of
from landmark.data.gene_names import CALLED
from landmark.data.history import describe, identifier_of, record
from landmark.data.scaling import mean_and_squares
from landmark.data.steps.stream import Stream, chosen, chosen_genes, mapped, without_values
from landmark.errors import BadData
from landmark.progress import Report, silent

Collapse = Literal["mean", "most variable"]


def collapse_probes(
    stream: Stream, keep: Collapse = "mean", report: Report = silent, learned_on: np.ndarray | None = None
) -> Stream:
    """Name the genes by symbol, and make one gene of all probes or identifiers that share a symbol.

    Names of no known kind stay, and genes of the same name become one, in the order in which their symbol
    first occurs. ``keep``: ``mean`` averages them, as D-GEX does; ``most variable`` keeps the one with the
    largest variance, which a pass over the samples ``learned_on``, bool [samples], by default all, finds.
    ``var["measured_by"]`` lists what the values of each come from, divided by blanks; genes without a symbol
    are left out, and counted in the history. BadData: no symbol is known for any gene.
    """
    before = stream.about
    identifier = identifier_of(before)
    names = np.array(list(before.var_names), dtype=object)
    called = [str(name) for name in before.var.get(CALLED, names)]
    symbols = np.array(symbols_of(called, identifier), dtype=object)
    symbols[[is_nameless(name) for name in called]] = ""
    if (identifier == "unknown" and CALLED not in before.var) or not any(symbols):
        raise BadData(
            "The kind of gene names in this dataset is not known, so they cannot be turned into symbols. Give a file "
            "with HG-U133A probes, Entrez or Ensembl identifiers, or a table that gives the symbol of every name."
        )
    known = np.flatnonzero(symbols != "")
    codes, genes = pd.factorize(symbols[known])
    if keep == "mean":
        measured_by = pd.Series(names[known]).groupby(codes).agg(" ".join).to_numpy()
    else:
        variance = _squared_deviations(stream, report, learned_on)[known]
        columns = known[_largest(variance, codes)]
        measured_by = names[columns]
    about = without_values(before, var=pd.DataFrame({"measured_by": measured_by}, index=genes))
    describe(about, identifier="unknown" if identifier == "unknown" else "symbol")
    record(
        about,
        "One value per gene symbol",
        of=TITLES[identifier],
        keep=keep,
        before=stream.genes,
        after=len(genes),
        without_symbol=stream.genes - len(known),
    )
    if keep == "mean":
        return mapped(stream, about, lambda X: _mean_by(X[:, known], codes, len(genes)))
    return mapped(stream, about, lambda X: X[:, columns])


def _mean_by(X: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Average the columns of each group: float32 [samples, groups]."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(groups))
    sizes = np.bincount(codes, minlength=groups)
    sums = np.add.reduceat(X[:, order], starts, axis=1, dtype=np.float64)
    return (sums / sizes).astype(np.float32)


def _squared_deviations(stream: Stream, report: Report, learned_on: np.ndarray | None) -> np.ndarray:
    """Sum of squared deviations from the mean of every gene, over the samples that decide: float64 [genes]."""
    judged = stream if learned_on is None else chosen(stream, learned_on)
    passing = judged.reported(report, "Comparing the probes of each gene")
    return mean_and_squares((block for _, block in passing), stream.genes)[1]


def _largest(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Position of the largest value within each group, int64 [groups]; the first where they tie."""
    order = np.lexsort((np.arange(len(codes)), -values, codes))
    first = np.concatenate([[True], codes[order][1:] != codes[order][:-1]])
    return order[first]


Identical = Literal["keep one", "drop"]


def without_identical(stream: Stream, choice: Identical, report: Report = silent) -> Stream:
    """Leave out genes with the values of another gene in every sample: all of them, or all but the first.

    One pass finds them; they are left out as the samples pass again. BadData: no gene would be left.
    """
    passing = (block for _, block in stream.reported(report, "Looking for genes with the same values"))
    first = first_alike(passing, stream.genes)
    kept = np.flatnonzero(~shared_values(first) if choice == "drop" else first == np.arange(len(first)))
    if not len(kept):
        raise BadData(
            "Every gene has the values of another gene in all samples, so none would be left. Is this the right file?"
        )
    left = chosen_genes(stream, kept)
    record(left.about, "Genes with the same values", choice=choice, genes_dropped=stream.genes - len(kept))
    return left


def first_alike(blocks: Iterable[np.ndarray], genes: int) -> np.ndarray:
    """Find for every gene the first one with the same values (BLAKE2b) in all samples, often itself: int [genes].

    The samples come some at a time: float32 [samples of the block, genes].
    """
    digests = [blake2b(digest_size=16) for _ in range(genes)]
    for block in blocks:
        for digest, values in zip(digests, np.ascontiguousarray(block.T), strict=True):
            digest.update(values)
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(digest.digest(), gene) for gene, digest in enumerate(digests)], np.intp)


def shared_values(first: np.ndarray) -> np.ndarray:
    """Find the genes that carry the values of another, given ``first_alike``: bool [genes]."""
    return np.bincount(first, minlength=len(first))[first] > 1
