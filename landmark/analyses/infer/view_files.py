"""Profiles as files: as they are stored, or written in another format when they are asked for."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from landmark.analyses.infer.results import ProfilesResults
from landmark.store.profiles import STORED, export_profiles
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.download import csv, file_button, offer_formats

_BESIDES = {
    "h5ad": "with the ends of the intervals, what was measured, grades and distances",
    "gctx": "with grades and distances as annotations",
    "gct": "with grades and distances as annotations",
}


def offer(run: Run) -> None:
    """Offer the profiles in the formats of the field, and the tables."""
    found = ProfilesResults.read(run.manifest.metrics)
    with st.popover("Download", icon=":material/download:", type="primary"):
        offer_formats(
            run.id,
            4e-6 * found.samples * found.genes,
            lambda ending: profiles_file(run, ending),
            sizes={ending[1:]: (run.folder / name).stat().st_size / 1e6 for ending, name in STORED.items()},
            besides=_BESIDES,
        )
        st.markdown("**Tables**")
        with st.container(horizontal=True, gap="small"):
            for name, label in (("genes", "Genes"), ("samples", "Samples"), ("landmarks", "Landmark genes")):
                rows = resources.table(run.id, name)
                file_button(
                    label, csv(rows), f"{run.id}-{name}.csv", ":material/table:", key=f"csv-{name}-{run.id}"
                )


def profiles_file(run: Run, ending: str) -> Callable[[], bytes]:
    """Return what gives the profiles of a run in the format of an ending, such as ``gct``."""

    def content() -> bytes:
        with TemporaryDirectory() as folder:
            return export_profiles(run, Path(folder) / f"{run.id}.{ending}").read_bytes()

    return content
