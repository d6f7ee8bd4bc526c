"""Which set to look up, in which terms: the one form of the functions page. It is answered at once, without a job."""

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from landmark.analyses.functions.config import EnrichConfiguration
from landmark.errors import LandmarkError
from landmark.store.activity import discard
from landmark.store.datasets import Dataset
from landmark.store.lists import stored_lists
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.gene_set_choice import OTHERS, told_apart
from landmark.ui.genes import names_field
from landmark.ui.jobs import do_now, follow
from landmark.ui.run_choice import PARAMETER
from landmark.ui.state import parameter, set_parameter
from landmark.ui.uploads import spool
from landmark.workflows.from_pages import lists_of
from landmark.workflows.sets import cut_of, refuse_files

SET = "set"
"""Name in the address of a set to look up, for links from other pages."""

OWN = "own"
GO = "GO molecular function"
GMT = "My own terms (GMT file)"
_LARGEST_MB = 50


def look_up(values: Mapping[str, Any]) -> Run:
    """Test the terms and store the run; nothing is left behind where the request is at fault.

    Raises
    ------
    LandmarkError
        As the workflow.
    """
    with st.spinner("Testing the terms"):
        try:
            return do_now("enrich", values)
        except LandmarkError:
            failed = follow("enrich", dataset=values["dataset"])
            if failed is not None and not failed.active:
                discard(resources.here(), failed.id)
            raise


def linked(dataset: Dataset) -> None:
    """Look up the set that the address names, if it does, and show that run."""
    wanted = parameter(SET, "").strip()
    if not wanted:
        return
    set_parameter(SET, "")
    refuse_files([wanted], lists_of(resources.here()))
    known = resources.runs("enrich", dataset=dataset.id)
    default = {"set": wanted, "gmt": "", "background": EnrichConfiguration.model_fields["background"].default}
    run = next((run for run in known if default.items() <= run.manifest.configuration.items()), None)
    set_parameter(PARAMETER, (run or look_up({"dataset": dataset.id, "set": wanted})).id)


def form(dataset: Dataset, rankings: Sequence[Run], clusterings: Sequence[Run], first: bool) -> None:
    """Choose set, terms and background, and look them up on request."""
    left, right = st.columns(2)
    with left:
        chosen = _set(dataset, rankings, clusterings)
    with right:
        file = _terms()
        values = fields(EnrichConfiguration, ["background"], "enrich", {"background": "Background genes"})
    with st.expander("More settings", icon=":material/tune:"):
        labels = {"smallest": "Fewest genes of a term", "largest": "Most genes of a term"}
        values |= fields(EnrichConfiguration, ["smallest", "largest"], "enrich", labels)
    needs_file = st.session_state.get("enrich-terms") == GMT and file is None
    if st.button(
        "Look up their functions",
        type="primary" if first else "secondary",
        icon=":material/function:",
        disabled=not chosen or needs_file,
    ):
        path = spool(file, file.name, _LARGEST_MB) if file is not None else None
        try:
            run = look_up({"dataset": dataset.id, "gmt": str(path) if path else "", **chosen, **values})
        finally:
            if path is not None:
                shutil.rmtree(path.parent, ignore_errors=True)
        set_parameter(PARAMETER, run.id)
        st.rerun()


def _set(dataset: Dataset, rankings: Sequence[Run], clusterings: Sequence[Run]) -> dict[str, str]:
    """Let a set be chosen; empty where there is none yet."""
    ranked = {run.id: run for run in rankings}
    lists = {stored.text: f"List: {stored.name}" for stored in stored_lists(resources.here())}
    clusters = {
        run.id: f"Genes that drive a cluster of {told_apart(run)}"
        for run in clusterings
        if "drivers" in run.manifest.files
    }
    options = {run.id: f"Top of {told_apart(run)}" for run in rankings} | OTHERS | lists | clusters
    options[OWN] = "Names to paste or upload"
    chosen = choosing.selectbox(
        "Gene set",
        list(options),
        format_func=options.__getitem__,
        key=f"enrich-set-{dataset.id}",
        persist_state="session",
    )
    if chosen in ranked:
        size = st.number_input(
            "K: how many genes from the top",
            min_value=1,
            max_value=dataset.manifest.genes,
            value=cut_of(ranked[chosen]),
            step=10,
            key=f"enrich-k-{chosen}",
            help="The paper: 943.",
        )
        return {"set": f"{chosen}:{int(size)}"}
    if chosen in clusters:
        numbers = sorted(set(resources.table(chosen, "drivers")["cluster"]))
        number = choosing.selectbox("Cluster", numbers, key=f"enrich-cluster-{chosen}")
        return {"set": f"{chosen}:{number}"}
    return _own() if chosen == OWN else {"set": chosen}


def _own() -> dict[str, str]:
    text = names_field("enrich")
    return {"genes": text} if text.strip() else {}


def _terms() -> Any:
    """Choose the terms; return the uploaded file, if one is asked for and there."""
    terms = choosing.selectbox(
        "Terms",
        [GO, GMT],
        key="enrich-terms",
        persist_state="session",
        help="GO molecular function: 1,963 terms with their human genes, annotation of 2022. The paper tested 1,645.",
    )
    if terms == GO:
        return None
    return st.file_uploader(
        "GMT file",
        type=["gmt", "gz"],
        max_upload_size=_LARGEST_MB,
        key="enrich-gmt",
        help="One term per line: name, description, genes, separated by tabs.",
    )
