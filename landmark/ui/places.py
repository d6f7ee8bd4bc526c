"""Where each page is, by its name in the address."""

import streamlit as st

PLACES = {
    "overview": "pages/start/overview.py",
    "import": "pages/data/import_data.py",
    "prepare": "pages/data/prepare.py",
    "quality": "pages/data/quality.py",
    "merge": "pages/data/merge.py",
    "train": "pages/model/train.py",
    "reconstruction": "pages/model/reconstruction.py",
    "ranking": "pages/genes/ranking.py",
    "functions": "pages/genes/functions.py",
    "explain": "pages/genes/explain.py",
    "sets": "pages/genes/sets.py",
    "selection": "pages/genes/selection.py",
    "compare": "pages/evidence/compare.py",
    "predictors": "pages/evidence/predictors.py",
    "size": "pages/evidence/size.py",
    "platform": "pages/evidence/platform.py",
    "seeds": "pages/evidence/seeds.py",
    "tournament": "pages/evidence/tournament.py",
    "clusters": "pages/samples/clusters.py",
    "histones": "pages/epigenome/histones.py",
    "deepchrome": "pages/epigenome/deepchrome.py",
    "marks": "pages/epigenome/marks.py",
    "runs": "pages/runs/history.py",
}
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
