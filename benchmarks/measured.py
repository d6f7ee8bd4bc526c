"""A child process, its time and its peak memory; and matrices of the paper's kind to give it."""

import json
import multiprocessing
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import describe
from landmark.data.steps.stream import Stream
from landmark.store.datasets import DatasetStore
from landmark.store.request import now
from landmark.store.workspace import Workspace

GENES = 22_268
BLOCK = 500


def in_a_child(work: Callable[..., Any], *given: Any) -> dict[str, Any]:
    """Run ``work`` in a new process: its result, seconds without the start of Python, and peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_timed, args=(send, work, given))
    process.start()
    send.close()
    try:
        return json.loads(receive.recv())
    finally:
        process.join()


def _timed(send: Any, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    start = time.perf_counter()
    result = work(*given)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    send.send(json.dumps({"result": result, "seconds": seconds, "peak_mb": peak}))


def expression(samples: int, genes: int = GENES, seed: int = 0) -> Iterator[np.ndarray]:
    """Make blocks like log2 expression between 4 and 15, to four decimals: float32 [``BLOCK``, genes]."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(5, 13, genes).astype(np.float32)
    programmes = rng.normal(0, 0.3, (30, genes)).astype(np.float32)
    for first in range(0, samples, BLOCK):
        rows = min(BLOCK, samples - first)
        X = level + rng.standard_normal((rows, 30), np.float32) @ programmes
        X += 0.3 * rng.standard_normal((rows, genes), np.float32)
        yield np.clip(X, 4, 15, out=X).round(4)


def stored_dataset(home: Path, samples: int, blocks: Iterator[np.ndarray]) -> str:
    """Store a made-up matrix as a dataset and return its id."""
    about = AnnData(
        obs=pd.DataFrame({"split": "train"}, [f"GSM{i}" for i in range(samples)]),
        var=pd.DataFrame(index=[f"{200_000 + i}_at" for i in range(GENES)]),
    )
    describe(about, title="Made up", source="benchmark", unit="log2 expression", identifier="unknown")

    def no_rows(positions: np.ndarray) -> np.ndarray:
        raise NotImplementedError("a made-up matrix passes once")

    return DatasetStore(Workspace(home)).add(Stream(about, lambda: blocks, no_rows), now()).id


def need_disk(folder: Path, gigabytes: float) -> None:
    """Stop where the disk is too small for the benchmark."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise SystemExit(f"{gigabytes:.0f} GB are needed in {folder}, {free:.0f} GB are free; set TMPDIR")


def forget_cached(path: Path) -> None:
    """Have the system drop a file from its cache, so that the disk is read."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)
