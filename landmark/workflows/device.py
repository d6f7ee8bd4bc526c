"""What the numerical work runs on, in words."""

import os

import jax


def device_name() -> str:
    """Return for instance ``CPU, 2 cores`` or ``4 x NVIDIA H200``."""
    devices = jax.devices()
    if devices[0].platform == "cpu":
        return f"CPU, {os.cpu_count()} cores"
    return devices[0].device_kind if len(devices) == 1 else f"{len(devices)} x {devices[0].device_kind}"
