"""Functions of a gene set: the form, enriched terms, what they share, and what became of the names."""

import shutil
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.functions.config import EnrichConfiguration
from landmark.analyses.functions.figures import bare, enrichment_dots, term_overlap
from landmark.analyses.functions.results import TABLES, EnrichResults
from landmark.analyses.ranking.results import TABLES as RANKING
from landmark.errors import LandmarkError
from landmark.genesets.enrichment import SIGNIFICANT
from landmark.store.activity import discard
from landmark.store.datasets import Dataset
from landmark.store.lists import stored_lists
from landmark.store.runs import Run
from landmark.ui import choosing, resources, state
from landmark.ui.figure import show
from landmark.ui.gene_set_choice import OTHERS, orders_of, told_apart
from landmark.ui.genes import gene_link, names_field
from landmark.ui.jobs import do_now, follow
from landmark.ui.result_page import PARAMETER, ResultPage, dataset_needed
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, pick_row
from landmark.ui.uploads import spool
from landmark.wording import counted, escaped, listed
from landmark.workflows.from_pages import lists_of
from landmark.workflows.sets import cut_of, refuse_files

SET = "set"
"""Name in the address of a set to look up, for links from other pages."""

_OWN = "own"
_GO = "GO molecular function"
GMT = "My own terms (GMT file)"
_LARGEST_MB = 50


def _look_up(values: Mapping[str, Any]) -> Run:
    """Test the terms and store the run; nothing is left behind where the request is at fault."""
    with st.spinner("Testing the terms"):
        try:
            return do_now("enrich", values)
        except LandmarkError:
            failed = follow("enrich", dataset=values["dataset"])
            if failed is not None and not failed.active:
                discard(resources.here(), failed.id)
            raise


def _linked() -> Dataset | None:
    """Return the dataset worked on, after the set that the address names, if it does, was looked up."""
    dataset = state.dataset()
    wanted = parameter(SET, "").strip()
    if dataset is None or not wanted:
        return dataset
    set_parameter(SET, "")
    refuse_files([wanted], lists_of(resources.here()))
    known = resources.runs("enrich", dataset=dataset.id)
    default = {"set": wanted, "gmt": "", "background": EnrichConfiguration.model_fields["background"].default}
    run = next((run for run in known if default.items() <= run.manifest.configuration.items()), None)
    set_parameter(PARAMETER, (run or _look_up({"dataset": dataset.id, "set": wanted})).id)
    return dataset


def _set(dataset: Dataset, key: str, _: Chosen) -> dict[str, Any]:
    """Let a set be chosen or pasted; empty where there is none yet."""
    rankings = {run.id: run for run in orders_of(dataset)}
    lists = {stored.text: f"List: {stored.name}" for stored in stored_lists(resources.here())}
    clusters = {
        run.id: f"Genes that drive a cluster of {told_apart(run)}"
        for run in resources.runs("cluster", dataset=dataset.id)
        if "drivers" in run.manifest.files
    }
    options = {name: f"Top of {told_apart(run)}" for name, run in rankings.items()}
    options |= OTHERS | lists | clusters | {_OWN: "Names to paste or upload"}
    chosen = choosing.selectbox(
        "Gene set",
        options,
        key=f"{key}-set-{dataset.id}",
        persist_state="session",
    )
    if chosen in rankings:
        size = st.number_input(
            "K: how many genes from the top",
            min_value=1,
            max_value=dataset.manifest.genes,
            value=cut_of(rankings[chosen]),
            step=10,
            key=f"{key}-k-{chosen}",
            help="The paper: 943.",
        )
        return {"set": f"{chosen}:{int(size)}"}
    if chosen in clusters:
        numbers = sorted(set(resources.table(chosen, "drivers")["cluster"]))
        number = choosing.selectbox("Cluster", numbers, key=f"{key}-cluster-{chosen}")
        return {"set": f"{chosen}:{number}"}
    if chosen == _OWN:
        text = names_field(key)
        return {"genes": text} if text.strip() else {}
    return {"set": chosen}


def _terms(dataset: Dataset, key: str, _: Chosen) -> dict[str, Any]:
    """Choose the terms; with those of a file comes the upload, None while there is none."""
    terms = choosing.selectbox(
        "Terms",
        [_GO, GMT],
        key=f"{key}-terms",
        persist_state="session",
        help="GO molecular function: 1,963 terms with their human genes, annotation of 2022. The paper tested 1,645.",
    )
    if terms == _GO:
        return {"gmt": ""}
    file = st.file_uploader(
        "GMT file",
        type=["gmt", "gz"],
        max_upload_size=_LARGEST_MB,
        key=f"{key}-gmt",
        help="One term per line: name, description, genes, separated by tabs.",
    )
    return {"gmt": file}


FORM = RunForm(
    kind="enrich",
    rows=(("set", ("gmt", "background")),),
    more=("smallest", "largest"),
    labels={
        "background": "Background genes",
        "smallest": "Fewest genes of a term",
        "largest": "Most genes of a term",
    },
    widgets={"set": _set, "gmt": _terms},
    beside=lambda dataset, chosen: ("set" in chosen or "genes" in chosen) and chosen["gmt"] is not None,
    button="Look up their functions",
    icon="function",
)


def _form(dataset: Dataset, run: Run | None, busy: bool) -> None:
    """Choose set, terms and background, and look them up on request."""
    asked = FORM.ask(dataset, busy, first=run is None)
    if asked is None:
        return
    path = spool(asked["gmt"], asked["gmt"].name, _LARGEST_MB) if asked["gmt"] else None
    try:
        made = _look_up(asked | {"gmt": str(path or "")})
    finally:
        if path is not None:
            shutil.rmtree(path.parent, ignore_errors=True)
    set_parameter(PARAMETER, made.id)
    st.rerun()


_FORMULA = (
    "Hypergeometric test: with N genes in the background, m of them in the term and n in the set, p is the probability "
    "that n genes drawn at random include at least as many of the term as the set does (gseapy). The background are "
    "the genes that are measured and that any term names, unless chosen otherwise, as in clusterProfiler, which the "
    "paper took; genes of the set outside it do not count. A gene with several probes has several chances to be in a "
    "ranking's set and counts once here. Adjusted over all "
    "terms tested, those without a gene of the set too (Benjamini and Hochberg 1995). Terms are of one group where the "
    "genes by which they were found overlap: average linkage of 1 - Jaccard index, cut at 0.5. A term dominates where "
    "it holds half of the set or more. GO: Gene Ontology Consortium, annotation of 2022-09-12."
)
_COLUMNS = column_config(
    TABLES["enrichment"].pick(
        *("term", "overlap", "expected", "size", "p_value", "p_adjusted", "group", "genes")
    ),
    widths={"term": "medium", "genes": "large"},
)
_RANKS = column_config(RANKING["ranking"].pick("gene", "rank", "score"))
BACKGROUNDS = {
    "both": "genes that this dataset measures and any term names",
    "measured": "genes that this dataset measures",
    "annotated": "genes that any term names",
}


def _answer(run: Run) -> str:
    """Say how many terms are over-represented, and whether one dominates."""
    found = EnrichResults.read(run.manifest.metrics)
    terms = f"{counted(found.tested, 'term')} of {escaped(found.source)}"
    name = escaped(found.set)
    if not found.significant:
        return (
            f"None of {terms} is over-represented among the {found.genes:,} genes of **{name}** at an adjusted p "
            f"below {SIGNIFICANT}."
        )
    verb = "is" if found.significant == 1 else "are"
    text = (
        f"**{found.significant:,}** of {terms} {verb} over-represented in **{name}**, first "
        f"*{escaped(bare(found.best_term))}*."
    )
    if found.largest_term is None or found.largest_overlap is None:
        return text
    share = f"{found.largest_overlap:,} of {found.genes:,} genes"
    verdict = "one category dominates" if found.dominates else "no category dominates"
    return f"{text} The largest of them, *{escaped(bare(found.largest_term))}*, holds {share}: {verdict}."


def _figures(run: Run) -> None:
    """Draw the terms as dots."""
    table, found = resources.table(run.id, "enrichment"), EnrichResults.read(run.manifest.metrics)
    show(
        enrichment_dots(table, found.genes),
        f"terms-{run.id}",
        table=table,
        name="functions",
        alt="Enriched terms, the most significant first",
    )
    which = BACKGROUNDS[run.manifest.configuration["background"]]
    st.caption(
        f"Background: {found.background_genes:,} {which}. {found.annotated:,} of the {found.genes:,} genes of "
        f"the set are in at least one of the {found.tested:,} terms tested."
    )


def _all_terms(run: Run) -> None:
    """Show all terms as a table, and the genes of the one picked."""
    table = resources.table(run.id, "enrichment")
    st.subheader("All terms that share a gene with the set", anchor=False)
    wanted = st.text_input(
        "Search terms and genes",
        key=f"terms-search-{run.id}",
        placeholder="Part of a term or a gene: kinase, TP53",
        icon=":material/search:",
    ).strip()
    texts = table["term"].astype(str) + " " + table["genes"].astype(str)
    shown = table[texts.str.contains(wanted, case=False, regex=False)].reset_index(drop=True)
    if shown.empty:
        st.info("No term or gene of this table has such a name. Check the spelling, or clear the search.")
        return
    st.caption(f"{counted(len(shown), 'term')} of {len(table):,}. Tick a row to see its genes.")
    picked = pick_row(shown, _COLUMNS, f"terms-table-{run.id}-{wanted}")
    if picked is not None:
        _genes(run, shown.iloc[picked])


def _genes(run: Run, term: pd.Series) -> None:
    """Name the genes of one term, with their ranks where the set comes from a ranking."""
    st.markdown(f"**{escaped(term['term'])}**")
    genes = pd.DataFrame({"gene": str(term["genes"]).split()})
    ranking = run.manifest.parents.get("rank", "")
    if resources.run(ranking) is not None:
        ranks = resources.table(ranking, "ranking")[["gene", "rank", "score"]]
        genes = genes.merge(ranks, on="gene", how="left").sort_values("rank")
    picked = pick_row(genes, _RANKS, f"term-genes-{run.id}-{term['term']}", most=320, width=420)
    if "rank" in genes and picked is not None:
        gene_link(str(genes["gene"].iloc[picked]), "functions")


def _redundancy(run: Run) -> None:
    """Show which terms were found by the same genes."""
    found = EnrichResults.read(run.manifest.metrics)
    table = resources.table(run.id, "enrichment")
    st.subheader("Terms that say the same", anchor=False)
    if found.significant:
        st.markdown(
            f"{counted(found.significant, 'significant term')} in {counted(found.groups, 'group')}. Terms of one "
            "group (the number in brackets) were found by much the same genes."
        )
    show(
        term_overlap(table),
        f"redundancy-{run.id}",
        table=table[["term", "group", "genes"]],
        name="redundancy",
        alt="Share of genes that any two terms have in common",
    )


def _names(run: Run) -> None:
    """Say what became of every name of the set."""
    found = EnrichResults.read(run.manifest.metrics)
    table = resources.table(run.id, "names")
    lost = found.absent + found.unknown + found.unnamed + found.duplicated
    if not lost:
        return
    st.subheader("Names that were not used", anchor=False)
    st.markdown(f"{found.genes:,} of {counted(found.named, 'name')} were used. The others:")
    for status, rows in table[table["status"] != "used"].groupby("status", sort=False):
        given = escaped(listed([str(name) for name in rows["name"]], 30, " and {:,} more"))
        st.markdown(f"- **{str(status).capitalize()}** ({len(rows):,}): {given}")


def _describe(run: Run) -> str:
    """Say what distinguishes this look-up from another on the same dataset."""
    found = EnrichResults.read(run.manifest.metrics)
    return f"{found.set}, {found.source}, {BACKGROUNDS[run.manifest.configuration['background']]}"


PAGE = ResultPage(
    question="What do the chosen genes do?",
    kind="enrich",
    needs=dataset_needed(
        "The functions of a gene set are compared with those of all genes that a dataset measures.", _linked
    ),
    invitation="No set has been looked up yet. It takes a second.",
    job=lambda data: None,
    answer=_answer,
    sections=(_figures, _all_terms, _redundancy, _names),
    headings=("", "Settings"),
    shown="Look-up shown",
    describe=_describe,
    form=_form,
    formula=_FORMULA,
)
