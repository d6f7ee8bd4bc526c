"""Genes of a dataset named by the symbols of a table."""

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.checks import COLLAPSE
from landmark.expression.gene_table import GeneTable
from landmark.expression.history import describe, record
from landmark.expression.naming import CALLED
from landmark.expression.streamed.stream import Stream, mapped, without_values


def rename(about: AnnData, table: GeneTable, file: str, keep: bool) -> None:
    """Say of every gene what the table calls it; the names themselves stay until the genes are brought together.

    Parameters
    ----------
    about
        Changed in place: its column ``CALLED``, the kind of its names and its history.
    table
        Symbols of its genes.
    file
        Name of the table, for people.
    keep
        Whether genes without a symbol keep their name, or are left out.
    """
    about.var[CALLED] = [
        symbol or (name if keep else "") for symbol, name in zip(table.symbols, about.var_names, strict=True)
    ]
    describe(about, identifier="symbol")
    rest = about.n_vars - table.matched
    said = f"{table.sentence(file)} The other {rest:,} {'keep their names' if keep else 'are left out'}."
    record(
        about, "Named by a table", file=file, matched=table.matched, unmatched=rest, kept=keep, notes=[said]
    )


def settle(stream: Stream) -> Stream:
    """Give the genes the names they are called by, where each is called by one of its own.

    Raises
    ------
    BadData
        Several genes are called the same.
    """
    about = stream.about
    if CALLED not in about.var:
        return stream
    called = about.var[CALLED].astype(str)
    kept = np.flatnonzero(called != "")
    names = called.iloc[kept]
    twice = names[names.duplicated()].unique()
    if len(twice):
        shown = ", ".join(twice[:5]) + (", ..." if len(twice) > 5 else "")
        raise BadData(
            f"{len(twice):,} symbols belong to more than one name each ({shown}). Please {COLLAPSE}."
        )
    var = about.var.iloc[kept].drop(columns=CALLED).set_axis(pd.Index(names.to_numpy(), dtype=object))
    return mapped(stream, without_values(about.obs, var, about.uns), lambda X: X[:, kept])
