"""What every format owes."""

from pathlib import Path
from typing import Protocol

from landmark.expression.table import Table
from landmark.expression.unpack import Source


class Format(Protocol):
    """A kind of file."""

    @property
    def name(self) -> str:
        """For people: "GCT"."""
        ...

    @property
    def extensions(self) -> tuple[str, ...]:
        """Endings, in lower case with the dot, that promise this format."""
        ...

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell from the first bytes of the unpacked content whether the file is of this format."""
        ...

    def read(self, source: Source) -> Table:
        """Read the file within ``source.limits``; raises BadData where it cannot be used."""
        ...
