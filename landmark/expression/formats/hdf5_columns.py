"""Names and annotations in HDF5 files, read so that nothing can unpack to more than is allowed."""

import h5py
import pandas as pd

from landmark.errors import BadData
from landmark.expression.limits import Limits

STRINGS_AT_A_TIME = 50_000


def annotation(
    item: h5py.Group | h5py.Dataset, limits: Limits, where: str
) -> pd.Series | pd.Categorical | None:
    """Read one annotation: text, numbers, truth values or categories; None for anything else."""
    if isinstance(item, h5py.Dataset):
        if item.ndim != 1 or len(item) > limits.names or item.dtype.kind not in "OSfiub":
            return None
        return pd.Series(item[()] if item.dtype.kind in "fiub" else strings(item, limits, where))
    codes, categories = item.get("codes"), item.get("categories")
    if isinstance(codes, h5py.Dataset) and isinstance(categories, h5py.Dataset) and codes.ndim == 1:
        if len(codes) > limits.names or codes.dtype.kind not in "iu":
            return None
        return pd.Categorical.from_codes(codes[()], strings(categories, limits, where))
    return None


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
        part = [_as_text(value) for value in dataset[start : start + step]]
        total += sum(map(len, part))
        if any(len(text) > limits.name_bytes for text in part) or total > limits.unpacked_bytes:
            raise BadData(
                f"{where}: {dataset.name!r} holds names longer than {limits.name_bytes:,} characters."
            )
        found += part
    return found


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace").rstrip("\x00") if isinstance(value, bytes) else str(value)
