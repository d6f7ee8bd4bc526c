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

TRAINING = """
import json, os, sys
import numpy as np
import jax
if len(sys.argv) > 1:
    number, count, address, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    jax.distributed.initialize(address, count, number)
from pathlib import Path
from landmark.models.autoencoder import train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.training import fit
random = np.random.default_rng(0)
X = (8 + random.standard_normal((75, 3)) @ random.standard_normal((3, 11))).astype(np.float32)
configuration = AutoencoderConfiguration(hidden=8, bottleneck=3, epochs=4, batch_size=12, checkpoint_every=2)
results = []
for share in (1, 0):
    fit.RESIDENT_SHARE = share
    directory = Path(sys.argv[4]) / str(share) if len(sys.argv) > 1 else None
    trained = train_autoencoder(X[:55], X[55:], configuration, directory=directory)
    results.append(trained.history[["train_loss", "validation_loss"]].values.tolist())
if directory is not None:
    longer = configuration.model_copy(update={"epochs": 6})
    trained = train_autoencoder(X[:55], X[55:], longer, directory=directory)
    assert len(trained.history) == 6
sums = {n: float(np.abs(l["kernel"]).sum()) for n, l in trained.parameters.items()}
print(json.dumps({"devices": jax.device_count(), "results": results, "sums": sums}))
"""


def environment(devices):
    flags = f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count={devices}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLURM")}
    return {**inherited, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": flags, "PYTHONPATH": str(ROOT)}


def start(devices, *arguments):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", TRAINING, *arguments],
        env=environment(devices), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def answer(process):
    try:
        output, errors = process.communicate(timeout=200)
    finally:
        process.kill()
    assert process.returncode == 0, errors[-3000:]
    return json.loads(output.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def one():
    """Train on one device, in one process."""
    return answer(start(1))


def test_eight_devices_train_like_one(one):
    """Batches of 12 do not even divide among 8 devices."""
    eight = answer(start(8))
    assert (one["devices"], eight["devices"]) == (1, 8)
    resident, streamed = np.array(eight["results"])
    np.testing.assert_allclose(resident, streamed, rtol=1e-6)
    np.testing.assert_allclose(eight["results"], one["results"], rtol=1e-5)


@pytest.mark.slow
def test_two_processes_train_like_one(one, tmp_path):
    """Processes find each other through jax.distributed, one writes checkpoints, both go on from them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    both = [start(2, str(number), "2", address, str(tmp_path)) for number in (0, 1)]
    first, second = (answer(process) for process in both)
    assert first["devices"] == 4
    assert first["sums"] == second["sums"]
    np.testing.assert_allclose(first["results"], one["results"], rtol=1e-5)


def test_a_lone_process_does_not_wait_for_others(monkeypatch):
    monkeypatch.delenv("SLURM_NTASKS", raising=False)
    monkeypatch.delenv("OMPI_COMM_WORLD_SIZE", raising=False)
    assert initialise_distributed() is False
    monkeypatch.setenv("SLURM_NTASKS", "1")
    assert initialise_distributed() is False


def test_memory_is_that_of_this_machine():
    assert 10**8 < memory_bytes() < 10**14
