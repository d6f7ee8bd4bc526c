"""What a page may ask for. Whoever opens a page, or follows a link to one, may not choose files of the server.

On the command line every file may be named that its user may read. A page runs with the rights of the server, so it
reads only what was brought to it: uploaded files, the folder that the server offers, and lists that are stored.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark.configuration import Configuration, is_file_field, may_be_stored, texts_in
from landmark.errors import BadConfiguration
from landmark.settings import settings
from landmark.store.lists import stored_lists
from landmark.store.workspace import Workspace
from landmark.workflows.sets import refuse_files


def refuse_foreign_files(workspace: Workspace, kind: type[Configuration], values: Mapping[str, Any]) -> None:
    """Refuse values of a configuration that name a file other than those brought to the server.

    BadConfiguration or BadData if it names one; whether that file exists is not said.
    """
    refuse_files(texts_in(values), lists_of(workspace))
    for name, field in kind.model_fields.items():
        path = str(values.get(name) or "")
        if may_be_stored(field) and not Path(path).is_absolute():
            continue  # a name of something stored: files are read by their absolute path alone
        if is_file_field(field) and path and not _offered(path, workspace):
            raise BadConfiguration(
                f"{name}: pages read files that were uploaded, or that lie in the folder the server offers. Upload the "
                "file, or use the command line."
            )


def lists_of(workspace: Workspace) -> frozenset[str]:
    """Return the stored lists as sets are written."""
    return frozenset(stored.text for stored in stored_lists(workspace))


def _offered(path: str, workspace: Workspace) -> bool:
    roots = [
        root for root in (workspace.uploads, workspace.root / "looks", settings().folder) if root is not None
    ]
    try:
        real = Path(path).resolve()
        return any(root.resolve() in real.parents for root in roots)
    except (OSError, ValueError):  # no path at all
        return False
