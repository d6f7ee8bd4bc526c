"""What commands print: a progress bar while they work, then a short text or one JSON object."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from landmark.progress import Progress, Report
from landmark.store.runs import Run


@contextmanager
def bar() -> Iterator[Report]:
    """Show progress on standard error, so that standard output stays clean for the answer."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("Starting", total=None)
        stage = ""

        def report(progress: Progress) -> None:
            nonlocal stage
            if progress.stage != stage:
                stage = progress.stage
                shown.reset(task, total=progress.total or None)
            elif not (progress.done or progress.total):  # a bare sign of life
                return
            figures = "".join(
                f"  {name.replace('_', ' ')} {value:.4g}" for name, value in progress.values.items()
            )
            shown.update(
                task, description=stage + figures, completed=progress.done, total=progress.total or None
            )

        yield report


def answer(run: Run, as_json: bool, run_id: str = "") -> None:
    """Print what a run found."""
    result: dict[str, Any] = {
        "id": run_id or run.id,
        "kind": run.kind,
        "metrics": dict(run.manifest.metrics),
        "notes": list(run.manifest.notes),
        "files": {name: str(run.folder / file) for name, file in run.manifest.files.items()},
    }
    if as_json:
        print(json.dumps(result))
        return
    print(result["id"])
    for name, value in _flat(result["metrics"]):
        print(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")
    print(f"  files in {run.folder}")
    for note in run.manifest.notes:
        print(f"  note: {note}")


def _flat(metrics: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in metrics.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
