import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landmark.training.mesh import initialise_distributed, memory_bytes

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json, os, sys, traceback
from pathlib import Path
import jax
import numpy as np
from landmark.models.autoencoder import train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.training import fit

address, folder = sys.argv[1], Path(sys.argv[2])
random = np.random.default_rng(0)
X = (8 + random.standard_normal((75, 3)) @ random.standard_normal((3, 11))).astype(np.float32)
configuration = AutoencoderConfiguration(hidden=8, bottleneck=3, epochs=4, batch_size=12, checkpoint_every=2)


def train(among=None):
    if among is not None:
        jax.distributed.initialize(address, 2, among)
    results = []
    for share in (1, 0):
        fit.RESIDENT_SHARE = share
        directory = folder / str(share) if among is not None else None
        trained = train_autoencoder(X[:55], X[55:], configuration, directory=directory)
        results.append(trained.history[["train_loss", "validation_loss"]].values.tolist())
    if directory is not None:
        longer = configuration.model_copy(update={"epochs": 6})
        trained = train_autoencoder(X[:55], X[55:], longer, directory=directory)
        assert len(trained.history) == 6
    sums = {n: float(np.abs(l["kernel"]).sum()) for n, l in trained.parameters.items()}
    return {"devices": jax.device_count(), "results": results, "sums": sums}


def begin(name, devices, **among):
    child = os.fork()
    if child == 0:
        os.environ["XLA_FLAGS"] += f" --xla_force_host_platform_device_count={devices}"
        try:
            (folder / name).write_text(json.dumps(train(**among)))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(1)
    return child


def end(*children):
    assert all([os.waitpid(child, 0)[1] == 0 for child in children])


end(begin("one", 1))
end(begin("eight", 8))
end(begin("first", 2, among=0), begin("second", 2, among=1))
"""
"""Trains in forks of a process that has imported everything and not yet used JAX, which counts devices once."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Train on one device, on eight, and on four of two processes that find each other."""
    folder = tmp_path_factory.mktemp("found")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLURM")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, address, str(folder)],
        env={**inherited, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: json.loads((folder / name).read_text()) for name in ("one", "eight", "first", "second")}


def test_eight_devices_train_like_one(found):
    """Batches of 12 do not even divide among 8 devices."""
    one, eight = found["one"], found["eight"]
    assert (one["devices"], eight["devices"]) == (1, 8)
    resident, streamed = np.array(eight["results"])
    np.testing.assert_allclose(resident, streamed, rtol=1e-6)
    np.testing.assert_allclose(eight["results"], one["results"], rtol=1e-5)


@pytest.mark.slow
def test_two_processes_train_like_one(found):
    """Processes find each other through jax.distributed, one writes checkpoints, both go on from them."""
    first, second = found["first"], found["second"]
    assert first["devices"] == 4
    assert first["sums"] == second["sums"]
    np.testing.assert_allclose(first["results"], found["one"]["results"], rtol=1e-5)


def test_a_lone_process_does_not_wait_for_others(monkeypatch):
    monkeypatch.delenv("SLURM_NTASKS", raising=False)
    monkeypatch.delenv("OMPI_COMM_WORLD_SIZE", raising=False)
    assert initialise_distributed() is False
    monkeypatch.setenv("SLURM_NTASKS", "1")
    assert initialise_distributed() is False


def test_memory_is_that_of_this_machine():
    assert 10**8 < memory_bytes() < 10**14
