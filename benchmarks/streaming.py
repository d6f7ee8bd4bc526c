"""Training on a dataset that stays on disk, beside the same training in memory; and what analyses of it hold in memory.

    python -m benchmarks.streaming [--samples 20000] [--genes 22268] [--epochs 3] [--rounds 2]
    python -m benchmarks.streaming --analyses compare select cluster size predictors fit [--folder HOME]

A dataset is made in a temporary folder (1.8 GB at the default size). Each side trains the paper's autoencoder on it in
a process of its own, which reports samples per second of its epochs after the first, which also compiles, and the most
memory it ever held. The system's copy of the file in memory is given up before every epoch, so that the streaming side
reads from the disk each time. The sides take turns; the table shows medians.

With --analyses each of them is run as a command, and its time and the most memory its process held are shown. Sets are
the 943 most variable genes and 943 drawn ones, beside them one random set; the network was trained for one epoch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.simulated import simulated_dataset
from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Progress
from landmark.store.datasets import MATRIX, DatasetStore
from landmark.store.workspace import Workspace
from landmark.training.data import Chosen, Scaled, StoredMatrix, learn_scaling
from landmark.training.fit import fit

BATCH = 200
HELD_OUT = 200
"""Validation samples: few, since the rate of training is measured."""


def train(path: Path, epochs: int, resident: bool) -> dict[str, float]:
    """Train in this process; return its rate in samples per second and its peak memory in GB."""
    stored = StoredMatrix.open(path)
    rows = np.arange(stored.samples)
    learn, judge = Chosen(stored, rows[HELD_OUT:]), Chosen(stored, rows[:HELD_OUT])
    configuration = AutoencoderConfiguration(batch_size=BATCH, epochs=epochs)
    scaling = learn_scaling(learn, configuration.scaling)
    rates: list[float] = []

    def after_epoch(progress: Progress) -> None:
        if "train_loss" in progress.values:
            rates.append(progress.values["samples_per_second"])
            _forget(path)

    _forget(path)
    fit(
        AutoencoderProblem(configuration, stored.widths[0]),
        Scaled(learn, scaling),
        Scaled(judge, scaling),
        report=after_epoch,
        resident=resident,
    )
    return {"rate": statistics.median(rates[1:]), "memory": _peak_memory()}


def _forget(path: Path) -> None:
    """Have the system drop its copy of the file, so that the next reading is one from the disk."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _peak_memory() -> float:
    """Most memory this process ever held, in GB (Linux)."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e9


def in_own_process(path: Path, epochs: int, side: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.streaming", "--side", side, "--file", str(path)]
    done = subprocess.run([*command, "--epochs", str(epochs)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


CUT = 943

COMMANDS = {
    "compare": ["--set", "variable:943", "--set", "{drawn}", "--random-sets", "1"],
    "select": ["--size", "943"],
    "cluster": [],
    "size": ["--set", "variable", "--set", "{drawn}", "--largest", "943", "--random-orders", "2"],
    "predictors": ["--set", "variable:943", "--predictor", "ridge", "--predictor", "knn"],
    "fit": ["--set", "variable:943"],
}


def commands(home: Path, analyses: list[str], samples: int, genes: int) -> None:
    """Run analyses of a simulated dataset as commands; print the time and the most memory of each."""
    store = DatasetStore(Workspace(home))
    if not store.all():
        store.add(simulated_dataset(samples, genes), "2026-01-01T00:00:00+00:00")
    drawn = home / "drawn.txt"
    drawn.write_text("\n".join(f"G{gene}" for gene in np.random.default_rng(0).permutation(genes)[:CUT]))
    if "cluster" in analyses and not list((home / "runs").glob("train-*")):
        _measured(home, ["train", "--with", "epochs=1", "--with", "batch_size=200"])
    for name in analyses:
        seconds, memory = _measured(
            home, [name, *(word.format(drawn=f"list:{drawn}") for word in COMMANDS[name])]
        )
        print(f"  {name:<12}{seconds:8.0f} s   at most {memory:5.2f} GB of memory", flush=True)


def _measured(home: Path, words: list[str]) -> tuple[float, float]:
    """Run a command of the program; return its seconds, and the most memory that its process held, in GB (Linux)."""
    began, said = time.perf_counter(), home / f"{words[0]}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "landmark", *words],
            env=os.environ | {"LANDMARK_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(words)} failed:\n{said.read_text()[-2000:]}")
    return time.perf_counter() - began, used.ru_maxrss * 1024 / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--genes", type=int, default=22_268)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--analyses", nargs="+", choices=COMMANDS, help="measure these commands instead")
    parser.add_argument(
        "--folder", type=Path, help="home of --analyses, which is kept; by default a temporary one"
    )
    parser.add_argument("--side", choices=["memory", "disk"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        print(json.dumps(train(chosen.file, chosen.epochs, chosen.side == "memory")))
        return
    if chosen.analyses:
        with tempfile.TemporaryDirectory() as folder:
            home = (chosen.folder or Path(folder)).absolute()
            home.mkdir(parents=True, exist_ok=True)
            print(f"{chosen.samples:,} samples x {chosen.genes:,} genes")
            commands(home, chosen.analyses, chosen.samples, chosen.genes)
        return
    found: dict[str, list[dict[str, float]]] = {"memory": [], "disk": []}
    with tempfile.TemporaryDirectory() as folder:
        store = DatasetStore(Workspace(Path(folder)))
        path = store.add(simulated_dataset(chosen.samples, chosen.genes), "").folder / MATRIX
        with path.open("rb") as file:
            os.fsync(file.fileno())  # what is not yet on the disk could not be dropped from memory
        for _ in range(chosen.rounds):
            for side, results in found.items():
                results.append(in_own_process(path, chosen.epochs, side))
        size = path.stat().st_size / 1e9
    rate = {side: statistics.median(result["rate"] for result in results) for side, results in found.items()}
    memory = {side: max(result["memory"] for result in results) for side, results in found.items()}
    print(
        f"Autoencoder, batch {BATCH}, {chosen.samples:,} samples x {chosen.genes:,} genes, a file of {size:.2f} GB"
    )
    for side in found:
        print(f"  from {side:<8}{rate[side]:10.1f} samples/s   at most {memory[side]:5.2f} GB of memory")
    print(f"  from disk / from memory {rate['disk'] / rate['memory']:6.2f}")


if __name__ == "__main__":
    main()
