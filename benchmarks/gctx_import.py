"""Import of a GCTX file of the paper's width: speed and peak memory, beside a plain copy of the file in the same run.

    python -m benchmarks.gctx_import [--samples 20000] [--compression none gzip]

Each import runs in a process of its own, as the job of the dashboard does: file to stored dataset, values checked and
hashed, written and flushed to the disk. The file is dropped from the system's cache first. The copy reads and writes as
many bytes and does nothing else, flushed as well.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import h5py

from benchmarks.measured import GENES, expression, forget_cached, in_a_child, need_disk


def make(path: Path, samples: int, compression: str) -> None:
    with h5py.File(path, "w") as file:
        packed = {"compression": "gzip", "compression_opts": 6} if compression == "gzip" else {}
        matrix = file.create_dataset("0/DATA/0/matrix", (samples, GENES), "f4", **packed)
        place = 0
        for block in expression(samples):
            matrix[place : place + len(block)] = block
            place += len(block)
        text = h5py.string_dtype()
        file.create_dataset("0/META/COL/id", data=[f"GSM{i}" for i in range(samples)], dtype=text)
        file.create_dataset("0/META/ROW/id", data=[f"{200_000 + i}_at" for i in range(GENES)], dtype=text)


def imported(path: str, home: str) -> str:
    from landmark.store.workspace import Workspace
    from landmark.workflows.execute import execute_now

    return execute_now(Workspace(Path(home)), "import", {"path": path}).manifest.parents["dataset"]


def copied(path: Path, to: Path) -> float:
    """Copy and flush; return the seconds."""
    start = time.perf_counter()
    with path.open("rb") as source, to.open("wb") as target:
        while block := source.read(1 << 24):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    seconds = time.perf_counter() - start
    to.unlink()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--compression", nargs="+", default=["none", "gzip"], choices=["none", "gzip"])
    chosen = parser.parse_args()
    values = 4 * chosen.samples * GENES / 1e6
    print(f"GCTX of {chosen.samples:,} x {GENES:,}: {values:,.0f} MB of values")
    with tempfile.TemporaryDirectory() as folder:
        need_disk(Path(folder), 3 * values / 1000 + 1)
        for compression in chosen.compression:
            path = Path(folder) / f"{compression}.gctx"
            make(path, chosen.samples, compression)
            size = path.stat().st_size / 1e6
            forget_cached(path)
            copy = copied(path, Path(folder) / "copy")
            forget_cached(path)
            home = Path(folder) / f"home-{compression}"
            found = in_a_child(imported, str(path), str(home))
            print(
                f"  {compression}: file {size:,.0f} MB; import {found['seconds']:.1f} s = "
                f"{values / found['seconds']:.0f} MB of values per second, peak memory {found['peak_mb']:,.0f} MB; "
                f"copy of the file {copy:.1f} s ({found['seconds'] / copy:.1f} times); dataset {found['result']}"
            )
            path.unlink()
            (next(home.glob("datasets/*")) / "data.h5ad").unlink()


if __name__ == "__main__":
    main()
