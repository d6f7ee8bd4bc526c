"""Leads the eye to what has just changed at the top of a page: a job that began, or one that failed."""

import secrets

import streamlit as st

_WANTED = "attention"

_TO_THE_TOP = """
<script data-of="{of}">
document.querySelector('[data-testid="stMain"]')?.scrollTo({{top: 0, behavior: "smooth"}});
</script>
"""
"""The card of a job stands below the title; the button that starts it may be screens below."""


def call(words: str, icon: str) -> None:
    """Ask for attention when the page is drawn next.

    Parameters
    ----------
    words
        Said in passing.
    icon
        Beside them.
    """
    st.session_state[_WANTED] = (words, icon)


def pay() -> None:
    """Draw what was asked for, once."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        words, icon = wanted
        st.toast(words, icon=icon)
        st.html(_TO_THE_TOP.format(of=secrets.token_hex(4)), unsafe_allow_javascript=True)
