"""Lists of genes of one's own: pasted or uploaded, put together from sets, or panels that must contain some genes."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from landmark.errors import BadData
from landmark.genesets.algebra import difference, intersection, panel, union
from landmark.genesets.geneset import GeneSet
from landmark.genesets.text import Triage, triage
from landmark.store.datasets import Dataset
from landmark.store.lists import delete_list, store_list, stored_lists
from landmark.ui import choosing, resources
from landmark.ui.gene_sets import downloads, genes_of
from landmark.ui.genes import names_field
from landmark.ui.page import guarded
from landmark.wording import counted, escaped

WAYS = {
    "Union": (union, "genes of either set"),
    "Intersection": (intersection, "genes of both sets"),
    "Difference": (difference, "genes of the first set that the second lacks"),
}


def make_lists(dataset: Dataset, sets: Sequence[GeneSet]) -> None:
    """Show the ways to a list, and the lists there are."""
    st.subheader("Make a list of your own")
    pasted, combined, required, known = st.tabs(
        ["Paste or upload", "Combine two sets", "Panel with required genes", "Your lists"]
    )
    with pasted, guarded():
        _paste(dataset)
    with combined, guarded():
        _combine(sets)
    with required, guarded():
        _panel(dataset, sets)
    with known, guarded():
        _lists()


def _paste(dataset: Dataset) -> None:
    text = names_field("paste", persist="session")
    if text.strip():
        found = triage(text, genes_of(dataset), identifier=dataset.manifest.identifier)
        show_triage(found)
        save(found.gene_set("pasted list", "pasted or uploaded"), "paste")


def show_triage(found: Triage) -> None:
    """Show what became of every name."""
    st.markdown(
        f"**{counted(len(found.used), 'gene')} of this dataset**; {len(found.absent):,} known, but not measured here; "
        f"{counted(len(found.unknown), 'name')} that no gene is known by; {len(found.duplicated):,} named again."
    )
    rows = [("used", gene) for gene in found.used]
    rows += [("known, not measured here", gene) for gene in found.absent]
    rows += [("unknown", name) for name in found.unknown]
    table = pd.DataFrame(rows, columns=["status", "name"])
    st.dataframe(
        table,
        hide_index=True,
        height=min(320, 38 + 35 * len(table)),
        column_config={
            "status": st.column_config.TextColumn("What became of it"),
            "name": st.column_config.TextColumn("Name", help="Spelled as in the dataset where it is used."),
        },
    )


def _combine(sets: Sequence[GeneSet]) -> None:
    if len(sets) < 2:
        st.info("Choose two sets or more above; any two of them can be combined.")
        return
    known = {gene_set.name: gene_set for gene_set in sets}
    left, middle, right = st.columns(3)
    first = choosing.selectbox("First set", list(known), key="combine-first", where=left)
    how = choosing.selectbox(
        "How", list(WAYS), key="combine-how", help="Union, intersection or difference.", where=middle
    )
    second = choosing.selectbox(
        "Second set",
        [name for name in known if name != first],
        key=f"combine-second-{first}",
        where=right,
    )
    combine, words = WAYS[how]
    result = combine(known[first], known[second])
    st.markdown(
        f"**{counted(len(result), 'gene')}**: {words}. First: {escaped(', '.join(result.genes[:12]))}."
    )
    save(result, "combine")


def _panel(dataset: Dataset, sets: Sequence[GeneSet]) -> None:
    if not sets:
        st.info("Choose a set above; it fills the panel up after the genes that you require.")
        return
    known = {gene_set.name: gene_set for gene_set in sets}
    left, right = st.columns(2)
    base = choosing.selectbox("Filled up from", list(known), key="panel-base", where=left)
    size = right.number_input(
        "Genes of the panel",
        min_value=1,
        max_value=dataset.manifest.genes,
        value=len(known[base]),
        key=f"panel-size-{base}",
    )
    text = names_field("panel", "Genes that it must contain", "session")
    if not text.strip():
        return
    found = triage(text, genes_of(dataset), identifier=dataset.manifest.identifier)
    show_triage(found)
    required = found.gene_set("required genes", "pasted or uploaded")
    result = panel(required, known[base], int(size))
    extra = len(set(required.genes) - set(known[base].genes[: int(size)]))
    st.markdown(
        f"**{counted(len(result), 'gene')}**: {len(required):,} required, of which {extra:,} would not have been "
        f"chosen, and the first {len(result) - len(required):,} others of {escaped(base)}."
    )
    save(result, "panel")


def save(gene_set: GeneSet, key: str) -> None:
    """Ask for a name, and keep the list on request."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of the list", value=gene_set.name.replace("'", ""), key=f"{key}-name-{gene_set.name}"
        )
        pressed = st.button(
            "Save the list",
            type="primary",
            icon=":material/playlist_add:",
            key=f"{key}-save",
            help="It can then be chosen wherever sets are chosen.",
        )
    if pressed:
        stored = store_list(resources.here(), name, gene_set.genes, gene_set.origin)
        st.session_state["list-saved"] = stored.name
        st.rerun()


def saved_note() -> None:
    """Say once that a list was saved."""
    name = st.session_state.pop("list-saved", "")
    if name:
        st.success(
            f"The list {escaped(name)} is saved. It can be chosen wherever sets are chosen.",
            icon=":material/check:",
        )


def _lists() -> None:
    known = stored_lists(resources.here())
    if not known:
        st.info("No list yet. Paste one, or combine two sets.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "name": [stored.name for stored in known],
                "genes": [len(stored.genes) for stored in known],
                "origin": [stored.origin for stored in known],
                "text": [stored.text for stored in known],
            }
        ),
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("List", pinned=True),
            "genes": st.column_config.NumberColumn("Genes", format="localized"),
            "origin": st.column_config.TextColumn("Where it comes from", width="large"),
            "text": st.column_config.TextColumn("On the command line", help="What --set takes."),
        },
    )
    downloads([GeneSet(s.name, s.genes, s.origin) for s in known if s.genes], "lists")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choosing.selectbox("List", [stored.name for stored in known], key="list-to-delete")
        if st.button("Delete the list", icon=":material/delete:", key="list-delete"):
            _delete(name)


def _delete(name: str) -> None:
    used = [run.id for run in resources.runs() if f"/{name}.txt" in str(run.manifest.configuration)]
    if used:
        raise BadData(
            f"The list {name} is used by {', '.join(used[:5])}: without it they could not be repeated. Delete those "
            "first."
        )
    delete_list(resources.here(), name)
    st.rerun()
