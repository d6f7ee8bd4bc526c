"""How chosen genes did where they were judged, and the ways to more of that."""

import pandas as pd
import streamlit as st

from landmark.analyses.choices import PREDICTORS
from landmark.analyses.compare.results import STANDARD, CompareResults
from landmark.analyses.platform.results import PlatformResults
from landmark.analyses.selection.results import GroupsApart, SelectResults
from landmark.analyses.selection.wording import groups_kept_apart, points, within_training
from landmark.results import Number, Text, Whole
from landmark.store.runs import Run
from landmark.ui import resources
from landmark.ui.gene_set_choice import ASKED
from landmark.ui.page import PLACES
from landmark.ui.result_page import PARAMETER
from landmark.ui.tables import column_config, pick_row, show_table
from landmark.wording import counted

PROOFS = {"compare": "compare", "cross-platform": "platform"}
"""Kinds of runs that judge gene sets, and the pages that show them."""

HOME = "Test samples of this dataset"

WAYS = (
    ("Compare with L1000", ":material/balance:", "compare", "On the test samples of this dataset."),
    (
        "Judge on another platform",
        ":material/swap_horiz:",
        "platform",
        "Learn on this dataset and predict another one, such as RNA-seq, from these genes, from L1000 and from random "
        "sets of the same size.",
    ),
    (
        "Is this way better on other samples?",
        ":material/trophy:",
        "tournament",
        "All ways of choosing on several divisions of the samples, also with whole tissues left out.",
    ),
    (
        "Leave a tissue out",
        ":material/call_split:",
        "prepare",
        "There, draw whole groups for the split and name the tissues to test on. Train and choose on the new dataset, "
        "and compare: the genes are judged on a tissue that they never saw.",
    ),
)
"""Label, icon, page and explanation of each way to a proof."""

_JUDGED = (
    Text("where", "The samples that were predicted.", "", "Judged on"),
    Text("predictor", "Method of prediction."),
    Whole("size", "Of this choice; on another platform, those that it measures too.", "", "Genes"),
    *(
        Number(f"{measure}{end}", meaning, unit, f"{measure.upper()}{of}")
        for measure, meaning, unit in (
            ("pcc", "Mean correlation over targets.", ""),
            ("mae", "Mean absolute error over targets.", STANDARD),
        )
        for end, of in (("", ""), ("_l1000", " L1000"), ("_random", " random"))
    ),
)


def elsewhere(run: Run) -> None:
    """Show how the chosen genes did where they were judged, and the ways to more of that."""
    st.subheader("Does it hold elsewhere?")
    found = SelectResults.read(run.manifest.metrics)
    if check := found.check:
        st.markdown(within_training(check))
        if check.apart:
            _groups_apart(check.apart, found.label or "")
    proofs = [made for made in resources.runs() if made.kind in PROOFS and _name_in(made, run)]
    if proofs:
        table = pd.DataFrame([_row(made, run) for made in proofs])
        st.markdown(_judged(table))
        _table(table, proofs, run)
    else:
        st.markdown(
            "These very genes have not been judged yet. What they say of samples that had no part in the choice is the "
            "proof of a panel: on the test samples, on another platform, or in a tissue that was left out."
        )
    with st.container(horizontal=True):
        for label, icon, place, text in WAYS:
            if st.button(label, icon=icon, key=f"selection-{place}-{run.id}", help=text):
                st.switch_page(PLACES[place], query_params={} if place == "prepare" else {ASKED: run.id})


_ACCURACY = (
    Text(
        "genes",
        "Genes by which the nearest training sample is found; other sets have the size of the choice.",
    ),
    Number(
        "accuracy",
        "Held-out samples whose nearest training sample is of their group, mean over groups.",
        "percent",
        "Nearest alike, %",
        "%.1f",
    ),
    Text(
        "difference",
        "The choice less these, in percentage points, with a 95% interval over held-out samples.",
        "",
        "Choice less these",
    ),
)


def _groups_apart(found: GroupsApart, label: str) -> None:
    """Show how well groups are kept apart by the choice and by other genes."""
    st.markdown(groups_kept_apart(found, label))
    others = {
        "without regard to groups": found.without,
        "L1000": found.l1000,
        "random sets": found.random,
        "all genes": found.all_genes,
    }
    rows = [{"genes": "this choice", "accuracy": 100 * found.chosen, "difference": ""}] + [
        {"genes": name, "accuracy": 100 * other.accuracy, "difference": points(found.chosen, other)}
        for name, other in others.items()
        if other
    ]
    show_table(pd.DataFrame(rows), column_config(_ACCURACY))


def _name_in(made: Run, run: Run) -> str:
    """Return the name that the chosen genes have in a comparison; empty where they have no part in it."""
    named = zip(made.manifest.configuration["sets"], _found(made).sets, strict=False)
    return next((name for text, name in named if text.strip().partition(":")[0] == run.id), "")


def _judged(table: pd.DataFrame) -> str:
    """Say how often the choice predicted with a smaller error than L1000 and than random sets."""
    parts = []
    for column, words in (("mae_l1000", "L1000"), ("mae_random", "random sets")):
        known = table.dropna(subset=[column])
        if len(known):
            ahead = int((known["mae"] < known[column]).sum())
            parts.append(f"than {words} in **{ahead} of {len(known)}**")
    judged = f"Judged {counted(len(table), 'time')} on samples that had no part in the choice"
    return f"{judged}: a smaller mean error {', '.join(parts)}." if parts else f"{judged}."


def _row(made: Run, run: Run) -> dict[str, object]:
    found = _found(made)
    own, l1000 = found.sets[_name_in(made, run)], found.sets.get("L1000")
    return {
        "where": found.other_title if isinstance(found, PlatformResults) else HOME,
        "predictor": PREDICTORS[found.predictor],
        "size": own.size,
        "pcc": own.pcc,
        "pcc_l1000": l1000.pcc if l1000 else None,
        "pcc_random": found.random_pcc,
        "mae": own.mae,
        "mae_l1000": l1000.mae if l1000 else None,
        "mae_random": found.random_mae,
    }


def _found(made: Run) -> CompareResults | PlatformResults:
    results = CompareResults if made.kind == "compare" else PlatformResults
    return results.read(made.manifest.metrics)


def _table(table: pd.DataFrame, proofs: list[Run], run: Run) -> None:
    picked = pick_row(table, column_config(_JUDGED), f"elsewhere-{run.id}")
    st.caption(
        "PCC: mean correlation of predicted and measured values over the other genes, larger is better. MAE: mean "
        "absolute error, smaller is better. Other sets have the same size. Tick a row to see all of it."
    )
    if picked is not None:
        made = proofs[picked]
        if st.button(f"See {made.id}", icon=":material/arrow_forward:", key="elsewhere-see"):
            parameters = {PARAMETER: made.id, "dataset": made.manifest.parents["dataset"]}
            st.switch_page(PLACES[PROOFS[made.kind]], query_params=parameters)
