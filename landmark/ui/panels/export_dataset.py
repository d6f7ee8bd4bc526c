"""A dataset as a file for other programs: through the browser, or on the server where it is too large for that."""

import streamlit as st

from landmark.runs.datasets import Dataset
from landmark.ui import choosing
from landmark.ui.download import dataset_file

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


def offer(dataset: Dataset) -> None:
    """Offer the matrix in the formats of the field."""
    about = dataset.manifest
    megabytes = 4 * about.samples * about.genes / 1e6
    with st.popover("Export", icon=":material/download:"):
        ending = choosing.selectbox(
            "Format", list(FORMATS), format_func=lambda e: FORMATS[e][0], key=f"export-{dataset.id}"
        )
        name, opened_by = FORMATS[ending]
        st.caption(f"For {opened_by}.")
        if megabytes <= LARGEST_MB:
            st.download_button(
                f"Download as {name}",
                dataset_file(dataset, ending),
                f"{dataset.id}.{ending}",
                icon=":material/download:",
                on_click="ignore",
                help="Made when you ask for it; text formats take a moment. Values read back exactly as they are.",
            )
        else:
            st.markdown(
                f"{megabytes:,.0f} MB are too many for a browser. On the server this writes the file, "
                "a block of samples at a time:"
            )
            st.code(f"python -m landmark export {dataset.id} --to {dataset.id}.{ending}", language="shell")
