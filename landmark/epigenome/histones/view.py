"""What marks surround the start of genes: profiles of both classes, and the cell types there are."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import streamlit as st

from landmark.analyses.import_data.view_source import server_root
from landmark.epigenome.figures import mean_profiles
from landmark.epigenome.histones.config import HistonesConfiguration
from landmark.epigenome.histones.results import TABLES, HistonesResults
from landmark.epigenome.reading import Layout, look
from landmark.results import Number, Whole
from landmark.settings import settings
from landmark.store.runs import Run
from landmark.ui import choosing, resources, uploads
from landmark.ui.figure import show
from landmark.ui.jobs import start, start_button
from landmark.ui.page import PLACES, guarded
from landmark.ui.result_page import Need, ResultPage, choose
from landmark.ui.state import CELL_TYPE, HISTONES, keep, kept
from landmark.ui.tables import column_config, show_table
from landmark.ui.uploads import release, server_files, spool_together
from landmark.wording import counted, escaped, percent

SIMULATED, FILES, FOLDER, SERVER = "Simulated profiles", "Files", "Folder", "Server folder"
_UPLOADS = {FILES: "CSV files of one cell type, or of several", FOLDER: "A folder of CSV files"}
_LAYOUT = (
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


def _form(disabled: bool, first: bool) -> None:
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
            if place in _UPLOADS:
                source = _uploaded(_UPLOADS[place], several=place == FILES)
            else:
                source = _server() if place == SERVER else _simulated()
            if place != SIMULATED:
                st.caption(_LAYOUT)
            if source and start_button(
                "Bring them in", "upload", disabled, first=first, work="Such an import is at work"
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


_FORMULA = (
    "Reads per bin of 100 base pairs, averaged over the genes of a class; 50 bins on either side of the transcription "
    "start (Singh et al. 2016). A gene counts as expressed where its expression is above the median of its cell type."
)

_COLUMNS = column_config(
    [
        *TABLES["genes"].pick("cell_type"),
        Whole("genes", "Its genes."),
        Number("expressed", "Share of genes with label 1.", format="percent", bar=(0, 1)),
        Whole("train", "Genes that networks learn from.", "", "Training"),
        Whole("validation", "Genes by which the best epoch of a training is chosen."),
        Whole("test", "Genes that no training sees: accuracy is measured on them."),
    ]
)


def run_of(name: str, runs: Sequence[Run]) -> Run | None:
    """Return the run chosen last under a name of the address, else the newest, else None."""
    known = {run.id: run for run in runs}
    return known.get(kept(name, list(known)))


def choose_cell_type(names: Sequence[str], current: str, key: str) -> None:
    """Offer the cell types where there are several; the choice holds on all pages."""
    if len(names) < 2:
        return
    widget = f"{key}-cell-type-{current}"
    choosing.selectbox(
        "Cell type",
        names,
        index=list(names).index(current),
        key=widget,
        on_change=lambda: keep(CELL_TYPE, st.session_state[widget]),
        width=320,
    )


def cell_types(run: Run) -> list[str]:
    """Return the cell types of an import, in their order."""
    return [str(name) for name in resources.table(run.id, "means")["cell_type"].unique()]


def lead_on(question: str, page: str) -> None:
    """Offer the page that answers the next question."""
    if st.button(question, icon=":material/arrow_forward:", key=f"lead-{page}"):
        st.switch_page(PLACES[page])


def _answer(run: Run, cell_type: str) -> str:
    """Name the marks by which the classes differ most, and by how much."""
    means = of_cell_type(run, "means", cell_type)
    levels = means.pivot_table(index="mark", columns="label", values="mean", aggfunc="mean")
    if not {0, 1} <= set(levels):
        return f"All genes of {escaped(cell_type)} have the same label: there is nothing to tell apart."
    levels = levels[(levels > 0).all(axis=1)]
    ratio = (levels[1] / levels[0]).sort_values()
    if ratio.empty:
        return f"There are no reads around the genes of {escaped(cell_type)}."
    more, fewer = ratio.index[-1], ratio.index[0]
    sentences = []
    if ratio[more] > 1:
        sentences.append(
            f"expressed genes have {ratio[more]:.2f} times the reads of **{escaped(more)}** that unexpressed ones have"
        )
    if ratio[fewer] < 1:
        sentences.append(
            f"unexpressed genes have {1 / ratio[fewer]:.2f} times the reads of **{escaped(fewer)}** that expressed "
            "ones have"
        )
    where = f"Within 5 kb of the transcription start in {escaped(cell_type)}, "
    return where + (", and ".join(sentences) or "both classes have the same reads") + "."


def _profiles(run: Run, cell_type: str) -> None:
    """Draw the mean profile of every mark in both classes."""
    means = of_cell_type(run, "means", cell_type)
    show(
        mean_profiles(means),
        f"profiles-{run.id}",
        means,
        f"profiles_{cell_type}",
        alt="Mean reads of each mark around the transcription start, of expressed and of unexpressed genes",
    )
    st.caption(
        "Means over genes; the dotted line is the transcription start, upstream is on the left. Each mark has its "
        "own scale."
    )


def _cell_types_table(run: Run) -> None:
    """Show one row per cell type with its genes."""
    st.subheader("The cell types", anchor=False)
    genes = resources.table(run.id, "genes")
    counts = pd.crosstab(genes["cell_type"], genes["split"])
    table = genes.groupby("cell_type", sort=False).agg(genes=("gene", "size"), expressed=("label", "mean"))
    table = table.join(counts.reindex(columns=["train", "validation", "test"], fill_value=0)).reset_index()
    show_table(
        table,
        _COLUMNS,
        key=f"cell-types-{run.id}",
        height=min(420, 38 + 35 * len(table)),
        alt="One row per cell type with its number of genes",
    )


def _facts(run: Run) -> None:
    """Say where the profiles come from, and what was left out of the folder."""
    found = HistonesResults.read(run.manifest.metrics)
    st.caption(
        f"{escaped(found.title)}: {counted(found.cell_types, 'cell type')}, {counted(found.genes, 'gene')}, "
        f"{percent(round(found.expressed, 3))} expressed. {escaped(found.source)}"
    )
    if found.ignored:
        st.caption(f"Files that were left out: {escaped(', '.join(found.ignored))}.")


def describe(run: Run) -> str:
    """Say what distinguishes an import from another."""
    found = HistonesResults.read(run.manifest.metrics)
    return f"{found.title}, {counted(found.cell_types, 'cell type')}"


def of_cell_type(run: Run, name: str, cell_type: str) -> pd.DataFrame:
    """Return the rows of a table of a run that are of one cell type."""
    table = resources.table(run.id, name)
    return table[table["cell_type"] == cell_type].drop(columns="cell_type")


def _current(run: Run) -> str:
    return kept(CELL_TYPE, cell_types(run))


def _results(run: Run) -> None:
    _facts(run)
    choose_cell_type(cell_types(run), _current(run), "histones")
    _profiles(run, _current(run))
    lead_on("What do these marks say of expression?", "deepchrome")
    _cell_types_table(run)
    choose(resources.runs("histones"), run, "Profiles shown", describe, HISTONES)


PAGE = ResultPage(
    question="What marks surround active and silent genes?",
    kind="histones",
    needs=Need(lambda: True, "", "", "", ""),
    invitation="Bring profiles of histone marks in, or look at simulated ones: that takes seconds.",
    begin=uploads.sweep,
    pick=lambda runs: run_of(HISTONES, runs),
    answer=lambda run: _answer(run, _current(run)),
    sections=(_results,),
    headings=("Bring profiles in", "Bring other profiles in"),
    form=lambda _, run, busy: _form(disabled=busy, first=run is None),
    formula=_FORMULA,
)
