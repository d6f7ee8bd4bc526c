"""The pages: names in the address, files, and order in the menu."""

from collections.abc import Iterator

from landmark.analyses.analysis import Entry
from landmark.analyses.registry import ANALYSES

_OTHERS = {
    "reconstruction": ("train", Entry("Model", "Reconstruction", "compare", "pages/model/reconstruction.py")),
    "sets": ("selection", Entry("Genes", "Gene sets", "join_inner", "pages/genes/sets.py")),
    "runs": ("", Entry("Runs", "History", "history", "pages/runs/history.py")),
}
"""Pages that no analysis makes, each with the page that it follows in the menu."""


def _entries() -> Iterator[tuple[str, Entry]]:
    for analysis in ANALYSES.values():
        if analysis.entry is not None:
            yield analysis.page, analysis.entry
            yield from ((name, entry) for name, (after, entry) in _OTHERS.items() if after == analysis.page)
    yield from ((name, entry) for name, (after, entry) in _OTHERS.items() if not after)


ENTRIES = dict(_entries())
"""Pages by their name in the address, in the order of the menu."""

PLACES = {name: entry.file for name, entry in ENTRIES.items()}
"""Name in the address to file, relative to app.py."""
