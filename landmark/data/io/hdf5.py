"""HDF5 files that may be hostile: opened safely, read in blocks of samples, with names and annotations.

An HDF5 file can point outside itself: external links, soft links that lead to them, datasets whose values lie in other
files (external storage, virtual datasets). Followed, they would hand out any file of this machine. So every object is
visited, nothing is followed, and a file with any such thing is refused before a value is read.

Every column is known by what it is made of, not by what it says of itself: AnnData before 0.8 wrote categories beside
the columns, the writers for R leave out or change what AnnData notes as attributes. ``anndata.io.read_elem`` trusts
these notes and has no bounds, so it is not used; for whatever AnnData wrote, the values here equal those that it reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import h5py
import numpy as np
import pandas as pd

from landmark.data.io.files import Source
from landmark.data.io.hdf5_look import Crowded, survives, walk, within_file
from landmark.errors import BadData

UNREADABLE = (OSError, LookupError, ValueError, TypeError, RuntimeError, AttributeError, OverflowError)
"""What h5py raises for damaged files, depending on where the damage is."""


@contextmanager
def open_hdf5(source: Source, looked: bool = False) -> Iterator[h5py.File]:
    """Open a file for reading after every object in it was found harmless.

    ``looked``: another process has looked through the file already, and it has not changed since. BadData: the file
    is packed, damaged or no HDF5, points outside itself, or holds pickled or otherwise opaque values. Damage that
    shows only while reading is raised as BadData as well.
    """
    where, limits = source.where, source.limits
    if source.packing:
        raise BadData(f"{where}: unpack this file first; HDF5 is compressed within itself.")
    if not looked and not survives(source.path, limits.seconds, limits.objects):
        raise BadData(f"{where} is damaged in a way that cannot be read. Download or save it again.")
    try:
        with h5py.File(source.path, "r") as file:
            _inspect(file, limits.objects, where)
            yield file
    except Crowded as error:
        raise BadData(
            f"{where} holds more than {limits.objects:,} objects: it is no expression matrix."
        ) from error
    except UNREADABLE as error:
        raise BadData(f"{where} is damaged, cut short or no HDF5 file. Download or save it again.") from error


def _inspect(file: h5py.File, most: int, where: str) -> None:
    """Refuse a file with any link or dataset that reaches outside, or with values that are no plain data."""
    for place, item in walk(file, most):
        if isinstance(item, h5py.SoftLink | h5py.ExternalLink):
            kind = "another file" if isinstance(item, h5py.ExternalLink) else "another place"
            raise BadData(f"{where} is refused: {place!r} is a link to {kind}. Save the data without links.")
        if isinstance(item, h5py.Dataset):
            _check_dataset(item, place, where)


def _check_dataset(dataset: h5py.Dataset, place: str, where: str) -> None:
    """Refuse a dataset whose values lie outside the file, or are neither numbers nor text."""
    if not within_file(dataset):
        raise BadData(
            f"{where} is refused: the values of {place!r} lie in other files. Save them in this file."
        )
    kinds = [dataset.dtype]
    if dataset.dtype.fields:
        kinds = [kind for kind, *_ in dataset.dtype.fields.values()]
    for kind in kinds:
        opaque = kind.kind == "V" and kind.fields is None and kind.subdtype is None
        unknown_object = kind.kind == "O" and h5py.check_string_dtype(kind) is None and not _of_numbers(kind)
        if opaque or unknown_object:
            raise BadData(
                f"{where} is refused: {place!r} holds values that are neither numbers nor text. Save it "
                "without them."
            )


def _of_numbers(kind: np.dtype) -> bool:
    """Tell whether an object type is a variable-length list of numbers, which carries no code."""
    base = h5py.check_vlen_dtype(kind)
    return isinstance(base, np.dtype) and base.kind in "iufb"


def dataset_at(file: h5py.Group, place: str, where: str) -> h5py.Dataset:
    """Get a dataset, or say that the file lacks it."""
    item = file.get(place)
    if not isinstance(item, h5py.Dataset):
        raise BadData(f"{where} has no dataset {place!r}, so it is not of the kind its name says.")
    return item


TALLEST_CHUNK_BYTES = 512_000_000
"""Up to this size a block follows the chunks of the file. Taller chunks are unpacked once for every block they meet."""


def all_values(matrix: h5py.Dataset) -> np.ndarray:
    """Read a whole matrix as float32, its axes as in the file."""
    values = np.empty(matrix.shape, dtype=np.float32)
    matrix.read_direct(values)
    return values


def no_values(shape: tuple[int, int]) -> np.ndarray:
    """Stand in for values that stay in the file: zeros of this shape that take no memory."""
    return np.broadcast_to(np.float32(0), shape)


def sample_blocks(matrix: h5py.Dataset, genes_in: str, most_bytes: int) -> Iterator[np.ndarray]:
    """Read a stored matrix, some samples at a time: float32 [samples of the block, genes], in the order of the file.

    ``genes_in`` is ``columns`` if the file has samples x genes, else ``rows``. A file may be cut into chunks, each
    packed by itself: blocks end where chunks end, so that none is unpacked twice, and have at most so many bytes unless
    a single chunk is larger.
    """
    axis = 0 if genes_in == "columns" else 1
    samples, genes = matrix.shape[axis], matrix.shape[1 - axis]
    step = _step(matrix, axis, most_bytes // (4 * genes))
    for first in range(0, samples, step):
        last = min(first + step, samples)
        if axis == 0:
            block = np.empty((last - first, genes), np.float32)
            matrix.read_direct(block, np.s_[first:last])
            yield block
        else:
            turned = np.empty((genes, last - first), np.float32)
            matrix.read_direct(turned, np.s_[:, first:last])
            yield np.ascontiguousarray(turned.T)


def sample_rows(matrix: h5py.Dataset, genes_in: str, positions: np.ndarray) -> np.ndarray:
    """Read some samples of a stored matrix: float32 [len(positions), genes]; positions ascend, each once."""
    runs = np.split(positions, np.flatnonzero(np.diff(positions) > 1) + 1)
    parts = [slice(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]
    if genes_in == "columns":
        result = np.empty((len(positions), matrix.shape[1]), np.float32)
        place = 0
        for part in parts:
            length = part.stop - part.start
            matrix.read_direct(result, np.s_[part], np.s_[place : place + length])
            place += length
        return result
    columns = [matrix[:, part] for part in parts]
    return np.ascontiguousarray(np.concatenate(columns, axis=1).T, dtype=np.float32)


def _step(matrix: h5py.Dataset, axis: int, wanted: int) -> int:
    """Samples per block: a multiple of the chunks' where that is not too much."""
    if matrix.chunks is None:
        return max(1, wanted)
    tall, genes = matrix.chunks[axis], matrix.shape[1 - axis]
    if tall <= wanted:
        return wanted // tall * tall
    return tall if 4 * tall * genes <= TALLEST_CHUNK_BYTES else max(1, wanted)


STRINGS_AT_A_TIME = 50_000

FORMER_CATEGORIES = "__categories"
"""The group in which AnnData before 0.8 kept the categories of its columns, each under the name of its column."""

R_MISSING = np.iinfo(np.int32).min  # how R writes a whole number that is missing


def annotation(item: h5py.Group | h5py.Dataset, source: Source) -> pd.Series | pd.Categorical | None:
    """Read one annotation: text, numbers, truth values or categories; None for anything else.

    Missing values are NaN; numbers that lack some are float64, truth values that lack some are categories.
    """
    if isinstance(item, h5py.Dataset):
        former = _former_categories(item, source)
        return _plain(item, source) if former is None else _categorical(item, former, source)
    parts = {name: item.get(name) for name in ("codes", "categories", "values", "mask")}
    found = {name: part for name, part in parts.items() if part is not None}
    if {"codes", "categories"} <= set(found):
        return _categorical(found["codes"], found["categories"], source)
    if "values" in found and isinstance(found["values"], h5py.Dataset):
        return _nullable(found["values"], found.get("mask"), source)
    return None


def names(item: h5py.Group | h5py.Dataset, source: Source) -> list[str]:
    """Read names of samples or genes; one that is missing is empty.

    AnnData writes them as a list, or, with pandas from 3 on, as a group of values and a mask of the missing ones.
    """
    if isinstance(item, h5py.Dataset) and _former_categories(item, source) is None:
        return strings(item, source)
    values = annotation(item, source)
    if values is None:
        raise BadData(f"{source.where}: {item.name!r} should be a list of names.")
    named = pd.Series(values).astype(object)
    return named.where(named.notna(), "").map(str).tolist()


def strings(dataset: h5py.Dataset, source: Source) -> list[str]:
    """Read names or other text, [n], a part at a time so that nothing can unpack to more than is allowed.

    Numbers are given as their text.
    """
    if dataset.ndim != 1 or len(dataset) > source.limits.names:
        raise BadData(
            f"{source.where}: {dataset.name!r} should be a list of at most {source.limits.names:,} names."
        )
    if dataset.dtype.itemsize > source.limits.name_bytes:
        raise BadData(
            f"{source.where}: {dataset.name!r} holds names longer than {source.limits.name_bytes:,} bytes."
        )
    found: list[str] = []
    total = 0
    step = STRINGS_AT_A_TIME if dataset.dtype.kind != "O" else max(1, STRINGS_AT_A_TIME // 50)
    for start in range(0, len(dataset), step):
        part = [as_text(value) for value in dataset[start : start + step]]
        total += sum(map(len, part))
        if any(len(text) > source.limits.name_bytes for text in part):
            raise BadData(
                f"{source.where}: {dataset.name!r} holds names longer than {source.limits.name_bytes:,} characters."
            )
        source.check_text(total)
        found += part
    return found


def as_text(value: object) -> str:
    """Turn a name, or the note on a group, into text, in whatever way it was written."""
    if isinstance(value, np.ndarray) and value.size == 1:  # R writes a single text as a list of one
        value = value.reshape(-1)[0]
    return value.decode("utf-8", "replace").rstrip("\x00") if isinstance(value, bytes) else str(value)


def _former_categories(codes: h5py.Dataset, source: Source) -> h5py.Dataset | None:
    """Find the categories of a column as AnnData before 0.8 wrote it: by its name, or by the reference to them."""
    if codes.dtype.kind not in "iu":
        return None
    column = codes.name.rpartition("/")[2]
    found = codes.parent.get(f"{FORMER_CATEGORIES}/{column}")
    reference = codes.attrs.get("categories")
    if found is None and isinstance(reference, h5py.Reference) and reference:
        found = codes.file[reference]
        if isinstance(found, h5py.Dataset):  # no link leads there, so none was seen
            _check_dataset(found, f"the categories of {column}", source.where)
    return found if isinstance(found, h5py.Dataset) else None


def _categorical(codes: object, categories: object, source: Source) -> pd.Categorical | None:
    if not isinstance(codes, h5py.Dataset) or codes.ndim != 1 or codes.dtype.kind not in "iu":
        return None
    if len(codes) > source.limits.names or not isinstance(categories, h5py.Group | h5py.Dataset):
        return None
    labels = names(categories, source)
    positions = codes[()].astype(np.int64)
    if codes.dtype.kind == "u":  # the largest number stands for -1, missing, where there are no negative ones
        positions[positions == np.iinfo(codes.dtype).max] = -1
    unique = list(dict.fromkeys(labels))
    if len(unique) < len(labels):  # R allows two levels of one name
        place = np.array([unique.index(label) for label in labels], dtype=np.int64)
        positions = np.where(positions >= 0, place[positions.clip(0)], -1)
    return pd.Categorical.from_codes(positions, unique)


def _plain(dataset: h5py.Dataset, source: Source) -> pd.Series | pd.Categorical | None:
    """Read a column without categories."""
    if dataset.ndim != 1 or len(dataset) > source.limits.names or dataset.dtype.kind not in "OSfiub":
        return None
    if dataset.dtype.kind == "O" and h5py.check_string_dtype(dataset.dtype) is None:
        return None
    if dataset.dtype.kind in "OS":
        return pd.Series(strings(dataset, source), dtype=object)
    values = pd.Series(dataset[()])
    words = h5py.check_enum_dtype(dataset.dtype)
    if words:  # truth values of R, which may be missing
        text = values.map({number: word for word, number in words.items()}).replace("NA", np.nan)
        truth = set(words) <= {"FALSE", "TRUE", "NA"}
        return _without(text.map({"FALSE": False, "TRUE": True}) if truth else text, text.isna().to_numpy())
    if values.dtype == np.int32:
        return _without(values, (values == R_MISSING).to_numpy())
    return values


def _nullable(stored: h5py.Dataset, mask: object, source: Source) -> pd.Series | pd.Categorical | None:
    """Read values beside a mask that marks the missing ones."""
    values = _plain(stored, source)
    if not isinstance(mask, h5py.Dataset) or values is None:
        return values
    if mask.shape != stored.shape or mask.dtype.kind not in "biu":
        return None
    return _without(pd.Series(values), mask[()].astype(bool))


def _without(values: pd.Series, missing: np.ndarray) -> pd.Series | pd.Categorical:
    """Take out the missing values, keeping whole what an AnnData file can store again."""
    if values.dtype.kind in "iuf":
        return values.astype(np.float64).where(~missing) if missing.any() else values
    kept = values.astype(object).where(~missing)
    if not all(isinstance(value, bool | np.bool_) for value in kept.dropna()):
        return kept
    return pd.Categorical(kept, categories=[False, True]) if missing.any() else kept.astype(bool)
