"""GEO DataSets (GDS): series that GEO's curators have put into one table, with the samples sorted into groups.

Groups are called subsets: each names a kind (``disease state``), a value (``normal``) and samples. A line ``#GSM1 =
Value for GSM1: title; src: source`` describes a sample. The full variant has facts about the genes behind the values.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.geo import put, until
from landmark.expression.formats.records import numbered
from landmark.expression.formats.soft import is_dataset
from landmark.expression.formats.text import lines_of
from landmark.expression.formats.values import Layout, read_values
from landmark.expression.table import Table
from landmark.expression.unpack import Source

BEGIN, END = "!dataset_table_begin", "!dataset_table_end"
SAMPLE = re.compile(r"GSM\d+")
DESCRIBED = re.compile(r"Value for (GSM\d+):\s*(.*?)(?:;\s*src:\s*(.*))?")


@dataclass
class _About:
    title: str = ""
    accession: str = ""
    subsets: list[dict[str, str]] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)


class Gds:
    """A GEO DataSet, ``GDS507.soft.gz``."""

    name = "GEO DataSet (GDS)"
    extensions = (".soft",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """A section of its own begins with ``^DATASET``, after that of the database."""
        return head.lstrip(b"\xef\xbb\xbf\r\n ").startswith(b"^") and is_dataset(head)

    def read(self, source: Source) -> Table:
        """Read the table; subsets become annotations of the samples."""
        where = source.path.name
        with lines_of(source, newline="\n") as lines:
            about, length = _preamble(lines, where)
            header = [name.strip() for name in next(lines, "").split("\t")]
            texts = [i for i, name in enumerate(header) if i and not SAMPLE.fullmatch(name)]
            samples = [name for i, name in enumerate(header) if i and i not in set(texts)]
            if not samples:
                raise BadData(f"The table of {where} has no column of a sample (GSM...). Download it again.")
            records = numbered(until(lines, END, where), length + 2)
            values = read_values(records, Layout(where, "\t", header, texts=tuple(texts)))
        return Table(
            values.numbers,
            values.rows,
            samples,
            values.texts,
            _facts(about, samples),
            genes_in="rows",
            title=about.title,
            source=f"GEO {about.accession}" if about.accession else "",
        )


def _preamble(lines: Iterator[str], where: str) -> tuple[_About, int]:
    """Read what describes the dataset, and count its lines with the one that begins the table."""
    about = _About()
    for number, line in enumerate(lines, 1):
        if line.startswith(BEGIN):
            return about, number
        name, _, value = (part.strip() for part in line.partition("="))
        if name == "^DATASET":
            about.accession = value
        elif name == "^SUBSET":
            about.subsets.append({})
        elif name.startswith("!subset_") and about.subsets:
            about.subsets[-1][name.removeprefix("!subset_")] = value
        elif name == "!dataset_title":
            about.title = value
        elif name.startswith("#GSM"):
            about.samples[name.removeprefix("#")] = value
    raise BadData(f"{where} has no table of values (no line {BEGIN!r}). Download it again.")


def _facts(about: _About, samples: list[str]) -> pd.DataFrame:
    """Arrange titles and groups as columns, one row per sample."""
    columns: dict[str, np.ndarray] = {}
    place = {name: i for i, name in enumerate(samples)}
    for name, described in about.samples.items():
        found = DESCRIBED.fullmatch(described)
        if name in place and found:
            put(columns, "title", place[name], found[2], len(samples))
            put(columns, "source_name", place[name], found[3] or "", len(samples))
    for subset in about.subsets:
        for name in subset.get("sample_id", "").split(","):
            if name.strip() in place:
                kind, value = subset.get("type", "").lower() or "subset", subset.get("description", "")
                put(columns, kind, place[name.strip()], value, len(samples))
    return pd.DataFrame(columns, index=range(len(samples)))
