"""Importing a matrix: choose it, look at it, answer what it leaves open, start.

Each question has a proposed answer that the user confirms or changes.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import streamlit as st

from landmark.analyses.import_data.config import ImportConfiguration, Names
from landmark.analyses.import_data.view_source import (
    ask_gene_table,
    axis_is_unclear,
    choose_source,
    evidence,
    seen,
    seen_table,
    sentence,
    show_corner,
    show_labels,
    show_values,
    table_file,
)
from landmark.analyses.naming import IDENTIFIERS
from landmark.data.sources.preview import Label, Preview
from landmark.data.split import people_column
from landmark.jobs.preview_worker import Described
from landmark.ui import choosing
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.state import parameter, set_parameter
from landmark.wording import capital, counted, escaped, percent
from landmark.workflows.notes import size_notes

OPEN = "another"  # in the address: the form is shown although there is a dataset
LOOK_AT = "import look at"
QUESTIONS_WIDE = 430  # pixels


def wanted() -> bool:
    """Tell whether the user asked for another matrix."""
    return bool(parameter(OPEN))


def open_form() -> None:
    """Show the form from the next run on."""
    set_parameter(OPEN, "yes")


def close_form() -> None:
    """Show the dataset again from the next run on."""
    set_parameter(OPEN, "")


def import_form() -> None:
    """Draw the form and start the import it asks for."""
    with st.container(border=True):
        source = choose_source()
    if not source:
        return
    of_file = "example" not in source
    if not of_file and st.session_state.get(LOOK_AT) != source:
        _example(source)
        return
    answers = _look_and_ask(source, f"import-{next(iter(source.values()))}", of_file)
    if answers is not None:
        _import(source | answers)


def _example(source: dict[str, Any]) -> None:
    """Offer an example as it is: what there is to decide about it was decided when it was made."""
    with st.container(horizontal=True):
        if st.button("Look at it first", icon=":material/visibility:"):
            st.session_state[LOOK_AT] = source
            st.rerun()
        _import(source)


def _look_and_ask(source: dict[str, Any], key: str, of_file: bool) -> dict[str, Any] | None:
    """Show what was found and ask about it; None as long as there is nothing to ask."""
    if f"{key} proposed" not in st.session_state:
        first, told_axis = _first_look(source, key, of_file)
        if first is None:
            return None
        st.session_state[f"{key} proposed"] = (first, told_axis)
    st.subheader("What was found, and what should be done", anchor=False)
    told = st.empty()
    with st.container(horizontal=True, gap="large"):  # below each other where the page is narrow
        questions, picture = st.container(width=QUESTIONS_WIDE), st.container(width="stretch")
    with questions:
        named = ask_gene_table(key) if of_file else {}
        axes = _ask_axes(key) if of_file else {}
        found = seen(source | axes | ({"gene_table": named["gene_table"]} if named else {}))
        if found is None:
            return None
        matrix, look_key = found
        identifier: str = matrix.identifier
        answers: dict[str, Any] = {}
        if of_file:
            st.caption(evidence(matrix))
            answers = {"orientation": f"genes in {matrix.genes_in}"} | named
            if not named:
                identifier = answers["identifier"] = _ask_identifier(matrix, look_key)
            if "names_from" in axes:
                answers["names_from"] = axes["names_from"]
            if matrix.platforms:
                answers["platform"] = next(iter(matrix.platforms))
        answers |= _ask_values(matrix, identifier, look_key, of_file)
    with picture:
        show_values(matrix, answers["log2"])
        show_corner(matrix)
    told.markdown(sentence(matrix, identifier, answers["log2"]))
    for note in matrix.notes:
        st.info(escaped(note), icon=":material/info:")
    described = _ask_samples(matrix, key, look_key)
    if described is None:
        return None
    held_out = max(round(described["held_out"] * matrix.samples), 1)
    for note in size_notes(matrix.samples, held_out, matrix.genes, matrix.landmarks):
        st.info(note, icon=":material/groups:")
    return answers | described


def _first_look(source: dict[str, Any], key: str, of_file: bool) -> tuple[Preview | None, bool]:
    """Look with nothing said, or, where that cannot be told, with the axis of the genes said; tell whether it was."""
    first = seen(source)
    if first is not None:
        return first[0], False
    if not of_file or not axis_is_unclear(source):
        return None, False
    axis = _ask_unclear_axis(key)
    second = seen(source | {"genes_in": axis}) if axis else None
    return (second[0] if second else None), True


def _ask_axes(key: str) -> dict[str, str]:
    """Ask what changes how the file is read; give the answers that differ from what the first look proposed."""
    first, told_axis = st.session_state[f"{key} proposed"]
    platforms = dict(first.platforms)
    answers = {}
    if platforms:
        answers["platform"] = _ask_platform(platforms, key)
        if answers["platform"] == next(iter(platforms)):
            del answers["platform"]
    axis = _ask_axis(first.genes_in, key)
    if axis != first.genes_in or told_axis:
        answers["genes_in"] = axis
    if first.name_columns and axis == first.genes_in:
        named_by = _ask_names_from(first.name_columns, first.propose_names_from, key)
        answers |= {"names_from": named_by} if named_by else {}
    return answers


def _ask_samples(matrix: Preview, key: str, look_key: str) -> dict[str, Any] | None:
    """Ask about annotations, name and split; None while a table of annotations cannot be used."""
    st.subheader("Annotations of the samples", anchor=False)
    annotated = _ask_annotations(matrix, key, look_key)
    if annotated is None:
        return None
    joined, columns = annotated
    st.subheader("Name, and samples kept for testing", anchor=False)
    title = st.text_input(
        "Title",
        placeholder=matrix.title or Path(key).name,
        max_chars=200,
        help=ImportConfiguration.model_fields["title"].description,
        key=f"{key}-title",
        persist_state="session",
    )
    return joined | {"title": title.strip()} | _ask_split(columns, matrix.samples, look_key)


def _import(values: dict[str, Any]) -> None:
    if st.button("Import", type="primary", icon=":material/upload:"):
        ImportConfiguration.parse(values)  # what is refused leaves the form open
        close_form()
        with st.spinner("Starting the import"):
            start("import", values)


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
HELD_OUT = {
    "share": "Random ones, as near to the share as they come",
    "number": "A number of random ones",
    "names": "Those that I name",
}


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


def _ask_axis(proposed: str, key: str) -> str:
    """Ask on which axis of the file the genes are; ``proposed`` is what the first look found."""
    return _ask("Where are the genes?", IN, proposed, f"{key}-axis", choosing.radio, horizontal=True)


def _ask_unclear_axis(key: str) -> str | None:
    """Ask on which axis the genes of what may be no matrix are; None until that is answered."""
    answer = choosing.radio(
        "Is it a matrix of expression values after all? Then say where its genes are.",
        IN,
        index=None,
        horizontal=True,
        key=f"{key}-unclear-axis",
        persist_state="session",
    )
    return None if answer is None else str(answer)


def _ask_names_from(columns: Mapping[str, str], proposed: str, key: str) -> str:
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


def _ask_platform(counts: Mapping[str, int], key: str) -> str:
    """Ask which platform to take; ``counts`` are of samples, the proposed platform first."""
    return _ask(
        "The samples are of several platforms. Which one?",
        {name: name + (f", {counted(count, 'sample')}" if count else "") for name, count in counts.items()},
        next(iter(counts)),
        f"{key}-platform",
        help="Platforms measure different probes, so one dataset holds samples of one of them.",
    )


def _ask_identifier(seen: Preview, key: str) -> str:
    """Ask what the genes are named by."""

    def words(kind: str) -> str:
        share = f", {percent(seen.kinds[kind][0])} recognised" if kind in seen.kinds else ""  # type: ignore[index]
        return f"{capital(IDENTIFIERS[kind])}{share}"

    kinds = {kind: words(kind) for kind in get_args(Names) if kind != "found"}
    return _ask("What are the genes named by?", kinds, seen.identifier, f"{key}-identifier")


def _ask_values(seen: Preview, identifier: str, key: str, of_file: bool) -> dict[str, Any]:
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


def _ask_split(labels: Sequence[Label], samples: int, key: str) -> dict[str, Any]:
    """Ask how samples are held out for testing; samples of people who are there several times stay together."""
    columns = [label.name for label in labels]
    people = people_column({label.name: label.values for label in labels}, samples)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        held_out, by, seed = (st.container(width=width) for width in SPLIT_WIDE)
    with held_out:
        answers = fields(ImportConfiguration, ["held_out"], "import", {"held_out": "Share held out"})
    with by:
        chosen = choosing.selectbox(
            "Draw at random",
            [AT_RANDOM, *columns],
            index=columns.index(people) + 1 if people else 0,
            format_func=lambda name: (
                name
                if name == AT_RANDOM
                else f"all samples of one {name} together" + (PROPOSED if name == people else "")
            ),
            help="Samples of one patient, or of one study, resemble each other. Kept on one side of the split, they "
            "cannot flatter the test.",
            key=f"{key}-split-{people}",
            persist_state="session",
        )
        answers["split_by"] = "" if chosen == AT_RANDOM else chosen
    with seed:
        answers |= fields(ImportConfiguration, ["seed"], "import")
    if people:
        count = next(label.values for label in labels if label.name == people)
        st.caption(
            f"{escaped(people)} seems to name {count:,} people with several samples each. Samples of one resemble each "
            "other, so they are best kept on one side of the split."
        )
    if answers["split_by"]:
        answers |= _ask_groups(next(label for label in labels if label.name == chosen), key)
    return answers


def _ask_groups(label: Label, key: str) -> dict[str, Any]:
    """Ask which groups are held out: random ones up to the share, a number of them, or those that are named."""
    how = choosing.radio(
        f"Which {escaped(label.name)} is held out?",
        HELD_OUT,
        horizontal=True,
        key=f"{key}-{label.name}-how",
        persist_state="session",
    )
    if how == "number":
        most = max(label.values - 1, 1)
        number = st.number_input(
            "Number held out", 1, most, key=f"{key}-{label.name}-number", persist_state="session"
        )
        return {"test_group_count": int(number)}
    if how == "names":
        named = st.text_input(
            "Values held out, with commas between them",
            placeholder=", ".join(label.examples[:2]),
            help=ImportConfiguration.model_fields["test_groups"].description,
            key=f"{key}-{label.name}-names",
            persist_state="session",
        )
        return {"test_groups": tuple(part.strip() for part in named.split(",") if part.strip())}
    return {}


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


def _ask_annotations(seen: Preview, source: str, key: str) -> tuple[dict[str, Any], list[Label]] | None:
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
    every = [label for found in labels.values() for label in found]
    names = [label.name for label in every]
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
    return answers, [label for label in every if label.name in set(kept)]


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
