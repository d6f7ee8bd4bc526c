"""Gene sets beside each other, and lists of genes of one's own."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from landmark.errors import BadData
from landmark.genesets.geneset import GeneSet, difference, intersection, panel, union
from landmark.genesets.gmt import write_gmt
from landmark.genesets.text import Triage, triage
from landmark.plots.comparison import set_overlap
from landmark.results import Text, Whole
from landmark.store.datasets import Dataset
from landmark.store.lists import delete_list, store_list, stored_lists
from landmark.store.runs import Run, RunStore
from landmark.ui import choosing, resources
from landmark.ui.download import csv, file_button
from landmark.ui.figure import show
from landmark.ui.gene_set_choice import (
    ASKED,
    BETWEEN,
    MOST_SETS,
    asked_sets,
    first_genes,
    offered,
    told_apart,
)
from landmark.ui.genes import names_field
from landmark.ui.page import PLACES, guarded
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.wording import counted, escaped
from landmark.workflows.from_pages import lists_of
from landmark.workflows.samples import Expression
from landmark.workflows.sets import cut_of, default_cut, kind_of, parse_sets

_GENES = Whole("genes", "How many they are.")
_ORIGIN = Text("origin", "Which run, file or list they are from.", "", "Where it comes from")
_CHOSEN = column_config(
    (
        Text("set", "Its name."),
        _GENES,
        Text("first", "The first six of them.", "", "First genes"),
        _ORIGIN,
    ),
    widths={"origin": "large"},
)
_STORED = column_config(
    (
        Text("name", "Its name.", "", "List"),
        _GENES,
        _ORIGIN,
        Text("text", "What --set takes.", "", "On the command line"),
    ),
    widths={"origin": "large"},
)
_NAMES = column_config(
    (
        Text("status", "Whether this dataset has the gene.", "", "What became of it"),
        Text("name", "Spelled as in the dataset where it is used."),
    )
)


def choose_sets(dataset: Dataset, rankings: Sequence[Run]) -> list[str]:
    """Let sets be chosen; the choice goes into the address. Returns them as configurations write them."""
    known = {run.id: told_apart(run) for run in rankings}
    known |= offered(dataset) | {stored.text: stored.name for stored in stored_lists(resources.here())}
    asked = asked_sets(known)
    left, right = st.columns([4, 1])
    chosen = choosing.multiselect(
        "Sets",
        known,
        default=asked
        or [*(run.id for run in rankings[:1]), *(name for name in ("L1000", "variable") if name in known)],
        max_selections=MOST_SETS,
        key=f"sets-{dataset.id}",
        help="Rankings give their K most important genes; your own lists are made below.",
        where=left,
    )
    cut = right.number_input(
        "K",
        min_value=1,
        max_value=dataset.manifest.genes,
        value=_cut(dataset, rankings),
        step=10,
        key=f"sets-cut-{dataset.id}",
        help="Genes of each ranking, and most variable genes. The paper: 943.",
    )
    set_parameter(ASKED, BETWEEN.join(chosen))
    set_parameter("genes", str(cut))
    orders = {run.id: first_genes(run, int(cut)) for run in rankings} | {"variable": f"variable:{cut}"}
    return [orders.get(name, name) for name in chosen]


def _cut(dataset: Dataset, rankings: Sequence[Run]) -> int:
    asked = parameter("genes")
    if asked.isdecimal() and 1 <= int(asked) <= dataset.manifest.genes:
        return int(asked)
    if rankings:
        return cut_of(rankings[0])
    return default_cut(genes_of(dataset), dataset.manifest.identifier)


def made(dataset: Dataset, texts: Sequence[str]) -> list[GeneSet]:
    """Make the sets that are chosen; each keeps its size; BadData if a list has no gene of this dataset."""
    return [
        GeneSet(name, genes, origin)
        for name, genes, origin in _made(str(resources.here().root), dataset.id, tuple(texts))
    ]


@st.cache_data(max_entries=32, show_spinner="Making the sets")
def _made(root: str, dataset_id: str, texts: tuple[str, ...]) -> list[tuple[str, tuple[str, ...], str]]:
    here = resources.here()
    matrix = Expression(_dataset(dataset_id))
    sets = parse_sets(texts, matrix, RunStore(here), same_size=False, lists=lists_of(here))
    return [(made.name, made.genes, made.origin) for made in sets]


@st.cache_data(max_entries=8, show_spinner=False)
def _genes(root: str, dataset_id: str) -> tuple[str, ...]:
    return tuple(map(str, _dataset(dataset_id).annotations().var_names))


def genes_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the genes of a dataset without reading its values."""
    return _genes(str(resources.here().root), dataset.id)


def _dataset(dataset_id: str) -> Dataset:
    return next(data for data in resources.datasets() if data.id == dataset_id)


def answer(dataset: Dataset, sets: Sequence[GeneSet]) -> str:
    """Say how many genes the first two sets share, and how many two random sets would."""
    if len(sets) < 2:
        return "Choose two sets or more to see what they share."
    first, second = sets[:2]
    shared = len(set(first.genes) & set(second.genes))
    by_chance = len(first) * len(second) / dataset.manifest.genes
    return (
        f"**{escaped(first.name)}** ({len(first):,} genes) and **{escaped(second.name)}** ({len(second):,}) share "
        f"**{counted(shared, 'gene')}**; two random sets of these sizes would share about {by_chance:,.0f}. The "
        "paper's share 129 of 943."
    )


def overlap(sets: Sequence[GeneSet], texts: Sequence[str]) -> None:
    """Draw the overlap, and list the sets with downloads."""
    table = pd.DataFrame([(s.name, gene) for s in sets for gene in s.genes], columns=["set", "gene"])
    kinds = {s.name: kind_of(text) for s, text in zip(sets, texts, strict=True)}
    name = "-".join(s.name for s in sets)
    show(
        set_overlap(table, kinds),
        f"overlap-{abs(hash(name))}",
        table=table,
        name="overlap",
        alt="How many genes belong to which of the sets",
    )
    show_table(
        pd.DataFrame(
            {
                "set": [s.name for s in sets],
                "genes": [len(s) for s in sets],
                "first": [", ".join(s.genes[:6]) for s in sets],
                "origin": [s.origin for s in sets],
            }
        ),
        _CHOSEN,
    )
    downloads(sets, "chosen")
    with st.container(horizontal=True):
        for gene_set, text in zip(sets, texts, strict=True):
            if st.button(
                f"What does {escaped(gene_set.name)} do?",
                icon=":material/function:",
                type="tertiary",
                key=f"functions-{gene_set.name}",
            ):
                st.switch_page(PLACES["functions"], query_params={"set": text})


def downloads(sets: Sequence[GeneSet], key: str) -> None:
    """Offer sets as CSV, as GMT, and each as plain text."""
    table = pd.DataFrame(
        [(s.name, place, gene) for s in sets for place, gene in enumerate(s.genes, start=1)],
        columns=["set", "place", "gene"],
    )
    with st.container(horizontal=True, gap="small"):
        file_button(
            "CSV", csv(table), "gene_sets.csv", key=f"csv-{key}", help="One row per gene: set, place, gene."
        )
        file_button(
            "GMT",
            write_gmt([replace(s, name=s.name.replace("\t", " ")) for s in sets]),
            "gene_sets.gmt",
            key=f"gmt-{key}",
            help="One line per set, as enrichment programs read it.",
        )
        for gene_set in sets:
            file_button(
                f"{escaped(gene_set.name)}, plain",
                "\n".join(gene_set.genes) + "\n",
                f"{gene_set.name}.txt",
                key=f"plain-{key}-{gene_set.name}",
                help="One gene per line.",
            )


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
    show_table(table, _NAMES, height=min(320, 38 + 35 * len(table)))


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
    show_table(
        pd.DataFrame(
            {
                "name": [stored.name for stored in known],
                "genes": [len(stored.genes) for stored in known],
                "origin": [stored.origin for stored in known],
                "text": [stored.text for stored in known],
            }
        ),
        _STORED,
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
