"""Several processes train one network: how those take part that write nothing."""

import importlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.progress import silent
from landmark.store.files import read_json
from landmark.store.request import STEPS, Request, read_request
from landmark.store.runs import Run, RunStore, RunWriter
from landmark.store.workspace import Workspace
from landmark.workflows.context import Context
from landmark.workflows.execute import configuration_of

LOOK_SECONDS = 0.3


def trains(request: Request) -> bool:
    """Whether the run trains a network, so that several processes can share the work."""
    return ANALYSES[request.kind].trains(request.configuration)


def take_part(workspace: Workspace, request: Request, shared: object = None) -> None:
    """Share every training of a run that the first process executes; return when the run is published.

    For ``shared`` see ``Context``.

    It never returns where that process fails: whoever started the processes ends them together.
    """
    if trains(request) and (own_part := _own_part(request.kind)):
        configuration = configuration_of(request.kind, request.configuration)
        own_part(
            configuration,
            Context(workspace, RunWriter(workspace, request), silent, _Followed(workspace, request), shared),
        )
    while not _published(workspace, request.id):
        step = _next_step(workspace, request)
        if step is not None:
            take_part(workspace, step)
        else:
            time.sleep(LOOK_SECONDS)


def _own_part(kind: str) -> Callable[[Any, Context], None] | None:
    """Return what shares the training of a kind of run itself; None where only its steps train."""
    return getattr(importlib.import_module(ANALYSES[kind].module), "take_part", None)


def _next_step(workspace: Workspace, request: Request) -> Request | None:
    """Return the first step that is not finished, where it has been started.

    The list may still hold, from before a resume, the name of a step that was deleted. Its successor will stand
    in the same place, so what comes after it is not looked at.
    """
    try:
        named = read_json(request.folder(workspace) / STEPS)
    except BadRun:  # no step yet, or published just now
        return None
    for run_id in named.values():
        if not _published(workspace, run_id):
            try:
                return read_request(workspace, run_id)
            except BadRun:
                return None
    return None


def _published(workspace: Workspace, run_id: str) -> bool:
    return (workspace.runs / run_id).is_dir()


class _Followed:
    """Stands for the steps of a run in a process that only takes part: the first process decides and writes."""

    def __init__(self, workspace: Workspace, request: Request) -> None:
        self.workspace = workspace
        self.request = request

    def __call__(
        self,
        kind: str,
        values: Mapping[str, Any],
        name: str = "",
        finished: Run | None = None,
        shared: object = None,
    ) -> Run:
        """Wait until the step has begun, take part in it, and return the finished run."""
        run_id = self._named(name or kind)
        if not _published(self.workspace, run_id):
            take_part(self.workspace, read_request(self.workspace, run_id), shared)
        return RunStore(self.workspace).get(run_id)

    def _named(self, name: str) -> str:
        while True:
            try:
                return str(read_json(self.request.folder(self.workspace) / STEPS)[name])
            except (BadRun, KeyError):  # no step yet, or not this one
                time.sleep(LOOK_SECONDS)
