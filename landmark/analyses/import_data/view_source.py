"""Where a matrix comes from: an example, an upload, a series of GEO, a folder on the server."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from landmark.analyses.naming import IDENTIFIERS
from landmark.data.reading import readable
from landmark.data.sources import preview
from landmark.data.sources.examples import EXAMPLES
from landmark.data.sources.geo import checked
from landmark.data.sources.preview import Label, Preview
from landmark.errors import BadData, LandmarkError
from landmark.jobs.preview import look
from landmark.jobs.preview_worker import Described, Question, described
from landmark.plots.distributions import expression_densities
from landmark.settings import settings
from landmark.ui import choosing, resources, uploads
from landmark.ui.figure import show
from landmark.ui.looking import seen_by_look
from landmark.ui.uploads import server_files, uploaded
from landmark.wording import counted, escaped, percent

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
    if place == FOLDER:
        path = _on_server("File in the server folder", "matrix")
        return {"path": str(path)} if path else {}
    return {UPLOAD: _upload, GEO: _geo}.get(str(place), _example)()


def server_root() -> Path:
    """Return the server's folder; BadData if it is not there."""
    root = settings().folder
    if root is None or not root.is_dir():
        raise BadData(
            f"The server folder {root} is not there. Ask whoever runs the server to mend LANDMARK_FOLDER."
        )
    return root.resolve()


def table_file(label: str, name: str, on_server: str) -> Path | None:
    """Take a table that goes with a matrix from the browser, or else from the server's folder if there is one."""
    table = uploaded(label, f"import-{name}")
    return _on_server(on_server, name) if table is None and settings().folder is not None else table


def _on_server(label: str, name: str) -> Path | None:
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
    path = uploaded("A file of expression values, one table: drop it here, or browse", "import-matrix")
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


REST = {"keep": "Keep their names", "leave out": "Leave them out"}


def ask_gene_table(key: str) -> dict[str, str]:
    """Ask for a table of symbols and for what becomes of the rest; nothing where none is given."""
    with st.expander("A table with the gene symbol of every name", icon=":material/translate:"):
        st.caption(
            "For probes of an array that is not known here: without symbols there is no comparison with L1000, and "
            "functions cannot be looked up. Two columns are enough; so is the table of a GEO platform, or the "
            "annotation file of the array's maker (CSV, TSV, Excel)."
        )
        table = table_file("The table", f"gene table {key}", "or one in the server folder")
        if table is None:
            return {}
        rest = choosing.radio(
            "Genes without a symbol in it",
            REST,
            horizontal=True,
            key=f"{key}-gene-table-rest",
            persist_state="session",
        )
    return {"gene_table": str(table), "gene_table_rest": str(rest)}


def seen(question: dict[str, Any]) -> tuple[Preview, str] | None:
    """Give what a matrix seems to hold and the key of the look; None, with the reason drawn, until it is known."""
    return seen_by_look(question, lambda found: _preview(str(found.folder)), "matrix")


def axis_is_unclear(question: dict[str, Any]) -> bool:
    """Tell whether a look failed only because nobody said where the genes are."""
    return look(resources.here(), Question.parse(question), uploads.name(), uploads.watch()).unclear_axis


def seen_table(annotations: str, by: str, matrix: str) -> Described | None:
    """Give what a table of annotations says of the samples of a matrix that was looked at; None until known."""
    question = {
        "annotations": annotations,
        "annotations_by": by,
        "samples_of": str(resources.here().root / "looks" / matrix),
    }
    answer = seen_by_look(question, lambda found: described(found.folder), "table")
    return answer[0] if answer else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _preview(folder: str) -> Preview:
    return preview.read_preview(Path(folder))


L1000_ASSAY = 978  # genes that the L1000 assay measures; the paper compares with 943 of them


def sentence(seen: Preview, identifier: str, log2: bool) -> str:
    """Say what the matrix will be with the answers given so far."""
    landmarks = seen.kinds[identifier][1] if identifier in seen.kinds else 0  # type: ignore[index]
    present = (
        f"all {landmarks}" if landmarks == L1000_ASSAY else f"{landmarks or 'none'} of the {L1000_ASSAY}"
    )
    values = (
        "no value is missing"
        if not seen.missing
        else f"{counted(seen.missing, 'value')} in {counted(seen.genes_with_missing, 'gene')} "
        f"{'is' if seen.missing == 1 else 'are'} missing"
    )
    if seen.looked_at < seen.samples:
        values = f"in the {seen.looked_at} samples looked at {values}"
    scale = "its values are turned into log2" if log2 else "its values stay as they are"
    return (
        f"**{seen.samples:,} samples × {seen.genes:,} genes**, named by {IDENTIFIERS[identifier]}, with {present} "
        f"L1000 genes that the assay measures; {values}; {scale}."
    )


def show_values(seen: Preview, log2: bool) -> None:
    """Draw how the values are distributed, as they are or after the logarithm."""
    values = seen.values
    if log2:
        values = np.log2(values + 1)
    unit = "log2(value + 1)" if log2 else "value in the file"
    figure = expression_densities({"values": values}, unit)
    figure.update_layout(height=280)
    show(figure, "import-values", curve(figure), name="values", alt="Density of the values in the file")


def curve(figure: go.Figure) -> pd.DataFrame:
    """Give the table behind a density of all values: value and density; empty where there are no values."""
    if not figure.data:
        return pd.DataFrame({"value": [], "density": []})
    return pd.DataFrame({"value": figure.data[0].x, "density": figure.data[0].y})


def show_corner(seen: Preview) -> None:
    """Show the first samples and genes as they will stand."""
    st.dataframe(seen.corner.astype(float).round(3), alt="First samples and genes, as they will be imported")
    st.caption(
        f"The first {len(seen.corner)} samples at the left and {seen.corner.shape[1]} genes at the top, with the "
        "values of the file. Do genes stand at the left? Then turn the matrix by the first answer."
    )


def show_labels(labels: dict[str, tuple[Label, ...]], samples: int) -> None:
    """List annotations of the samples; ``labels`` are grouped by where they come from."""
    rows = [
        {
            "Annotation": label.name,
            "Different values": label.values,
            "Samples without": label.missing,
            "Most frequent": ", ".join(label.examples),
            "From": source,
        }
        for source, found in labels.items()
        for label in found
    ]
    table = pd.DataFrame(rows)
    st.dataframe(table, hide_index=True, alt=f"Annotations of the {samples:,} samples")


def evidence(seen: Preview) -> str:
    """Say what speaks for genes in rows or in columns."""
    told = {
        "names": "told by the names",
        "format": "told by the format",
        "few names": "a guess: the names tell little",
        "sizes": "a guess: the names tell nothing, so the longer side was taken",
        "choice": "as you said",
    }[seen.decided_by]
    sides = []
    for side, names in (("row", seen.rows), ("column", seen.columns)):
        shown = ", ".join(escaped(name[:30]) for name in names.examples)
        kind = (
            "no known gene names"
            if names.identifier == "unknown"
            else f"{percent(names.share)} are {IDENTIFIERS[names.identifier]}"
        )
        sides.append(f"{counted(names.count, f'{side} name')} such as {shown}: {kind}")
    return f"{'; '.join(sides)}. Proposed: genes in {seen.genes_in}, {told}."
