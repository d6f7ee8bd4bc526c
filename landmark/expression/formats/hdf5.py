"""Open HDF5 files that may be hostile.

An HDF5 file can point outside itself: external links, soft links that lead to them, datasets whose values lie
in other files (external storage, virtual datasets). Followed, they would hand out any file of this machine.
So every object is visited, nothing is followed, and a file with any such thing is refused before a value is
read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from landmark.errors import BadData
from landmark.expression.limits import Limits

UNREADABLE = (
    OSError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    RuntimeError,
    AttributeError,
    OverflowError,
)
"""What h5py raises for damaged files, depending on where the damage is."""


@contextmanager
def open_hdf5(path: Path, limits: Limits) -> Iterator[h5py.File]:
    """Open a file for reading after every object in it was found harmless.

    Raises
    ------
    BadData
        The file is damaged, is no HDF5, points outside itself, or holds pickled or otherwise opaque values.
        Damage that shows only while reading is raised as BadData as well.
    """
    try:
        with h5py.File(path, "r") as file:
            _inspect(file, limits, path.name)
            yield file
    except UNREADABLE as error:
        raise BadData(
            f"{path.name} is damaged or no HDF5 file: {_brief(error)}. Download or save it again."
        ) from error


def _inspect(file: h5py.File, limits: Limits, where: str) -> None:
    """Visit every link without following any but the plain ones."""
    waiting: list[h5py.Group] = [file]
    seen = {_address(file)}
    count = 0
    while waiting:
        group = waiting.pop()
        for name in group:
            count += 1
            if count > limits.objects:
                raise BadData(
                    f"{where} holds more than {limits.objects:,} objects: it is no expression matrix."
                )
            link = group.get(name, getlink=True)
            place = f"{group.name.rstrip('/')}/{name}"
            if not isinstance(link, h5py.HardLink):
                kind = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
                raise BadData(
                    f"{where} is refused: {place!r} is a link to {kind}. Save the data without links."
                )
            item = group[name]
            if isinstance(item, h5py.Group):
                address = _address(item)
                if address not in seen:  # hard links may form circles
                    seen.add(address)
                    waiting.append(item)
            elif isinstance(item, h5py.Dataset):
                _check_dataset(item, place, where)


def _address(item: h5py.Group) -> tuple[int, bytes]:
    info = h5py.h5o.get_info(item.id)
    return info.fileno, repr(getattr(info, "addr", None) or getattr(info, "token", None)).encode()


def _check_dataset(dataset: h5py.Dataset, place: str, where: str) -> None:
    if dataset.is_virtual or dataset.external:
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


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
