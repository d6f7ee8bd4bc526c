"""Look through an HDF5 file in a process of its own, because damage can make the HDF5 library hang or crash.

Seen with HDF5 2.0: one zeroed block among the names of a file keeps the library busy for ever, where no time limit in
the same process reaches it. So a process that may be ended walks through the file first; what it survives is read.
Run as ``python -m landmark.data.io.hdf5_look FILE``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py

ROOT = Path(__file__).parents[3]
ROWS_AT_A_TIME = 1000
READ_WHOLE_BYTES = 200_000_000


class Crowded(Exception):
    """A file holds more objects than is allowed."""


def survives(path: Path, seconds: float, objects: int) -> bool:
    """Tell whether a process can walk through the file in time and without a crash.

    Errors that the library reports properly count as survived, and so does a file of more than so many ``objects``:
    the reader meets and explains them.
    """
    search = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        ended = subprocess.run(
            [sys.executable, "-m", __name__, str(path), str(objects)],
            env=os.environ | {"PYTHONPATH": search},
            timeout=seconds,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode >= 0  # negative: ended by a signal, as after a crash


def walk(
    file: h5py.File, most: int
) -> Iterator[tuple[str, h5py.Group | h5py.Dataset | h5py.SoftLink | h5py.ExternalLink]]:
    """Visit every object by plain links, each group once; other links are given as they are, never followed.

    Crowded: the file has more than ``most`` links, counted per group before they are visited.
    """
    waiting: list[h5py.Group] = [file]
    seen = {_address(file)}
    count = 0
    while waiting:
        group = waiting.pop()
        count += len(group)
        if count > most:
            raise Crowded
        for name in group:
            place = f"{group.name.rstrip('/')}/{name}"
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                yield place, link
                continue
            item = group[name]
            yield place, item
            if isinstance(item, h5py.Group) and _address(item) not in seen:  # links may form circles
                seen.add(_address(item))
                waiting.append(item)


def within_file(dataset: h5py.Dataset) -> bool:
    """Tell whether all values of a dataset lie in the file itself."""
    return not dataset.is_virtual and not dataset.external


def _address(item: h5py.Group) -> tuple[int, int]:
    info = h5py.h5o.get_info(item.id)
    return info.fileno, info.addr


def _look(path: str, objects: int) -> None:
    with h5py.File(path, "r") as file:
        for _, item in walk(file, objects):
            if not isinstance(item, h5py.Dataset) or not within_file(item):
                continue
            if item.ndim == 0:
                item[()]
            elif item.dtype.kind == "O" or item.size * item.dtype.itemsize <= READ_WHOLE_BYTES:
                for start in range(0, len(item), ROWS_AT_A_TIME):
                    item[start : start + ROWS_AT_A_TIME]
            else:
                item[:1], item[-1:]


if __name__ == "__main__":
    _look(sys.argv[1], int(sys.argv[2]))
