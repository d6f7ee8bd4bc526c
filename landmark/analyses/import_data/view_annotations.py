"""Annotations of the samples before the import: those of the file, and a table joined to them by sample name."""

from typing import Any

import streamlit as st

from landmark.analyses.import_data.view_answers import PROPOSED
from landmark.analyses.import_data.view_preview import seen_table, show_labels
from landmark.analyses.import_data.view_source import on_server, uploaded
from landmark.data.sources.preview import Preview
from landmark.jobs.preview_worker import Described
from landmark.settings import settings
from landmark.ui import choosing
from landmark.wording import counted, escaped

SHOWN = 50
"""Names listed of those that match nothing."""


def ask_annotations(seen: Preview, source: str, key: str) -> tuple[dict[str, Any], list[str]] | None:
    """Ask for a second table and for the columns to keep.

    Parameters
    ----------
    seen
        What was found in the matrix.
    source
        Tells matrices apart.
    key
        Of the look at this one.

    Returns
    -------
    tuple or None
        The answers and the annotations kept; None while a table is being looked at or cannot be used.
    """
    answers: dict[str, Any] = {}
    name = f"annotations {source}"
    table = uploaded("A table that describes the samples, if you have one (CSV, TSV, Excel)", name)
    if table is None and settings().folder is not None:
        table = on_server("or a table in the server folder", name)
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
        chosen = choosing.selectbox(
            "Column of the table with the sample names",
            offered,
            index=offered.index(proposed),
            format_func=lambda name: name + (PROPOSED if name == proposed else ""),
            key=f"{key}-{table}-by",
            persist_state="session",
        )
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
