"""What a piece of work takes: seconds, and memory beyond what was in use before."""

import threading
import time
from types import TracebackType
from typing import Self

import psutil

EVERY = 0.01
"""Seconds between two looks at the memory."""


class Spent:
    """Measures the work inside a ``with`` block.

    Memory is that of this process in the machine's own account, so it counts whatever allocates: NumPy, BLAS and XLA
    alike. Memory that the process had freed but not given back before the block is used again unseen, so a figure may
    be too low, never too high by more than what other threads take.

    Attributes
    ----------
    seconds
        Time on the clock; known after the block.
    memory
        Peak of resident memory less that at the beginning, in bytes; known after the block.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.memory = 0
        self._process = psutil.Process()
        self._over = threading.Event()

    def __enter__(self) -> Self:
        """Begin to measure."""
        self._before = self._process.memory_info().rss
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; errors pass through."""
        self.seconds = time.perf_counter() - self._began
        self._note()
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self._note()

    def _note(self) -> None:
        self.memory = max(self.memory, self._process.memory_info().rss - self._before)
