"""The folder in which everything is kept: datasets, runs, uploads, lists."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from landmark.errors import BadConfiguration
from landmark.settings import settings

PRIVATE = 0o700
"""Nobody but the owner may look in: expression data may be those of patients."""

OWN = frozenset(
    {
        "calibration.json",
        "calibration.log",
        "datasets",
        "defect.txt",
        "downloads",
        "landmark.log",
        "landmark.log.1",
        "landmark.log.2",
        "landmark.log.3",
        "lists",
        "locks",
        "looks",
        "predictors",
        "runs",
        "unfinished",
        "uploads",
    }
)
"""What this program and earlier versions put into it. A folder with anything else in it belongs to others, too."""


@dataclass(frozen=True)
class Workspace:
    """The folders below one root.

    A run is written below ``unfinished`` and moved to ``runs`` by one rename when it is complete, so whatever
    is in ``runs`` is whole and never changes again. Datasets are treated alike.
    """

    root: Path

    @property
    def datasets(self) -> Path:
        """Published datasets, one folder each, named by the hash of the content."""
        return self.root / "datasets"

    @property
    def predictors(self) -> Path:
        """Kept predictors, one folder each, named as a person named them."""
        return self.root / "predictors"

    @property
    def runs(self) -> Path:
        """Published runs, one folder each."""
        return self.root / "runs"

    @property
    def unfinished(self) -> Path:
        """Runs that wait, work, failed or were interrupted."""
        return self.root / "unfinished"

    @property
    def locks(self) -> Path:
        """Lock files, one for each place to work at."""
        return self.root / "locks"

    @property
    def uploads(self) -> Path:
        """Files that came through the browser, until they are imported."""
        return self.root / "uploads"


def open_workspace() -> Workspace:
    """Return the workspace that the settings name; it is made where it is missing, and closed to other users.

    BadConfiguration if it is no folder, or one that cannot be written to.
    """
    root = settings().home
    try:
        root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        _close(root)
        usable = os.access(root, os.R_OK | os.W_OK | os.X_OK)
        why = "it cannot be written to"
    except FileExistsError:
        usable, why = False, "there is a file of that name"
    except OSError as error:
        usable, why = False, f"it cannot be made or opened ({error.strerror})"
    if not usable:
        raise BadConfiguration(
            f"LANDMARK_HOME={root} cannot be the folder of datasets and runs: {why}. Name a folder that is yours, on a "
            "disk that can be written to."
        )
    return Workspace(root)


def _close(root: Path) -> None:
    """Close our folder to other users; where others' files lie in it, too, what is ours in it."""
    if not _open_and_ours(root):
        return
    ours = [path for path in root.iterdir() if path.name in OWN]
    if (
        all(path.name in OWN or path.name.startswith(".") for path in root.iterdir())
        and root.resolve() != Path.home()
    ):
        ours = [root]
    for path in ours:
        if _open_and_ours(path):
            with suppress(OSError):  # a file system that knows no modes
                path.chmod(PRIVATE if path.is_dir() else 0o600)


def _open_and_ours(path: Path) -> bool:
    about = path.stat()
    return about.st_uid == os.geteuid() and bool(stat.S_IMODE(about.st_mode) & 0o077)
