"""Run one verb from request to published run."""

import importlib
import importlib.util
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landmark.configuration import Configuration
from landmark.errors import BadConfiguration, BadRun
from landmark.progress import Report, silent
from landmark.results import Table
from landmark.runs.draft import Draft
from landmark.runs.files import read_json, write_json
from landmark.runs.home import Home
from landmark.runs.journal import Journal
from landmark.runs.manifest import Manifest, versions
from landmark.runs.request import STEPS, Request, read_request, write_request
from landmark.runs.store import Run, RunStore
from landmark.workflows.configuration import CONFIGURATIONS
from landmark.workflows.context import Context, Outcome

_MODULES = {"import": "import_", "cross-platform": "cross_platform"}

_FOLDERS = {
    "import": "import_data",
    "rank": "ranking",
    "select": "selection",
    "infer": "predictors",
    "cross-platform": "platform",
    "cluster": "clusters",
    "enrich": "functions",
    "path": "overview",
    "seeds": "replicates",
    "tournament": "benchmark",
}
"""Folder of an analysis, where it is not called as its command."""


def configuration_of(kind: str, values: Mapping[str, Any]) -> Configuration:
    """Validate the configuration of a verb.

    Raises
    ------
    BadConfiguration
        If the verb is unknown or a value is out of bounds.
    """
    if kind not in CONFIGURATIONS:
        raise BadConfiguration(f"{kind!r} is not something to run. Choose from: {', '.join(CONFIGURATIONS)}.")
    return CONFIGURATIONS[kind].parse(values)


def execute(home: Home, request: Request, journal: Journal) -> Run:
    """Do what is asked and publish the run.

    The journal must be open; it is closed just before the run is published.
    """
    configuration = configuration_of(request.kind, request.configuration)
    module = importlib.import_module(f"landmark.workflows.{_MODULES.get(request.kind, request.kind)}")
    draft = Draft(home, request, _tables(request.kind))
    started, clock = datetime.now(UTC), time.monotonic()
    outcome: Outcome = module.run(
        configuration, Context(home, draft, journal.report, _Steps(home, request, journal))
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
    journal.check()
    journal.close()
    return draft.publish(manifest)


def _tables(kind: str) -> Mapping[str, Table]:
    name = f"landmark.analyses.{_FOLDERS.get(kind, kind)}"
    if importlib.util.find_spec(name) is None or importlib.util.find_spec(f"{name}.results") is None:
        return {}
    tables: Mapping[str, Table] = importlib.import_module(f"{name}.results").TABLES
    return tables


def execute_now(home: Home, kind: str, values: Mapping[str, Any], report: Report = silent) -> Run:
    """Do what is asked in this process, at once and without waiting in line."""
    request = write_request(home, kind, configuration_of(kind, values).model_dump(mode="json"))
    with Journal(request.folder(home), report) as journal:
        journal.running()
        return execute(home, request, journal)


class _Steps:
    """Runs other verbs as steps of one run; steps that are finished are not repeated on a resume."""

    def __init__(self, home: Home, request: Request, journal: Journal) -> None:
        self.home = home
        self.request = request
        self.journal = journal
        self.path = request.folder(home) / STEPS

    def __call__(
        self, kind: str, values: Mapping[str, Any], name: str = "", finished: Run | None = None
    ) -> Run:
        done = read_json(self.path) if self.path.is_file() else {}
        known = done.get(name or kind, "")
        if known and (made := self._finished(known)):
            return made
        if finished is not None:
            write_json(self.path, {**done, name or kind: finished.id})
            return finished
        step = self._unfinished(known) or write_request(
            self.home, kind, configuration_of(kind, values).model_dump(mode="json"), part_of=self.request.id
        )
        write_json(self.path, {**done, name or kind: step.id})
        with Journal(step.folder(self.home), self.journal.report) as journal:
            journal.running()
            return execute(self.home, step, journal)

    def _finished(self, run_id: str) -> Run | None:
        try:
            return RunStore(self.home).get(run_id)
        except BadRun:
            return None

    def _unfinished(self, run_id: str) -> Request | None:
        try:
            return read_request(self.home, run_id)
        except BadRun:
            return None
