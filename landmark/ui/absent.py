"""What stands in place of a page whose address asks for a dataset or model that is not here."""

import streamlit as st

from landmark.ui import state
from landmark.ui.page import guarded, header
from landmark.ui.places import PLACES
from landmark.wording import escaped


def absent_page(what: str) -> None:
    """Say that a dataset or model is not here, and offer what is.

    Parameters
    ----------
    what
        "dataset" or "model", as ``state.absent`` names it.
    """
    wanted = escaped(state.parameter(what))
    header(
        f"This {what} is not here",
        f"The address asks for the {what} {wanted}, which was deleted, or is kept on another machine. Whoever sent you "
        "the link can export it for you; nothing else is shown in its place.",
    )
    other = state.dataset()
    with st.container(horizontal=True):
        if other is not None:
            st.button(
                f"Work on {escaped(other.manifest.title)}",
                type="primary",
                icon=":material/database:",
                on_click=guarded()(state.choose_dataset),
                args=(other.id,),
            )
        st.page_link(PLACES["import"], label="Import a dataset", icon=":material/upload:")
