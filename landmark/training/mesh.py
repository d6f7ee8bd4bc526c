"""All devices that train together, as one JAX mesh."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from orbax.checkpoint import multihost

AXIS = "samples"
"""The one axis of the mesh: devices share the samples of every step, each holds all weights."""


def initialise_distributed() -> bool:
    """Join the other processes of this job where a cluster started several; return whether there are any.

    Comes before any other use of JAX, which itself recognises SLURM, Open MPI and others and finds the coordinator.
    """
    if int(os.environ.get("SLURM_NTASKS", os.environ.get("OMPI_COMM_WORLD_SIZE", "1"))) < 2:
        return False
    jax.distributed.initialize()
    return True


def sample_mesh() -> Mesh:
    """All devices of all processes in a row."""
    return Mesh(np.array(jax.devices()), (AXIS,))


def replicated(mesh: Mesh) -> NamedSharding:
    """Every device holds the whole array."""
    return NamedSharding(mesh, PartitionSpec())


def shared_out(mesh: Mesh, axis: int) -> NamedSharding:
    """Devices share the given axis of an array."""
    return NamedSharding(mesh, PartitionSpec(*[None] * axis, AXIS))


def put(array: np.ndarray, sharding: NamedSharding) -> jax.Array:
    """Move an array that all processes have alike onto the devices."""
    return jax.make_array_from_callback(array.shape, sharding, _picker(array))


def put_tree(tree: Any, sharding: NamedSharding) -> Any:
    """Move a tree of arrays that all processes have alike onto the devices."""
    return jax.tree.map(lambda leaf: put(np.asarray(leaf), sharding), tree)


def is_first_process() -> bool:
    """Whether this process writes files and reports for all."""
    return jax.process_index() == 0


def agreed(value: int) -> int:
    """Let the first process decide a number for all, since all must call the same steps."""
    if jax.process_count() == 1:
        return value
    return int(multihost_utils.broadcast_one_to_all(np.int32(value)))


def accelerator_memory() -> int | None:
    """Memory of one accelerator, in bytes; None where the processors train."""
    statistics = jax.local_devices()[0].memory_stats()
    return int(statistics["bytes_limit"]) if statistics and "bytes_limit" in statistics else None


def memory_bytes() -> int:
    """Memory of one device: an accelerator's own, or for processors what this machine grants."""
    if own := accelerator_memory():
        return own
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = Path("/sys/fs/cgroup/memory.max")
    granted = limit.read_text().strip() if limit.is_file() else "max"
    return physical if granted == "max" else min(physical, int(granted))


def _picker(array: np.ndarray) -> Callable[[Any], np.ndarray]:
    return lambda index: array[index]


MEETING_MILLISECONDS = 24 * 60 * 60 * 1000

_meetings = itertools.count()


@contextmanager
def together() -> Iterator[None]:
    """Join the other processes of this job, and part from them in good order.

    Where the block raises, nobody is waited for: the others may be in the middle of a step that this process will
    never come to.
    """
    joined = initialise_distributed()
    yield
    if joined:
        jax.distributed.shutdown()


def meet() -> None:
    """Wait until all processes have come this far, in the same order of meetings.

    One may read its data longer than the others, and the first exchange between devices does not wait for a late one:
    between processors it gives up after half a minute.
    """
    number = next(_meetings)
    multihost.get_barrier_sync_fn()(key=f"training {number}", timeout_ms=MEETING_MILLISECONDS)


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
