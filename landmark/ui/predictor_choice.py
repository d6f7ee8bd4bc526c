"""Choosing how target genes are predicted and by what measure that is judged, the same wherever it is asked."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from landmark.analyses.choices import (
    NETWORKS,
    CovariateChoice,
    NetworkSettings,
    networks_among,
    predictor_name,
)
from landmark.analyses.choices import PREDICTORS as NAMES
from landmark.analyses.fit.results import FitResults
from landmark.inference.covariate import MOST_GROUPS
from landmark.models.settings import AutoencoderConfiguration, EnsembleConfiguration
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.form import fields
from landmark.ui.gene_set_choice import told_apart
from landmark.wording import capital

PREDICTORS = {
    "ridge": "Linear regression (ridge)",
    "knn": "Nearest neighbours",
    "kernel": "Kernel ridge regression",
    "sample_lasso": "SampleLASSO (Mancuso et al. 2020)",
    "ensemble": "Ensemble of several",
    "dgex": "D-GEX, the paper's",
    "graph": "Graph network (after Kim et al. 2025)",
}
"""Predictors by the names that configurations use, as forms offer them."""

TIMES = {
    "ridge": "seconds",
    "knn": "seconds",
    "kernel": "seconds to minutes",
    "sample_lasso": "seconds to minutes",
    "ensemble": "a minute to hours, by its members",
    "dgex": "minutes to hours",
    "graph": "minutes to hours",
}
"""How long a predictor takes for one set; a mapping in another order offers them in that order."""

WHAT = (
    "Learns on training samples to predict all other genes from the genes of a set. The paper uses D-GEX, which can"
    " see that genes act together. In linear regression and nearest neighbours each gene has one weight. Kernel ridge "
    "regression goes by how alike samples are. SampleLASSO mixes each sample from a few training samples. The "
    "ensemble weighs several predictors. The graph network passes values along edges between genes that are alike."
)

MEASURES = {"mae": "Error (MAE)", "pcc": "Correlation (PCC)"}
"""Measures of how well a gene is predicted, as pages offer them."""


def choose_measure(key: str, first: str = "pcc", asked: str = "") -> str:
    """Let one of the measures be chosen: ``first`` is offered first, ``asked`` is chosen at first where it is one."""
    return str(
        choosing.segmented_control(
            "Measure",
            sorted(MEASURES, key=lambda name: name != first),
            default=asked if asked in MEASURES else first,
            required=True,
            format_func=MEASURES.__getitem__,
            key=key,
            help="MAE: mean absolute error in standard deviations of the gene, smaller is better. PCC: Pearson "
            "correlation of prediction and measurement, larger is better.",
        )
    )


def choose_predictor(key: str, times: Mapping[str, str] = TIMES) -> str:
    """Let one of the predictors be chosen; ``times`` says of each how long it takes."""
    return str(
        choosing.selectbox(
            "Predictor",
            list(times),
            format_func=lambda name: f"{PREDICTORS[name]}: {times[name]}",
            key=f"{key}-predictor",
            persist_state="session",
            help=WHAT,
        )
    )


def choose_predictors(key: str) -> list[str]:
    """Let several predictors be chosen that are set against each other; at first those that take seconds."""
    return choosing.multiselect(
        "Predictors",
        list(PREDICTORS),
        default=["ridge", "knn"],
        format_func=lambda name: f"{PREDICTORS[name]}: {TIMES[name]}",
        key=f"{key}-chosen",
        persist_state="session",
        help=WHAT,
    )


def describe_fit(run: Run) -> str:
    """Say what distinguishes a fitted predictor from another."""
    found = FitResults.read(run.manifest.metrics)
    method = predictor_name(found.predictor, found.covariate)
    return f"{method} on {found.set} ({found.size:,} genes): {told_apart(run)}"


def network_settings(predictors: Iterable[str], key: str) -> dict[str, Any]:
    """Show the settings of those predictors that have any, and return them under their names."""
    chosen, members, found = list(predictors), list[str](), {}
    if "ensemble" in chosen:
        members = choosing.multiselect(
            "Members of the ensemble",
            [name for name in PREDICTORS if name != "ensemble"],
            default=list(EnsembleConfiguration().members),
            format_func=PREDICTORS.__getitem__,
            key=f"{key}-members",
            persist_state="session",
            help=EnsembleConfiguration.model_fields["members"].description,
        )
        found = {"ensemble": {"members": members}}
    labels = {name: capital(NAMES[name]) for name in NETWORKS}
    return found | fields(NetworkSettings, networks_among(chosen, members), key, labels)


def choose_covariate(data: Dataset, key: str) -> str:
    """Let an annotation be chosen that predictors are given beside the genes; empty for none."""
    help = CovariateChoice.model_fields["covariate"].description
    return choose_annotation(data, "Annotation as a further input", f"{key}-covariate", help)


def choose_annotation(data: Dataset, label: str, key: str, help: str | None) -> str:
    """Let an annotation be chosen that divides the samples into groups; empty for none, or where there is none."""
    known = [name for name, kinds in data.manifest.labels.items() if 1 < kinds <= MOST_GROUPS]
    if not known:
        return ""
    return str(
        choosing.selectbox(
            label,
            ["", *known],
            format_func=lambda name: name or "none",
            key=f"{key}-{data.id}",
            help=help,
        )
    )


def paper_or_own(model: Run | None, key: str) -> dict[str, Any]:
    """Return the paper's network, or that of the model worked on where it differs and is preferred; without a seed.

    The widget is shown only where there is something to choose.
    """
    paper = AutoencoderConfiguration().model_dump(mode="json")
    own = paper | dict(model.manifest.configuration["network"]) | {"seed": 0} if model else paper
    if own == paper:
        return paper
    options = {"own": "As the model worked on", "paper": "The paper's"}
    chosen = choosing.selectbox("Network", options, key=key)
    return own if chosen == "own" else paper


_MOST_GROUPS = 50


def reference_group(model: Run, prefix: str = "rank") -> dict[str, str]:
    """Choose annotation column and value; empty where the samples have no annotation that divides them."""
    data = resources.dataset_of(model)
    labels = [name for name, values in data.manifest.labels.items() if 2 <= values <= _MOST_GROUPS]
    if not labels:
        st.info(
            f"The group mean needs an annotation with 2 to {_MOST_GROUPS} values, and this dataset has none. Import "
            "it with sample labels, or choose another reference."
        )
        return {}
    label = choosing.selectbox(
        "Annotation of the group",
        labels,
        key=f"{prefix}-reference-label-{data.id}",
        persist_state="session",
        help="The column that says which samples belong together.",
    )
    counts = resources.group_sizes(data, label, "train")
    group = choosing.selectbox(
        "Group",
        list(counts),
        format_func=lambda name: f"{name} ({counts[name]:,})",
        key=f"{prefix}-reference-group-{data.id}-{label}",
        help="Contributions are measured from the mean of these training samples: choose normal tissue to ask what "
        "sets the others apart from it.",
    )
    return {"reference_label": label, "reference_group": group}
