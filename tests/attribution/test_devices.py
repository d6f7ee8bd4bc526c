"""Samples split over eight devices, simulated in a process of its own, since JAX counts devices once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json
import jax
import numpy as np
from landmark.attribution.importance import DenseEncoder
from landmark.attribution.explanation import explain
from landmark.attribution.importance import importance
from landmark.errors import BadConfiguration

rng = np.random.default_rng(0)
def layer(*shape):
    return rng.normal(size=shape).astype(np.float32)
encoder = DenseEncoder((layer(30, 8), layer(8, 4)), (layer(8), layer(4)), ("sigmoid", "tanh"))
X, groups = layer(53, 30), rng.integers(0, 3, 53)
mesh = jax.make_mesh((8,), ("samples",))
one = importance(encoder, X, X[0], target="post", groups=groups)
many = importance(encoder, X, X[0], target="post", groups=groups, mesh=mesh, block=3)
differences = {
    name: float(np.abs(getattr(one, name) - getattr(many, name)).max())
    for name in ("mean_absolute", "mean", "by_group", "worst_residual", "mean_residual")
}
def network(weights, x):
    return jax.numpy.tanh(x @ weights)
weights = layer(30, 4)
one, many_explained = (
    explain(network, weights, X, X[0], groups=groups, block=3, mesh=among) for among in (None, mesh)
)
differences |= {
    f"explained {name}": float(np.abs(getattr(one, name) - getattr(many_explained, name)).max())
    for name in ("mean_absolute", "mean", "slope", "by_group", "worst_residual", "mean_residual")
}
try:
    importance(encoder, X, X[0], mesh=jax.make_mesh((4, 2), ("samples", "genes")))
except BadConfiguration as error:
    refused = str(error)
print(json.dumps({"devices": jax.device_count(), "samples": many.samples, "refused": refused} | differences))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    flags = f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count=8"
    environment = os.environ | {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": flags, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_eight_devices_find_what_one_finds(found):
    assert found["devices"] == 8
    assert found["samples"] == 53
    for name in ("mean_absolute", "mean", "by_group", "worst_residual", "mean_residual"):
        assert found[name] < 1e-6, name
        assert found[f"explained {name}"] < 1e-6, name
    assert found["explained slope"] < 1e-6


def test_a_mesh_of_two_axes_is_refused(found):
    assert "give one axis" in found["refused"]
