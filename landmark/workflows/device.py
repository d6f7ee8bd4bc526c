"""What the numerical work runs on, in words."""

import os

import jax


def device_name() -> str:
    """Return for instance ``CPU, 2 cores`` or ``4 x NVIDIA H200``, of all processes together."""
    devices = jax.devices()
    if devices[0].platform == "cpu":
        processes = f", {jax.process_count()} processes" if jax.process_count() > 1 else ""
        return f"CPU, {os.cpu_count()} cores{processes}"
    return devices[0].device_kind if len(devices) == 1 else f"{len(devices)} x {devices[0].device_kind}"
