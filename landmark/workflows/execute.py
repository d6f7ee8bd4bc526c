"""Run one analysis from request to published run."""

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from landmark.analyses.registry import ANALYSES
from landmark.configuration import Configuration
from landmark.errors import BadConfiguration, BadRun
from landmark.progress import Report, silent
from landmark.store.files import read_json, write_json
from landmark.store.request import STEPS, Request, read_request, write_request
from landmark.store.runs import Manifest, Run, RunStore, RunWriter, versions
from landmark.store.status import RunStatusWriter
from landmark.store.workspace import Workspace
from landmark.workflows.context import Context, Outcome


def configuration_of(kind: str, values: Mapping[str, Any]) -> Configuration:
    """Read the configuration of an analysis; ``BadConfiguration`` if it is unknown, or a value is out of bounds."""
    if kind not in ANALYSES:
        raise BadConfiguration(f"{kind!r} is not something to run. Choose from: {', '.join(ANALYSES)}.")
    configuration: Configuration = ANALYSES[kind].configuration.parse(values)
    return configuration


def execute(workspace: Workspace, request: Request, status: RunStatusWriter, shared: object = None) -> Run:
    """Do what is asked and publish the run; for ``shared`` see ``Context``.

    ``status`` must be open; it is closed just before the run is published.
    """
    configuration = configuration_of(request.kind, request.configuration)
    analysis = ANALYSES[request.kind]
    draft = RunWriter(workspace, request, analysis.tables)
    started, clock = datetime.now(UTC), time.monotonic()
    outcome: Outcome = analysis.run()(
        configuration, Context(workspace, draft, status.report, _Steps(workspace, request, status), shared)
    )
    manifest = Manifest(
        id=request.id,
        kind=request.kind,
        parents=outcome.parents,
        configuration=configuration.model_dump(mode="json"),
        seed=outcome.seed,
        split=outcome.split,
        versions=versions(),
        device=outcome.device,
        started=started.isoformat(timespec="milliseconds"),
        seconds=round(time.monotonic() - clock, 3),
        metrics=outcome.results.metrics(),
        notes=outcome.notes,
        files=draft.files(),
    )
    status.check()
    status.close()
    return draft.publish(manifest)


def execute_now(workspace: Workspace, kind: str, values: Mapping[str, Any], report: Report = silent) -> Run:
    """Do what is asked in this process, at once and without waiting in line."""
    request = write_request(workspace, kind, configuration_of(kind, values).model_dump(mode="json"))
    with RunStatusWriter(request.folder(workspace), report) as status:
        status.running()
        return execute(workspace, request, status)


class _Steps:
    """Runs other analyses as steps of one run; steps that are finished are not repeated on a resume."""

    def __init__(self, workspace: Workspace, request: Request, status: RunStatusWriter) -> None:
        self.workspace = workspace
        self.request = request
        self.status = status
        self.path = request.folder(workspace) / STEPS

    def __call__(
        self,
        kind: str,
        values: Mapping[str, Any],
        name: str = "",
        finished: Run | None = None,
        shared: object = None,
    ) -> Run:
        done, name = read_json(self.path) if self.path.is_file() else {}, name or kind
        known = done.get(name, "")
        if known:
            with suppress(BadRun):  # not finished
                return RunStore(self.workspace).get(known)
        if finished is not None:
            write_json(self.path, {**done, name: finished.id})
            return finished
        step = self._unfinished(known) or write_request(
            self.workspace,
            kind,
            configuration_of(kind, values).model_dump(mode="json"),
            part_of=self.request.id,
        )
        write_json(self.path, {**done, name: step.id})
        with RunStatusWriter(step.folder(self.workspace), self.status.report) as status:
            status.running()
            return execute(self.workspace, step, status, shared)

    def _unfinished(self, run_id: str) -> Request | None:
        try:
            return read_request(self.workspace, run_id)
        except BadRun:
            return None
