"""Results as files, made when the user asks for them and not before."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.clusters.export import export_embedding
from landmark.analyses.registry import ANALYSES
from landmark.store.datasets import Dataset, export_dataset, without_formulas
from landmark.store.kept import Kept
from landmark.store.kept_file import ENDING, export_kept
from landmark.store.runs import Run
from landmark.ui import choosing
from landmark.ui.resources import here, table
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted

_SHOWN = 200
"""Rows of a long table."""

_TYPES = {
    "csv": "text/csv",
    "gmt": "text/plain",
    "txt": "text/plain",
    "h5ad": "application/x-hdf5",
    "landmark": "application/zip",
}


FORMATS = {
    "gct": ("GCT", "Morpheus, GenePattern, a spreadsheet"),
    "gctx": ("GCTX", "CLUE, cmapR, cmapPy"),
    "h5ad": ("h5ad", "AnnData, Scanpy, cellxgene"),
    "csv": ("CSV", "any program; annotations are left out"),
    "parquet": ("Parquet", "pandas, R, Spark; annotations are left out"),
}
"""Ending, to the name of the format and what opens it."""

LARGEST_MB = 200
"""Values, in MB, that are sent to a browser: the whole file stands in the server's memory meanwhile."""


def offer_formats(
    name: str,
    megabytes: float,
    file: Callable[[str], Callable[[], bytes]],
    sizes: Mapping[str, float] = {},
    besides: Mapping[str, str] = {},
) -> None:
    """Offer a matrix in the formats of the field, or the command that writes it where it is large.

    Parameters
    ----------
    name
        Of the dataset or run, also of the file.
    megabytes
        Of its values.
    file
        Returns what gives the file in the format of an ending.
    sizes
        Of files that are there already, in MB, by their ending.
    besides
        What the file of an ending holds besides the values.
    """
    ending = choosing.selectbox(
        "Format", list(FORMATS), format_func=lambda e: FORMATS[e][0], key=f"export-{name}"
    )
    title, opened_by = FORMATS[ending]
    more = f", {besides[ending]}" if ending in besides else ""
    megabytes = sizes.get(ending, megabytes)
    st.caption(f"For {opened_by}{more}; about {max(megabytes, 0.1):,.1f} MB.")
    if megabytes <= LARGEST_MB:
        st.download_button(
            f"Download as {title}",
            file(ending),
            f"{name}.{ending}",
            icon=":material/download:",
            on_click="ignore",
            help="Made when you ask for it; text formats take a moment. Values read back exactly as they are.",
        )
        return
    st.markdown(
        f"{megabytes:,.0f} MB are too many for a browser. On the server this writes the file, "
        "a block of samples at a time:"
    )
    st.code(f"python -m landmark export {name} --to {name}.{ending}", language="shell")


def file_button(
    label: str, content: str | Callable[[], bytes], name: str, icon: str = ":material/download:", **more: Any
) -> None:
    """Offer a file of a name that says its type; saving it draws nothing anew. ``more`` is Streamlit's."""
    st.download_button(
        label, content, name, _TYPES[name.rpartition(".")[2]], icon=icon, on_click="ignore", **more
    )


def csv(rows: pd.DataFrame) -> Callable[[], bytes]:
    """Return what writes a table as CSV, in UTF-8, with no text that a spreadsheet takes for a formula."""
    return lambda: without_formulas(rows).to_csv(index=False).encode()


def folded_table(run: Run, name: str, noun: str, alt: str, after: str = "") -> bool:
    """Fold a table of a run away: its first rows, and all of it as a file; return whether it has any.

    Its title counts the rows, each called ``noun``, and goes on with ``after``; ``alt`` says what it shows.
    """
    rows = table(run.id, name)
    if rows.empty:
        return False
    with st.expander(
        f"{counted(len(rows), noun)} {after}".strip(), icon=":material/delete_sweep:", key=f"{name}-{run.id}"
    ):
        show_table(rows.head(_SHOWN), column_config(ANALYSES[run.kind].tables[name].columns), alt=alt)
        if len(rows) > _SHOWN:
            st.caption(f"The first {_SHOWN:,} of {len(rows):,}; the file holds all.")
        file_button(
            "Table (CSV)", csv(rows), f"{run.id}-{name}.csv", ":material/table:", key=f"csv-{name}-{run.id}"
        )
    return True


def h5ad(run: Run) -> Callable[[], bytes]:
    """Return what writes the samples of a cluster run with their embeddings as h5ad."""

    def write() -> bytes:
        with TemporaryDirectory() as folder:
            return export_embedding(here(), run, Path(folder) / "embedding.h5ad").read_bytes()

    return write


def kept_file(kept: Kept) -> Callable[[], bytes]:
    """Return what writes a kept predictor as one file."""

    def write() -> bytes:
        with TemporaryDirectory() as folder:
            return export_kept(kept, Path(folder) / f"{kept.name}{ENDING}").read_bytes()

    return write


def dataset_file(dataset: Dataset, ending: str) -> Callable[[], bytes]:
    """Return what writes a dataset in the format of an ending, such as ``gct``."""

    def write() -> bytes:
        with TemporaryDirectory() as folder:
            return export_dataset(dataset, Path(folder) / f"{dataset.id}.{ending}").read_bytes()

    return write
