"""The devices that the numerical work runs on: their names, and the mesh of all of them."""

import os

import jax
import numpy as np
from jax.sharding import Mesh

from landmark.training.mesh import AXIS


def device_name() -> str:
    """Return for instance ``CPU, 2 cores`` or ``4 x NVIDIA H200``, of all processes together."""
    if jax.process_count() > 1 and jax.devices()[0].platform == "cpu":
        return f"{_named(jax.devices())}, {jax.process_count()} processes"
    return _named(jax.devices())


def backend() -> str:
    """Return what JAX computes with: ``cpu``, ``gpu`` or ``tpu``."""
    return str(jax.default_backend())


def device_here() -> str:
    """Return the same of this process alone."""
    return _named(jax.local_devices())


def _named(devices: list[jax.Device]) -> str:
    if devices[0].platform == "cpu":
        return f"CPU, {os.cpu_count()} cores"
    return devices[0].device_kind if len(devices) == 1 else f"{len(devices)} x {devices[0].device_kind}"


def own_devices() -> Mesh | None:
    """Return all devices of this process in a row, or None where it has one.

    Unlike a training, an attribution is the work of the first process alone: the others do not come to its steps.
    """
    devices = jax.local_devices()
    return Mesh(np.array(devices), (AXIS,)) if len(devices) > 1 else None
