"""The command that looks over the installation and the workspace: what is there, and how to mend what is wrong."""

import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from landmark import __version__
from landmark.cli.commands import Json
from landmark.errors import LandmarkError
from landmark.store.workspace import Workspace

REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
LEAST_PYTHON = (3, 11)
LEAST_FREE = 2e9
"""Bytes of memory, and of disk, below which work is likely to fail."""

LATELY = 7 * 86_400
"""Seconds for which an entry of the log counts as news."""

LOG_LINES = 20
LOG_BYTES = 20_000


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and one sentence how to mend it, "" where nothing is wrong."""

    name: str
    found: str
    mend: str = ""


def doctor(as_json: Json = False) -> None:
    """Look over the installation, this machine, and what is kept; ends with 2 where something is wrong."""
    checks = [*_installation(), *_machine()]
    log: list[str] = []
    try:
        from landmark.store.workspace import open_workspace

        workspace = open_workspace()
    except LandmarkError as error:
        checks.append(Check("home", "cannot be used", str(error)))
    else:
        checks += _kept(workspace)
        log = _log(workspace)
        checks.append(_news(workspace, log))
    wrong = any(check.mend for check in checks)
    if as_json:
        found = [asdict(check) | {"ok": not check.mend} for check in checks]
        typer.echo(json.dumps({"ok": not wrong, "checks": found, "log": log}))
    else:
        for check in checks:
            typer.echo(f"{check.name:<18} {check.found}: {check.mend or 'OK'}")
        for line in log:
            typer.echo(f"  {line}")
    if wrong:
        raise typer.Exit(2)


def _installation() -> Iterator[Check]:
    yield Check("landmark", __version__)
    least = ".".join(map(str, LEAST_PYTHON))
    old = sys.version_info < LEAST_PYTHON
    yield Check(
        "Python", platform.python_version(), f"Python {least} or newer is needed; install it." if old else ""
    )
    wanted = dict(
        line.split("==") for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if "==" in line
    )
    for name, pinned in wanted.items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "not installed"
        mend = f"Version {pinned} is needed: pip install -r requirements.txt" if installed != pinned else ""
        yield Check(name, installed, mend)


def _machine() -> Iterator[Check]:
    from landmark.store.machine import memory

    yield Check("platform", platform.platform())
    yield Check("cores", str(os.cpu_count()))
    has = memory()
    few = "Little memory is free: close other programs." if has.available < LEAST_FREE else ""
    yield Check("memory", f"{_gigabytes(has.available)} of {_gigabytes(has.total)} free", few)
    try:
        from landmark.training.mesh import backend, device_here

        yield Check("JAX", f"{backend()}, {device_here()}")
    except Exception as error:  # noqa: BLE001 - whatever JAX and its drivers raise is the finding
        found = f"does not start ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})"
        yield Check("JAX", found, "Install requirements.txt again, and check the driver of the accelerator.")


def _kept(workspace: Workspace) -> Iterator[Check]:
    from landmark.store.activity import activities, damaged_requests
    from landmark.store.datasets import DatasetStore
    from landmark.store.files import is_held
    from landmark.store.kept import KeptStore
    from landmark.store.machine import disk_free
    from landmark.store.runs import RunStore

    free = disk_free(workspace.root)
    full = "The disk is nearly full: delete runs that are not needed." if free < LEAST_FREE else ""
    yield Check("home", f"{workspace.root}, {_gigabytes(free)} of disk free", full)
    for name, store in (
        ("datasets", DatasetStore(workspace)),
        ("runs", RunStore(workspace)),
        ("kept predictors", KeptStore(workspace)),
    ):
        unreadable = store.unreadable()
        yield Check(name, str(len(store.all())), " ".join(item.message for item in unreadable))
    unfinished = activities(workspace)
    working = [item.id for item in unfinished if item.active]
    stopped = [item.id for item in unfinished if item.state in ("failed", "interrupted")]
    yield Check(
        "unfinished",
        f"{len(working)} at work, {len(stopped)} failed or interrupted",
        f"Resume or delete {', '.join(stopped)}: python -m landmark runs resume|delete RUN"
        if stopped
        else "",
    )
    damaged = damaged_requests(workspace)
    yield Check("damaged", str(len(damaged)), " ".join(item.message for item in damaged))
    held = [path.name for path in sorted(workspace.locks.glob("*.lock")) if is_held(path)]
    stale = (
        f"No run is at work, yet {', '.join(held)} is held: end the process that holds it, or delete the file if its "
        "machine is gone."
        if held and not working
        else ""
    )
    yield Check("locks", f"{len(held)} held", stale)


def _log(workspace: Workspace) -> list[str]:
    from landmark.store.files import tail
    from landmark.store.log import DEFECTS

    return tail(workspace.root / DEFECTS, LOG_BYTES).splitlines()[-LOG_LINES:]


def _news(workspace: Workspace, lines: list[str]) -> Check:
    from landmark.store.files import age
    from landmark.store.log import DEFECTS

    path = workspace.root / DEFECTS
    if not lines:
        return Check("log", f"{path}, empty")
    written = age(path)
    found = f"{path}, last written {time.strftime('%Y-%m-%d %H:%M', time.localtime(time.time() - written))}"
    news = (
        "The program met something it did not expect: report it with these lines." if written < LATELY else ""
    )
    return Check("log", found, news)


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
