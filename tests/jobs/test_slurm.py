"""Jobs on a real SLURM cluster of one node, which the tests start for themselves."""

import os
import signal
import subprocess

import numpy as np
import psutil
import pytest

from landmark.errors import BadRun
from landmark.jobs.control import cancel, resume, submit
from landmark.store.activity import activities, activity
from landmark.store.runs import RunStore
from landmark.workflows.execute import execute_now

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("on_the_cluster")]

LOSSES = ["epoch", "train_loss", "validation_loss"]


def test_two_processes_train_like_one_and_publish_one_run(home, training, until):
    alone = execute_now(home, "train", training(5))
    run_id = submit(home, "train", training(5))
    assert activity(home, run_id).active
    until(lambda: _done(home, run_id))
    run = RunStore(home).get(run_id)
    assert run.manifest.device.endswith("2 processes")
    np.testing.assert_allclose(run.table("history")[LOSSES], alone.table("history")[LOSSES], rtol=1e-5)
    for name in ("reconstruction_pcc", "reconstruction_mae"):
        assert run.manifest.metrics[name] == pytest.approx(alone.manifest.metrics[name], rel=1e-4)
    assert sorted(run.manifest.files) == sorted({*alone.manifest.files, "log.txt"})
    until(lambda: not _jobs())
    assert [found.id for found in RunStore(home).all("train")] == [run_id, alone.id]
    assert list(home.unfinished.iterdir()) == []


def test_jobs_wait_on_the_cluster_and_can_be_cancelled(home, training, until):
    first = submit(home, "train", training(100_000))
    until(lambda: _epoch(home, first) > 0)
    second = submit(home, "train", training(1))
    until(lambda: activity(home, second).state == "waiting")
    until(lambda: "Waiting on the cluster" in activity(home, second).latest.get("stage", ""))
    cancel(home, second)
    until(lambda: activity(home, second).state == "cancelled")
    processes = _processes(first)
    assert len(processes) == 2
    cancel(home, first)
    until(lambda: activity(home, first).state == "cancelled")
    until(lambda: not _jobs() and not any(process.is_running() for process in processes))
    assert RunStore(home).all("train") == []


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_killed_process_ends_the_job_which_goes_on_after_a_resume(home, training, until, rank):
    epochs = 300
    run_id = submit(home, "train", training(epochs))
    until(lambda: _epoch(home, run_id) >= 50)
    victim = next(p for p in _processes(run_id) if p.environ()["SLURM_PROCID"] == rank)
    os.kill(victim.pid, signal.SIGKILL)
    until(lambda: activity(home, run_id).state == "interrupted")
    until(lambda: not _jobs() and not _processes(run_id))
    reached = max(line["done"] for line in activity(home, run_id).progress())
    before = len(activity(home, run_id).progress())
    assert reached < epochs

    resume(home, run_id)
    with pytest.raises(BadRun, match="at work already"):
        resume(home, run_id)
    until(lambda: _epoch(home, run_id) > reached or _done(home, run_id))
    if not _done(home, run_id):
        new = [line for line in activity(home, run_id).progress()[before:] if line["stage"] == "Training"]
        assert min(line["done"] for line in new if line["done"]) > reached - 2 * 20 - 1
    until(lambda: _done(home, run_id))
    assert list(RunStore(home).get(run_id).table("history")["epoch"]) == list(range(1, epochs + 1))


def test_a_job_that_the_cluster_stops_says_so(home, training, until):
    run_id = submit(home, "train", training(100_000))
    until(lambda: _epoch(home, run_id) > 0)
    subprocess.run(["scancel", f"--name={run_id}"], check=True)
    until(lambda: "stopped on the cluster" in activity(home, run_id).message)
    assert activity(home, run_id).state == "interrupted"


def test_the_steps_of_a_run_share_their_trainings_only(home, labelled, until):
    """A path trains the autoencoder only; a comparison by D-GEX trains once for every set."""
    network = {"epochs": 2, "hidden": 8, "bottleneck": 3}
    run_id = submit(home, "path", {"dataset": labelled, "network": network, "random_sets": 2})
    until(lambda: _done(home, run_id))
    path = RunStore(home).get(run_id)
    assert set(path.manifest.parents) == {"dataset", "train", "rank", "compare", "cluster"}
    ranking = path.manifest.parents["rank"]
    compared = submit(
        home,
        "compare",
        {
            "dataset": labelled,
            "sets": ("variable:8", f"{ranking}:8"),
            "predictor": "dgex",
            "random_sets": 1,
            "dgex": {"epochs": 2, "units": 6, "layers": 1, "batch_size": 16},
        },
    )
    until(lambda: _done(home, compared))
    assert RunStore(home).get(compared).manifest.device.endswith("2 processes")
    assert activities(home) == []


def test_a_run_that_is_refused_says_why(home, tmp_path, csv, until, monkeypatch):
    empty = tmp_path / "empty.csv"
    empty.touch()
    run_id = submit(home, "import", {"path": str(empty)})
    until(lambda: activity(home, run_id).state == "failed")
    assert "empty" in activity(home, run_id).message
    monkeypatch.setenv("LANDMARK_SLURM_PARTITION", "elsewhere")
    with pytest.raises(BadRun, match=r"[Ii]nvalid partition"):
        submit(home, "import", {"path": str(csv)})


def _jobs() -> str:
    return subprocess.run(["squeue", "--noheader"], capture_output=True, text=True, check=True).stdout


def _processes(run_id: str) -> list[psutil.Process]:
    """Return the processes of the job that train."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if (
            "submitit.core._submit" in words
            and any(run_id in word for word in words)
            and "srun" not in words[0]
        ):
            found.append(process)
    return found


def _done(home, run_id) -> bool:
    return any(run.id == run_id for run in RunStore(home).all())


def _epoch(home, run_id) -> float:
    latest = activity(home, run_id).latest
    return latest.get("done", 0) if latest.get("stage") == "Training" else 0
