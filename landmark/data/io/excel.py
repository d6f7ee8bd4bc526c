"""Excel workbooks: the first sheet that holds a table, read like a text table."""

import datetime
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

from landmark.data.io.files import DAMAGED, Format, Source, Table
from landmark.data.io.layout import NoTable, Opened, read_table
from landmark.data.io.text import is_text, lines_of
from landmark.errors import BadData

ZIP = b"PK\x03\x04"
T = TypeVar("T")
UNREADABLE = (*DAMAGED, ParseError, KeyError, TypeError, AttributeError, IndexError)


def _read_excel(source: Source) -> Table:
    """Read the first sheet that holds a table of numbers; a sheet of explanations may stand before it."""
    table, note = _first_sheet(source, lambda lines: read_table(lines, source.where))
    return replace(table, notes=(*note, *table.notes))


EXCEL = Format(
    "Excel workbook (xlsx)",
    (".xlsx", ".xlsm"),
    lambda suffix, head: head.startswith(ZIP) and suffix in (".xlsx", ".xlsm"),
    _read_excel,
)
"""With macros too (.xlsm), which are never run. Formulas count with the value that was last computed for them."""


def _first_sheet(
    source: Source, read: Callable[[Opened], T], dates: bool = False
) -> tuple[T, tuple[str, ...]]:
    """Read the first sheet that holds a table; sheets of explanations may stand before it.

    ``read`` takes the lines of a sheet, and raises NoTable where they are no table. ``dates`` are refused unless
    wanted: spreadsheets make them of gene symbols. Beside what was read, a sentence says which sheet it was, if there
    are several. Where no sheet holds a table, NoTable says what is wrong with the first one that holds anything.
    """
    where, first = source.where, None
    names = _sheet_names(source)
    for number, name in enumerate(names):
        try:
            found = read(lambda number=number: _sheet_lines(source, number, dates))  # type: ignore[misc]
        except NoTable as error:
            first = first or error
            continue
        others = ", ".join(repr(other) for other in names if other != name)
        return found, (f"The sheet {name!r} is read, not {others}.",) if others else ()
    raise first or NoTable(f"{where} has no sheet that holds anything.")


def read_beside(file: Source, read: Callable[[Opened], T], otherwise: str) -> T:
    """Read a table beside a matrix: text, or the first sheet of a workbook that holds one; else refuse the file."""
    head = file.head()
    if EXCEL.recognises(file.path.suffix.lower(), head):
        return _first_sheet(file, read, dates=True)[0]
    if is_text(head):
        return read(lambda: lines_of(file))
    raise BadData(otherwise)


def _sheet_names(source: Source) -> list[str]:
    with _book(source) as book:
        return [sheet.title for sheet in book.worksheets]


@contextmanager
def _sheet_lines(source: Source, number: int, dates: bool = False) -> Iterator[Iterator[str]]:
    """Give the rows of a sheet as lines with tabs between the cells."""
    with _book(source) as book:
        yield _lines(book.worksheets[number], source, dates)


@contextmanager
def _book(source: Source) -> Iterator[Any]:
    """Open a workbook."""
    import openpyxl  # type: ignore[import-untyped]  # slow to load, and few files need it

    where = source.where
    try:
        _check_sizes(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and other looks
            book = openpyxl.load_workbook(source.path, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except UNREADABLE as error:
        raise BadData(
            f"{where} is damaged or no Excel workbook. Save it again as .xlsx, or as CSV."
        ) from error


def _check_sizes(source: Source) -> None:
    """Refuse an archive that would unpack to more than is allowed."""
    with zipfile.ZipFile(source.path) as archive:
        members = archive.infolist()
    if len(members) > source.limits.objects:
        raise BadData(f"{source.where} holds {len(members):,} parts: it is no ordinary workbook.")
    claimed = sum(member.file_size for member in members)
    source.check_bytes(claimed)
    source.check_unpacked(claimed)


def _lines(sheet: Any, source: Source, dates: bool) -> Iterator[str]:
    """Give the rows of a sheet as lines with tabs; empty rows are empty lines."""
    where, most, last = source.where, source.limits.sheet_cells, source.limits.sheet_rows
    sheet.reset_dimensions()  # what a sheet claims of its size may be wrong, and vast
    width, cell_count, characters = 0, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > last:  # rows that are not there count as well: each would take its time
            raise BadData(f"{where} claims more than {last:,} rows, the most that Excel has: it is damaged.")
        cell_count += len(row)
        if cell_count > most:
            raise BadData(f"{where} holds more than {most:,} cells. Save the table as CSV or TSV.")
        cells = [_text(cell, where, dates) for cell in row]
        while cells and not cells[-1] and len(cells) > width:
            cells.pop()
        width = max(width, len(cells))
        characters += sum(map(len, cells))  # cells may share one long text
        source.check_unpacked(characters)
        yield "\t".join(cells + [""] * (width - len(cells))) if any(cells) else ""


def _text(cell: object, where: str, dates: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.date | datetime.time):
        if dates:
            return cell.isoformat().removesuffix("T00:00:00")
        raise BadData(
            f"{where} holds a date ({cell}). Spreadsheets turn gene symbols such as SEPT2 into dates: correct them, or "
            "import the original text file."
        )
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return " ".join(str(cell).split())
