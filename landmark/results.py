"""What a run promises: figures with names and types, and tables whose columns are known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from landmark.errors import BadRun
from landmark.wording import capital

if TYPE_CHECKING:
    import pandas as pd

_DIFFERS = "[A-Z]{2,}"
"""A part of a column's name that differs between runs."""

_SHORT = {"auc", "mae", "pca", "pcc"}
"""Words of a column's name that are written in capitals."""


class Results(BaseModel):
    """The headline figures of one kind of run, and figures nested in them.

    Figures that not every run has, and those that older versions did not write, are optional: None where absent.
    Only what was given is stored.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, metrics: Mapping[str, Any]) -> Self:
        """Read the figures of a manifest; BadRun if figures are missing or of another type, naming the first."""
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
    """One column of a result table, of texts, whole numbers, numbers or truth values.

    Attributes
    ----------
    name
        Its name; words in capitals stand for a part that differs between runs: ``mae_NAME``.
    meaning
        What a value says, as a person would put it.
    unit
        Of the values; "" for counts, shares and names.
    heading
        What stands above it on a page, if not its name; words in capitals stand for the same as in the name.
    format
        How a page writes its numbers, as printf does, or ``percent``; as is usual for the kind where empty.
    optional
        Whether tables without it are right as well.
    bar
        The ends of the bar that shows a value on a page; None for no bar.
    """

    letters: ClassVar[str]
    """NumPy's and pandas' dtype.kind that it may have."""

    name: str
    meaning: str
    unit: str = ""
    heading: str = ""
    format: str = ""
    optional: bool = False
    bar: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """What stands above it on a page: ``mae_NAME`` is "MAE, NAME" where nothing else is said."""
        words = " ".join(word.upper() if word in _SHORT else word for word in self.name.split("_"))
        return self.heading or capital(re.sub(f" (?={_DIFFERS})", ", ", words))

    def names(self, column: str) -> bool:
        """Whether a column of a table is this one."""
        return self._parts(column) is not None

    def named(self, column: str) -> Self:
        """Return this column under the name that it has in one table."""
        heading = self.title
        for word, part in zip(re.findall(_DIFFERS, self.name), self._parts(column) or (), strict=False):
            heading = heading.replace(word, part)
        return replace(self, name=column, heading=heading)

    def _parts(self, column: str) -> tuple[str, ...] | None:
        found = re.fullmatch(re.sub(_DIFFERS, "(.+)", self.name), column, flags=re.DOTALL)
        return None if found is None else found.groups()


class Text(Column):
    """A column of texts."""

    letters = "OTSU"


class Whole(Column):
    """A column of whole numbers."""

    letters = "iu"


class Number(Column):
    """A column of numbers."""

    letters = "fiu"


class Truth(Column):
    """A column of truth values."""

    letters = "bO"


class Table:
    """The columns of a result table, in order, and what a row is."""

    def __init__(self, row: str, *columns: Column) -> None:
        self.row, self.columns = row, columns

    @property
    def names(self) -> list[str]:
        """Names of the columns that every such table has."""
        return [column.name for column in self.columns if not column.optional]

    def pick(self, *names: str | Column) -> list[Column]:
        """Return columns by the names that they have in one table, and other columns among them as they are."""
        return [self.column(name) if isinstance(name, str) else name for name in names]

    def column(self, name: str) -> Column:
        """Return the column that has a name in one table; KeyError where none is promised."""
        for column in self.columns:
            if column.names(name):
                return column.named(name)
        raise KeyError(name)

    def check(self, name: str, frame: "pd.DataFrame") -> None:
        """Compare a table with what is promised; called when a run writes it.

        TypeError naming the columns that are missing, unknown or of another kind.
        """
        faults = []
        for column in frame.columns:
            promised = next((one for one in self.columns if one.names(str(column))), None)
            if promised is None:
                faults.append(f"{column!r} is not promised")
            elif len(frame) and frame[column].dtype.kind not in promised.letters:
                kind = type(promised).__name__.lower()
                faults.append(f"{column!r} holds {frame[column].dtype}, not {kind}")
        faults += [
            f"{one.name!r} is missing"
            for one in self.columns
            if not one.optional and not any(one.names(str(column)) for column in frame.columns)
        ]
        if faults:
            raise TypeError(f"table {name}: {'; '.join(faults)}")
