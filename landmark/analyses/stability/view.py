"""The section that asks whether a choice of genes would be the same again: form, answer, figures."""

import pandas as pd
import streamlit as st

from landmark.analyses.selection.view_gene import models_of
from landmark.analyses.stability.figures import stability_bars
from landmark.analyses.stability.results import TABLES, PairResults, StabilityResults
from landmark.analyses.train.results import TrainResults
from landmark.genesets.geneset import GeneSet
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.figure import show
from landmark.ui.gene_sets import downloads, save
from landmark.ui.jobs import follow, job_card
from landmark.ui.page import guarded
from landmark.ui.result_page import PARAMETER, choose, chosen, how_computed
from landmark.ui.run_form import Chosen, RunForm
from landmark.ui.state import parameter, set_parameter
from landmark.ui.tables import column_config, show_table
from landmark.ui.wording import duration
from landmark.wording import counted, percent

FORMULA = (
    "The choice is made again with its own settings: by networks of other seeds on the same training samples, "
    "and on random halves of the training samples, by networks trained on that half alone. Of every two choices the "
    "genes that both took are counted; of the others, pairs of genes with |r| at or above the threshold over all "
    "training samples, each gene in one pair at most (maximum matching). Chance: the mean of the hypergeometric "
    "distribution, and random sets of the same size. Genes that were given are left out of all counts."
)
ALIKE = {"seeds": "with other seeds", "halves": "on halves of the training samples"}

COLUMNS = column_config(
    TABLES["genes"].pick(
        *("gene", "times", "times_seeds", "times_halves", "mean_place", "chosen", "partner", "correlation")
    )
)


def _answer(run: Run) -> str:
    """Say how much of the choice comes again, how much is exchanged, and what chance gives."""
    kinds = StabilityResults.read(run.manifest.metrics).kinds
    parts = [_part(kind, kinds[kind]) for kind in ALIKE if kind in kinds]
    random = kinds["random"]
    return (
        f"{' '.join(parts)} Two random sets share {percent(random.shared)}, and {percent(random.exchangeable)} "
        f"of their genes are exchangeable. {_core(run)}"
    )


def _part(kind: str, shares: PairResults) -> str:
    if shares.shared == 1:
        return f"{ALIKE[kind].capitalize()} the genes are **the same**."
    return (
        f"{ALIKE[kind].capitalize()}, two choices share **{percent(shares.shared)}** of their genes, and another "
        f"{percent(shares.exchangeable)} are exchangeable."
    )


def _core(run: Run) -> str:
    found = StabilityResults.read(run.manifest.metrics)
    core = found.core
    return f"**{counted(core, 'gene')}** {'is' if core == 1 else 'are'} in all {len(found.choices)} choices."


def _bars(run: Run) -> None:
    """Draw what every two choices have in common."""
    pairs = resources.table(run.id, "pairs")
    show(
        stability_bars(pairs),
        f"stability-{run.id}",
        table=pairs,
        name="stability",
        alt="Share of genes that two choices have in common, exchangeable and different",
    )
    made = run.manifest.configuration
    text = (
        f"Exchangeable: neither choice has both, but they correlate by {made['threshold']:g} or more (or "
        f"-{made['threshold']:g} or less) over the training samples, so that a linear predictor reads the same from "
        "either."
    )
    if made["halves"]:
        text += " The choices on halves know half of the samples each, and no sample in common."
    st.caption(text)
    if said := _alike(run):
        st.markdown(said)


def _alike(run: Run) -> str:
    """Say whether choices of different genes predict the others equally well."""
    if "accuracy" not in run.tables():
        return ""
    table = resources.table(run.id, "accuracy")
    if len(table) < 2:
        return ""
    own = table["choice"] == StabilityResults.read(run.manifest.metrics).choices[0]
    others = table[~own]
    return (
        f"As panels they can be judged by what they say of the {int(table['targets'].iloc[0]):,} genes that none of "
        f"them took: on the test samples the mean correlation is {table.loc[own, 'pcc'].item():.3f} from this choice "
        f"and {others['pcc'].min():.3f} to {others['pcc'].max():.3f} from the others (ridge regression, learned on all "
        "training samples)."
    )


@st.fragment
def core(run: Run) -> None:
    """Let the reader ask how often a gene must have been chosen; show those genes and offer them as a set."""
    with guarded():
        genes, choices = resources.table(run.id, "genes"), StabilityResults.read(run.manifest.metrics).choices
        least = st.slider(
            "Chosen at least so many times",
            1,
            len(choices),
            len(choices),
            key=f"core-{run.id}",
            width=360,
            help=f"Of {len(choices)} choices: this one, {', '.join(choices[1:])}.",
        )
        kept = genes[genes["times"] >= least]
        given = int(kept["given"].sum())
        often = "every time" if least == len(choices) else f"at least {least} of {len(choices)} times"
        st.markdown(
            f"**{counted(len(kept), 'gene')}** chosen {often}{f', {given:,} of them given' if given else ''}."
        )
        if kept.empty:
            return
        _table(kept, run)
        made = GeneSet(
            f"core{len(kept)}",
            tuple(kept["gene"].astype(str)),
            f"chosen {often} in {run.id}",
        )
        downloads([made], f"core-{run.id}-{least}")
        save(made, f"core-{run.id}")


def _table(kept: pd.DataFrame, run: Run) -> None:
    without = set() if run.manifest.configuration["halves"] else {"times_halves"}
    if not kept["partner"].any():
        without |= {"partner", "correlation"}
    show_table(
        kept,
        {name: column for name, column in COLUMNS.items() if name not in without},
        height=min(320, 38 + 35 * len(kept)),
        key=f"core-genes-{run.id}",
    )


def _describe(run: Run) -> str:
    """Say what distinguishes this repetition from another of the same choice."""
    made = run.manifest.configuration
    return f"{counted(made['seeds'], 'seed')}, halved {made['halves']} times, threshold {made['threshold']:g}"


def _cost(selection: Run, wanted: Chosen) -> bool:
    """Say how much is done again, and how long that took before; return whether anything is."""
    if wanted["seeds"] == 1 and not wanted["halves"]:
        st.caption("Choose at least 2 seeds or 1 division into halves.")
        return False
    models = [run for run in map(resources.run, models_of(selection)) if run is not None]
    others, halves = int(wanted["seeds"]) - 1, 2 * int(wanted["halves"])
    seconds = (others + halves) * selection.manifest.seconds
    for model in models:
        epochs = TrainResults.read(model.manifest.metrics).epochs
        share = 0.5 * (int(wanted["epochs"]) or epochs) / epochs
        seconds += model.manifest.seconds * (others + halves * share)
    networks = len(models) * (others + halves)
    trained = f"trains {counted(networks, 'network')} and " if networks else ""
    again = " Networks that are trained already are not trained again." if networks else ""
    st.caption(
        f"This {trained}chooses genes {others + halves} times; by the time that it took before, {duration(seconds)}."
        f"{again}"
    )
    return True


FORM = RunForm(
    kind="stability",
    role="select",
    rows=((("seeds", "epochs"), ("halves", "seed"), "threshold"),),
    labels={
        "seeds": "Seeds",
        "halves": "Divisions into halves",
        "threshold": "Exchangeable from a correlation of",
        "epochs": "Epochs on halves (0: as many as before)",
        "seed": "Seed of the halves",
    },
    beside=_cost,
    button="Repeat the choice",
    icon="casino",
    work="Such a repetition is at work on this choice",
)


REPEATED = "repeated"
"""Name of the repetition shown in the address."""


def follow_address() -> None:
    """Where the address names a repetition, as the list of all runs does, have it and its choice shown."""
    asked = resources.run(parameter(PARAMETER))
    if asked is not None and asked.kind == "stability":
        set_parameter(REPEATED, asked.id)
        set_parameter(PARAMETER, asked.manifest.parents["select"])


def section(selection: Run) -> None:
    """Show the newest repetition of a choice, or offer to make one."""
    st.subheader("Would the choice be the same?")
    runs = resources.runs("stability", select=selection.id)
    job = follow("stability", select=selection.id)
    busy = job is not None and job.active
    run = chosen(runs, REPEATED)
    if run is not None:
        st.markdown(_answer(run))
    elif not busy:
        st.markdown(
            "Not known yet. Another seed of the network, or other samples, might have chosen other genes: repeat the "
            "choice and see which genes come again, and which are replaced by one that says the same."
        )
    if job is not None:
        job_card(job.id)
    if run is not None:
        _bars(run)
        st.markdown("**Genes that are chosen every time**")
        core(run)
        choose(runs, run, "Repetition shown", _describe, REPEATED)
    with st.expander("Repeat it again" if run else "Repeat it", expanded=not run, icon=":material/casino:"):
        FORM.draw(selection, busy, first=run is None)
    if run is not None:
        how_computed(run, FORMULA)
