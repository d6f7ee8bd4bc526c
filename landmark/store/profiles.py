"""Complete profiles on disk: an h5ad file that is written block by block, and read gene by gene or sample by sample.

``X`` holds the profiles, samples in rows, in the unit of the training data; the layers ``lower`` and ``upper`` the ends
of the prediction intervals, equal to the value where it was measured; ``measured`` which values were; ``truth``, where
there is one, what the new samples measured of the genes that were inferred, NaN elsewhere.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from anndata import AnnData
from anndata.io import read_elem, write_elem

from landmark.data.history import KEY
from landmark.data.io.writers import write
from landmark.data.steps.stream import ARRAY, MATRIX, Stream, check_room, rows_at_once
from landmark.errors import BadRun
from landmark.progress import Report, silent
from landmark.store.datasets import check_free
from landmark.store.runs import Run

PROFILES, GCTX = "profiles.h5ad", "profiles.gctx"
LOWER, UPPER, MEASURED, TRUTH = "lower", "upper", "measured", "truth"
_MOST_MEASURED = 1_000_000  # values of ``measured`` in a packed piece


def bytes_of(samples: int, genes: int, truth: bool) -> int:
    """Size of the file, nearly."""
    return (4 if truth else 3) * 4 * samples * genes


class ProfileWriter:
    """Writes profiles into a file that must not exist, in blocks of samples."""

    def __init__(self, path: Path, about: AnnData, measured: np.ndarray, truth: bool) -> None:
        """Begin.

        Parameters
        ----------
        about
            Samples and genes with what is known of the genes, and ``uns``; no values.
        measured
            Which genes were measured, bool [genes].
        truth
            Whether measured values of inferred genes are written as well.
        """
        self.path = path
        shape = about.shape
        about.write_h5ad(path)
        self._file = h5py.File(path, "r+")
        names = (MATRIX, *(f"layers/{name}" for name in (LOWER, UPPER, *((TRUTH,) if truth else ()))))
        self._values = [self._file.create_dataset(name, shape, "f4", fill_time="never") for name in names]
        tall = max(1, min(shape[0], _MOST_MEASURED // shape[1]))
        flags = self._file.create_dataset(
            f"layers/{MEASURED}", shape, bool, chunks=(tall, shape[1]), compression="gzip", compression_opts=1
        )
        for first in range(0, shape[0], tall):
            flags[first : first + tall] = np.broadcast_to(measured, (min(tall, shape[0] - first), shape[1]))
        for dataset in (*self._values, flags):
            dataset.attrs.update(ARRAY)

    def write(self, first: int, *values: np.ndarray) -> None:
        """Write profiles, lower and upper ends, and truth where there is one, from a sample on: [samples, genes]."""
        for dataset, block in zip(self._values, values, strict=True):
            dataset[first : first + len(block)] = block

    def describe(self, samples: pd.DataFrame, genes: pd.DataFrame) -> None:
        """Say what is known of samples and genes by now, in their order."""
        about = AnnData(obs=samples, var=genes)
        about.strings_to_categoricals()  # as AnnData does before it writes: texts may be missing
        write_elem(self._file, "obs", about.obs)
        write_elem(self._file, "var", about.var)

    def close(self) -> None:
        """End; may be called again."""
        self._file.close()


@dataclass(frozen=True)
class Profiles:
    """Profiles that a run has stored."""

    path: Path

    @classmethod
    def of(cls, run: Run) -> "Profiles":
        """Find those of a run; BadRun where they are missing."""
        path = run.folder / PROFILES
        if not path.is_file():
            raise BadRun(f"The profiles of {run.id} are missing. Delete the run and repeat it.")
        return cls(path)

    def about(self) -> AnnData:
        """Read samples and genes with what is known of them, without values."""
        with self._opened() as file:
            obs, var, uns = (read_elem(file[name]) for name in ("obs", "var", "uns"))
        return AnnData(obs=obs, var=var, uns={KEY: uns[KEY]})

    def gene(self, gene: str) -> pd.DataFrame:
        """Return one gene over all samples: columns sample, value, lower, upper, and truth where there is one.

        Raises
        ------
        BadRun
            If the gene is not there, or the file is damaged.
        """
        return self._line("gene", gene, "sample")

    def sample(self, sample: str) -> pd.DataFrame:
        """Return one sample over all genes: columns gene, value, lower, upper, and truth where there is one.

        Raises
        ------
        BadRun
            If the sample is not there, or the file is damaged.
        """
        return self._line("sample", sample, "gene")

    def _line(self, of: str, name: str, along: str) -> pd.DataFrame:
        """Read all layers of one gene along the samples, or of one sample along the genes."""
        with self._opened() as file:
            names = {"sample": read_elem(file["obs"]).index, "gene": read_elem(file["var"]).index}
            if name not in names[of]:
                raise BadRun(
                    f"{name} is not among the {len(names[of]):,} {of}s of these profiles. Choose another."
                )
            place = names[of].get_loc(name)
            at = (slice(None), place) if of == "gene" else place
            layers = {layer: values[at] for layer, values in _layers(file).items()}
            return pd.DataFrame({along: names[along].to_numpy(object)} | layers)

    def values(self, genes: list[str], samples: np.ndarray) -> np.ndarray:
        """Return some genes of some samples, given by name and by ascending position, float32 [samples, genes]."""
        with self._opened() as file:
            places = read_elem(file["var"]).index.get_indexer(genes)
            matrix = file[MATRIX]
            step = rows_at_once(matrix.shape[1])
            parts = [
                matrix[samples[start : start + step]][:, places] for start in range(0, len(samples), step)
            ]
        return np.concatenate(parts)

    def stream(self) -> Stream:
        """Let the profiles pass in blocks of samples."""
        about = self.about()

        def blocks() -> Iterator[np.ndarray]:
            with self._opened() as file:
                step = rows_at_once(about.n_vars)
                for first in range(0, about.n_obs, step):
                    yield file[MATRIX][first : first + step]

        def rows(positions: np.ndarray) -> np.ndarray:
            with self._opened() as file:
                found: np.ndarray = file[MATRIX][positions]
                return found

        return Stream(about, blocks, rows)

    def _opened(self) -> h5py.File:
        try:
            return h5py.File(self.path, "r")
        except OSError:
            raise BadRun(f"{self.path} is missing or damaged. Delete the run and repeat it.") from None


STORED = {".h5ad": PROFILES, ".gctx": GCTX}
"""Files that a run of profiles holds, by their ending."""


def export_profiles(run: Run, path: Path, report: Report = silent) -> Path:
    """Write the profiles of a run in the format that the file's ending names, as they are stored where they are.

    BadConfiguration: the ending is of no known format, the folder cannot be written to, or there is a file of that name
    already. BadData: the disk has not enough room. BadRun: the profiles are missing.
    """
    check_free(path)
    profiles = Profiles.of(run)
    if (ending := path.suffix.lower()) in STORED:
        stored = run.folder / STORED[ending]
        check_room(stored.stat().st_size, path.parent)
        shutil.copyfile(stored, path)
    else:
        write(profiles.stream(), path, report)
    return path


def _layers(file: h5py.File) -> dict[str, h5py.Dataset]:
    """Return the matrices of values by the name of their column."""
    layers = {name: file[f"layers/{name}"] for name in (LOWER, UPPER, TRUTH) if name in file["layers"]}
    return {"value": file[MATRIX], **layers}
