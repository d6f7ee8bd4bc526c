"""Sweeping of what was left behind, as long as the server runs and whoever looks at which page."""

import threading
import time
from contextlib import suppress

import streamlit as st

from landmark.errors import LandmarkError
from landmark.runs.sweep import sweep
from landmark.ui.resources import here

EVERY = 600.0


@st.cache_resource(show_spinner=False)
def housekeeping() -> threading.Thread:
    """Sweep now and then, in a thread of this server; called by each page, begun once."""
    thread = threading.Thread(target=_keep_sweeping, name="housekeeping", daemon=True)
    thread.start()
    return thread


def _keep_sweeping() -> None:
    while True:
        with suppress(LandmarkError):  # no home at the moment: each page says so
            sweep(here())
        time.sleep(EVERY)
