"""Predictors that are kept under a name: what each learned from, and its files. Each stands by itself."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from pydantic import Field

from landmark.configuration import Configuration
from landmark.errors import BadConfiguration, BadRun
from landmark.inference.calibrated import CalibratedPredictor
from landmark.inference.predictor import TrainedInEpochs
from landmark.progress import Progress, Report, silent
from landmark.store.activity import activities
from landmark.store.files import flush, read_json, scratch_folder, write_json
from landmark.store.removal import remove
from landmark.store.request import NAME as RUN
from landmark.store.runs import MANIFEST, NewerVersion, Unreadable, read_folders
from landmark.store.workspace import Workspace
from landmark.training.data import in_memory

SCHEMA = 1
"""Raised when the meaning of a field changes, or of a file."""

GENES = "genes.json"
"""Names of all genes of a complete profile, in their order."""

CHECKSUM = "checksum"
DRAFT = ".predictor-"

NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9 _-]{0,78}[A-Za-z0-9_-])?")

_CHUNK = 1 << 20

_UNSOUND = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    OSError,
    zipfile.BadZipFile,
)
"""What files raise that are read as a predictor and are none, though their checksums are right."""


class LearnedFrom(Configuration):
    """The data that a predictor learned from."""

    title: str = Field(description="Name shown to people.")
    dataset: str = Field(description="Id of the dataset, in the home where it was fitted.")
    unit: str = Field(description="Unit of the expression values.")
    identifier: str = Field(description="Kind of the names of the genes.")
    samples: int = Field(description="Number of training samples.")
    genes: int = Field(description="Number of genes of a complete profile.")


class StoredFile(Configuration):
    """One file of a kept predictor."""

    sha256: str = Field(description="SHA-256 of the content, hexadecimal.")
    size: int = Field(ge=0, description="Bytes.")


class KeptManifest(Configuration):
    """What a kept predictor says of itself without being read."""

    schema_version: int = Field(SCHEMA, description="Version of this layout.")
    name: str = Field(description="Name it is kept under.")
    learned_from: LearnedFrom = Field(description="The data it learned from.")
    set: str = Field(description="Name of the set of landmark genes.")
    size: int = Field(description="Number of landmark genes.")
    method: str = Field(description="Name of the method.")
    covariate: str = Field("", description="The annotation that is an input too; empty where there is none.")
    pcc: float | None = Field(
        None, description="Mean held-out correlation; None where it cannot be computed."
    )
    configuration: Mapping[str, Any] = Field(description="Every choice of the fit, as it was made.")
    values: bool = Field(description="Whether the values of the training samples are kept with it.")
    licence: str = Field("", description="What others may do with it, in words; empty where nothing is said.")
    versions: Mapping[str, str] = Field(description="Versions of the program and its libraries that made it.")
    created: str = Field(description="When it was made, ISO 8601, UTC.")
    kept_by: str = Field("", description="The run that keeps it here.")
    files: Mapping[str, StoredFile] = Field(default_factory=dict, description="Its files by their path.")

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(file.size for file in self.files.values())


@dataclass(frozen=True)
class Kept:
    """A kept predictor: its folder and what it says of itself."""

    folder: Path
    manifest: KeptManifest

    @property
    def name(self) -> str:
        """Name it is kept under."""
        return self.manifest.name

    def load(self, report: Report = silent) -> tuple[CalibratedPredictor, tuple[str, ...]]:
        """Read the predictor, and the names of all genes of a profile in their order.

        Raises
        ------
        BadRun
            If a file is missing or is not what was kept, or this version does not know the method.
        """
        try:
            self._check_files(report)
        except OSError as error:  # deleted meanwhile, or the disk does not give it
            raise BadRun(
                f"The predictor {self.name!r} cannot be read ({error.strerror}). It may have been deleted just now."
            ) from error
        report(Progress("Reading the predictor"))
        try:
            for path in self.folder.rglob("*.npz"):
                _check_arrays(path)
            genes = tuple(map(str, read_json(self.folder / GENES)["genes"]))
            predictor = CalibratedPredictor.load(self.folder)
            _check(predictor, genes)
        except _UNSOUND as error:
            raise BadRun(
                f"The files of the predictor {self.name!r} are whole, but this version cannot use them "
                f"({type(error).__name__}: method {self.manifest.method!r}). Update Landmark, or ask for it anew."
            ) from error
        return predictor, genes

    def _check_files(self, report: Report) -> None:
        there = set(_paths(self.folder))
        for place, (path, expected) in enumerate(self.manifest.files.items()):
            if path not in there or (self.folder / path).stat().st_size != expected.size:
                raise damaged(self.name, path)
            if digest(self.folder / path, report, place, len(self.manifest.files)) != expected.sha256:
                raise damaged(self.name, path)
        if others := there - set(self.manifest.files):
            raise damaged(self.name, min(others))


def damaged(name: str, path: str) -> BadRun:
    """Say that a file of a kept predictor is not what was kept."""
    return BadRun(
        f"The predictor {name!r} is damaged: {path} is not what was kept. Delete it, then keep it again or bring its "
        "file in again."
    )


def _check_arrays(path: Path) -> None:
    """Refuse arrays that are packed, pickled, or claim to be larger than they are, before any is read."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                read = (
                    npy.read_array_header_1_0
                    if npy.read_magic(stream) == (1, 0)
                    else npy.read_array_header_2_0
                )
                shape, _, dtype = read(stream)
                claimed = prod(shape) * dtype.itemsize + stream.tell()
            if member.compress_type != zipfile.ZIP_STORED or dtype.hasobject or claimed != member.file_size:
                raise ValueError(member.filename)


def _check(predictor: CalibratedPredictor, genes: tuple[str, ...]) -> None:
    """Refuse parts that do not fit together: whatever is inferred with them would be wrong."""
    trained, calibration, training = predictor.trained, predictor.calibration, predictor.training
    inputs, targets = len(trained.landmarks), len(trained.targets)
    expected = [(predictor.distances, predictor.distances.shape[:1]), (predictor.quantiles, (inputs,))]
    expected += [(calibration.scores, (calibration.samples, targets))]
    expected += [(array, (targets,)) for array in (predictor.mae, predictor.pcc)]
    scalings = [(trained.landmark_scaling, inputs), (trained.target_scaling, targets)]
    if covariate := trained.covariate:
        scalings += [(covariate.scaling, len(covariate.groups))]
    expected += [(part, (size,)) for scaling, size in scalings for part in (scaling.shift, scaling.scale)]
    if difficulty := calibration.difficulty:
        expected += [(difficulty.coefficients, (4, targets))]
        expected += [(ends, (targets,)) for ends in (difficulty.lowest, difficulty.highest)]
    if not isinstance(trained.fitted, TrainedInEpochs):
        some = np.zeros((1, len(trained.inputs)), np.float32)
        expected += [(trained.fitted.predict(some), (1, targets))]
    if training is not None:
        expected += [(in_memory(training.split.train), (len(training.names), len(genes)))]
    sound = (
        sorted(genes) == sorted({*trained.landmarks, *trained.targets})
        and (training is None or training.split.genes == genes)
        and calibration.samples > 0
        and all(array.shape == shape and array.dtype.kind == "f" for array, shape in expected)
    )
    if not sound:
        raise ValueError("its parts do not fit together")


def _paths(folder: Path) -> Iterator[str]:
    """Yield the files of a kept predictor, relative to its folder; the manifest is none of them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / MANIFEST:
            yield path.relative_to(folder).as_posix()


def digest(path: Path, report: Report = silent, place: int = 0, files: int = 1) -> str:
    """Return the SHA-256 of a file, which is one of several whose check is reported."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
            report(Progress("Checking the files of the predictor", place, files, "file"))
    return found.hexdigest()


def read_manifest(content: Mapping[str, Any], where: str) -> KeptManifest:
    """Read what a kept predictor says of itself.

    Parameters
    ----------
    content
        Of its manifest, with its checksum.
    where
        What messages call it.

    Raises
    ------
    NewerVersion
        If a newer version of the program wrote it.
    BadRun
        If it is damaged, or that of something else.
    """
    layout = content.get("schema_version")
    if type(layout) is int and layout > SCHEMA:
        raise NewerVersion(
            f"{where} was made by a newer version of Landmark (layout {layout}; this one knows layouts up to "
            f"{SCHEMA}): update Landmark to use it."
        )
    own = {name: value for name, value in content.items() if name != CHECKSUM}
    if CHECKSUM not in content or "learned_from" not in content:
        raise BadRun(f"{where} is no kept predictor: its description is that of something else.")
    try:
        if content[CHECKSUM] != _checksum(own):
            raise BadRun(f"{where} is damaged: its description is not what was written.")
        return KeptManifest.parse(own)
    except (BadConfiguration, RecursionError, ValueError) as error:
        raise BadRun(f"{where} cannot be used: its description is damaged ({error}).") from None


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def as_stored(manifest: KeptManifest) -> dict[str, Any]:
    """Return what the file of a manifest holds."""
    content = json.loads(json.dumps(manifest.model_dump(mode="json")))
    return {**content, CHECKSUM: _checksum(content)}


def described(draft: Path, manifest: KeptManifest, report: Report = silent) -> KeptManifest:
    """Return a manifest that lists the files of a draft."""
    paths = list(_paths(draft))
    files = {
        path: StoredFile(
            sha256=digest(draft / path, report, place, len(paths)), size=(draft / path).stat().st_size
        )
        for place, path in enumerate(paths)
    }
    return manifest.model_copy(update={"files": files})


class KeptStore:
    """All kept predictors of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def all(self) -> list[Kept]:
        """Return them, newest first; ``unreadable`` lists those whose manifest cannot be read."""
        found, _ = read_folders(self.workspace.predictors.glob("[!.]*/"), _read)
        return sorted(found, key=lambda kept: kept.manifest.created, reverse=True)

    def unreadable(self) -> list[Unreadable]:
        """Return what lies among them and cannot be used: of a newer version, or damaged."""
        return read_folders(self.workspace.predictors.glob("[!.]*/"), _read)[1]

    def get(self, name: str) -> Kept:
        """Return one; BadRun if there is none of that name."""
        if not NAME.fullmatch(name) or not (self.workspace.predictors / name / MANIFEST).is_file():
            known = ", ".join(kept.name for kept in self.all()[:5]) or "none yet"
            raise BadRun(f"There is no kept predictor {name!r}. Kept ones: {known}.")
        return _read(self.workspace.predictors / name)

    def check_name(self, name: str) -> None:
        """Refuse a name that cannot be given; BadConfiguration saying why."""
        if not NAME.fullmatch(name) or RUN.fullmatch(name):
            raise BadConfiguration(
                f"name = {name!r}: use up to 80 letters from A to Z, digits, blanks, _ and -, beginning with a letter "
                "or digit; and not the name of a run"
            )
        if (self.workspace.predictors / name).exists():
            raise _taken(name)

    def draft(self) -> AbstractContextManager[Path]:
        """Give a folder for the files of a predictor; it goes again unless it is published."""
        return scratch_folder(self.workspace.unfinished, DRAFT)

    def publish(self, draft: Path, manifest: KeptManifest) -> Kept:
        """Give a draft its name, in one step for any reader.

        BadConfiguration if the name cannot be given or is taken; then nothing is published.
        """
        self.check_name(manifest.name)
        write_json(draft / MANIFEST, as_stored(manifest))
        flush(draft)
        self.workspace.predictors.mkdir(parents=True, exist_ok=True)
        folder = self.workspace.predictors / manifest.name
        try:
            draft.rename(folder)
        except OSError:
            if folder.is_dir():  # somebody took the name just before us
                raise _taken(manifest.name) from None
            raise
        return Kept(folder, manifest)

    def delete(self, name: str) -> None:
        """Delete one, also a damaged one; BadRun if there is none, or an unfinished run asks for it."""
        if not NAME.fullmatch(name) or not (self.workspace.predictors / name).is_dir():
            raise BadRun(f"There is no kept predictor {name!r}: it is already deleted, or was never there.")
        asking = [
            item.id for item in activities(self.workspace) if item.request.configuration.get("fit") == name
        ]
        if asking:
            raise BadRun(
                f"{name} is needed by {', '.join(asking)}, not finished yet. Wait until it is done, or cancel and "
                "delete that first."
            )
        remove(self.workspace.predictors / name, self.workspace)


def _read(folder: Path) -> Kept:
    manifest = read_manifest(read_json(folder / MANIFEST), f"The predictor {folder.name!r}")
    if manifest.name != folder.name:
        raise BadRun(f"The predictor {folder.name!r} says that its name is {manifest.name!r}. Delete it.")
    return Kept(folder, manifest)


def _taken(name: str) -> BadConfiguration:
    return BadConfiguration(
        f"name = {name!r}: a predictor is kept under this name already. Choose another name, or delete that one first"
    )
