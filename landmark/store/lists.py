"""Lists of genes that a user made and named: plain text files in the workspace, used anywhere as ``list:<file>``.

A list never changes once it is stored, like a run: what was computed from it must stay true. It can be deleted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark.errors import BadData
from landmark.store.removal import refuse_needed
from landmark.store.workspace import Workspace

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_COMMENT = "# "


@dataclass(frozen=True)
class StoredList:
    """A named list of genes in a file: comment lines that begin with #, then one gene per line."""

    path: Path

    @property
    def name(self) -> str:
        """Name shown to people."""
        return self.path.stem

    @property
    def text(self) -> str:
        """How the list is written where a set is asked for."""
        return f"list:{self.path}"

    @property
    def origin(self) -> str:
        """Where it came from, in words."""
        first = self.path.read_text(encoding="utf-8").partition("\n")[0]
        return first.removeprefix(_COMMENT) if first.startswith(_COMMENT) else ""

    @property
    def genes(self) -> tuple[str, ...]:
        """The genes, in order."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return tuple(line for line in lines if line and not line.startswith(_COMMENT.strip()))


def stored_lists(workspace: Workspace) -> list[StoredList]:
    """Return all lists by name."""
    return [StoredList(path) for path in sorted(_folder(workspace).glob("*.txt"))]


def store_list(workspace: Workspace, name: str, genes: Sequence[str], origin: str) -> StoredList:
    """Keep genes under a name.

    Parameters
    ----------
    genes
        In order; a gene named twice is kept once.
    origin
        Where they came from, in words.

    Raises
    ------
    BadData
        If there is no gene, the name cannot be that of a file, or is that of another list.
    """
    if not genes:
        raise BadData("The list has no gene. Add at least one before it is saved.")
    name = " ".join(name.split())
    if not _NAME.fullmatch(name):
        raise BadData(
            f"{name!r} cannot be the name of a list. Use up to 60 letters, digits, blanks, dots, hyphens and "
            "underscores, the first a letter or digit."
        )
    path = _folder(workspace) / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [_COMMENT + " ".join(origin.split()), *dict.fromkeys(genes)]
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        raise BadData(f"There is a list {name!r} already. Choose another name, or delete that one.") from None
    return StoredList(path)


def delete_list(workspace: Workspace, name: str) -> None:
    """Delete a list.

    BadData if there is none of that name. BadRun if an unfinished run works with it.
    """
    path = next((known.path for known in stored_lists(workspace) if known.name == name), None)
    if path is None:
        raise BadData(f"There is no list {name!r}.")
    refuse_needed(f"list:{path}", workspace, f"The list {name}")
    try:
        path.unlink()
    except FileNotFoundError:
        raise BadData(f"The list {name} is already deleted.") from None


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "lists"
