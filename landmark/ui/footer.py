"""How a result was computed and how to compute it again."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

import streamlit as st

from landmark.analyses.histones.results import HistonesResults
from landmark.configuration import Configuration
from landmark.errors import LandmarkError
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.ui.clock import duration, moment
from landmark.ui.page import guarded
from landmark.wording import escaped
from landmark.workflows.configuration import CONFIGURATIONS

OPTIONS = {
    "import": {"title": "--title", "held_out": "--held-out", "seed": "--seed", "example": "--example"},
    "prepare": {
        "dataset": "--dataset",
        "title": "--title",
        "missing": "--missing",
        "collapse": "--collapse",
        "quantile": "--quantile",
        "split": "--split",
        "split_group": "--group",
        "test_groups": "--test-group",
        "held_out": "--held-out",
        "seed": "--seed",
    },
    "quality": {"dataset": "--dataset"},
    "merge": {"title": "--title", "collapse": "--collapse"},
    "train": {"dataset": "--dataset"},
    "rank": {"model": "--model"},
    "select": {
        "dataset": "--dataset",
        "strategy": "--strategy",
        "models": "--model",
        "size": "--size",
        "start": "--start",
        "contain": "--contain",
        "never": "--never",
    },
    "stability": {
        "select": "--select",
        "seeds": "--seeds",
        "halves": "--halves",
        "epochs": "--epochs",
        "threshold": "--threshold",
    },
    "fit": {
        "dataset": "--dataset",
        "set": "--set",
        "predictor": "--predictor",
        "covariate": "--covariate",
        "seed": "--seed",
    },
    "explain": {"fit": "--fit", "targets": "--gene", "label": "--label", "reference": "--reference"},
    "compare": {"dataset": "--dataset", "sets": "--set", "predictor": "--predictor", "seed": "--seed"},
    "infer": {
        "dataset": "--dataset",
        "set": "--set",
        "predictors": "--predictor",
        "covariate": "--covariate",
        "size": "--size",
        "seed": "--seed",
    },
    "size": {"dataset": "--dataset", "sets": "--set", "predictor": "--predictor", "seed": "--seed"},
    "cross-platform": {
        "dataset": "--dataset",
        "other": "--other",
        "sets": "--set",
        "predictor": "--predictor",
        "seed": "--seed",
    },
    "cluster": {
        "model": "--model",
        "dataset": "--dataset",
        "label": "--label",
        "groups": "--group",
        "seed": "--seed",
    },
    "enrich": {"dataset": "--dataset", "set": "--set", "gmt": "--gmt", "background": "--background"},
    "path": {"dataset": "--dataset", "example": "--example"},
    "seeds": {
        "dataset": "--dataset",
        "seeds": "--seeds",
        "first_seed": "--first-seed",
        "predictor": "--predictor",
    },
    "tournament": {
        "dataset": "--dataset",
        "strategies": "--strategy",
        "sizes": "--size",
        "predictors": "--predictor",
        "folds": "--folds",
        "seeds": "--seeds",
        "groups": "--groups",
        "balance": "--balance",
    },
    "histones": {"example": "--example", "title": "--title", "seed": "--seed"},
    "deepchrome": {"histones": "--histones", "cell_types": "--cell-type", "seed": "--seed"},
    "marks": {
        "deepchrome": "--deepchrome",
        "cell_type": "--cell-type",
        "genes": "--gene",
        "reference": "--reference",
    },
}
"""Options of the command line per verb; other choices are said with ``--with name=value``."""


ALWAYS_SAID = {
    "compare": {"sets"},
    "fit": {"set", "predictor"},
    "infer": {"set", "predictors"},
    "path": {"example"},
    "seeds": {"seeds"},
}
"""Choices that should be seen even where they are the default."""


@st.fragment
def how_computed(run: Run, formula: str = "") -> None:
    """Show data, settings, surroundings and the lines that repeat a run, folded away at the foot of a page.

    Parameters
    ----------
    run
        The run whose result the page shows.
    formula
        The formula behind the figures with its source, as Markdown.
    """
    with (
        guarded(),
        st.expander(
            "How this was computed", icon=":material/science:", key=f"how-{run.id}", on_change="rerun"
        ) as how,
    ):
        if not how.open:
            return
        if formula:
            st.markdown(formula)
        st.table(_facts(run))
        st.markdown("The same again on the command line, in the folder of the program:")
        command = command_line(run.kind, run.manifest.configuration)
        st.code(command, language="bash", wrap_lines=True)
        st.markdown("The same again in Python:")
        st.code(python_lines(run.kind, run.manifest.configuration), language="python", wrap_lines=True)


def _facts(run: Run) -> dict[str, str]:
    manifest = run.manifest
    data = next((d for d in resources.datasets() if d.id == manifest.parents.get("dataset")), None)
    facts = {
        "Run": f"`{run.id}`",
        "Computed": f"{moment(manifest.started):%d %b %Y, %H:%M}, in {duration(manifest.seconds)}",
    }
    if data is not None:
        facts["Data"] = f"{escaped(data.manifest.title)}, `{data.id}`: {escaped(data.manifest.source)}"
    profiles = run if run.kind == "histones" else resources.run(manifest.parents.get("histones", ""))
    if profiles is not None:
        about = HistonesResults.read(profiles.manifest.metrics)
        facts["Data"] = f"{escaped(about.title)}, `{profiles.id}`: {escaped(about.source)}"
    for role, parent in manifest.parents.items():
        if role not in ("dataset", "histones"):
            kind = role.partition(" ")[0].capitalize()  # one line for "train 0", "train 1" and so on
            facts[kind] = f"{facts[kind]}, `{parent}`" if kind in facts else f"`{parent}`"
    if manifest.split:
        parts = ", ".join(f"{count:,} {part}" for part, count in manifest.split.items())
        facts["Split"] = f"{parts} {'samples' if profiles is None else 'genes'}"
    if manifest.seed is not None:
        facts["Seed"] = str(manifest.seed)
    if manifest.device:
        facts["Device"] = manifest.device
    facts["Versions"] = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    return facts


def command_line(kind: str, configuration: Mapping[str, Any]) -> str:
    """Return the command that repeats a run, without what equals the default."""
    words = ["python", "-m", "landmark", kind]
    options = OPTIONS.get(kind, {})
    for name, value in _changed(kind, configuration).items():
        if (kind, name) in (("import", "path"), ("histones", "path"), ("merge", "datasets")):
            words += [str(item) for item in (value if isinstance(value, list | tuple) else [value])]
        elif name == "network" and kind == "train":
            for part, chosen in value.items():
                words += ["--seed", str(chosen)] if part == "seed" else ["--with", f"{part}={_text(chosen)}"]
        elif isinstance(value, dict):
            for part, chosen in value.items():
                words += ["--with", f"{name}.{part}={_text(chosen)}"]
        elif name in options and isinstance(value, list):
            words += [word for item in value for word in (options[name], str(item))]
        elif name in options:
            words += [options[name], str(value)]
        else:
            words += ["--with", f"{name}={_text(value)}"]
    return shlex.join(words)


def python_lines(kind: str, configuration: Mapping[str, Any]) -> str:
    """Return the Python lines that repeat a run."""
    choices = repr(_changed(kind, configuration))
    return (
        "from landmark.runs.home import home\n"
        "from landmark.workflows.execute import execute_now\n\n"
        f"run = execute_now(home(), {kind!r}, {choices})\n"
        "print(run.manifest.metrics)\n"
    )


def _changed(kind: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that are needed or differ from the defaults, nested ones likewise."""
    try:
        parsed: Configuration = CONFIGURATIONS[kind].parse(configuration)
    except (KeyError, LandmarkError):  # a run of another version: say everything
        return dict(configuration)
    changed = parsed.model_dump(mode="json", exclude_defaults=True)
    fields = CONFIGURATIONS[kind].model_fields
    needed = {name for name, field in fields.items() if field.is_required()} | ALWAYS_SAID.get(kind, set())
    return {
        name: configuration[name] for name in fields if name in needed and name in configuration
    } | changed


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
