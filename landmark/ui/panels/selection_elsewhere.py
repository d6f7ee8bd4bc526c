"""Does the choice hold elsewhere: on another platform, in samples held out by tissue, on other divisions."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.panels.choice import PARAMETER
from landmark.ui.panels.set_choice import ASKED
from landmark.ui.panels.words import counted, escaped
from landmark.ui.places import PLACES

MOST_SHOWN = 4


def elsewhere(run: Run) -> None:
    """Show how the chosen genes did in comparisons and on other platforms, and the ways to more of them."""
    st.subheader("Does it hold elsewhere?")
    compared = [made for made in resources.runs("compare") if _name(made, run)][:MOST_SHOWN]
    judged = [made for made in resources.runs("cross-platform") if _name(made, run)][:MOST_SHOWN]
    for made in compared:
        _line(made, run, "On held-out samples of this dataset", "compare")
    for made in judged:
        _line(made, run, f"On **{escaped(made.manifest.metrics['other_title'])}**", "platform")
    if not compared and not judged:
        st.markdown(
            "Not known yet. What the genes say of samples that had no part in the choice is the proof of a panel: on "
            "the test samples, on another platform, or in a tissue that was left out."
        )
    with st.container(horizontal=True):
        for label, icon, place, text in WAYS:
            if place in PLACES and st.button(label, icon=icon, key=f"selection-{place}-{run.id}", help=text):
                st.switch_page(PLACES[place], query_params={} if place == "prepare" else {ASKED: run.id})


WAYS = (
    ("Compare with L1000", ":material/balance:", "compare", "On the test samples of this dataset."),
    (
        "Judge on another platform",
        ":material/swap_horiz:",
        "platform",
        "Learn on this dataset and predict another one, such as RNA-seq, from these genes, from L1000 and from random "
        "sets of the same size.",
    ),
    (
        "Is this way better on other samples?",
        ":material/trophy:",
        "tournament",
        "All ways of choosing on several divisions of the samples, also with whole tissues left out.",
    ),
    (
        "Leave a tissue out",
        ":material/call_split:",
        "prepare",
        "Makes a dataset whose test samples are those of the tissues that you name: train and choose on it, then "
        "compare, and the genes are judged on a tissue that they never saw.",
    ),
)
"""Label, icon, page and explanation of each way; a page that there is not is left out."""


def _name(made: Run, run: Run) -> str:
    """Return the name that the chosen genes have in another run; empty where they have no part in it."""
    texts = made.manifest.configuration["sets"]
    names = list(made.manifest.metrics["sets"])
    found = (
        name for text, name in zip(texts, names, strict=False) if text.strip().partition(":")[0] == run.id
    )
    return next(found, "")


def _line(made: Run, run: Run, where: str, page: str) -> None:
    """Say in one line how the genes did beside the other sets, with the way to all of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{where}: {result(made, run)}", width="content")
        st.page_link(
            PLACES[page],
            label="See it",
            icon=":material/arrow_forward:",
            query_params={PARAMETER: made.id, "dataset": made.manifest.parents["dataset"]},
        )


def result(made: Run, run: Run) -> str:
    """Write mean correlation and error of the chosen genes, then of the others, then of random sets."""
    found: Mapping[str, Any] = made.manifest.metrics
    own = _name(made, run)
    order = [own, *(name for name in found["sets"] if name != own)]
    parts = [
        f"{f'**{escaped(name)}**' if name == own else escaped(name)} {found['sets'][name]['pcc']:.3f} "
        f"({found['sets'][name]['mae']:.3f})"
        for name in order
    ]
    if found.get("random_pcc") is not None:
        parts.append(f"random sets {found['random_pcc']:.3f} ({found['random_mae']:.3f})")
    size = counted(int(found["sets"][own]["size"]), "gene")
    return f"mean correlation (and error) of the other genes from {size}: {', '.join(parts)}."
