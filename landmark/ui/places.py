"""Where each page is, by its name in the address."""

from collections.abc import Iterator

import streamlit as st

from landmark.analyses.analysis import Entry
from landmark.analyses.registry import ANALYSES

_OTHERS = {
    "reconstruction": ("train", Entry("Model", "Reconstruction", "compare", "pages/model/reconstruction.py")),
    "sets": ("selection", Entry("Genes", "Gene sets", "join_inner", "pages/genes/sets.py")),
    "runs": ("", Entry("Runs", "History", "history", "pages/runs/history.py")),
}
"""Pages that no analysis makes, each with the page that it follows in the menu."""


def _entries() -> Iterator[tuple[str, Entry]]:
    for analysis in ANALYSES.values():
        if analysis.entry is not None:
            yield analysis.page, analysis.entry
            yield from ((name, entry) for name, (after, entry) in _OTHERS.items() if after == analysis.page)
    yield from ((name, entry) for name, (after, entry) in _OTHERS.items() if not after)


ENTRIES = dict(_entries())
"""Pages by their name in the address, in the order of the menu."""

PLACES = {name: entry.file for name, entry in ENTRIES.items()}
"""Name in the address to file, relative to app.py."""


_REPLACE = """
<script>
if (!window.landmarkHistory) {
    window.landmarkHistory = true;
    const push = window.history.pushState.bind(window.history);
    window.history.pushState = (state, title, address) => {
        const same = address && new URL(address, window.location.href).pathname === window.location.pathname;
        return same ? window.history.replaceState(state, title, address) : push(state, title, address);
    };
}
</script>
"""
"""Streamlit makes an entry of every change of the address, also of a dataset chosen or a slider moved: "back" would
lead through all of them. With this, what changes only the parameters takes the place of the entry before."""


def one_entry_per_page() -> None:
    """Let "back" lead to the page before; drawn once on every run of the app."""
    st.html(_REPLACE, unsafe_allow_javascript=True)
