"""Keeps the history of the browser short: one entry a page."""

import streamlit as st

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
