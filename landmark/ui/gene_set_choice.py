"""Choosing gene sets in a form: rankings, sets that need no run, and the user's own lists."""

from collections.abc import Iterable, Sequence

import streamlit as st

from landmark.store.datasets import Dataset
from landmark.store.lists import stored_lists
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.page import PLACES
from landmark.ui.state import parameter
from landmark.ui.wording import l1000_here, moment
from landmark.workflows.sets import cut_of

OTHERS = {
    "L1000": "L1000: the 943 landmark genes of the paper",
    "L1000-978": "L1000: all 978 landmark genes",
    "variable": "Most variable genes",
}
"""Sets that need no run, as configurations write them."""

MOST_SETS = 6
"""Sets that a run, or a figure, takes at once."""

ASKED = "sets"
"""Name of the sets in the address."""

BETWEEN = "|"
"""Stands between sets in the address."""


def asked_sets(known: Iterable[str]) -> list[str]:
    """Return those of some sets that the address asks for, in its order."""
    there = set(known)
    return [name for name in parameter(ASKED).split(BETWEEN) if name in there]


def orders_of(dataset: Dataset) -> list[Run]:
    """Return the runs that put genes in an order: rankings, then greedy selections, the newest of each first."""
    return [*resources.runs("rank", dataset=dataset.id), *resources.runs("select", dataset=dataset.id)]


def first_genes(run: Run, cut: int) -> str:
    """Write the first genes of an order; a greedy selection has no more than it took."""
    return f"{run.id}:{cut if run.kind == 'rank' else min(cut, cut_of(run))}"


def told_apart(run: Run) -> str:
    """Name a run with its time; Streamlit takes a label that changes, such as "5 minutes ago", for another choice."""
    return f"{run.id}, {moment(run.manifest.started):%d %b, %H:%M}"


def choose_sets(
    dataset: Dataset, key: str, *, sized: bool = False, default: Sequence[str] = ("L1000",)
) -> list[str]:
    """Let gene sets of all origins be chosen, and return them as configurations write them.

    Parameters
    ----------
    sized
        Whether to ask, beside rankings and selections, how many of their first genes are taken.
    default
        Which of the sets that need no run are chosen at first.
    """
    ordered = _choose_orders(dataset, key, sized)
    return ordered + _choose_others(dataset, key, default) + _choose_lists(key)


def _choose_orders(dataset: Dataset, key: str, sized: bool) -> list[str]:
    """Let rankings and selections be chosen, at first those of the address or the newest; nothing where none is."""
    known = {run.id: run for run in orders_of(dataset)}
    if not known:
        return []
    asked, newest = asked_sets(known), next(iter(known.values()))
    names, size = st.columns([3, 1]) if sized else (st.container(), None)
    chosen = choosing.multiselect(
        "Sets from rankings and selections",
        list(known),
        default=asked or [newest.id],
        format_func=lambda name: told_apart(known[name]),
        key="-".join([key, "rankings", *asked]),
        persist_state="session",
        help="Each gives the first K of its genes." if sized else "Each gives its most important genes.",
        where=names,
    )
    if size is None:
        return chosen
    cut = size.number_input(
        "K",
        min_value=1,
        max_value=dataset.manifest.genes - 1,
        value=cut_of(newest),
        step=10,
        key=f"compare-cut-{newest.id}",
        help="Genes per set. The paper: 943.",
    )
    return [first_genes(known[name], int(cut)) for name in chosen]


def offered(dataset: Dataset) -> dict[str, str]:
    """Return the sets that need no run and have genes in a dataset: text of the configuration and title."""
    if l1000_here(dataset)[1]:
        return OTHERS
    return {name: title for name, title in OTHERS.items() if not name.startswith("L1000")}


def _why_not(dataset: Dataset) -> str:
    if dataset.manifest.identifier == "unknown":
        return "L1000 is not offered: what kind of names the genes of this dataset have is not known."
    return "L1000 is not offered: none of its genes is measured here."


def choose_set(dataset: Dataset, key: str) -> str:
    """Let one set be chosen as landmark genes, and return it as configurations write it."""
    ordered = {
        f"{run.id}:{(cut := cut_of(run))}": f"First {cut:,} genes of {told_apart(run)}"
        for run in orders_of(dataset)
    }
    own = {stored.text: f"Your list: {stored.name}" for stored in stored_lists(resources.here())}
    sets = offered(dataset) | ordered | own
    return str(
        choosing.selectbox(
            "Landmark genes",
            list(sets),
            format_func=lambda name: sets.get(name, ""),
            key=key,
            help="The genes that are measured; all others are predicted from them.",
        )
    )


def _choose_others(dataset: Dataset, key: str, default: Sequence[str]) -> list[str]:
    """Let sets be chosen that need no run; L1000 is offered where the dataset measures any of it."""
    sets = offered(dataset)
    chosen = choosing.multiselect(
        "Other sets",
        list(sets),
        default=[name for name in default if name in sets],
        format_func=lambda name: sets.get(name, ""),
        key=f"{key}-others",
        persist_state="session",
    )
    if len(sets) < len(OTHERS):
        st.caption(_why_not(dataset))
    return chosen


def _choose_lists(key: str) -> list[str]:
    """Let the user's own lists be chosen; where there is none, a button leads to where they are made."""
    known = {stored.text: stored.name for stored in stored_lists(resources.here())}
    if not known:
        if st.button(
            "Use a list of your own", key=f"{key}-make", type="tertiary", icon=":material/playlist_add:"
        ):
            st.switch_page(PLACES["sets"])
        return []
    return choosing.multiselect(
        "Your lists",
        known,
        key=f"{key}-lists",
        persist_state="session",
        help="Lists are pasted, uploaded or put together on the page of gene sets.",
    )
