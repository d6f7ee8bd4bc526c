"""Names of annotations, as a stored dataset can hold them."""

from collections.abc import Iterable

RESERVED = {"_index": "index"}
"""Names that AnnData keeps for itself."""


def storable(names: Iterable[object]) -> list[str]:
    """Give names that can be stored in HDF5: without slashes, which divide folders there, and each once.

    ``tumor/normal`` becomes ``tumor_normal``; a name that stands already gets a number.
    """
    given: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = str(name).replace("/", "_").strip() or "annotation"
        plain = RESERVED.get(plain, plain)
        unique, number = plain, 1
        while unique in taken:
            number += 1
            unique = f"{plain} {number}"
        taken.add(unique)
        given.append(unique)
    return given
