"""What somebody asked for: written before the work starts, so that nothing asked for is lost."""

import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landmark.errors import BadRun
from landmark.store.files import read_json, write_json
from landmark.store.workspace import Workspace

REQUEST = "request.json"

STEPS = "steps.json"
"""In the folder of a run that consists of others: the names of those, by step."""

NEW = ".new-"
"""Begins the name of the folder of a run whose request is being written."""

NAME = re.compile(r"[a-z]+(-[a-z]+)*-[0-9a-f]{8}")
"""What the name of a run looks like; anything else a user gives is not a run, least of all a path."""


@dataclass(frozen=True)
class Request:
    """A kind of analysis and its configuration, with the name its run will have."""

    id: str
    kind: str
    configuration: Mapping[str, Any]
    submitted: str
    part_of: str = ""
    """The run that asked for this one as a step of its own."""

    def folder(self, workspace: Workspace) -> Path:
        """Return where the run is written until it is published."""
        return workspace.unfinished / self.id


def now() -> str:
    """Return the time, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def write_request(
    workspace: Workspace, kind: str, configuration: Mapping[str, Any], part_of: str = ""
) -> Request:
    """Give the run a name and write down what is asked."""
    request = Request(f"{kind}-{secrets.token_hex(4)}", kind, configuration, now(), part_of)
    draft = workspace.unfinished / f"{NEW}{request.id}"
    draft.mkdir(parents=True)
    try:
        write_json(draft / REQUEST, request.__dict__)
        draft.rename(request.folder(workspace))
    except OSError:  # such as a full disk
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return request


def unfinished_folder(workspace: Workspace, run_id: str) -> Path:
    """Return the folder of an unfinished run; BadRun if there is none of that name."""
    folder = workspace.unfinished / run_id
    if not NAME.fullmatch(run_id) or not folder.is_dir():
        raise BadRun(f"There is no unfinished run {run_id!r}: it is finished, or is already deleted.")
    return folder


def read_request(workspace: Workspace, run_id: str) -> Request:
    """Read what was asked for; BadRun if there is no unfinished run of that name, or its request is damaged."""
    path = unfinished_folder(workspace, run_id) / REQUEST
    try:
        request = Request(**read_json(path))
        sound = isinstance(request.configuration, Mapping) and all(
            isinstance(text, str) for text in (request.id, request.kind, request.submitted, request.part_of)
        )
        datetime.fromisoformat(request.submitted)
    except (TypeError, ValueError):  # a field is missing, unknown or no time
        sound = False
    if not sound or request.id != run_id:
        raise BadRun(f"{path} is damaged. The run it describes cannot be used; delete it.")
    return request
