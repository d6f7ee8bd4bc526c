"""Series of the Gene Expression Omnibus (GEO) by accession, from NCBI's public file server.

A series lies in a folder of its own: ``GSE10nnn/GSE10072/matrix/GSE10072_series_matrix.txt.gz`` where all samples are
of one platform, ``GSEnnn/GSE781/matrix/GSE781-GPL96_series_matrix.txt.gz`` and so on where there are several. Where
there is no series matrix, the family file ``soft/GSE781_family.soft.gz`` is taken.
"""

import re
import uuid
from dataclasses import dataclass
from pathlib import Path

from landmark.data.sources.download import NotThere, download, page
from landmark.errors import BadData
from landmark.progress import Progress, Report, silent
from landmark.settings import settings

ACCESSION = re.compile(r"GSE[1-9]\d{0,7}")
KNOWN_PLATFORMS = ("GPL96", "GPL571", "GPL3921", "GPL570")
"""HG-U133A, its two later forms, and HG-U133 Plus 2, which has all probes of HG-U133A among others: what is known here.
HG-U133B (GPL97) has other probes."""

OTHERS = {"GSM": "a sample", "GPL": "a platform", "GDS": "a curated data set"}


@dataclass(frozen=True)
class Series:
    """A downloaded series."""

    path: Path  # the file, of the platform that was asked for or found
    # the platform to take from the file, where it holds several; empty where it holds one
    platform_within: str
    # all platforms of the series, the one taken first; empty where there is one only
    platforms: tuple[str, ...]
    source: str  # for people

    @property
    def note(self) -> str:
        """Which platform was taken, where there were several; one sentence or nothing."""
        if len(self.platforms) < 2:
            return ""
        return (
            f"The series has samples of several platforms, whose probes differ: {self.platforms[0]} is taken, "
            f"left out: {', '.join(self.platforms[1:])}."
        )


def fetch_series(accession: str, platform: str = "", report: Report = silent) -> Series:
    """Download a series, such as ``GSE10072``, into ``<home>/downloads``, unless it is there already.

    Where ``platform``, such as ``GPL96``, is empty, a known one is taken, else the one with most data. BadData: this is
    no accession of a series, GEO has none of that name, the server cannot be reached, or the file arrives damaged.
    """
    accession = checked(accession)
    platform = platform.strip().upper()
    address = folder(accession)
    kept = settings().home / "downloads" / "geo" / accession
    report(Progress(f"Looking for {accession}"))
    names = _listing(accession, address, kept)
    family = f"{accession}_family.soft.gz"
    source = f"GEO {accession}, {address}"
    if not names:
        return Series(_fetch(f"{address}/soft/{family}", kept, accession, report), platform, (), source)
    platforms = {_platform(name): name for name in names}
    if platform and set(platforms) != {""} and platform not in platforms:
        raise BadData(f"{accession} has no samples of {platform}. Its platforms: {', '.join(platforms)}.")
    chosen = platform if platform in platforms else _proposed(platforms, address)
    ordered = (chosen, *(name for name in platforms if name != chosen)) if len(platforms) > 1 else ()
    path = _fetch(f"{address}/matrix/{platforms[chosen]}", kept, accession, report)
    return Series(path, "", ordered, source)


def checked(accession: str) -> str:
    """Give an accession in its usual form; BadData where it names no series."""
    written = accession.strip().upper()
    if ACCESSION.fullmatch(written):
        return written
    kind = OTHERS.get(written[:3])
    said = f"{accession.strip()[:40]!r} is {kind}" if kind else f"{accession.strip()[:40]!r} is no accession"
    raise BadData(f"{said}. Give the accession of a series, which starts with GSE: GSE10072, for instance.")


def folder(accession: str) -> str:
    """Give the address of a series' folder: those of a thousand numbers lie in one folder, GSE10nnn."""
    return f"{settings().geo_address.rstrip('/')}/{accession[:-3] if len(accession) > 6 else 'GSE'}nnn/{accession}"


def _listing(accession: str, address: str, kept: Path) -> list[str]:
    """Name the series matrix files; none where there is a family file only. The answer is kept for later."""
    remembered = kept / "listing.txt"
    if remembered.is_file():
        return remembered.read_text(encoding="ascii").split()
    wanted = rf"{accession}(?:-GPL\d+)?_series_matrix\.txt\.gz"
    try:
        names = sorted(set(re.findall(rf'href="(?:[^"]*/)?({wanted})"', page(f"{address}/matrix/").text)))
    except NotThere:
        names = []
    if not names:
        try:
            page(f"{address}/soft/{accession}_family.soft.gz", "HEAD")
        except NotThere as error:
            raise BadData(
                f"GEO has no series {accession}, or none that is public. Check the number: {address}/"
            ) from error
    kept.mkdir(parents=True, exist_ok=True)
    draft = remembered.with_name(
        f"{remembered.name}.{uuid.uuid4().hex}"
    )  # none that reads it meets half of it
    draft.write_text("\n".join(names), encoding="ascii")
    draft.replace(remembered)
    return names


def _platform(name: str) -> str:
    """Read the platform from the name of a file; empty where the series has a single one."""
    found = re.search(r"-(GPL\d+)_", name)
    return found[1] if found else ""


def _proposed(platforms: dict[str, str], address: str) -> str:
    """Propose a platform: one whose probes are known here, else the one with the largest file."""
    known = [name for name in KNOWN_PLATFORMS if name in platforms]
    if known or len(platforms) == 1:
        return (known or list(platforms))[0]
    sizes = {
        platform: page(f"{address}/matrix/{name}", "HEAD").bytes_in_all
        for platform, name in platforms.items()
    }
    return max(sizes, key=lambda platform: sizes[platform])


def _fetch(address: str, kept: Path, accession: str, report: Report) -> Path:
    name = address.rpartition("/")[2]
    try:
        return download(address, kept / name, accession, report)
    except NotThere as error:
        (kept / "listing.txt").unlink(missing_ok=True)
        raise BadData(f"{address} is not there any more. Try again.") from error
