"""Runs and datasets that cannot be used here: listed greyed, with the reason, and a way to delete the damaged ones."""

from collections.abc import Callable

import streamlit as st

from landmark.runs.activity import damaged_requests, discard
from landmark.runs.datasets import DatasetStore
from landmark.runs.store import RunStore
from landmark.runs.unreadable import Unreadable
from landmark.ui import resources
from landmark.wording import escaped


def show_unreadable() -> None:
    """List them; nothing is drawn where there are none."""
    here = resources.here()
    runs, datasets = RunStore(here), DatasetStore(here)
    found: list[tuple[Unreadable, Callable[[str], None]]] = [
        *((item, runs.delete) for item in runs.unreadable()),
        *((item, datasets.delete) for item in datasets.unreadable()),
        *((item, lambda name: discard(here, name)) for item in damaged_requests(here)),
    ]
    if not found:
        return
    with st.expander(f"Cannot be read here ({len(found):,})", icon=":material/block:"):
        for item, delete in found:
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                state = "newer version" if item.newer else "damaged"
                st.markdown(
                    f":gray[**{escaped(item.id)}** ({state}): {escaped(item.message)}]", width="content"
                )
                if not item.newer and st.button(
                    "Delete", key=f"delete-unreadable-{item.id}", icon=":material/delete:"
                ):
                    delete(item.id)
                    st.rerun()
