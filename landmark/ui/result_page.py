"""A page that shows the result of one kind of run, with how it was computed at its foot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from landmark.analyses.command_line import command_line, python_lines
from landmark.analyses.registry import ANALYSES
from landmark.epigenome.histones.results import HistonesResults
from landmark.store.activity import Activity
from landmark.store.runs import Run
from landmark.ui import choosing, resources, state
from landmark.ui.jobs import follow, job_card
from landmark.ui.page import PLACES, guarded, header
from landmark.ui.state import parameter, set_parameter
from landmark.ui.wording import duration, moment
from landmark.wording import escaped

PARAMETER = "run"


def chosen(runs: Sequence[Run], name: str = PARAMETER) -> Run | None:
    """Return that of some runs, newest first, which the address names under ``name``, else the newest, else None."""
    wanted = parameter(name, "")
    if wanted and resources.run(wanted) is None:
        st.warning(
            f"The address asks for the run {escaped(wanted)}, which is not here: it was deleted, or is kept on another "
            "machine." + (" The newest is shown instead." if runs else ""),
            icon=":material/link_off:",
        )
    return next((run for run in runs if run.id == wanted), runs[0] if runs else None)


def choose(
    runs: Sequence[Run], current: Run, what: str, describe: Callable[[Run], str], name: str = PARAMETER
) -> None:
    """Offer the other runs where there are any; a choice goes into the address under ``name``.

    ``what`` is chosen, such as "Ranking"; ``describe`` says in a few words what distinguishes a run from the others.
    """
    if len(runs) < 2:
        return
    known = {run.id: run for run in runs}
    key = f"choice-{runs[0].kind}-{current.id}"
    choosing.selectbox(
        what,
        list(known),
        index=list(known).index(current.id),
        format_func=lambda run_id: (
            f"{describe(known[run_id])} · {moment(known[run_id].manifest.started):%d %b, %H:%M} · {run_id}"
        ),
        key=key,
        on_change=lambda: set_parameter(name, st.session_state[key]),
        help=f"{len(runs)} of them have been computed. The newest is shown unless you choose another.",
    )


@st.fragment
def how_computed(run: Run, formula: str = "") -> None:
    """Show data, settings, surroundings and the lines that repeat a run, folded away at the foot of a page.

    ``formula`` says how the figures are computed, with the source, as Markdown.
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


def missing(what: str, why: str, page: str, button: str) -> None:
    """Say what is missing and why it is needed; a button leads to the page that makes it, by name or file."""
    with st.container(border=True, key=f"missing-{page.replace('/', '-')}"):
        st.subheader(what, anchor=False)
        st.markdown(why)
        if st.button(button, type="primary", icon=":material/arrow_forward:", key=f"go-{page}"):
            st.switch_page(PLACES.get(page, page))


@dataclass(frozen=True)
class Need:
    """What a page works on, and what it says where there is none.

    Attributes
    ----------
    find
        Returns what the page works on, or None.
    what, why, page, button
        As ``landmark.ui.result_page.missing`` takes them.
    parent
        Role of it among the parents of a run, such as ``train``; empty where runs of all of them are shown.
    role
        Its name in the configuration of a run, such as ``model``.
    """

    find: Callable[[], Any]
    what: str
    why: str
    page: str
    button: str
    parent: str = ""
    role: str = ""

    def subject(self, question: str) -> Any:
        """Return what the page works on; where there is none, say so and draw no more of the page."""
        found = self.find()
        if found is None:
            header(question, None)
            missing(self.what, self.why, self.page, self.button)
            st.stop()
        return found


def dataset_needed(why: str, find: Callable[[], Any] = state.dataset) -> Need:
    """Need the dataset worked on; ``why`` says what the page does with it, in a sentence."""
    return Need(find, "There is no dataset yet.", why, "import", "Bring a dataset in", "dataset", "dataset")


def network_needed(why: str) -> Need:
    """Need the trained network worked on; ``why`` says what the page does with it, in a sentence."""
    what = "There is no trained network yet."
    return Need(state.model, what, why, "train", "Train the network", "train", "model")


@dataclass(frozen=True)
class ResultPage:
    """One page: the newest run of a kind, or that of the address, and the form that asks for another.

    Attributes
    ----------
    question
        Title of the page.
    kind
        Of the runs it shows.
    needs
        What it works on.
    answer
        The answer of a run, in a sentence or two.
    sections
        Draw the parts of a result, one after the other.
    form
        Draws the form; called with what the page works on, the run shown or None, and whether a job is at work.
    invitation
        Said where there is no run yet and none at work.
    working
        Said while the first run is at work.
    formula
        How the figures are computed, with the source.
    shown, describe
        Label of the choice among several runs, and what tells one from another; no choice where ``shown`` is empty.
    headings
        Above the form: before there is a run, and beside one; none where empty.
    parameter
        Name of the run in the address.
    runs, pick, job
        The runs, that which is shown, and the unfinished one, where these are not the usual ones; ``runs`` and ``job``
        are called with what the page works on.
    live
        Draws more inside the card of a job.
    begin, above, below
        Draw before anything else, above the sections, and between sections and form; the latter two also where there
        is no run.
    """

    question: str
    kind: str
    needs: Need
    answer: Callable[[Run], str]
    sections: Sequence[Callable[[Run], None]]
    form: Callable[[Any, Run | None, bool], None] | None = None
    invitation: str | Callable[[Any], str] = ""
    working: str | Callable[[Any], str] = ""
    formula: str | Callable[[Run], str] = ""
    shown: str = ""
    describe: Callable[[Run], str] = str
    headings: tuple[str, str] = ("Settings", "Settings")
    parameter: str = PARAMETER
    runs: Callable[[Any], list[Run]] | None = None
    pick: Callable[[Sequence[Run]], Run | None] = chosen
    job: Callable[[Any], Activity | None] | None = None
    live: Callable[[Activity], None] | None = None
    begin: Callable[[], None] | None = None
    above: Callable[[Any, Run | None], None] | None = None
    below: Callable[[Any], None] | None = None

    def render(self) -> None:
        """Draw the page."""
        with guarded():
            self._render()

    def _render(self) -> None:
        if self.begin is not None:
            self.begin()
        subject = self.needs.subject(self.question)
        runs = self._runs(subject)
        run, job = self.pick(runs), self._job(subject)
        busy = job is not None and job.active
        header(self.question, self.answer(run) if run else self._unanswered(subject, busy))
        if job is not None:
            job_card(job.id, live=self.live)
        if self.above is not None:
            self.above(subject, run)
        for section in self.sections if run else ():
            section(run)  # type: ignore[arg-type]
        if self.below is not None:
            self.below(subject)
        if self.form is not None:
            if heading := self.headings[run is not None]:
                st.subheader(heading, anchor=False)
            if run is not None and self.shown:
                choose(runs, run, self.shown, self.describe, self.parameter)
            self.form(subject, run, busy)
        if run is not None:
            how_computed(run, self.formula if isinstance(self.formula, str) else self.formula(run))

    def _runs(self, subject: Any) -> list[Run]:
        if self.runs is not None:
            return self.runs(subject)
        return resources.runs(self.kind, **({self.needs.parent: subject.id} if self.needs.parent else {}))

    def _job(self, subject: Any) -> Activity | None:
        if self.job is not None:
            return self.job(subject)
        return follow(self.kind, **({self.needs.role: subject.id} if self.needs.role else {}))

    def _unanswered(self, subject: Any, busy: bool) -> str:
        text = self.working if busy else self.invitation
        return text if isinstance(text, str) else text(subject)
