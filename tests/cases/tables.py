"""Text tables written in many ways, and what was read of them."""

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import history


def notes(matrix: AnnData) -> str:
    """Return what was noted while a matrix was read."""
    return " ".join(history(matrix)[0]["notes"])


def same(matrix: AnnData, table: pd.DataFrame) -> AnnData:
    """Find a matrix equal to a table, samples in rows, and give it back."""
    assert matrix.obs_names.tolist() == table.index.tolist()
    assert matrix.var_names.tolist() == table.columns.tolist()
    np.testing.assert_allclose(matrix.X, table.to_numpy(), rtol=1e-6)
    return matrix


def lines(
    table: pd.DataFrame, separator: str, header_end: str = "", row_end: str = "", corner: bool = True
) -> str:
    """Write a table as text in one of many ways."""
    header, *rows = table.to_csv(sep=separator, lineterminator="\n").splitlines()
    header = header if corner else header.removeprefix(separator)
    return "\n".join([header + header_end, *(row + row_end for row in rows)]) + "\n"
