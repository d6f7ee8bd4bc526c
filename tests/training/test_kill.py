"""Kill -9 at random moments: what was saved goes on, and ends as if nothing had happened.

Moments are counted in calls of Python functions from the first progress on, so that they fall alike on slow and on
fast machines: between epochs, into an epoch, into the writing of a checkpoint. Each training is a fork of one
process that has imported everything and not yet used JAX.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 10

PROGRAM = """
import json, os, random, shutil, signal, sys, threading
from pathlib import Path
import jax
import numpy as np
from landmark.training.artefact import flatten
from landmark.models.autoencoder import train_autoencoder
from landmark.models.settings import AutoencoderConfiguration

folder, kills = Path(sys.argv[1]), int(sys.argv[2])
jax.config.update("jax_compilation_cache_dir", str(folder / "compiled"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
X = np.random.default_rng(0).standard_normal((60, 30)).astype(np.float32)
configuration = AutoencoderConfiguration(
    hidden=8, bottleneck=3, epochs=4, batch_size=16, checkpoint_every=1, keep="best"
)


def train(directory, counted, last_call):
    calls = 0

    def count(*event):
        nonlocal calls
        calls += 1
        if calls == last_call:
            os.kill(os.getpid(), signal.SIGKILL)

    def begin(progress):
        if counted and progress.stage == "Training":
            threading.setprofile(count)
            sys.setprofile(count)

    trained = train_autoencoder(X[:45], X[45:], configuration, directory=directory, report=begin)
    sys.setprofile(None)
    losses = trained.history[["train_loss", "validation_loss"]].values.tolist()
    weights = {name: array.tobytes().hex() for name, array in flatten(trained.parameters).items()}
    (directory / "result.json").write_text(json.dumps({"calls": calls, "losses": losses, "weights": weights}))


def in_child(directory, counted=False, last_call=0):
    child = os.fork()
    if child == 0:
        train(directory, counted, last_call)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def result(directory):
    return json.loads((directory / "result.json").read_text())


def killed_at(directory, last_call):
    # A run may take fewer calls than the one that was counted, and end before its moment comes.
    while (ending := in_child(directory, True, last_call)) == 0:
        shutil.rmtree(directory)
        last_call //= 2
    return ending


assert in_child(folder / "whole", counted=True) == 0
whole = result(folder / "whole")
moments = random.Random(0)
runs = []
for number in range(kills):
    directory = folder / str(number)
    ending = killed_at(directory, moments.randint(1, whole["calls"]))
    saved = len(list(directory.glob("epoch-??????")))
    assert in_child(directory) == 0
    resumed = result(directory)
    same = {kind: resumed[kind] == whole[kind] for kind in ("losses", "weights")}
    runs.append({"ending": ending, "saved": saved, **same})
print(json.dumps(runs))
"""


@pytest.mark.slow
def test_ten_trainings_killed_at_random_moments_end_as_if_never_stopped(tmp_path):
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), str(KILLS)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    runs = json.loads(done.stdout)
    assert [run["ending"] for run in runs] == [-signal.SIGKILL] * KILLS
    assert all(run["losses"] and run["weights"] for run in runs), runs
    assert any(run["saved"] for run in runs)
