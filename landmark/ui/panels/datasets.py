"""The stored datasets, with the way to delete one."""

import streamlit as st

from landmark.runs.datasets import Dataset, DatasetStore
from landmark.ui import resources, state
from landmark.ui.clock import ago
from landmark.ui.headline import size
from landmark.wording import escaped


def show_datasets() -> None:
    """List the datasets, each with its size."""
    with st.expander("Datasets", icon=":material/dataset:"):
        for item in resources.datasets():
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                about = f"{size(item)}, imported {ago(item.manifest.imported)}"
                st.markdown(f"**{escaped(item.manifest.title)}** `{item.id}`: {about}", width="content")
                _delete(item)


def _delete(item: Dataset) -> None:
    with st.popover("Delete", icon=":material/delete:", key=f"popover-{item.id}"):
        st.markdown(f"Delete **{escaped(item.manifest.title)}** for good?")
        if st.button("Delete for good", type="primary", key=f"delete-{item.id}"):
            DatasetStore(resources.here()).delete(item.id)
            state.set_parameter(state.DATASET, "")
            st.rerun()
