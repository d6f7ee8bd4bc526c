"""What older versions stored is read, shown, exported and built on."""

import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from landmark.analyses.registry import ANALYSES
from landmark.cli.app import app
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace, open_workspace
from landmark.workflows.execute import execute_now

SINCE = {"profiles", "keep"}
"""Kinds of runs that version 0.3 did not make."""

PACKED = Path(__file__).parents[1] / "homes" / "v0_3.tar.xz"


@pytest.fixture
def old(own_home: Path) -> Workspace:
    with tarfile.open(PACKED) as packed:
        packed.extractall(own_home.parent, filter="data")
    return open_workspace()


def test_figures_and_headlines_of_version_0_3_are_read(old: Workspace) -> None:
    runs = RunStore(old).all()
    assert {run.kind for run in runs} == set(ANALYSES) - SINCE
    for run in runs:
        assert run.manifest.versions["landmark"] == "0.3.0"
        analysis = ANALYSES[run.kind]
        assert analysis.headline(analysis.read(run.manifest.metrics)), run.id


def test_tables_of_version_0_3_are_as_promised(old: Workspace) -> None:
    """What has been added since is missing there; what is there is what is promised now."""
    for run in RunStore(old).all():
        promised = ANALYSES[run.kind].tables
        for name in run.tables():
            if name in promised:
                unknown = [
                    column
                    for column in run.table(name).columns
                    if not any(one.names(str(column)) for one in promised[name].columns)
                ]
                assert unknown == [], f"{run.id} {name}"


def test_runs_of_version_0_3_are_shown_and_built_on(old: Workspace, tmp_path: Path) -> None:
    listed = CliRunner().invoke(app, ["runs", "list"])
    assert listed.exit_code == 0
    for run in RunStore(old).all():
        assert run.id in listed.output
    newest = RunStore(old).newest("cluster")
    assert newest is not None
    written = CliRunner().invoke(app, ["runs", "export", newest.id, str(tmp_path / "files")])
    assert written.exit_code == 0, written.output
    model = RunStore(old).newest("train")
    assert model is not None
    assert len(execute_now(old, "rank", {"model": model.id}).table("ranking")) == 130
