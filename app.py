"""The frame of the dashboard: page configuration, navigation, sidebar. Start it with ``python -m landmark serve``."""

import streamlit as st

from landmark.ui import attention
from landmark.ui.figure import axes_in_the_text_of_the_page
from landmark.ui.jobs import adopt_finished
from landmark.ui.page import absent_page, guarded, housekeeping
from landmark.ui.places import PLACES, one_entry_per_page
from landmark.ui.sidebar import sidebar
from landmark.ui.state import absent, keep_address

st.set_page_config(page_title="Landmark", page_icon="assets/icon.svg", layout="wide")
st.logo("assets/logo.svg", size="large", icon_image="assets/icon.svg")


def _page(name: str, title: str, icon: str) -> st.Page:
    return st.Page(
        PLACES[name], title=title, icon=f":material/{icon}:", url_path=name, default=name == "overview"
    )


chosen = st.navigation(
    {
        "Start": [_page("overview", "Overview", "route")],
        "Data": [
            _page("import", "Import", "upload"),
            _page("prepare", "Prepare", "tune"),
            _page("quality", "Quality", "troubleshoot"),
            _page("merge", "Merge", "merge"),
        ],
        "Model": [
            _page("train", "Train", "model_training"),
            _page("reconstruction", "Reconstruction", "compare"),
        ],
        "Genes": [
            _page("ranking", "Ranking", "format_list_numbered"),
            _page("selection", "Selection", "checklist"),
            _page("sets", "Gene sets", "join_inner"),
            _page("functions", "Functions", "function"),
            _page("explain", "Explain a prediction", "account_tree"),
        ],
        "Evidence": [
            _page("compare", "Compare sets", "balance"),
            _page("predictors", "Predictors", "query_stats"),
            _page("size", "Number of genes", "straighten"),
            _page("platform", "Other platform", "swap_horiz"),
            _page("seeds", "Replicates", "casino"),
            _page("tournament", "Tournament", "trophy"),
        ],
        "Samples": [_page("clusters", "Clusters", "bubble_chart")],
        "Epigenome": [
            _page("histones", "Histone marks", "stacks"),
            _page("deepchrome", "DeepChrome", "insights"),
            _page("marks", "Marks of a gene", "biotech"),
        ],
        "Runs": [_page("runs", "History", "history")],
    },
    expanded=True,
)
gone = ""
with guarded():
    with st.sidebar:  # what is not seen takes no room above the page there
        one_entry_per_page()
        attention.pay()
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
