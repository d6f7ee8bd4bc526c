"""What lies in the store and cannot be used here: made by a newer version of the program, or damaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from landmark.errors import BadRun
from landmark.runs.manifest import SCHEMA


class NewerVersion(BadRun):
    """A stored run or dataset has a layout that this version does not know."""


@dataclass(frozen=True)
class Unreadable:
    """A run or dataset that cannot be used.

    Attributes
    ----------
    id
        Name of its folder.
    message
        Why, and what to do, for people.
    newer
        Whether a newer version made it; it is damaged otherwise.
    """

    id: str
    folder: Path
    message: str
    newer: bool

    @classmethod
    def of(cls, folder: Path, error: BadRun) -> Self:
        """Take note of what reading a folder came to."""
        return cls(folder.name, folder, str(error), isinstance(error, NewerVersion))


def checked(manifest: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """Return a manifest whose layout is known here.

    Raises
    ------
    NewerVersion
        If a newer version wrote it.
    """
    layout = manifest.get("schema_version", SCHEMA)
    if type(layout) is int and layout > SCHEMA:
        raise NewerVersion(
            f"{folder.name} was made by a newer version of Landmark (layout {layout}; this one knows layouts up to "
            f"{SCHEMA}): update Landmark to read it."
        )
    return manifest
