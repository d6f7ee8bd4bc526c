"""A stored dataset as predictors take it: both parts of its split, and an annotation that is to be an input."""

from collections.abc import Sequence

import pandas as pd
from anndata import AnnData

from landmark.data.split import COLUMN, groups_kept_whole, rows
from landmark.errors import BadData
from landmark.inference.covariate import Labels
from landmark.inference.split import Groups, SplitExpression
from landmark.workflows.labels import written


def split_expression(
    matrix: AnnData, genes: Sequence[str] | None = None, covariate: str = ""
) -> SplitExpression:
    """Divide a matrix into training and test samples.

    Parameters
    ----------
    matrix
        A dataset.
    genes
        Names of its columns, where they are known already.
    covariate
        Annotation that is an input beside the landmark genes; empty for none.

    Raises
    ------
    BadData
        If a part has too few samples, or there is no such annotation.
    """
    train, test = rows(matrix, "train"), rows(matrix, "test")
    labels = None
    if covariate:
        of_samples = annotation(matrix.obs, covariate)
        labels = Labels(covariate, tuple(of_samples.iloc[train]), tuple(of_samples.iloc[test]))
    names = tuple(matrix.var_names) if genes is None else tuple(genes)
    return SplitExpression.of(matrix.X[train], matrix.X[test], names, labels, groups_of(matrix))


def groups_of(matrix: AnnData) -> Groups | None:
    """Return which samples the split keeps together, in both of its parts; None where it draws every sample."""
    whole = groups_kept_whole(matrix)
    return None if whole is None else Groups(whole[rows(matrix, "train")], whole[rows(matrix, "test")])


def annotation(of_samples: pd.DataFrame, name: str) -> pd.Series:
    """Return an annotation as text, empty where it is missing.

    Raises
    ------
    BadData
        If there is none of that name.
    """
    offered = [str(column) for column in of_samples if column != COLUMN]
    if name not in offered:
        raise BadData(
            f"covariate = {name!r}: the samples have no such annotation. Choose from: "
            f"{', '.join(offered) or 'there is none'}."
        )
    return written(of_samples[name])
