"""Where a matrix can come from, and what should be done to it on the way in."""

from typing import Any

import streamlit as st

from landmark.errors import BadData
from landmark.expression.examples import EXAMPLES
from landmark.settings import settings
from landmark.ui.form import fields
from landmark.ui.jobs import start
from landmark.ui.panels.words import escaped
from landmark.ui.uploads import server_files, spool
from landmark.workflows.configuration import ImportConfiguration

EXAMPLE, UPLOAD, FOLDER = "Example", "Upload", "Server folder"
OPTIONS = ("title", "held_out", "seed", "log2", "collapse")
LABELS = {
    "held_out": "Share held out",
    "log2": "Take log2(x + 1)",
    "collapse": "Probes of one gene",
}


def import_form(busy: bool) -> None:
    """Draw the form and start the import it asks for."""
    places = [EXAMPLE, UPLOAD, *([FOLDER] if settings().folder else [])]
    place = st.segmented_control(
        "Where is the matrix?", places, default=EXAMPLE, required=True, key="import-place"
    )
    source = {EXAMPLE: _example, UPLOAD: _upload, FOLDER: _folder}[place or EXAMPLE]()
    with st.expander("Options", icon=":material/tune:", expanded=place != EXAMPLE):
        options = _options()
    ready = source is not None and not busy
    if (
        st.button("Import", type="primary", icon=":material/upload:", disabled=not ready)
        and source is not None
    ):
        start("import", options | _path(source))


def _example() -> dict[str, Any]:
    name = st.radio(
        "Example",
        list(EXAMPLES),
        format_func=lambda name: EXAMPLES[name].title,
        captions=[escaped(f"{example.description} {example.source}") for example in EXAMPLES.values()],
        label_visibility="collapsed",
    )
    if EXAMPLES[name].needs_network:
        st.caption(":material/wifi: It is fetched once from the network and kept.")
    return {"example": name}


def _upload() -> dict[str, Any] | None:
    file = st.file_uploader(
        "A table (CSV, TSV, TXT, GCT, GEO series matrix), h5ad or HDF5, also packed (gz, xz, bz2, zip)",
        max_upload_size=settings().max_upload_mb,
        key="import-file",
    )
    return {"upload": file} if file is not None else None


def _folder() -> dict[str, Any] | None:
    root = settings().folder
    if root is None or not root.is_dir():
        raise BadData(
            f"The server folder {root} is not there. Ask whoever runs the server to mend LANDMARK_FOLDER."
        )
    files = server_files(root)
    if not files:
        st.info("The server folder holds no files yet.")
        return None
    chosen = st.selectbox("File in the server folder", files, index=None, placeholder="Choose a file")
    return {"path": str(root.resolve() / chosen)} if chosen else None


def _options() -> dict[str, Any]:
    columns = st.columns(3, vertical_alignment="top")
    options: dict[str, Any] = {}
    for place, name in enumerate(OPTIONS):
        with columns[place % 3]:
            options |= fields(ImportConfiguration, [name], "import", LABELS)
    return options


def _path(source: dict[str, Any]) -> dict[str, Any]:
    """Put an upload on disk, now that it is to be imported."""
    if "upload" in source:
        return {"path": str(spool(source["upload"], source["upload"].name))}
    return source
