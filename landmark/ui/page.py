"""The head of every page, and what happens when something goes wrong on it."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from landmark.errors import LandmarkError, known_cause
from landmark.runs.defects import keep
from landmark.wording import escaped, without_nan

_LOG = logging.getLogger(__name__)


def header(question: str, answer: str | None = None) -> None:
    """Show the question a page answers and, as soon as there is one, its answer in one sentence."""
    st.title(question, anchor=False)
    if answer:
        st.markdown(without_nan(answer))


@contextmanager
def guarded() -> Iterator[None]:
    """Turn errors inside the block into sentences; also usable as a decorator.

    What the user can mend is shown as it is, and so is what the machine is the cause of, such as a full disk. Anything
    else is a defect: its details go to the console and into ``defect.txt`` in the home folder. Streamlit's own signals
    to stop or rerun pass through, for they are no ``Exception``.
    """
    try:
        yield
    except LandmarkError as error:
        st.error(escaped(error), icon=":material/error:")
    except Exception as error:  # noqa: BLE001 - the last place where a defect can be turned into a sentence
        if cause := known_cause(error):
            st.error(escaped(cause), icon=":material/error:")
            return
        kept, where = keep(traceback.format_exc())
        _LOG.exception("A page met something it did not expect; %s", where)
        st.error(
            f"The program met something it did not expect ({type(error).__name__}). Reload the page; if it happens "
            "again, whoever runs the server finds the details in its log"
            f"{' and in defect.txt, beside the datasets' if kept else '; in its home they could not be kept'}.",
            icon=":material/bug_report:",
        )
