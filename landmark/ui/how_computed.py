"""How a result was computed and how to compute it again."""

import streamlit as st

from landmark.analyses.command_line import command_line, python_lines
from landmark.analyses.registry import ANALYSES
from landmark.epigenome.histones.results import HistonesResults
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.clock import duration, moment
from landmark.ui.page import guarded
from landmark.wording import escaped


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
        if run.kind in ANALYSES:
            again = ANALYSES[run.kind], run.manifest.configuration
            st.markdown("The same again on the command line, in the folder of the program:")
            st.code(command_line(*again), language="bash", wrap_lines=True)
            st.markdown("The same again in Python:")
            st.code(python_lines(*again), language="python", wrap_lines=True)


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
