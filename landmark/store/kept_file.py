"""A kept predictor as one file: a zip of its manifest and its files, of which nothing is taken unchecked."""

import hashlib
import json
import os
import re
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from landmark.data.io.files import DAMAGED as PACKED
from landmark.data.steps.stream import check_room
from landmark.errors import BadConfiguration, BadData, BadRun, known_cause
from landmark.progress import Progress, Report, silent
from landmark.store.kept import Kept, KeptManifest, as_stored, damaged, read_manifest
from landmark.store.runs import MANIFEST, NewerVersion

ENDING = ".landmark"

GROWTH = 10
"""A file may unpack to so many times its own size: values and weights hardly shrink, names do to a quarter."""

FREE_BYTES = 16_000_000
"""So much may come out of the smallest file."""

MANIFEST_BYTES = 1_000_000
TEXT_BYTES = 64_000_000
"""Longest manifest, and longest file of names or settings: reading them takes some times their size."""

MOST_FILES = 1_000

_PART = re.compile(r"(?!\.\.?$)[A-Za-z0-9_.-]+")
_CHUNK = 1 << 20
DAMAGED = (*PACKED, LookupError, OverflowError, struct.error)
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all parts: the same predictor gives the same file."""


def export_kept(kept: Kept, path: Path, report: Report = silent) -> Path:
    """Write a kept predictor as one file and return its path; nothing of that name is there before it is whole.

    BadConfiguration if the name does not end as it should, there is such a file, or the folder cannot be written to.
    BadRun if the predictor is damaged. BadData if the disk has not enough room.
    """
    if path.suffix.lower() != ENDING:
        raise BadConfiguration(f"{path}: the ending of the file of a predictor is {ENDING}")
    if path.exists():
        raise BadConfiguration(f"{path} is there already. Choose another name, or delete it first.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadConfiguration(
            f"{path.parent} is no folder that can be written to. Make it, or choose another."
        )
    check_room(kept.manifest.bytes, path.parent, "The predictor")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            _pack(kept, file, report)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _pack(kept: Kept, file: BinaryIO, report: Report) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        content = json.dumps(as_stored(kept.manifest), indent=1, ensure_ascii=False)
        archive.writestr(zipfile.ZipInfo(MANIFEST, _DATE), content, zipfile.ZIP_DEFLATED)
        for place, (name, about) in enumerate(kept.manifest.files.items()):
            part = zipfile.ZipInfo(name, _DATE)
            # values and weights hardly shrink, and packing them takes longer than all else
            part.compress_type = zipfile.ZIP_STORED if name.endswith(".npz") else zipfile.ZIP_DEFLATED
            part.file_size = about.size
            found = hashlib.sha256()
            with (kept.folder / name).open("rb") as source, archive.open(part, "w") as target:
                while chunk := source.read(_CHUNK):
                    found.update(chunk)
                    target.write(chunk)
                    report(Progress("Writing the file", place, len(kept.manifest.files), "part"))
            if found.hexdigest() != about.sha256:
                raise damaged(kept.name, name)


def unpack_kept(path: Path, folder: Path, report: Report = silent) -> Kept:
    """Take a predictor out of its file into an empty folder, after everything that can be known before was checked.

    Raises
    ------
    BadData
        If it is no file of a predictor, is damaged or cut short, was made by a newer version, or the disk has not
        enough room.
    """
    report(Progress("Reading the file"))
    if not path.is_file():
        raise BadData(f"{path} is not a file. Give the file of a predictor, which ends in {ENDING}.")
    try:
        if not zipfile.is_zipfile(path):
            raise BadData(_no_zip(path))
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            manifest = _manifest(archive, parts, path)
            _check_parts(manifest, parts, path)
            check_room(manifest.bytes, folder, "The predictor")
            for place, part in enumerate(part for part in parts if part.filename != MANIFEST):
                report(Progress("Unpacking the predictor", place, len(manifest.files), "part"))
                _unpack(archive, part, manifest, folder, path)
    except DAMAGED as error:
        if known_cause(error):  # such as a full disk
            raise
        raise BadData(_damaged(path)) from error
    return Kept(folder, manifest)


def _manifest(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], path: Path) -> KeptManifest:
    found = [part for part in parts if part.filename == MANIFEST]
    if len(found) != 1 or found[0].file_size > MANIFEST_BYTES:
        raise BadData(f"{path.name} is no file of a kept predictor: it lacks the description of one.")
    try:
        content = json.loads(_read(archive, found[0], MANIFEST_BYTES))
        return read_manifest(content if isinstance(content, dict) else {}, path.name)
    except NewerVersion as error:
        raise BadData(str(error)) from None
    except (BadRun, RecursionError) as error:
        raise BadData(f"{error}") from None


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(part) as stream:
        content = stream.read(most + 1)
        if len(content) > most or stream.read(1):
            raise ValueError("more comes out than was said")
        return content


def _check_parts(manifest: KeptManifest, parts: list[zipfile.ZipInfo], path: Path) -> None:
    """Refuse other parts than those of the manifest, places outside of a folder, and sizes that nobody could mean."""
    names = [part.filename for part in parts]
    strange = [name for name in names if not all(map(_PART.fullmatch, name.split("/")))]
    if strange or sorted(names) != sorted((MANIFEST, *manifest.files)) or len(names) > MOST_FILES:
        raise BadData(
            f"{path.name} holds other files than its description lists, or not all of them. Ask for it anew."
        )
    if any(
        part.file_size != manifest.files[part.filename].size for part in parts if part.filename != MANIFEST
    ):
        raise BadData(_damaged(path))
    most = max(FREE_BYTES, GROWTH * path.stat().st_size)
    texts = [file.size for name, file in manifest.files.items() if not name.endswith(".npz")]
    if manifest.bytes > most or max(texts, default=0) > TEXT_BYTES:
        claimed, size = manifest.bytes / 1e6, path.stat().st_size / 1e6
        raise BadData(
            f"{path.name} claims to unpack to {claimed:,.0f} MB, from {size:,.2f} MB: no predictor does. Ask for it "
            "anew."
        )


def _unpack(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, manifest: KeptManifest, folder: Path, path: Path
) -> None:
    expected = manifest.files[part.filename]
    target = folder / part.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    left, found = expected.size, hashlib.sha256()
    with cast(BinaryIO, archive.open(part)) as stream, target.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BadData(_damaged(path))
            found.update(chunk)
            file.write(chunk)
    if left or found.hexdigest() != expected.sha256:
        raise BadData(_damaged(path))


def _no_zip(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(4) == b"PK\x03\x04"
    if begins:
        return _damaged(path)
    return f"{path.name} is no file of a kept predictor. Such a file ends in {ENDING}, and `kept export` writes it."


def _damaged(path: Path) -> str:
    return f"{path.name} is damaged or cut short: it is not what was exported. Copy or download it again."
