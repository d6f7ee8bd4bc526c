"""Write an expression matrix in the formats of the field, so that reading it again gives the same float32 values."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.errors import BadConfiguration

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(adata: AnnData, path: Path) -> None:
    """Write a matrix in the format that the file's ending names: .csv, .gct, .gctx, .h5ad or .parquet.

    Raises
    ------
    BadConfiguration
        The ending is of none of these formats.
    """
    if path.suffix.lower() not in WRITERS:
        raise BadConfiguration(f"{path.name}: the ending should be one of {', '.join(WRITERS)}")
    WRITERS[path.suffix.lower()](adata, path)


def write_csv(adata: AnnData, path: Path) -> None:
    """Write the values as CSV, samples in rows.

    A name that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    table = pd.DataFrame(
        adata.X, [harmless(n) for n in adata.obs_names], [harmless(n) for n in adata.var_names]
    )
    table.to_csv(path, index_label="sample")


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_gct(adata: AnnData, path: Path) -> None:
    """Write GCT 1.3, genes in rows, with all annotations of samples and genes."""
    genes, samples = _facts(adata.var), _facts(adata.obs)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"#1.3\n{adata.n_vars}\t{adata.n_obs}\t{len(genes)}\t{len(samples)}\n")
        file.write("\t".join(["id", *genes, *map(_plain, adata.obs_names)]) + "\n")
        for name, values in samples.items():
            file.write("\t".join([name, *["na"] * len(genes), *values]) + "\n")
        for i, name in enumerate(adata.var_names):
            facts = [values[i] for values in genes.values()]
            # str of a float32 is the shortest decimal that reads back as the same float32.
            file.write("\t".join([_plain(name), *facts, *map(str, adata.X[:, i])]) + "\n")


def write_gctx(adata: AnnData, path: Path) -> None:
    """Write GCTX 1.0: samples x genes at /0/DATA/0/matrix, with all annotations of samples and genes."""
    with h5py.File(path, "w") as file:
        file.attrs["version"] = "GCTX1.0"
        file.create_dataset("0/DATA/0/matrix", data=adata.X, dtype="f4", compression="gzip")
        for place, names, annotations in (
            ("0/META/ROW", adata.var_names, adata.var),
            ("0/META/COL", adata.obs_names, adata.obs),
        ):
            group = file.create_group(place)
            group.create_dataset("id", data=list(names), dtype=h5py.string_dtype())
            for column in annotations:
                values = annotations[column]
                if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
                    group.create_dataset(str(column), data=values.to_numpy())
                else:
                    text = [
                        "" if missing else str(v) for v, missing in zip(values, values.isna(), strict=True)
                    ]
                    group.create_dataset(str(column), data=text, dtype=h5py.string_dtype())


def write_h5ad(adata: AnnData, path: Path) -> None:
    """Write AnnData with everything, the history included."""
    adata.write_h5ad(path, compression="gzip")


def write_parquet(adata: AnnData, path: Path) -> None:
    """Write the values as Parquet: a column ``sample``, then one column per gene."""
    table = pd.DataFrame(adata.X, columns=list(adata.var_names))
    table.insert(0, "sample" if "sample" not in table else "sample name", list(adata.obs_names))
    table.to_parquet(path, index=False)


WRITERS: dict[str, Callable[[AnnData, Path], None]] = {
    ".csv": write_csv,
    ".gct": write_gct,
    ".gctx": write_gctx,
    ".h5ad": write_h5ad,
    ".parquet": write_parquet,
}


def _facts(annotations: pd.DataFrame) -> dict[str, list[str]]:
    """Give annotations as text of one line each."""
    return {
        _plain(column): [
            "na" if missing else _plain(value)
            for value, missing in zip(annotations[column], annotations[column].isna(), strict=True)
        ]
        for column in annotations
    }


def _plain(value: object) -> str:
    """Turn a value into text without tabs, line ends or double quotes, which would shift the columns."""
    text = repr(value) if isinstance(value, float | np.floating) else str(value)
    return " ".join(text.replace('"', "'").split())
