"""The frame of the dashboard: page configuration, navigation, sidebar. Start it with ``python -m landmark serve``."""

import streamlit as st

from landmark.ui import jobs
from landmark.ui.figure import axes_in_the_text_of_the_page
from landmark.ui.jobs import adopt_finished
from landmark.ui.page import ENTRIES, absent_page, guarded, housekeeping, one_entry_per_page
from landmark.ui.sidebar import sidebar
from landmark.ui.state import absent, keep_address

st.set_page_config(page_title="Landmark", page_icon="assets/icon.svg", layout="wide")
st.logo("assets/logo.svg", size="large", icon_image="assets/icon.svg")


def _menu() -> dict[str, list[st.Page]]:
    sections: dict[str, list[st.Page]] = {}
    for name, entry in ENTRIES.items():
        page = st.Page(
            entry.file,
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=name,
            default=name == "overview",
        )
        sections.setdefault(entry.section, []).append(page)
    return sections


chosen = st.navigation(_menu(), expanded=True)
gone = ""
with guarded():
    with st.sidebar:  # what is not seen takes no room above the page there
        one_entry_per_page()
        jobs.show_announcement()
        axes_in_the_text_of_the_page()
    housekeeping()
    adopt_finished()
    gone = absent()
    if not gone:
        keep_address()
        sidebar()
with guarded():
    if gone:
        absent_page(gone)
    else:
        chosen.run()
