"""Kill -9 at a random moment of every stage: what was saved goes on, and ends as if nothing had happened.

From the end of the first epoch on stages follow each other as in ``STAGES``. Moments are counted in calls of Python
functions from the beginning of their stage, so that they fall alike on slow and on fast machines. Each training is a
fork of one process that has imported everything and not yet used JAX.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = [*2 * ["epoch", "state written", "checkpoint published"], "end"]
"""Two epochs, at the end of the second of which the oldest of three checkpoints is removed."""

PROGRAM = """
import json, os, random, shutil, signal, sys, threading
from pathlib import Path
import jax
import numpy as np
from landmark.training.artefact import flatten
from landmark.models.autoencoder import train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.training import checkpoint

folder, stages = Path(sys.argv[1]), int(sys.argv[2])
jax.config.update("jax_compilation_cache_dir", str(folder / "compiled"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
X = np.random.default_rng(0).standard_normal((60, 30)).astype(np.float32)
configuration = AutoencoderConfiguration(
    hidden=8, bottleneck=3, epochs=3, batch_size=16, checkpoint_every=1, keep="best"
)


def train(directory, counted, stage, last_call):
    calls = []  # of each stage so far

    def count(*event):
        calls[-1] += 1
        if (len(calls) - 1, calls[-1]) == (stage, last_call):
            os.kill(os.getpid(), signal.SIGKILL)

    def begin(progress):
        if counted and not calls and progress.stage == "Training" and progress.done >= 1:
            calls.append(0)
            threading.setprofile(count)
            sys.setprofile(count)

    def next_stage():
        if calls:
            calls.append(0)

    def write_state(*given, write=checkpoint.orbax.save):
        next_stage()
        write(*given)
        next_stage()

    def save(*given, save=checkpoint.save):
        save(*given)
        next_stage()

    checkpoint.orbax.save, checkpoint.save = write_state, save
    trained = train_autoencoder(X[:45], X[45:], configuration, directory=directory, report=begin)
    sys.setprofile(None)
    losses = trained.history[["train_loss", "validation_loss"]].values.tolist()
    weights = {name: array.tobytes().hex() for name, array in flatten(trained.parameters).items()}
    (directory / "result.json").write_text(json.dumps({"calls": calls, "losses": losses, "weights": weights}))


def in_child(directory, counted=False, stage=0, last_call=0):
    child = os.fork()
    if child == 0:
        train(directory, counted, stage, last_call)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def result(directory):
    return json.loads((directory / "result.json").read_text())


def killed_at(directory, stage, last_call):
    # A stage may take fewer calls than the one that was counted, and end before its moment comes.
    while (ending := in_child(directory, True, stage, last_call)) == 0:
        shutil.rmtree(directory)
        last_call //= 2
    return ending


assert in_child(folder / "whole", counted=True) == 0
whole = result(folder / "whole")
assert len(whole["calls"]) == stages
moments = random.Random(0)
runs = []
for stage, calls in enumerate(whole["calls"]):
    directory = folder / str(stage)
    ending = killed_at(directory, stage, moments.randint(1, calls))
    saved = len(list(directory.glob("epoch-??????")))
    assert in_child(directory) == 0
    resumed = result(directory)
    same = {kind: resumed[kind] == whole[kind] for kind in ("losses", "weights")}
    runs.append({"ending": ending, "saved": saved, **same})
print(json.dumps(runs))
"""


@pytest.mark.slow
def test_trainings_killed_in_any_stage_end_as_if_never_stopped(tmp_path):
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), str(len(STAGES))],
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    runs = json.loads(done.stdout)
    assert [run["ending"] for run in runs] == [-signal.SIGKILL] * len(STAGES)
    assert all(run["losses"] and run["weights"] for run in runs), runs
    assert all(run["saved"] for run in runs), runs
