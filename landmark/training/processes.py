"""Several processes of one job, on one or several nodes of a cluster, train together."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import jax
from orbax.checkpoint import multihost

from landmark.training.devices import initialise_distributed

MEETING_MILLISECONDS = 24 * 60 * 60 * 1000

_meetings = itertools.count()


@contextmanager
def together() -> Iterator[None]:
    """Join the other processes of this job, and part from them in good order.

    Where the block raises, nobody is waited for: the others may be in the middle of a step that this process
    will never come to.
    """
    joined = initialise_distributed()
    yield
    if joined:
        jax.distributed.shutdown()


def meet() -> None:
    """Wait until all processes have come to the same training.

    One may read its data longer than the others, and the first exchange between devices does not wait for a
    late one: between processors it gives up after half a minute.
    """
    number = next(_meetings)
    multihost.get_barrier_sync_fn()(key=f"training {number}", timeout_ms=MEETING_MILLISECONDS)
