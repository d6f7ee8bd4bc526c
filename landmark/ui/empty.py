"""What stands where there is nothing yet."""

import streamlit as st

from landmark.ui.places import PLACES


def missing(what: str, why: str, page: str, button: str) -> None:
    """Say what is missing, why it is needed, and offer the way to the page that makes it.

    Parameters
    ----------
    what
        "No dataset yet".
    why
        One or two sentences.
    page
        Name of the page in the address, such as ``train``, or its file.
    button
        What the button says.
    """
    with st.container(border=True, key=f"missing-{page.replace('/', '-')}"):
        st.subheader(what, anchor=False)
        st.markdown(why)
        if st.button(button, type="primary", icon=":material/arrow_forward:", key=f"go-{page}"):
            st.switch_page(PLACES.get(page, page))
