"""What a run promises: figures with names and types, and tables whose columns are known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from landmark.errors import BadRun

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "whole", "number", "truth"]

_PANDAS_KINDS: Mapping[Kind, str] = {"text": "OTSU", "whole": "iu", "number": "fiu", "truth": "bO"}
"""Kind of column to the letters of NumPy's and pandas' dtype.kind that it may have."""


class Results(BaseModel):
    """The headline figures of one kind of run, and figures nested in them.

    Figures that not every run has, and those that older versions did not write, are optional: None where absent.
    Only what was given is stored.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, metrics: Mapping[str, Any]) -> Self:
        """Read the figures of a manifest.

        Raises
        ------
        BadRun
            If figures are missing or of another type, naming the first.
        """
        try:
            return cls.model_validate(dict(metrics), extra="ignore")  # other versions write other figures
        except ValidationError as error:
            first = ".".join(map(str, error.errors()[0]["loc"]))
            others = f" and {error.error_count() - 1} more" if error.error_count() > 1 else ""
            raise BadRun(
                f"Figures of this run cannot be read ({first}{others}): they are missing or damaged. Repeat the run."
            ) from None

    def metrics(self) -> dict[str, Any]:
        """Return the figures as a manifest holds them."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


@dataclass(frozen=True)
class Column:
    """One column of a result table.

    Attributes
    ----------
    name
        Its name; words in capitals stand for a part that differs between runs: ``mae_NAME``.
    kind
        What it holds: text, whole numbers, numbers or truth values.
    meaning
        What a value says, as a person would put it.
    unit
        Of the values; "" for counts, shares and names.
    optional
        Whether tables without it are right as well.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    optional: bool = False

    def names(self, column: str) -> bool:
        """Whether a column of a table is this one."""
        return re.fullmatch(re.sub("[A-Z]{2,}", "(.+)", self.name), column, flags=re.DOTALL) is not None


@dataclass(frozen=True)
class Table:
    """The columns of a result table, in order, and what a row is."""

    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Names of the columns that every such table has."""
        return [column.name for column in self.columns if not column.optional]

    def check(self, name: str, frame: "pd.DataFrame") -> None:
        """Compare a table with what is promised; called when a run writes it.

        Raises
        ------
        TypeError
            Naming the columns that are missing, unknown or of another kind.
        """
        faults = []
        for column in frame.columns:
            promised = next((one for one in self.columns if one.names(str(column))), None)
            if promised is None:
                faults.append(f"{column!r} is not promised")
            elif len(frame) and frame[column].dtype.kind not in _PANDAS_KINDS[promised.kind]:
                faults.append(f"{column!r} holds {frame[column].dtype}, not {promised.kind}")
        faults += [
            f"{one.name!r} is missing"
            for one in self.columns
            if not one.optional and not any(one.names(str(column)) for column in frame.columns)
        ]
        if faults:
            raise TypeError(f"table {name}: {'; '.join(faults)}")
