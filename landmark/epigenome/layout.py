"""Layout of files of histone marks: which belong to which cell type.

Three layouts are known: one CSV file; three files whose names hold train, valid and test; a folder with such files
for several cell types, or with one sub-folder per cell type, as the published archive has it
(E003/classification/train.csv).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from landmark.epigenome.profiles import PARTS
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
    """What a path holds.

    Attributes
    ----------
    cell_types
        In the order of their names.
    ignored
        CSV files that are left out because others are split into train, valid and test.
    """

    cell_types: tuple[Files, ...]
    ignored: tuple[str, ...] = ()


def look(path: Path) -> Layout:
    """Find the files of each cell type.

    Parameters
    ----------
    path
        A CSV file, one of three that belong together, or a folder.

    Raises
    ------
    BadData
        There is nothing of that name, no CSV file in it, or one of three files is missing.
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
