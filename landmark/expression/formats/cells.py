"""What the formats of single cells share: names of cells and genes beside a sparse matrix.

Cell Ranger names a gene by its identifier, says its symbol beside it, and since version 3 also measures features that
are no genes, such as antibodies. A cell counts as a sample here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from landmark.errors import BadData
from landmark.expression.formats.numbered import named
from landmark.expression.table import Table

KIND, SYMBOL = "feature_type", "gene_symbol"
GENES = "Gene Expression"
NOTE = "Each cell of the file counts as a sample here."


def cell_table(
    matrix: sparse.sparray | np.ndarray,
    cells: Sequence[str],
    features: Sequence[str],
    about: pd.DataFrame,
    where: str,
) -> Table:
    """Make a table of cells by genes.

    Parameters
    ----------
    matrix
        Counts or values, [cells, features].
    cells, features
        Their names.
    about
        Facts about the features, one row each; those whose ``feature_type`` is not gene expression are left out.
    where
        The file, for messages.

    Raises
    ------
    BadData
        None of the features is a gene.
    """
    notes = [NOTE]
    names = list(features)
    if KIND in about and (about[KIND] != GENES).any():
        kept = np.flatnonzero((about[KIND] == GENES).to_numpy())
        if not len(kept):
            kinds = ", ".join(map(str, about[KIND].unique()[:5]))
            raise BadData(f"{where} measures no genes, only: {kinds}.")
        notes.append(f"{len(names) - len(kept):,} features that are no genes are left out.")
        matrix = matrix[:, kept]
        names, about = [names[i] for i in kept], about.iloc[kept].reset_index(drop=True)
    names, about, told = named(names, about)
    values = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return Table(
        np.asarray(values, dtype=np.float32),
        list(cells),
        names,
        column_annotations=about.drop(columns=KIND, errors="ignore"),
        genes_in="columns",
        notes=(*notes, *told),
    )
