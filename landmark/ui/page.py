"""What every page has: place in the menu, head, guard against what goes wrong, history of the browser, tidying up."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from landmark.analyses.analysis import Entry
from landmark.analyses.registry import ANALYSES
from landmark.errors import LandmarkError, known_cause
from landmark.store.datasets import Dataset
from landmark.store.log import DEFECTS, report_defect
from landmark.store.sweep import sweep
from landmark.ui import state
from landmark.ui.resources import here
from landmark.wording import escaped, without_nan

_OTHERS = {
    "reconstruction": ("train", Entry("Model", "Reconstruction", "compare", "pages/model/reconstruction.py")),
    "sets": ("selection", Entry("Genes", "Gene sets", "join_inner", "pages/genes/sets.py")),
    "published": (
        "tournament",
        Entry("Evidence", "Published figures", "menu_book", "pages/evidence/published.py"),
    ),
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


def header(question: str, answer: str | None = None) -> None:
    """Show the question a page answers and, as soon as there is one, its answer in one sentence."""
    st.title(question, anchor=False)
    if answer:
        st.markdown(without_nan(answer))


@contextmanager
def guarded() -> Iterator[None]:
    """Turn errors inside the block into sentences; also usable as a decorator.

    What the user can mend is shown as it is, and so is what the machine is the cause of, such as a full disk. Anything
    else is a defect: its details go to the console and into the log. Streamlit's own signals to stop or rerun pass
    through, for they are no ``Exception``.
    """
    try:
        yield
    except LandmarkError as error:
        st.error(escaped(error), icon=":material/error:")
    except Exception as error:  # noqa: BLE001 - the last place where a defect can be turned into a sentence
        if cause := known_cause(error):
            st.error(escaped(cause), icon=":material/error:")
            return
        kept, _ = report_defect(error, f"page {st.context.url or ''}")
        st.error(
            f"The program met something it did not expect ({type(error).__name__}). Reload the page; if it happens "
            "again, whoever runs the server finds the details on its console"
            f"{f' and in {DEFECTS}, beside the datasets' if kept else '; in its home they could not be kept'}.",
            icon=":material/bug_report:",
        )


def absent_page(what: str) -> None:
    """Say that a "dataset" or "model" is not here, and offer what is."""
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


def offer_dataset(dataset: Dataset, text: str, key: str) -> None:
    """Offer to work on a dataset, beside a line about it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="content")
        st.button(
            "Work on that one",
            key=key,
            type="tertiary",
            on_click=guarded()(state.choose_dataset),
            args=(dataset.id,),
        )


EVERY = 600.0


@st.cache_resource(show_spinner=False)
def housekeeping() -> threading.Thread:
    """Sweep now and then, in a thread of this server; called by each page, begun once."""
    thread = threading.Thread(target=_keep_sweeping, name="housekeeping", daemon=True)
    thread.start()
    return thread


def _keep_sweeping() -> None:
    while True:
        try:
            sweep(here())
        except LandmarkError:  # no workspace at the moment: each page says so
            pass
        except Exception as error:  # noqa: BLE001 - the next round may go well
            report_defect(error, "housekeeping")
        time.sleep(EVERY)


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
