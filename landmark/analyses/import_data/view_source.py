"""Where a matrix comes from: an example, an upload, a series of GEO, a folder on the server."""

from pathlib import Path
from typing import Any

import streamlit as st

from landmark.data.io.registry import readable
from landmark.data.sources.examples import EXAMPLES
from landmark.data.sources.geo import checked
from landmark.errors import BadData, LandmarkError
from landmark.settings import settings
from landmark.ui import choosing
from landmark.ui.uploads import keep, release, server_files, spool
from landmark.wording import escaped

EXAMPLE, UPLOAD, GEO, FOLDER = "Example", "Upload", "GEO accession", "Server folder"


def choose_source() -> dict[str, Any]:
    """Draw the choice; return the setting that names what was chosen, or nothing yet."""
    places = [EXAMPLE, UPLOAD, GEO, *([FOLDER] if settings().folder else [])]
    place = choosing.segmented_control(
        "Where is the matrix?",
        places,
        default=EXAMPLE,
        required=True,
        key="import-place",
        persist_state="session",
    )
    return {EXAMPLE: _example, UPLOAD: _upload, GEO: _geo, FOLDER: _folder}[place or EXAMPLE]()


def uploaded(label: str, name: str, help_: str | None = None) -> Path | None:
    """Take a file from the browser to the disk at once, so that it is not kept in memory as well.

    Parameters
    ----------
    label
        Of the widget.
    name
        Tells several uploads of one page apart.
    help_
        More about what can be uploaded.
    """
    kept, count = f"import {name} file", f"import {name} count"
    path = st.session_state.get(kept)
    if path is not None and keep(path):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(
                f":material/draft: **{escaped(path.name)}**, {_size(path.stat().st_size)}", width="content"
            )
            if st.button("Another file", icon=":material/swap_horiz:", key=f"import-{name}-other"):
                del st.session_state[kept]
                st.rerun()
        return Path(path)
    number = st.session_state.setdefault(count, 0)
    file = st.file_uploader(
        label, max_upload_size=settings().max_upload_mb, key=f"import-{name}-{number}", help=help_
    )
    if file is not None:
        st.session_state[kept] = spool(file, file.name)
        release(file)
        st.session_state[count] = number + 1  # a new widget: the old one shows a file that it no longer has
        st.rerun()
    return None


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"


def server_root() -> Path:
    """Return the server's folder.

    Raises
    ------
    BadData
        If it is not there.
    """
    root = settings().folder
    if root is None or not root.is_dir():
        raise BadData(
            f"The server folder {root} is not there. Ask whoever runs the server to mend LANDMARK_FOLDER."
        )
    return root.resolve()


def on_server(label: str, name: str) -> Path | None:
    """Offer the files of the server's folder."""
    root = server_root()
    files = server_files(root)
    if not files:
        st.info("The server folder holds no files yet.")
        return None
    chosen = choosing.selectbox(
        label,
        files,
        index=None,
        placeholder="Choose a file",
        key=f"import-{name}-server",
        persist_state="session",
    )
    return root / chosen if chosen else None


def _example() -> dict[str, Any]:
    name = choosing.radio(
        "Example",
        list(EXAMPLES),
        format_func=lambda name: EXAMPLES[name].title,
        captions=[escaped(f"{example.description} {example.source}") for example in EXAMPLES.values()],
        label_visibility="collapsed",
        key="import-example",
        persist_state="session",
    )
    if EXAMPLES[name].needs_network:
        st.caption(":material/wifi: It is fetched once from the network and kept.")
    return {"example": name}


def _upload() -> dict[str, Any]:
    path = uploaded("A file of expression values, one table: drop it here, or browse", "matrix")
    if path is None:
        st.caption(f"Readable are: {escaped(readable())}; text also packed with gzip, xz, bzip2 or zip.")
    return {"path": str(path)} if path else {}


def _geo() -> dict[str, Any]:
    with st.form("import-geo", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        written = st.text_input(
            "Accession of a series of the Gene Expression Omnibus",
            placeholder="GSE10072",
            help="It is downloaded from NCBI, checked and kept; a download that was cut goes on where it stopped.",
            max_chars=40,
            key="import-accession",
        )
        asked = st.form_submit_button("Fetch and look", icon=":material/download:")
    if asked:
        st.session_state["import accession"] = written
    accession = st.session_state.get("import accession", "")
    if not accession:
        return {}
    try:
        return {"accession": checked(accession)}
    except LandmarkError as error:
        st.error(escaped(error), icon=":material/error:")
        return {}


def _folder() -> dict[str, Any]:
    path = on_server("File in the server folder", "matrix")
    return {"path": str(path)} if path else {}


REST = {"keep": "Keep their names", "leave out": "Leave them out"}


def ask_gene_table(key: str) -> dict[str, str]:
    """Ask for a table of symbols and for what becomes of the rest; nothing where none is given."""
    with st.expander("A table with the gene symbol of every name", icon=":material/translate:"):
        st.caption(
            "For probes of an array that is not known here: without symbols there is no comparison with L1000, and "
            "functions cannot be looked up. Two columns are enough; so is the table of a GEO platform, or the "
            "annotation file of the array's maker (CSV, TSV, Excel)."
        )
        name = f"gene table {key}"
        table = uploaded("The table", name)
        if table is None and settings().folder is not None:
            table = on_server("or one in the server folder", name)
        if table is None:
            return {}
        rest = choosing.radio(
            "Genes without a symbol in it",
            list(REST),
            format_func=REST.__getitem__,
            horizontal=True,
            key=f"{key}-gene-table-rest",
            persist_state="session",
        )
    return {"gene_table": str(table), "gene_table_rest": str(rest)}


def table_of(answers: dict[str, str]) -> dict[str, str]:
    """Give what of these answers changes what is seen in the file."""
    return {"gene_table": answers["gene_table"]} if answers else {}
