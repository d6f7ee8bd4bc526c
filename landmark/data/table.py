"""The table that every reader gives: values and names on both axes, before it is decided where the genes are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

Axis = Literal["rows", "columns"]


@dataclass(frozen=True)
class Table:
    """A matrix with names on both axes, as the file has it."""

    values: np.ndarray  # float32 [rows, columns]
    # names along each axis, as in the file
    rows: list[str]
    columns: list[str]
    # further facts per row or column, in their order; columns are the names of the facts
    row_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    column_annotations: pd.DataFrame = field(default_factory=pd.DataFrame)
    # the axis on which the format puts genes; None where the format leaves that open
    genes_in: Axis | None = None
    # what the file says of itself; empty where it says nothing
    unit: str = ""
    title: str = ""
    source: str = ""
    # what was done to the values before they came into this file, as recorded by this program
    provenance: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # decisions of the reader that a person should know, one sentence each
    # platforms of the samples and the number of samples of each, where the file has several: the first is
    # taken
    platforms: Mapping[str, int] = field(default_factory=dict)
    # whether files of this format sometimes name samples by their group (see ``orientation.group_labels``)
    names_may_repeat: bool = False
