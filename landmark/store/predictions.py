"""Predicted values of held-out samples beside the measured ones, kept so that one gene is read at once.

``<name>.npy`` is float32 [genes, 2, samples], measured before predicted: the values of a gene lie together on the
disk, and a page maps the file and reads a few kilobytes of it. ``<name>.index.json`` names genes and samples.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.data.scaling import Scaling
from landmark.errors import BadData, BadRun
from landmark.store.files import read_json, write_json
from landmark.store.runs import Run, RunWriter

MOST_SAMPLES = 2000
"""More samples would show nothing new in a scatter of one gene, and cost disk for every gene."""

TOGETHER = 512
"""Genes that are turned from columns into rows together: bounds the memory beside the arguments."""


def save(
    draft: RunWriter,
    name: str,
    measured: np.ndarray,
    predicted: np.ndarray,
    genes: Sequence[str],
    samples: Sequence[str],
    seed: int = 0,
    unit: Scaling | None = None,
) -> None:
    """Keep measured and predicted values with a run in the making.

    Parameters
    ----------
    name
        Name of these predictions in the run, for instance "predictions".
    measured, predicted
        Values [samples, genes].
    seed
        Of the draw of ``MOST_SAMPLES`` samples where there are more.
    unit
        The scaling that brought the values from the unit people read, such as log2 expression, which they are kept in;
        None where they are in it.

    Raises
    ------
    BadData
        If the arrays and the names do not fit together, or a gene is named twice.
    """
    genes, samples = [str(gene) for gene in genes], [str(sample) for sample in samples]
    if measured.shape != predicted.shape or measured.shape != (len(samples), len(genes)):
        raise BadData(
            f"Measured {measured.shape} and predicted values {predicted.shape} must both be {len(samples)} samples "
            f"by {len(genes)} genes."
        )
    if len(set(genes)) < len(genes):
        raise BadData("Predictions name a gene twice; each gene must have a name of its own.")
    kept = _kept_samples(len(samples), seed)
    values = np.lib.format.open_memmap(
        _values(draft.folder, name), "w+", np.float32, (len(genes), 2, len(kept))
    )
    for first in range(0, len(genes), TOGETHER):
        columns = slice(first, first + TOGETHER)
        for place, matrix in enumerate((measured, predicted)):
            few = matrix[kept, columns]
            values[columns, place] = (few if unit is None else unit.some(columns).invert(few)).T
    values.flush()
    index = {"genes": genes, "samples": [samples[place] for place in kept], "of": len(samples)}
    write_json(_index(draft.folder, name), index)


def _kept_samples(samples: int, seed: int) -> np.ndarray:
    """Return which of so many samples are kept, ascending: all, or ``MOST_SAMPLES`` drawn with the seed."""
    if samples <= MOST_SAMPLES:
        return np.arange(samples)
    return np.sort(np.random.default_rng(seed).choice(samples, MOST_SAMPLES, replace=False))


def has(run: Run, name: str) -> bool:
    """Tell whether a run kept predictions of that name; runs of older versions kept none."""
    return _index(run.folder, name).is_file() and _values(run.folder, name).is_file()


def gene(run: Run, name: str, gene: str) -> pd.DataFrame:
    """Return one gene's values: columns sample, measured, predicted.

    BadRun if the run kept no predictions of that name, or they are damaged. BadData if the gene is not among them.
    """
    if not has(run, name):
        raise BadRun(f"Run {run.id} did not keep predictions of single genes. Repeat it to see one gene.")
    index, values = read_json(_index(run.folder, name)), _mapped(run, name)
    genes, samples = index.get("genes", []), index.get("samples", [])
    if values.shape != (len(genes), 2, len(samples)):
        raise BadRun(_damaged(run, name))
    if gene not in genes:
        raise BadData(f"{gene} is not among the {len(genes):,} genes that {run.id} predicts.")
    measured, predicted = np.array(values[genes.index(gene)])
    return pd.DataFrame({"sample": samples, "measured": measured, "predicted": predicted})


def _mapped(run: Run, name: str) -> np.ndarray:
    try:
        values: np.ndarray = np.load(_values(run.folder, name), mmap_mode="r")
    except (OSError, ValueError, EOFError):  # NumPy's own errors are of these kinds
        raise BadRun(_damaged(run, name)) from None
    return values


def _damaged(run: Run, name: str) -> str:
    return f"{_values(run.folder, name)} is damaged. Delete the run {run.id} and repeat it."


def _values(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"


def _index(folder: Path, name: str) -> Path:
    return folder / f"{name}.index.json"
