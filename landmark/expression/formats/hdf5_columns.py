"""Names and annotations in HDF5 files, read so that nothing can unpack to more than is allowed.

Every column is known by what it is made of, not by what it says of itself: AnnData before 0.8 wrote categories beside
the columns, the writers for R leave out or change what AnnData notes as attributes. AnnData's own reader trusts these
notes and has no bounds; for whatever AnnData wrote, the values here equal those that it reads.
"""

import h5py
import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.hdf5 import check_dataset
from landmark.expression.limits import Limits

STRINGS_AT_A_TIME = 50_000

FORMER_CATEGORIES = "__categories"
"""The group in which AnnData before 0.8 kept the categories of its columns, each under the name of its column."""

R_MISSING = np.iinfo(np.int32).min
"""How R writes a whole number that is missing."""


def annotation(
    item: h5py.Group | h5py.Dataset, limits: Limits, where: str
) -> pd.Series | pd.Categorical | None:
    """Read one annotation: text, numbers, truth values or categories; None for anything else.

    Missing values are NaN; numbers that lack some are float64, truth values that lack some are categories.
    """
    if isinstance(item, h5py.Dataset):
        former = _former_categories(item, where)
        return _plain(item, limits, where) if former is None else _categorical(item, former, limits, where)
    parts = {name: item.get(name) for name in ("codes", "categories", "values", "mask")}
    found = {name: part for name, part in parts.items() if part is not None}
    if {"codes", "categories"} <= set(found):
        return _categorical(found["codes"], found["categories"], limits, where)
    if "values" in found and isinstance(found["values"], h5py.Dataset):
        return _nullable(found["values"], found.get("mask"), limits, where)
    return None


def names(item: h5py.Group | h5py.Dataset, limits: Limits, where: str) -> list[str]:
    """Read names of samples or genes; one that is missing is empty.

    AnnData writes them as a list, or, with pandas from 3 on, as a group of values and a mask of the missing ones.
    """
    if isinstance(item, h5py.Dataset) and _former_categories(item, where) is None:
        return strings(item, limits, where)
    values = annotation(item, limits, where)
    if values is None:
        raise BadData(f"{where}: {item.name!r} should be a list of names.")
    named = pd.Series(values).astype(object)
    return named.where(named.notna(), "").map(str).tolist()


def strings(dataset: h5py.Dataset, limits: Limits, where: str) -> list[str]:
    """Read names or other text, [n], a part at a time so that nothing can unpack to more than is allowed.

    Numbers are given as their text.
    """
    if dataset.ndim != 1 or len(dataset) > limits.names:
        raise BadData(f"{where}: {dataset.name!r} should be a list of at most {limits.names:,} names.")
    if dataset.dtype.itemsize > limits.name_bytes:
        raise BadData(f"{where}: {dataset.name!r} holds names longer than {limits.name_bytes:,} bytes.")
    found: list[str] = []
    total = 0
    step = STRINGS_AT_A_TIME if dataset.dtype.kind != "O" else max(1, STRINGS_AT_A_TIME // 50)
    for start in range(0, len(dataset), step):
        part = [as_text(value) for value in dataset[start : start + step]]
        total += sum(map(len, part))
        if any(len(text) > limits.name_bytes for text in part):
            raise BadData(
                f"{where}: {dataset.name!r} holds names longer than {limits.name_bytes:,} characters."
            )
        limits.check_text(total, where)
        found += part
    return found


def as_text(value: object) -> str:
    """Turn a name, or the note on a group, into text, in whatever way it was written."""
    if isinstance(value, np.ndarray) and value.size == 1:  # R writes a single text as a list of one
        value = value.reshape(-1)[0]
    return value.decode("utf-8", "replace").rstrip("\x00") if isinstance(value, bytes) else str(value)


def _former_categories(codes: h5py.Dataset, where: str) -> h5py.Dataset | None:
    """Find the categories of a column as AnnData before 0.8 wrote it: by its name, or by the reference to them."""
    if codes.dtype.kind not in "iu":
        return None
    column = codes.name.rpartition("/")[2]
    found = codes.parent.get(f"{FORMER_CATEGORIES}/{column}")
    reference = codes.attrs.get("categories")
    if found is None and isinstance(reference, h5py.Reference) and reference:
        found = codes.file[reference]
        if isinstance(found, h5py.Dataset):
            check_dataset(
                found, f"the categories of {column}", where
            )  # no link leads there, so none was seen
    return found if isinstance(found, h5py.Dataset) else None


def _categorical(codes: object, categories: object, limits: Limits, where: str) -> pd.Categorical | None:
    if not isinstance(codes, h5py.Dataset) or codes.ndim != 1 or codes.dtype.kind not in "iu":
        return None
    if len(codes) > limits.names or not isinstance(categories, h5py.Group | h5py.Dataset):
        return None
    labels = names(categories, limits, where)
    positions = codes[()].astype(np.int64)
    if codes.dtype.kind == "u":  # the largest number stands for -1, missing, where there are no negative ones
        positions[positions == np.iinfo(codes.dtype).max] = -1
    unique = list(dict.fromkeys(labels))
    if len(unique) < len(labels):  # R allows two levels of one name
        place = np.array([unique.index(label) for label in labels], dtype=np.int64)
        positions = np.where(positions >= 0, place[positions.clip(0)], -1)
    return pd.Categorical.from_codes(positions, unique)


def _plain(dataset: h5py.Dataset, limits: Limits, where: str) -> pd.Series | pd.Categorical | None:
    """Read a column without categories."""
    if dataset.ndim != 1 or len(dataset) > limits.names or dataset.dtype.kind not in "OSfiub":
        return None
    if dataset.dtype.kind == "O" and h5py.check_string_dtype(dataset.dtype) is None:
        return None
    if dataset.dtype.kind in "OS":
        return pd.Series(strings(dataset, limits, where), dtype=object)
    values = pd.Series(dataset[()])
    words = h5py.check_enum_dtype(dataset.dtype)
    if words:  # truth values of R, which may be missing
        text = values.map({number: word for word, number in words.items()}).replace("NA", np.nan)
        truth = set(words) <= {"FALSE", "TRUE", "NA"}
        return _without(text.map({"FALSE": False, "TRUE": True}) if truth else text, text.isna().to_numpy())
    if values.dtype == np.int32:
        return _without(values, (values == R_MISSING).to_numpy())
    return values


def _nullable(
    stored: h5py.Dataset, mask: object, limits: Limits, where: str
) -> pd.Series | pd.Categorical | None:
    """Read values beside a mask that marks the missing ones."""
    values = _plain(stored, limits, where)
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
