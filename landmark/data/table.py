"""The table that every reader gives: values and names on both axes, before it is decided where the genes are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

Axis = Literal["rows", "columns"]


@dataclass(frozen=True)
class Table:
    """A matrix with names on both axes, as the file has it.

    Attributes
    ----------
    values
        float32 [rows, columns].
    rows, columns
        Names along each axis, as in the file.
    row_annotations, column_annotations
        Further facts per row or column, in their order; columns are the names of the facts.
    genes_in
        The axis on which the format puts genes; None where the format leaves that open.
    unit, title, source
        What the file says of itself; empty where it says nothing.
    provenance
        What was done to the values before they came into this file, as recorded by this program.
    notes
        Decisions of the reader that a person should know, one sentence each.
    platforms
        Platforms of the samples and the number of samples of each, where the file has several: the first is taken.
    names_may_repeat
        Whether files of this format sometimes name samples by their group (see ``orientation.group_labels``).
    """

    values: np.ndarray
    rows: list[str]
    columns: list[str]
    row_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    column_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    genes_in: Axis | None = None
    unit: str = ""
    title: str = ""
    source: str = ""
    provenance: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    platforms: Mapping[str, int] = field(default_factory=dict)
    names_may_repeat: bool = False
