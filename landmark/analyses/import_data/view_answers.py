"""Questions about a matrix, each with a proposed answer that the user confirms or changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import streamlit as st

from landmark.analyses.import_data.config import ImportConfiguration, Names
from landmark.analyses.import_data.view_source import seen_table, show_labels, table_file
from landmark.analyses.naming import IDENTIFIERS
from landmark.data.sources.preview import Preview
from landmark.jobs.preview_worker import Described
from landmark.ui import choosing
from landmark.ui.form import fields
from landmark.wording import capital, counted, escaped, percent

PROPOSED = " (proposed)"
IN = {"rows": "In rows", "columns": "In columns"}
MISSING = {
    "refuse": "Do not import the file",
    "drop genes": "Drop the genes that have any",
    "gene median": "Fill in the median of the gene",
}
COLLAPSE = {
    "none": "Keep each as it is, as the paper trains on probes",
    "mean": "Their mean, as D-GEX takes",
    "most variable": "The one that varies most",
}
SPLIT_WIDE = (260, 380, 260)
"""Pixels of the three questions about the split, which stand below each other where the page is narrow."""
AT_RANDOM = "every sample by itself"


def _ask(
    question: str,
    words: Mapping[str, str],
    proposed: str,
    key: str,
    widget: Callable[..., Any] = choosing.selectbox,
    **more: Any,
) -> str:
    """Ask for one of some answers, in words; the proposed one is marked, and chosen at first."""
    options = list(words)
    return str(
        widget(
            question,
            options,
            index=options.index(proposed),
            format_func=lambda name: words[name] + (PROPOSED if name == proposed else ""),
            key=key,
            persist_state="session",
            **more,
        )
    )


def ask_axis(proposed: str, key: str) -> str:
    """Ask on which axis of the file the genes are; ``proposed`` is what the first look found."""
    return _ask("Where are the genes?", IN, proposed, f"{key}-axis", choosing.radio, horizontal=True)


def ask_unclear_axis(key: str) -> str | None:
    """Ask on which axis the genes of what may be no matrix are; None until that is answered."""
    answer = choosing.radio(
        "Is it a matrix of expression values after all? Then say where its genes are.",
        list(IN),
        index=None,
        format_func=IN.__getitem__,
        horizontal=True,
        key=f"{key}-unclear-axis",
        persist_state="session",
    )
    return None if answer is None else str(answer)


def ask_names_from(columns: Mapping[str, str], proposed: str, key: str) -> str:
    """Ask which names the genes should have: those of the file, or those in one of its columns."""
    words = {name: f"{name}, {IDENTIFIERS[kind]}" for name, kind in columns.items()}
    return _ask(
        "Which names should the genes have?",
        {"": "Those that the file gives them", **words},
        proposed,
        f"{key}-names-from",
        help="The file has columns that name the genes. Comparing with L1000 and looking up functions need names that "
        "are known here.",
    )


def ask_platform(counts: Mapping[str, int], key: str) -> str:
    """Ask which platform to take; ``counts`` are of samples, the proposed platform first."""
    return _ask(
        "The samples are of several platforms. Which one?",
        {name: name + (f", {counted(count, 'sample')}" if count else "") for name, count in counts.items()},
        next(iter(counts)),
        f"{key}-platform",
        help="Platforms measure different probes, so one dataset holds samples of one of them.",
    )


def ask_identifier(seen: Preview, key: str) -> str:
    """Ask what the genes are named by."""

    def words(kind: str) -> str:
        share = f", {percent(seen.kinds[kind][0])} recognised" if kind in seen.kinds else ""  # type: ignore[index]
        return f"{capital(IDENTIFIERS[kind])}{share}"

    kinds = {kind: words(kind) for kind in get_args(Names) if kind != "found"}
    return _ask("What are the genes named by?", kinds, seen.identifier, f"{key}-identifier")


def ask_values(seen: Preview, identifier: str, key: str, of_file: bool) -> dict[str, Any]:
    """Ask what should be done to the values on the way in."""
    answers: dict[str, Any] = {}
    if of_file:
        partly = seen.looked_at < seen.samples
        answers["missing"] = _missing(seen, key) if seen.missing or partly else "refuse"
    answers["log2"] = st.toggle(
        "Take log2(value + 1)" + (PROPOSED if seen.propose_log2 else ""),
        value=seen.propose_log2,
        disabled=seen.low <= -1,  # there is none of value + 1
        key=f"{key}-log2",
        persist_state="session",
    )
    verdict = "They look logged already." if seen.logged.looks else "They do not look logged yet."
    if not seen.logged.looks and seen.low <= -1:
        verdict += " With values of -1 and less there is no log2(value + 1): take it on the Prepare page with a larger "
        verdict += "number added, or use signals without negative values."
    st.caption(f"{escaped(seen.logged.reason)} {verdict}")
    known = identifier not in ("symbol", "unknown")
    answers["collapse"] = _collapse(seen, key) if known or seen.repeated else "none"
    return answers


def ask_split(columns: Sequence[str], key: str) -> dict[str, Any]:
    """Ask how samples are held out for testing."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held_out, by, seed = (st.container(width=width) for width in SPLIT_WIDE)
    with held_out:
        answers = fields(ImportConfiguration, ["held_out"], "import", {"held_out": "Share held out"})
    with by:
        chosen = choosing.selectbox(
            "Draw at random",
            [AT_RANDOM, *columns],
            format_func=lambda name: name if name == AT_RANDOM else f"all samples of one {name} together",
            help="Samples of one patient, or of one study, resemble each other. Kept on one side of the split, they "
            "cannot flatter the test.",
            key=f"{key}-split",
            persist_state="session",
        )
        answers["split_by"] = "" if chosen == AT_RANDOM else chosen
    with seed:
        answers |= fields(ImportConfiguration, ["seed"], "import")
    return answers


def _missing(seen: Preview, key: str) -> str:
    question = "Should values be missing, what to do?"
    if seen.missing:
        question = (
            f"{counted(seen.missing, 'value')} in {seen.genes_with_missing:,} of {seen.genes:,} genes "
            f"{'is' if seen.missing == 1 else 'are'} missing. What to do?"
        )
    return _ask(question, MISSING, seen.propose_missing, f"{key}-missing", choosing.radio)


def _collapse(seen: Preview, key: str) -> str:
    question = "Several probes or identifiers of one gene: what counts?"
    if seen.repeated:
        occur = "gene name occurs" if seen.repeated == 1 else "gene names occur"
        question = f"{seen.repeated:,} {occur} more than once: what counts?"
    return _ask(
        question,
        {choice: words for choice, words in COLLAPSE.items() if choice != "none" or not seen.repeated},
        seen.propose_collapse or "none",
        f"{key}-collapse",
        help="One value per gene symbol makes results readable; names without a symbol are then left out.",
    )


SHOWN = 50  # names listed of those that match nothing


def ask_annotations(seen: Preview, source: str, key: str) -> tuple[dict[str, Any], list[str]] | None:
    """Ask for a table that describes the samples, and for the columns to keep; ``source`` tells matrices apart.

    Returns the answers and the annotations kept; None while a table is being looked at or cannot be used.
    """
    answers: dict[str, Any] = {}
    label = "A table that describes the samples, if you have one (CSV, TSV, Excel)"
    table = table_file(label, f"annotations {source}", "or a table in the server folder")
    labels = {"the file": seen.labels}
    if table is not None:
        described = _match(str(table), key)
        if described is None:
            return None
        _show_match(described, seen.samples)
        answers = {"annotations": str(table), "annotations_by": described.joined.by}
        added = {label.name for label in described.labels}
        labels["the file"] = tuple(label for label in seen.labels if label.name not in added)
        labels["the table"] = described.labels
    names = [label.name for found in labels.values() for label in found]
    if not names:
        st.caption(
            "The file has no annotations. Without them clusters can be drawn, but not compared with groups."
        )
        return answers, []
    show_labels(labels, seen.samples)
    kept = choosing.multiselect(
        "Annotations to keep",
        names,
        default=names,
        key=f"{key}-columns-{len(names)}",
        persist_state="session",
    )
    if set(kept) != set(names):
        answers["columns"] = tuple(name for name in names if name in set(kept))
    return answers, [name for name in names if name in set(kept)]


def _match(table: str, key: str) -> Described | None:
    """Look for the samples in a table, by the column proposed or chosen; None until known, or where none is found."""
    known = f"{key} {table} proposed"
    by = ""
    if known in st.session_state:
        proposed, offered = st.session_state[known]
        columns = {name: name for name in offered}
        chosen = _ask("Column of the table with the sample names", columns, proposed, f"{key}-{table}-by")
        by = "" if chosen == proposed else chosen
    described = seen_table(table, by, key)
    if described is not None and known not in st.session_state:
        st.session_state[known] = (described.joined.by, described.offered)
        st.rerun()  # now that the columns are known, they can be chosen from
    return described


def _show_match(described: Described, samples: int) -> None:
    """Say how many samples were found in the table, and list what matches nothing on either side."""
    joined = described.joined
    found = f"{joined.matched:,} of {counted(samples, 'sample')} found in the column **{escaped(joined.by)}**"
    if not joined.samples_without and not joined.rows_without:
        st.success(f"{found}; every line of the table is a sample.", icon=":material/check:")
        return
    st.warning(f"{found}.", icon=":material/rule:")
    for noun, title, names in (
        ("sample", "not in the table; annotations stay empty", joined.samples_without),
        ("line of the table", "about no sample; left out", joined.rows_without),
    ):
        if names:
            first, _, rest = noun.partition(" ")
            with st.expander(f"{counted(len(names), first)} {rest} {title}"):
                more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
                st.text(", ".join(names[:SHOWN]) + more)
