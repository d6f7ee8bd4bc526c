"""What is to be completed and by which predictor, and what will come of it, seen before the run."""

from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.choices import predictor_name
from landmark.analyses.infer.config import InferConfiguration
from landmark.analyses.infer.results import FORESEEN, TABLES, Foreseen
from landmark.data.reading import readable
from landmark.jobs.preview import Look
from landmark.store.datasets import Dataset
from landmark.store.files import read_json
from landmark.store.kept import KeptManifest
from landmark.ui import choosing, resources, state, uploads
from landmark.ui.gene_set_choice import choose_set
from landmark.ui.looking import goes_on, seen_by_look
from landmark.ui.predictor_choice import choose_covariate, choose_predictor, describe_fit, network_settings
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import size
from landmark.wording import counted, escaped
from landmark.workflows.from_pages import refuse_foreign_files

SCALES = {
    "none": "as they are",
    "standardise": "gene by gene, to the mean and spread of the training samples",
    "quantiles": "by the rank of each landmark gene within its sample",
}
"""How new samples are brought to the scale of the training samples, in a sentence."""

_SCALES = {"none": "As they are", "standardise": "Gene by gene", "quantiles": "By rank within a sample"}
"""The same in a table."""

_FILE, _DATASET = "A file", "A dataset that is here"
_THERE, _NOW = "One that is fitted", "Fit one now"


def predictors() -> dict[str, str]:
    """Return the predictors that are there, as configurations name them, with their labels.

    Kept ones come first, then fits of the dataset worked on; a fit whose dataset was deleted cannot be used.
    """
    kept = {one.name: _kept(one.manifest) for one in resources.kept()}
    known = {data.id: data.manifest.title for data in resources.datasets()}
    current = state.dataset()
    fits = [run for run in resources.runs("fit") if run.manifest.parents.get("dataset") in known]
    fits.sort(key=lambda run: current is None or run.manifest.parents["dataset"] != current.id)
    return kept | {run.id: f"{known[run.manifest.parents['dataset']]} · {describe_fit(run)}" for run in fits}


def _kept(about: KeptManifest) -> str:
    method = predictor_name(about.method, about.covariate)
    return f"{about.name}, kept · {about.learned_from.title} · {method} on {about.set} ({about.size:,} genes)"


def _samples_widget(about: Any, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose a file, or a dataset that is here."""
    known = {item.id: f"{item.manifest.title}, {size(item)}" for item in resources.datasets()}
    place = choosing.segmented_control(
        "New samples",
        [_FILE, *([_DATASET] if known else [])],
        default=_FILE,
        required=True,
        key=f"{key}-place",
        persist_state="session",
        help="Samples in which all or some of the landmark genes were measured; one sample is enough.",
    )
    if place == _DATASET:
        return {"dataset": choosing.selectbox("Dataset", choosing.distinct(known), key=f"{key}-dataset")}
    path = uploads.uploaded(
        "A file of expression values, one table: drop it here, or browse", f"{key}-upload"
    )
    if path is None:
        st.caption(f"Readable are: {escaped(readable())}.")
        return {}
    column = st.text_input(
        "Column that names the genes",
        key=f"{key}-names-from",
        placeholder="as the file names them",
        help=InferConfiguration.model_fields["names_from"].description,
        persist_state="session",
    )
    return {"dataset": str(path), "names_from": column.strip()}


def _of_a_file(chosen: Chosen) -> bool:
    return "names_from" in chosen


def _predictor_widget(about: Any, key: str, chosen: Chosen) -> dict[str, Any]:
    """Choose a fitted predictor, or what to fit now."""
    there = predictors()
    known = {item.id: item for item in resources.datasets()}
    options = [*([_THERE] if there else []), *([_NOW] if known else [])]
    if not options:
        st.info("There is no predictor, and no dataset to fit one on. Import a dataset first.")
        return {}
    source = choosing.segmented_control(
        "Predictor",
        options,
        default=options[0],
        required=True,
        key=f"{key}-source-{len(options)}",
        help="What predicts all other genes from the landmark genes. It learned, or learns now, from a dataset "
        "in which "
        "all genes were measured.",
    )
    if source == _THERE:
        return {"fit": choosing.selectbox("Fitted predictor", choosing.distinct(there), key=f"{key}-fit")}
    titles = choosing.distinct({name: item.manifest.title for name, item in known.items()})
    current = state.dataset()
    place = list(titles).index(current.id) if current is not None else 0
    data = known[choosing.selectbox("Learn from", titles, index=place, key=f"{key}-train-on")]
    return {"train_on": data.id, **_method(data, key)}


def _method(data: Dataset, key: str) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        found: dict[str, Any] = {"set": choose_set(data, f"{key}-set-{data.id}")}
    with right:
        found["predictor"] = choose_predictor(key)
    found["covariate"] = choose_covariate(data, key)
    return found | network_settings([found["predictor"]], key)


_UNSEEN = {"level", "seed"}
"""What makes no difference to a look ahead."""


def _ahead(about: Any, chosen: Chosen) -> bool:
    """Show what would come of it; return whether it can be started."""
    if not chosen.get("dataset"):
        st.caption(
            "Choose the new samples: then this page says what will be found, before anything is computed."
        )
        return False
    if not (chosen.get("fit") or chosen.get("train_on")):
        return False
    asked = {name: value for name, value in chosen.items() if name not in _UNSEEN}
    refuse_foreign_files(resources.here(), InferConfiguration, asked)
    st.markdown("**What will happen**")
    found = seen_by_look({"inference": asked}, lambda look: look.folder, "infer", _meanwhile)
    if found is None:
        return goes_on("infer")  # whoever does not want to wait need not
    folder = found[0]
    seen = Foreseen.read(read_json(folder / FORESEEN))
    landmarks, scales = (pd.read_parquet(folder / f"{name}.parquet") for name in ("landmarks", "scales"))
    with st.container(border=True, key="infer-ahead"):
        for line in _lines(seen):
            st.markdown(line)
        with st.expander("The scales", icon=":material/straighten:"):
            scale_table(scales)
        landmark_list(landmarks, "ahead")
    return True


def _meanwhile(now: Look) -> None:
    """Name the genes that are found already, while the rest is measured."""
    path = now.folder / "landmarks.parquet"
    if not path.is_file():
        return
    table = pd.read_parquet(path)
    own = table[table["state"] != "unknown"]
    found = int((own["state"] != "missing").sum())
    st.markdown(f"**{found:,} of {counted(len(own), 'landmark gene')}** found. Scale and accuracy follow.")


def _lines(seen: Foreseen) -> list[str]:
    """Say what would come of it, a sentence or two each."""
    inferred = seen.genes - seen.landmarks_matched
    trusted = (
        f", of which {seen.genes_trusted:,} can be trusted (held-out r of 0.5 and more)"
        if seen.genes_trusted is not None
        else ""
    )
    lines = [
        f":material/auto_fix_high: **{counted(inferred, 'gene')}** will be inferred for "
        f"**{counted(seen.samples, 'sample')}** of {escaped(seen.title)} from **{seen.landmarks_matched:,} of "
        f"{seen.landmarks:,}** landmark genes ({escaped(seen.set)}){trusted}. What is learned comes from "
        f"{escaped(seen.learned_from)}.",
        _missing(seen),
    ]
    if seen.scale is not None:
        lines.append(
            f":material/straighten: Values are taken **{SCALES[seen.scale]}**.{_nearness(seen.percentile)}"
        )
    if seen.genes_known:
        lines.append(
            f":material/fact_check: {counted(seen.genes_known, 'gene')} will be inferred although the file measures "
            "it too, so that the result shows how near the inferred values come."
            if seen.genes_known == 1
            else f":material/fact_check: {seen.genes_known:,} genes will be inferred although the file measures them "
            "too, so that the result shows how near the inferred values come."
        )
    return lines


def _missing(seen: Foreseen) -> str:
    missing = seen.landmarks - seen.landmarks_matched
    if not missing:
        text = ":material/check: No landmark gene is missing."
    else:
        text = f":material/warning: **{counted(missing, 'landmark gene')}** missing: the predictor is fitted "
        text += "again without."
        if seen.pcc_all_landmarks is not None and seen.pcc_present_landmarks is not None:
            text += (
                f" In held-out samples the mean r of the other genes is **{seen.pcc_present_landmarks:.3f}** without "
                f"them and {seen.pcc_all_landmarks:.3f} with them."
            )
    if seen.genes_unknown:
        text += f" {counted(seen.genes_unknown, 'name')} in the file unknown to the predictor: left out."
    return text


def _nearness(percentile: float | None) -> str:
    if percentile is None:
        return ""
    return (
        f" The median sample then lies farther from the training samples than {percentile:.0f}% of training samples "
        "that were held out."
    )


def scale_table(scales: pd.DataFrame) -> None:
    """List the scales with the distance that each leaves, and why one cannot be chosen."""
    named = scales.assign(scale=[_SCALES.get(name, name) for name in scales["scale"]])
    show_table(named, column_config(TABLES["scales"].columns, widths={"scale": "medium", "why_not": "large"}))
    st.caption(
        "The scale that is proposed leaves values as they are where the samples then lie among the training samples; "
        "another one only where that brings them much nearer."
    )


_STATES = {
    "missing": "missing",
    "mean of several": "mean of several columns",
    "unknown": "unknown to the predictor",
    "matched": "matched",
}
"""What became of landmark genes, what needs a look first."""


_IN_SIGHT = 120
"""So many names are in sight at once; of more some are scrolled to."""


def landmark_list(table: pd.DataFrame, key: str) -> None:
    """List what is missing, the mean of several, unknown and matched, by name."""
    counts = {name: int((table["state"] == name).sum()) for name in _STATES}
    options = {name: f"{_STATES[name]} ({count:,})" for name, count in counts.items() if count}
    chosen = choosing.segmented_control(
        "Landmark genes, and other names in the file",
        options,
        default=next(iter(options), None),
        key=f"infer-{key}-state",
    )
    if chosen is None:
        return
    rows = table[table["state"] == chosen]
    if chosen in ("missing", "unknown"):
        names = rows["gene"].astype(str)
        with st.container(height=180 if len(names) > _IN_SIGHT else "content", border=True):
            st.markdown(escaped(", ".join(names)))
        return
    columns = column_config(TABLES["landmarks"].pick("gene", "found_as"))
    show_table(rows, columns, height=min(260, 38 + 35 * len(rows)), alt=f"Names that are {_STATES[chosen]}")


FORM = RunForm(
    kind="profiles",
    rows=((("**New samples**", "dataset"), ("**Predictor**", "fit")),),
    more=(("scale", "level"), ("orientation", "missing"), ("log2", "seed")),
    when={"orientation": _of_a_file, "missing": _of_a_file},
    fold="Scale, level and more",
    labels={
        "log2": "Take log2(x + 1) of the new values",
        "level": "Level of the intervals",
        "orientation": "Genes of the file",
        "missing": "Missing values of the file",
    },
    widgets={"dataset": _samples_widget, "fit": _predictor_widget},
    beside=_ahead,
    button="Infer profiles",
    again="Infer profiles",
    icon="auto_fix_high",
    work="Profiles are being inferred",
    role="",
)
