"""Which of several finished runs a page shows: the newest, unless the address names another."""

from collections.abc import Callable, Sequence

import streamlit as st

from landmark.store.runs import Run
from landmark.ui import choosing, resources
from landmark.ui.state import parameter, set_parameter
from landmark.ui.wording import moment
from landmark.wording import escaped

PARAMETER = "run"


def chosen(runs: Sequence[Run], name: str = PARAMETER) -> Run | None:
    """Return the run that the address names, else the newest, else None.

    Parameters
    ----------
    runs
        The runs a page could show, newest first.
    name
        Of the run in the address.
    """
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
    """Offer the other runs where there are any; a choice goes into the address.

    Parameters
    ----------
    what
        What is chosen: "Ranking".
    describe
        Says in a few words what distinguishes a run from the others.
    name
        Of the choice in the address.
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
