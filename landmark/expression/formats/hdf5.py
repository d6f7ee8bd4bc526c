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
from landmark.expression.formats.hdf5_look import Crowded, survives, walk, within_file
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
def open_hdf5(path: Path, limits: Limits, looked: bool = False) -> Iterator[h5py.File]:
    """Open a file for reading after every object in it was found harmless.

    Parameters
    ----------
    path, limits
        The file, and what it may hold.
    looked
        Another process has looked through the file already, and it has not changed since.

    Raises
    ------
    BadData
        The file is damaged, is no HDF5, points outside itself, or holds pickled or otherwise opaque values.
        Damage that shows only while reading is raised as BadData as well.
    """
    if not looked and not survives(path, limits.seconds, limits.objects):
        raise BadData(f"{path.name} is damaged in a way that cannot be read. Download or save it again.")
    try:
        with h5py.File(path, "r") as file:
            _inspect(file, limits, path.name)
            yield file
    except Crowded as error:
        raise BadData(
            f"{path.name} holds more than {limits.objects:,} objects: it is no expression matrix."
        ) from error
    except UNREADABLE as error:
        raise BadData(
            f"{path.name} is damaged, cut short or no HDF5 file. Download or save it again."
        ) from error


def _inspect(file: h5py.File, limits: Limits, where: str) -> None:
    """Refuse a file with any link or dataset that reaches outside, or with values that are no plain data."""
    for place, item in walk(file, limits.objects):
        if isinstance(item, h5py.SoftLink | h5py.ExternalLink):
            kind = "another file" if isinstance(item, h5py.ExternalLink) else "another place"
            raise BadData(f"{where} is refused: {place!r} is a link to {kind}. Save the data without links.")
        if isinstance(item, h5py.Dataset):
            check_dataset(item, place, where)


def check_dataset(dataset: h5py.Dataset, place: str, where: str) -> None:
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
