"""Files of histone marks as DeepChrome publishes them: which belong to which cell type, and what they hold.

Three layouts are known: one CSV file; three files whose names hold train, valid and test; a folder with such files
for several cell types, or with one sub-folder per cell type, as the published archive has it
(E003/classification/train.csv).
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.data.io.files import Limits, limits
from landmark.epigenome.profiles import BINS, MARKS, PARTS, Profiles, draw_split
from landmark.errors import BadData

_WORDS = {"train": PARTS[0], "valid": PARTS[1], "test": PARTS[2]}
_PART = re.compile(r"(?<![a-z])(train|valid|test)(?:ing|ation)?(?![a-z])", re.IGNORECASE)
_BETWEEN = " _.-"
_DEEPEST = 3
"""Folders below the one asked for that are looked into: E003/classification is two."""


@dataclass(frozen=True)
class Files:
    """The files of one cell type: a path per part of the split, or one path under "" where there is no split."""

    cell_type: str
    paths: dict[str, Path]


@dataclass(frozen=True)
class Layout:
    """The cell types of a path by name, and CSV files left out because others are split into train, valid and test."""

    cell_types: tuple[Files, ...]
    ignored: tuple[str, ...] = ()


def look(path: Path) -> Layout:
    """Find the files of each cell type in a CSV file, in one of three that belong together, or in a folder.

    BadData: there is nothing of that name, no CSV file in it, or one of three files is missing.
    """
    if path.is_file():
        if not _PART.search(path.stem):
            return Layout((Files(path.stem, {"": path}),))
        wanted = _name(path)
        found = [files for files in _triples(_csv(path.parent)) if files.cell_type == wanted]
        return Layout(tuple(map(_whole, found)))
    if not path.is_dir():
        raise BadData(f"There is no file or folder {path}. Check the path.")
    files = _below(path)
    if not files:
        raise BadData(f"{path.name} holds no CSV file. Choose the folder with the files of the cell types.")
    triples = _triples(files)
    if triples:
        ignored = tuple(str(file.relative_to(path)) for file in files if not _PART.search(file.stem))
        return Layout(tuple(map(_whole, triples)), ignored)
    return Layout(tuple(Files(file.stem, {"": file}) for file in files))


def _csv(folder: Path) -> list[Path]:
    """Return the CSV files of a folder; links that lead out of it are left out."""
    root = folder.resolve()
    found = (path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv" and path.is_file())
    return [path for path in found if not path.name.startswith(".") and path.resolve().is_relative_to(root)]


def _below(folder: Path, depth: int = _DEEPEST) -> list[Path]:
    """Return the CSV files of a folder and of those below it."""
    found = _csv(folder)
    if depth:
        for inner in sorted(folder.iterdir()):
            if inner.is_dir() and not inner.is_symlink() and not inner.name.startswith("."):
                found += _below(inner, depth - 1)
    return found


def _triples(files: list[Path]) -> list[Files]:
    """Bring files together whose names say which part of a cell type they are."""
    found: dict[str, dict[str, Path]] = {}
    for file in files:
        word = _PART.search(file.stem)
        if word is None:
            continue
        name, kind = _name(file), _WORDS[word[1].lower()]
        paths = found.setdefault(name, {})
        if kind in paths:
            raise BadData(
                f"{paths[kind].name} and {file.name} both look like the {kind} genes of {name}. Keep one of them."
            )
        paths[kind] = file
    return [Files(name, paths) for name, paths in sorted(found.items())]


def _whole(files: Files) -> Files:
    missing = [word for word, part in _WORDS.items() if part not in files.paths]
    if missing:
        there = next(iter(files.paths.values())).name
        raise BadData(
            f"The cell type {files.cell_type} has {there} but no file with {' or '.join(missing)} in its name. "
            "Put all three beside each other."
        )
    return files


def _name(file: Path) -> str:
    """Name a cell type by what a file's name holds beside train, valid or test, else by the folder."""
    before, _, after = _PART.split(file.stem, maxsplit=1)
    if name := (before.strip(_BETWEEN) or after.strip(_BETWEEN)):
        return name
    folder = file.resolve().parent
    return folder.parent.name if folder.name == "classification" else folder.name


_COLUMNS = ("gene", "bin", *MARKS, "label")
_NUMBERS = _COLUMNS[1:]
_LONGEST_LINE = 10_000


def _read_table(path: Path, within: Limits) -> pd.DataFrame:
    """Read the lines of a file: gene as text, all other columns float64 and finite; row i is line i + 1."""
    content = _content(path, within)
    try:
        table = pd.read_csv(
            io.BytesIO(content),
            header=None,
            dtype={0: str},
            na_filter=False,
            skip_blank_lines=False,
            quoting=3,
            encoding="utf-8-sig",
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
        return _line_by_line(path, content)
    numbers = table.iloc[:, 1:]
    sound = (
        table.shape[1] == len(_COLUMNS)
        and all(kind.kind in "iuf" for kind in numbers.dtypes)
        and np.isfinite(numbers.to_numpy()).all()
        and not table[0].map(_bare).eq("").any()
    )
    if not sound:
        return _line_by_line(path, content)
    table.columns = pd.Index(_COLUMNS)
    return table.astype(dict.fromkeys(_NUMBERS, np.float64)).assign(gene=table["gene"].map(_bare))


def _content(path: Path, within: Limits) -> bytes:
    if path.stat().st_size > within.unpacked_bytes:
        raise BadData(
            f"{path.name} has {path.stat().st_size / 1e6:,.0f} MB; at most {within.unpacked_bytes / 1e6:,.0f} MB are "
            "read. If the file is sound, raise LANDMARK_MAX_UPLOAD_MB."
        )
    content = path.read_bytes().rstrip()
    if not content:
        raise BadData(f"{path.name} is empty; it should have {BINS} lines per gene.")
    first = content[: _LONGEST_LINE + 1].split(b"\n", 1)[0]
    if len(first) > _LONGEST_LINE or b"\0" in first:
        raise BadData(f"{path.name} is not a text file of histone counts: its first line cannot be read.")
    return content


def _line_by_line(path: Path, content: bytes) -> pd.DataFrame:
    """Read slowly, so that the first line at fault can be named."""
    rows = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            fields = [_bare(field) for field in line.decode("utf-8-sig").split(",")]
        except UnicodeDecodeError:
            raise BadData(
                f"{path.name}, line {number}, is not plain text. Save the file as CSV in UTF-8."
            ) from None
        rows.append((fields[0], *_numbers(path, number, fields)))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _numbers(path: Path, line: int, fields: list[str]) -> list[float]:
    if fields == [""]:
        raise BadData(f"{path.name}, line {line}, is empty; remove it.")
    gene = f"gene {fields[0]}" if fields[0] else "a gene without a name"
    if not fields[0]:
        raise BadData(f"{path.name}, line {line}, has no gene in its first column.")
    if len(fields) != len(_COLUMNS):
        raise BadData(
            f"{path.name}, {gene}, line {line}: {len(fields)} columns where {len(_COLUMNS)} are needed: gene, bin, "
            f"counts of the {len(MARKS)} marks, label."
        )
    found = []
    for name, field in zip(_NUMBERS, fields[1:], strict=True):
        number = _number(field)
        if number is None:
            header = " Remove the line if it is a header." if line == 1 else ""
            raise BadData(
                f"{path.name}, {gene}, line {line}: {field[:40]!r} in the column {name} is not a number.{header}"
            )
        found.append(number)
    return found


def _bare(field: str) -> str:
    """Take the quotes off that R and spreadsheets write around text."""
    plain = field.strip()
    return plain[1:-1].strip() if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) and "_" not in text else None


@dataclass(frozen=True)
class Genes:
    """The genes of one file, in the order of their first lines.

    Attributes
    ----------
    names
        Unique, str [genes].
    counts
        float32 [genes, 100, 5].
    labels
        0 or 1, int8 [genes].
    lines
        First line of each gene, [genes].
    """

    path: Path
    names: np.ndarray
    counts: np.ndarray
    labels: np.ndarray
    lines: np.ndarray


def read_genes(path: Path, within: Limits | None = None) -> Genes:
    """Read and check a file, whose lines may come in any order; ``within`` limits its size, by default as this machine.

    BadData: with one sentence that names file, gene and line: a line does not have eight fields with numbers in their
    places, a bin is missing, there twice or no bin, a count is negative, a label is neither 0 nor 1 or changes within a
    gene.
    """
    table = _read_table(path, within or limits())
    number, names = pd.factorize(table["gene"])
    bins, label = table["bin"].to_numpy(), table["label"].to_numpy()
    counts = table[list(MARKS)].to_numpy()

    def refuse(wrong: np.ndarray, say: Callable[[int], str]) -> None:
        """Name the first line at fault."""
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadData(f"{path.name}, gene {table['gene'].iloc[row]}, line {row + 1}: {say(row)}.")

    refuse(
        (bins < 1) | (bins > BINS) | (bins % 1 != 0),
        lambda row: f"there is no bin {bins[row]:g}; bins are numbered from 1 to {BINS}",
    )
    refuse((label != 0) & (label != 1), lambda row: f"the label is {label[row]:g}; it must be 0 or 1")
    refuse(
        (counts < 0).any(axis=1),
        lambda row: (
            f"the count of {MARKS[int(np.argmax(counts[row] < 0))]} is {counts[row].min():g}; "
            "counts cannot be negative"
        ),
    )
    place = number * BINS + bins.astype(np.int64) - 1
    seen = np.bincount(place, minlength=len(names) * BINS)
    if (seen != 1).any():
        again = pd.Series(place).duplicated().to_numpy()
        refuse(again, lambda row: f"bin {place[row] % BINS + 1} of this gene is there a second time")
        gene, bin_ = divmod(int(np.argmax(seen == 0)), BINS)
        there = int(seen.reshape(-1, BINS)[gene].sum())
        refuse(
            np.arange(len(table)) == np.flatnonzero(number == gene)[-1],
            lambda _: f"bin {bin_ + 1} is missing; {there} of {BINS} bins are there up to this line",
        )
    first = np.full(len(names), -1)
    first[number[::-1]] = np.arange(len(place))[::-1]
    refuse(
        label != label[first][number],
        lambda row: f"the label is {label[row]:g}, but {1 - label[row]:g} on the gene's lines before",
    )
    placed = np.empty((len(names) * BINS, len(MARKS)), np.float32)
    placed[place] = counts
    shaped = placed.reshape(len(names), BINS, len(MARKS))
    return Genes(path, np.asarray(names, dtype=str), shaped, label[first].astype(np.int8), first + 1)


_FEWEST = 3
"""Genes of a file without a split: one for each part."""


def read_cell_type(
    files: Files, validation: float, test: float, seed: int, within: Limits | None = None
) -> Profiles:
    """Read the files of one cell type; where they have no split, one is drawn with these shares and this seed.

    BadData: as ``read_genes``; or a gene is in two files, or there are too few genes to split.
    """
    if "" in files.paths:
        genes = read_genes(files.paths[""], within)
        if len(genes.names) < _FEWEST:
            raise BadData(
                f"{genes.path.name} holds {len(genes.names)} genes; at least {_FEWEST} are needed for training, "
                "validation and test."
            )
        split = draw_split(genes.names, validation, test, seed)
        return Profiles(files.cell_type, genes.names, genes.counts, genes.labels, split)
    read = [read_genes(files.paths[part], within) for part in PARTS]
    _refuse_shared(read)
    names, counts, labels = (
        np.concatenate([getattr(genes, part) for genes in read]) for part in ("names", "counts", "labels")
    )
    split = np.repeat(PARTS, [len(genes.names) for genes in read])
    return Profiles(files.cell_type, names, counts, labels, split)


def _refuse_shared(read: list[Genes]) -> None:
    """Refuse a gene that is in two parts: it would be learned and then tested."""
    seen: dict[str, str] = {}
    for genes in read:
        for name, line in zip(genes.names.tolist(), genes.lines.tolist(), strict=True):
            if name in seen:
                raise BadData(
                    f"{genes.path.name}, gene {name}, line {line}: this gene is in {seen[name]} too; each gene must "
                    "be in one of the files only."
                )
        seen |= dict.fromkeys(genes.names.tolist(), genes.path.name)
