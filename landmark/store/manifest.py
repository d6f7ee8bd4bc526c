"""The description of a published run, and what lies in the store and cannot be used here."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from pydantic import Field

from landmark import __version__
from landmark.configuration import Configuration
from landmark.errors import BadRun

SCHEMA = 1
"""Raised when the meaning of a field changes."""

REPORTED_PACKAGES = (
    "jax",
    "flax",
    "optax",
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "anndata",
    "umap-learn",
    "qnorm",
)


class Manifest(Configuration):
    """The description of one published run."""

    schema_version: int = Field(SCHEMA, description="Version of this layout.")
    id: str = Field(description="Name of the run.")
    kind: str = Field(description="The verb that made it: train, rank, compare, ...")
    parents: Mapping[str, str] = Field(description="Dataset and runs this one was made from, by role.")
    configuration: Mapping[str, Any] = Field(description="Every choice, as given to the workflow.")
    seed: int | None = Field(None, description="Seed of all randomness in the run, where it has any.")
    split: Mapping[str, int] = Field(
        default_factory=dict, description="Number of samples per part of the split."
    )
    versions: Mapping[str, str] = Field(
        default_factory=dict, description="Versions of this program and its libraries."
    )
    device: str = Field("", description="What it was computed on.")
    started: str = Field(description="Start, ISO 8601, UTC.")
    seconds: float = Field(description="Wall-clock time, in seconds.")
    metrics: Mapping[str, Any] = Field(default_factory=dict, description="Headline figures.")
    notes: tuple[str, ...] = Field(
        (), description="What a person should know, one sentence each: guesses, repairs, what was left out."
    )
    files: Mapping[str, str] = Field(default_factory=dict, description="Tables and other files, by name.")


def versions() -> dict[str, str]:
    """Return the versions that belong in every manifest."""
    return {"landmark": __version__} | {name: version(name) for name in REPORTED_PACKAGES}


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
