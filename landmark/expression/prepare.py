"""Steps that change the values or the genes of a matrix. Each adds itself to the history.

Steps that keep the genes work in place, since a matrix may fill half of the memory.
"""

import os
from typing import Literal

import numpy as np
import pandas as pd
from anndata import AnnData
from qnorm import quantile_normalize

from landmark.errors import BadData
from landmark.expression.gene_name import is_nameless
from landmark.expression.history import describe, fact, record
from landmark.expression.identifiers import TITLES, Identifier, symbols_of
from landmark.expression.naming import CALLED
from landmark.progress import Progress, Report, silent

PAPER_RANGE = (4.0, 15.0)
"""The range of log2 values after quantile normalisation in Kong et al. 2021."""

Collapse = Literal["mean", "most variable"]

_SAMPLES_AT_ONCE = 512
_THREADS = min(4, os.cpu_count() or 1)
"""Threads of qnorm; it says itself that more than four gain nothing."""


def log2(adata: AnnData, offset: float = 1.0) -> None:
    """Take log2(value + offset).

    Parameters
    ----------
    adata
        The matrix; changed in place.
    offset
        Added first, so that zeros stay finite. 1 suits counts, TPM and MAS5 signals.

    Raises
    ------
    BadData
        A value plus the offset is not positive.
    """
    lowest = float(np.nanmin(adata.X))
    if lowest + offset <= 0:
        raise BadData(
            f"The smallest value is {lowest:g}, so log2(value + {offset:g}) does not exist for it. The "
            "data are perhaps logged already; otherwise choose a larger offset."
        )
    adata.X += np.float32(offset)
    np.log2(adata.X, out=adata.X)
    describe(adata, unit="log2 expression")
    record(adata, "Logarithm", base=2, offset=offset)


def quantile_normalise(
    adata: AnnData, low: float | None = None, high: float | None = None, report: Report = silent
) -> None:
    """Give every sample the same distribution of values: the mean over samples of the values of equal rank.

    Bolstad et al., Bioinformatics 19:185 (2003). Equal values within a sample get the mean of the quantiles that they
    span, as the package qnorm does it.

    Parameters
    ----------
    adata
        The matrix; changed in place.
    low, high
        If both are given, the common distribution is stretched to this range; the paper's data run from 4 to 15.
    report
        Told after every few hundred samples.

    Raises
    ------
    BadData
        A range is asked for, but all values are equal.
    """
    quantiles = mean_quantiles(adata.X, report)
    if low is not None and high is not None:
        quantiles = stretched(quantiles, low, high)
    X = adata.X
    for start in range(0, len(X), _SAMPLES_AT_ONCE):
        report(Progress("Quantile normalisation", start, len(X), "sample"))
        block = slice(start, start + _SAMPLES_AT_ONCE)
        X[block] = onto_quantiles(X[block], quantiles)
    adata.X = X
    record(adata, "Quantile normalisation", low=low, high=high)


def stretched(quantiles: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch ascending quantiles [genes] so that they run from ``low`` to ``high``.

    Raises
    ------
    BadData
        All quantiles are equal.
    """
    span = quantiles[-1] - quantiles[0]
    if span <= 0:
        raise BadData("All values are equal; they cannot be stretched to a range.")
    return low + (quantiles - quantiles[0]) * (high - low) / span


def mean_quantiles(X: np.ndarray, report: Report = silent) -> np.ndarray:
    """Average the sorted samples of X [samples, genes]: float64 [genes], ascending."""
    total = np.zeros(X.shape[1])
    for place, sample in enumerate(X):
        if place % _SAMPLES_AT_ONCE == 0:
            report(Progress("Averaging the quantiles", place, len(X), "sample"))
        total += np.sort(sample)
    return total / len(X)


def onto_quantiles(X: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Replace every value by the quantile of its rank within its sample.

    Parameters
    ----------
    X
        [samples, genes].
    quantiles
        Ascending, [genes] or any other length of at least 2: it is then interpolated at the ranks, as when another
        platform is brought onto the distribution of the first.

    Returns
    -------
    numpy.ndarray
        float32 [samples, genes].
    """
    quantiles = _stretched_to(quantiles, X.shape[1])
    return quantile_normalize(np.asarray(X, np.float32), axis=0, target=quantiles, ncpus=_THREADS)


def onto_quantiles_dense(X: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Replace every value by the quantile of its rank among the distinct values of its sample.

    The distinct values of a sample are spread evenly over the whole distribution, as in the public code of D-GEX
    (GTEx_reqnorm.py): with u of them and g genes the value of rank r = 1, ..., u becomes quantile number
    floor(r g / u), counted from 1. So equal values, such as the zeros of RNA-seq, become the lowest ones.

    Parameters
    ----------
    X
        [samples, genes].
    quantiles
        Ascending, as for ``onto_quantiles``.

    Returns
    -------
    numpy.ndarray
        float32 [samples, genes].
    """
    genes = X.shape[1]
    quantiles = _stretched_to(quantiles, genes)
    found = np.empty(X.shape, np.float32)
    for place, sample in enumerate(np.asarray(X, np.float32)):
        distinct, rank = np.unique(sample, return_inverse=True)
        found[place] = quantiles[(rank + 1) * genes // len(distinct) - 1]
    return found


def _stretched_to(quantiles: np.ndarray, genes: int) -> np.ndarray:
    """Interpolate quantiles at the ranks of so many genes."""
    if len(quantiles) == genes:
        return quantiles
    return np.interp(np.linspace(0, len(quantiles) - 1, genes), np.arange(len(quantiles)), quantiles)


def collapse_probes(adata: AnnData, keep: Collapse = "mean") -> AnnData:
    """Name the genes by symbol, and make one gene of all probes or identifiers that share a symbol.

    Names of no known kind stay, and genes of the same name become one.

    Parameters
    ----------
    adata
        The matrix; not changed. Its identifiers must be known (HG-U133A probes, Entrez, Ensembl or symbols), or several
        genes called the same (``naming.CALLED``).
    keep
        ``mean``: average them, as D-GEX does; ``most variable``: keep the one with the largest variance.

    Returns
    -------
    AnnData
        Genes in the order in which their symbol first occurs. ``var["measured_by"]`` lists what the values of each
        come from, divided by blanks; genes without a symbol are left out, and counted in the history.

    Raises
    ------
    BadData
        No symbol is known for any gene.
    """
    identifier: Identifier = fact(adata, "identifier") or "unknown"  # type: ignore[assignment]
    names = list(adata.var_names)
    called = [str(name) for name in adata.var.get(CALLED, names)]
    symbols = np.array(symbols_of(called, identifier), dtype=object)
    symbols[[is_nameless(name) for name in called]] = ""
    if (identifier == "unknown" and CALLED not in adata.var) or not any(symbols):
        raise BadData(
            "The kind of gene names in this dataset is not known, so they cannot be turned into symbols. Give a file "
            "with HG-U133A probes, Entrez or Ensembl identifiers, or a table that gives the symbol of every name."
        )
    known = np.flatnonzero(symbols != "")
    codes, genes = pd.factorize(symbols[known])
    parts = pd.Series(np.array(names, dtype=object)[known])
    if keep == "mean":
        X = _mean_by(adata.X[:, known], codes, len(genes))
        measured_by = parts.groupby(codes).agg(" ".join)
    else:
        chosen = _most_variable(adata.X[:, known], codes)
        X = adata.X[:, known[chosen]]
        measured_by = parts.iloc[chosen]
    collapsed = AnnData(
        X, obs=adata.obs.copy(), var=pd.DataFrame({"measured_by": measured_by.to_numpy()}, index=genes)
    )
    collapsed.uns["landmark"] = dict(adata.uns.get("landmark", {}))
    describe(collapsed, identifier="unknown" if identifier == "unknown" else "symbol")
    record(
        collapsed,
        "One value per gene symbol",
        of=TITLES[identifier],
        keep=keep,
        before=adata.n_vars,
        after=collapsed.n_vars,
        without_symbol=adata.n_vars - len(known),
    )
    return collapsed


def _mean_by(X: np.ndarray, codes: np.ndarray, groups: int) -> np.ndarray:
    """Average the columns of each group: float32 [samples, groups]."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(groups))
    sizes = np.bincount(codes, minlength=groups)
    sums = np.add.reduceat(X[:, order], starts, axis=1, dtype=np.float64)
    return (sums / sizes).astype(np.float32)


def _most_variable(X: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Position of the column of largest variance within each group, int64 [groups]; the first where they tie."""
    variance = X.var(axis=0, dtype=np.float64)
    order = np.lexsort((np.arange(len(codes)), -variance, codes))
    first = np.concatenate([[True], codes[order][1:] != codes[order][:-1]])
    return order[first]
