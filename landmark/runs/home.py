"""Where everything is kept on disk."""

from dataclasses import dataclass
from pathlib import Path

from landmark.settings import settings


@dataclass(frozen=True)
class Home:
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
    def runs(self) -> Path:
        """Published runs, one folder each."""
        return self.root / "runs"

    @property
    def unfinished(self) -> Path:
        """Runs that wait, work, failed or were interrupted."""
        return self.root / "unfinished"

    @property
    def locks(self) -> Path:
        """Lock files, one per device."""
        return self.root / "locks"

    @property
    def uploads(self) -> Path:
        """Files that came through the browser, until they are imported."""
        return self.root / "uploads"


def home() -> Home:
    """Return the home that the settings name."""
    return Home(settings().home)
