"""Bounds that a process sets for itself before it opens a file that may have been made to do harm."""

import os
import resource
import threading
import time
from contextlib import suppress

CHECKED_EVERY = 1.0


def limit_address_space(most: int) -> None:
    """Let this process have so many bytes of address space; what asks for more gets a ``MemoryError``."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError, OSError):  # a system that knows no such bound
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def end_with(parent: int, within: float) -> None:
    """End this process when its parent has ended, however it ended, or when its time is up.

    Parameters
    ----------
    parent
        Number of the process that started this one.
    within
        Time from now, in seconds.
    """
    until = time.monotonic() + within

    def watch() -> None:
        while os.getppid() == parent and time.monotonic() < until:
            time.sleep(CHECKED_EVERY)
        os._exit(1)

    threading.Thread(target=watch, name="end with the server", daemon=True).start()
