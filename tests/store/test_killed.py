"""A process killed at any point of writing leaves nothing half published."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landmark.store.activity import activities, reopen
from landmark.store.datasets import DatasetStore
from landmark.store.runs import RunStore

ROOT = Path(__file__).parents[2]

RUN = """
import os, sys
from pathlib import Path
import numpy as np, pandas as pd
from landmark.progress import Progress
from landmark.store import files; from landmark.store import runs as drafts
from landmark.store.runs import RunWriter as Draft
from landmark.store.workspace import open_workspace
from landmark.store.status import RunStatusWriter
from landmark.store.runs import Manifest
from landmark.store.request import now, write_request

point = sys.argv[1]
def die(*args, **kwargs):
    os._exit(9)

request = write_request(open_workspace(), "train", {})
draft = Draft(open_workspace(), request)
with RunStatusWriter(request.folder(open_workspace())) as run_status:
    run_status.running()
    run_status.report(Progress("Training", 1, 2))
    if point == "table":
        (draft.folder / "history.parquet").write_bytes(b"PAR1")
        die()
    draft.table("history", pd.DataFrame({"epoch": [1]}))
    if point == "asleep":
        print("ready", flush=True)
        import time; time.sleep(60)
    manifest = Manifest(id=request.id, kind="train", parents={}, configuration={}, started=now(), seconds=0.1)
    if point == "manifest":
        Path.replace = die
    if point == "flush":
        drafts.flush = die
    run_status.close()
    if point == "rename":
        Path.rename = die
    if point == "scratch":
        (draft.folder / "checkpoints").mkdir()
        drafts.shutil.rmtree = die
    draft.publish(manifest)
"""

DATASET = """
import os, sys
from pathlib import Path
import anndata, numpy as np, pandas as pd
from landmark.store import datasets
from landmark.store.datasets import DatasetStore
from landmark.store.workspace import open_workspace
from landmark.store.request import now

point = sys.argv[1]
def die(*args, **kwargs):
    os._exit(9)

matrix = anndata.AnnData(
    X=np.ones((4, 2), np.float32),
    obs=pd.DataFrame({"split": ["train"] * 3 + ["test"]}, index=list("abcd")),
    var=pd.DataFrame(index=["TP53", "MYC"]),
    uns={"landmark": {"history": [], "unit": "", "identifier": "symbol", "source": "", "title": ""}},
)
if point == "matrix":
    datasets.write_json = die
if point == "flush":
    datasets.flush = die
if point == "rename":
    Path.rename = die
DatasetStore(open_workspace()).add(matrix, now())
"""


@pytest.mark.parametrize("point", ["table", "manifest", "flush", "rename"])
def test_a_run_killed_before_its_rename_is_interrupted(home, point):
    assert _ends_with(RUN, point) == 9
    assert RunStore(home).all() == []
    [left] = activities(home)
    assert left.state == "interrupted"
    assert left.latest["stage"] == "Training"
    reopen(home, left.id)
    assert activities(home)[0].state == "starting"


def test_a_run_killed_after_its_rename_is_published(home):
    assert _ends_with(RUN, "scratch") == 9
    [run] = RunStore(home).all()
    assert list(run.table("history")["epoch"]) == [1]
    assert activities(home) == []


def test_a_run_killed_from_outside_is_interrupted(home):
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "asleep"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        [item] = activities(home)
        assert item.state == "running"
        os.kill(process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while activities(home)[0].active and time.monotonic() < deadline:
            time.sleep(0.02)  # also before anybody has collected the dead process
        assert activities(home)[0].state == "interrupted"
    assert RunStore(home).all() == []


@pytest.mark.parametrize("point", ["matrix", "flush", "rename"])
def test_a_killed_import_leaves_no_dataset(home, point):
    assert _ends_with(DATASET, point) == 9
    assert DatasetStore(home).all() == []
    assert activities(home) == []
    assert _ends_with(DATASET, "none") == 0
    assert len(DatasetStore(home).all()) == 1


def _ends_with(program: str, point: str) -> int:
    return subprocess.run([sys.executable, "-c", program, point], cwd=ROOT, check=False).returncode
