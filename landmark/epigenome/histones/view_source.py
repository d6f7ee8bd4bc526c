"""Where histone profiles come from: the simulated example, uploaded files or a folder of them, the server's folder."""

from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from landmark.analyses.import_data.view_source import server_root
from landmark.epigenome.histones.config import HistonesConfiguration
from landmark.epigenome.layout import Layout, look
from landmark.settings import settings
from landmark.ui import choosing, uploads
from landmark.ui.jobs import start
from landmark.ui.page import guarded
from landmark.ui.uploads import release, server_files, spool_together
from landmark.wording import counted, escaped

SIMULATED, FILES, FOLDER, SERVER = "Simulated profiles", "Files", "Folder", "Server folder"
LAYOUT = (
    "CSV files without a head, one line per gene and bin: gene, bin (1 to 100), the reads of H3K27me3, H3K36me3, "
    "H3K4me1, H3K4me3 and H3K9me3, and the label, 1 where expression is above the median of the cell type. Bins have "
    "100 base pairs; 50 lie on either side of the transcription start. One file, which is then split; or three whose "
    "names hold train, valid and test; or a folder with those of several cell types, as the data of DeepChrome are "
    "published."
)
_UPLOADED = "histones uploaded"
_COUNT = "histones uploads"
_NAMED = 8
"""Cell types that are named before the import."""


def form(disabled: bool, first: bool) -> None:
    """Ask for profiles, say which cell types they hold, and start the import."""
    with st.container(border=True):
        places = [SIMULATED, FILES, FOLDER, *([SERVER] if settings().folder else [])]
        place = choosing.segmented_control(
            "Where are the profiles?",
            places,
            default=SIMULATED,
            required=True,
            key="histones-place",
            persist_state="session",
        )
        with guarded():
            ask = {SIMULATED: _simulated, FILES: _files, FOLDER: _folder, SERVER: _server}[place or SIMULATED]
            source = ask()
            if place != SIMULATED:
                st.caption(LAYOUT)
            if source and st.button(
                "Bring them in",
                type="primary" if first else "secondary",
                icon=":material/upload:",
                disabled=disabled,
                help="Such an import is at work; cancel it first." if disabled else None,
            ):
                HistonesConfiguration.parse(source)
                start("histones", source)


def _simulated() -> dict[str, Any]:
    """Offer the example."""
    fields = HistonesConfiguration.model_fields
    st.markdown(
        f"Reads of {fields['cell_types'].default} cell types with {fields['genes'].default:,} genes each, drawn by "
        "known rules: marks of promoters raise expression, repressive marks lower it. What a network learns from them "
        "can be held against the rules. Nothing is fetched; it takes seconds."
    )
    return {"example": "simulated"}


def _files() -> dict[str, Any]:
    return _uploaded("CSV files of one cell type, or of several", several=True)


def _folder() -> dict[str, Any]:
    return _uploaded("A folder of CSV files", several=False)


def _uploaded(label: str, several: bool) -> dict[str, Any]:
    """Take files from the browser to the disk at once, so that they are not kept in memory as well."""
    kept = f"{_UPLOADED} {several}"
    folder = st.session_state.get(kept)
    if folder is not None and uploads.keep(folder):
        if st.button("Other files", icon=":material/swap_horiz:", key=f"histones-other-{several}"):
            del st.session_state[kept]
            st.rerun()
        return _found(folder)
    number = st.session_state.setdefault(_COUNT, 0)
    files = st.file_uploader(
        label,
        type="csv",
        accept_multiple_files=True if several else "directory",
        max_upload_size=settings().max_upload_mb,
        key=f"histones-files-{several}-{number}",
    )
    if files:
        top, names = _rooted([file.name for file in files])
        st.session_state[kept] = spool_together(list(zip(names, files, strict=True)), top)
        release(*files)
        st.session_state[_COUNT] = number + 1  # a new widget: the old one shows files that it no longer has
        st.rerun()
    return {}


def _rooted(names: list[str]) -> tuple[str, list[str]]:
    """Return the folder that all files share, and their names below it."""
    parts = [PurePosixPath(name).parts for name in names]
    tops = {part[0] for part in parts if len(part) > 1}
    if len(tops) != 1 or any(len(part) < 2 for part in parts):
        return "uploaded", names
    return Path(tops.pop()).name or "uploaded", ["/".join(part[1:]) for part in parts]


def _server() -> dict[str, Any]:
    """Offer the CSV files of the server's folder, and the folders that hold them."""
    root = server_root()
    files = [Path(name) for name in server_files(root) if name.lower().endswith(".csv")]
    folders = {folder for file in files for folder in file.parents}
    known = {str(path): path for path in [*sorted(folders), *files]}
    if not known:
        st.info("The server folder holds no CSV files yet.")
        return {}
    chosen = choosing.selectbox(
        "Folder or file",
        list(known),
        index=None,
        format_func=lambda name: "all of the server folder" if name == "." else name,
        placeholder="Choose one",
        key="histones-server",
        persist_state="session",
    )
    return _found(root / chosen) if chosen else {}


def _found(path: Path) -> dict[str, Any]:
    """Say which cell types there are, and ask for a title."""
    found: Layout = look(path)
    names = [files.cell_type for files in found.cell_types]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    split = (
        "split into training, validation and test genes by their files"
        if all("" not in files.paths for files in found.cell_types)
        else "without a split: it is drawn by the seed"
    )
    st.markdown(
        f":material/draft: {counted(len(names), 'cell type')}, {split}: "
        f"**{escaped(', '.join(names[:_NAMED]))}**{more}."
    )
    if found.ignored:
        st.info(
            f"Left out, as they are neither train, valid nor test: {escaped(', '.join(found.ignored[:_NAMED]))}."
        )
    proposed = names[0] if len(names) == 1 else f"{path.name}, {counted(len(names), 'cell type')}"
    title = st.text_input(
        "Title",
        placeholder=proposed,
        max_chars=200,
        help=HistonesConfiguration.model_fields["title"].description,
        key=f"histones-title-{path}",
    )
    return {"path": str(path), "title": title.strip() or proposed}
