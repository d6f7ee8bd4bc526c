"""Complete profiles of new samples: the answer, what can be trusted, and the form."""

from typing import Any

import streamlit as st

from landmark.analyses.infer.results import TABLES, ProfilesResults
from landmark.settings import settings
from landmark.store.runs import Run
from landmark.ui import choosing, resources, uploads
from landmark.ui.genes import gene_table
from landmark.ui.predictor_choice import describe_fit
from landmark.ui.result_page import ResultPage, dataset_needed
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.tables import column_config
from landmark.wording import capital, counted, escaped, percent

_FORMULA = (
    "A predictor learns on training samples to predict all other genes from the landmark genes. Intervals are split "
    "conformal (Lei et al., JASA 113:1094, 2018): absolute errors of training samples that a fit had not seen are "
    "divided by their expected size, which follows from the distance to the nearest training samples and from the "
    "predicted value, and the quantile of the level is taken, gene by gene. They cover what they promise for samples "
    "of the kind that was learned from, and for no others."
)
_COLUMNS = column_config(
    TABLES["genes"].pick("gene", "state", "grade", "pcc", "mae", "half_width", "coverage", "truth_pcc")
)
_OWN = "A file"


def _answer(run: Run) -> str:
    """Say what was inferred, from what, and how much of it can be trusted."""
    found = ProfilesResults.read(run.manifest.metrics)
    text = (
        f"**{counted(found.genes_inferred, 'gene')}** inferred for **{counted(found.samples, 'sample')}** of "
        f"{escaped(found.title)} from {found.landmarks_matched:,} of {counted(found.landmarks, 'landmark gene')}; "
        f"**{found.genes_trusted:,}** of them can be trusted (held-out r of 0.5 and more)."
    )
    if found.coverage is not None and found.truth_genes is not None:
        text += (
            f" Where the truth is known ({counted(found.truth_genes, 'gene')}), {percent(found.coverage)} of the "
            f"values lie in their {percent(found.level)} interval."
        )
    return text


def _genes(run: Run) -> None:
    """Show every gene with its grade, with search."""
    st.subheader("All genes")
    gene_table(resources.table(run.id, "genes"), f"infer-{run.id}", _COLUMNS)


def _samples_widget(about: Any, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose another dataset, or bring a file."""
    known = {item.id: item.manifest.title for item in resources.datasets()}
    titles = choosing.distinct(known) | {_OWN: _OWN}
    wanted = choosing.selectbox("New samples", titles, key=f"{key}-dataset")
    if wanted != _OWN:
        return {"dataset": wanted}
    file = st.file_uploader(
        "File with the new samples", key=f"{key}-file", max_upload_size=settings().max_upload_mb
    )
    if file is None:
        return {}
    spooled = st.session_state.get(f"{key}-spooled")
    if spooled is None or spooled[0] != file.file_id or not uploads.keep(spooled[1]):
        spooled = file.file_id, uploads.spool(file, file.name)
        st.session_state[f"{key}-spooled"] = spooled
    return {"dataset": str(spooled[1])}


def _fit_widget(about: Any, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose a fitted predictor."""
    fits = {kept.name: f"{kept.name}, kept" for kept in resources.kept()}
    fits |= {run.id: capital(describe_fit(run)) for run in resources.runs("fit")}
    if not fits:
        return {"train_on": about.id}
    return {"fit": choosing.selectbox("Predictor", choosing.distinct(fits), key=f"{key}-fit")}


def _ready(about: Any, chosen: Chosen) -> bool:
    return bool(chosen.get("dataset"))


FORM = RunForm(
    kind="profiles",
    rows=(("dataset", "fit"),),
    more=(("scale", "level"), "log2"),
    labels={"log2": "Take log2(x + 1) of the new values", "level": "Level of the intervals"},
    widgets={"dataset": _samples_widget, "fit": _fit_widget},
    beside=_ready,
    button="Infer profiles",
    icon="auto_fix_high",
    role="",
)


PAGE = ResultPage(
    question="What are the genes that were not measured?",
    kind="profiles",
    needs=dataset_needed(
        "A predictor learns from a dataset; then it completes samples of which a panel was measured."
    ),
    invitation="Bring samples in which landmark genes were measured: all other genes are inferred, each value with an "
    "interval.",
    answer=_answer,
    sections=(_genes,),
    shown="Profiles shown",
    describe=lambda run: escaped(ProfilesResults.read(run.manifest.metrics).title),
    form=lambda data, run, busy: FORM.draw(data, disabled=busy),
    formula=_FORMULA,
)
