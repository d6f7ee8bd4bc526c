"""Importing a matrix: choose it, look at it, answer what it leaves open, start."""

from pathlib import Path
from typing import Any

import streamlit as st

from landmark.analyses.import_data import view_answers as ask
from landmark.analyses.import_data.config import ImportConfiguration
from landmark.analyses.import_data.view_annotations import ask_annotations
from landmark.analyses.import_data.view_preview import (
    axis_is_unclear,
    seen,
    sentence,
    show_corner,
    show_values,
)
from landmark.analyses.import_data.view_source import ask_gene_table, choose_source, table_of
from landmark.data.sources.preview import Preview
from landmark.ui.jobs import start
from landmark.ui.state import parameter, set_parameter
from landmark.wording import escaped
from landmark.workflows.small_data import size_notes

OPEN = "another"
"""In the address: the form is shown although there is a dataset."""

LOOK_AT = "import look at"

QUESTIONS_WIDE = 430
"""Pixels."""


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
        found = seen(source | axes | table_of(named))
        if found is None:
            return None
        matrix, look_key = found
        identifier: str = matrix.identifier
        answers: dict[str, Any] = {}
        if of_file:
            ask.explain_axis(matrix)
            answers = {"orientation": f"genes in {matrix.genes_in}"} | named
            if not named:
                identifier = answers["identifier"] = ask.ask_identifier(matrix, look_key)
            if "names_from" in axes:
                answers["names_from"] = axes["names_from"]
            if matrix.platforms:
                answers["platform"] = next(iter(matrix.platforms))
        answers |= ask.ask_values(matrix, identifier, look_key, of_file)
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
    axis = ask.ask_unclear_axis(key)
    second = seen(source | {"genes_in": axis}) if axis else None
    return (second[0] if second else None), True


def _ask_axes(key: str) -> dict[str, str]:
    """Ask what changes how the file is read; give the answers that differ from what the first look proposed."""
    first, told_axis = st.session_state[f"{key} proposed"]
    platforms = dict(first.platforms)
    answers = {}
    if platforms:
        answers["platform"] = ask.ask_platform(list(platforms), platforms, key)
        if answers["platform"] == next(iter(platforms)):
            del answers["platform"]
    axis = ask.ask_axis(first.genes_in, key)
    if axis != first.genes_in or told_axis:
        answers["genes_in"] = axis
    if first.name_columns and axis == first.genes_in:
        named_by = ask.ask_names_from(first.name_columns, first.propose_names_from, key)
        answers |= {"names_from": named_by} if named_by else {}
    return answers


def _ask_samples(matrix: Preview, key: str, look_key: str) -> dict[str, Any] | None:
    """Ask about annotations, name and split; None while a table of annotations cannot be used."""
    st.subheader("Annotations of the samples", anchor=False)
    annotated = ask_annotations(matrix, key, look_key)
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
    return joined | {"title": title.strip()} | ask.ask_split(columns, look_key)


def _import(values: dict[str, Any]) -> None:
    if st.button("Import", type="primary", icon=":material/upload:"):
        ImportConfiguration.parse(values)  # what is refused leaves the form open
        close_form()
        with st.spinner("Starting the import"):
            start("import", values)
