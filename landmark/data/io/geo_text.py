"""Text formats of GEO: series matrix, SOFT family and curated data set (GDS)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pandas as pd

from landmark.data.gene_identifiers import recognise
from landmark.data.io.files import Format, Source, Table
from landmark.data.io.text import lines_of, numbered
from landmark.data.io.values import ABSENT, MISSING, Layout, is_number, read_values
from landmark.errors import BadData
from landmark.wording import listed

KEPT = (
    "title", "source_name_ch1", "source_name_ch2", "organism_ch1", "organism_ch2", "platform_id", "description",
)  # fmt: skip
"""Facts about a sample that describe it; contacts, protocols, dates and file names are left out."""

CHARACTERISTICS = ("characteristics_ch1", "characteristics_ch2")
"""Of the two channels of an array that compares two sources of RNA; most arrays have the first only."""

SECOND = " (ch2)"
"""Stands behind the name of a characteristic of the second channel that the first has as well."""

DASHES = re.compile(r"-{2,}")
MARKED = b"\xef\xbb\xbf\r\n "  # what may stand before the first line


def _fields(line: str) -> list[str]:
    """Divide a line at its tabs; one quote at each end of a field falls away, and blanks around it."""
    return [_unquoted(field) for field in line.split("\t")]


def _statements(lines: Iterable[str], last: str) -> Iterator[tuple[int, str]]:
    """Join the lines of each statement, which begins with an exclamation mark: quoted values may hold line breaks."""
    parts: list[str] = []
    begun = 0
    is_open = False
    for number, line in enumerate(lines, 1):
        if is_open and not line.startswith(("!", '"!')):
            parts.append(line)
            is_open = not line.rstrip().endswith('"')
            continue
        if parts:
            yield begun, "\n".join(parts)
        parts, begun = [line], number
        is_open = '\t"' in line and not line.rstrip().endswith('"')
        if line.startswith(last):
            break
    if parts:
        yield begun, "\n".join(parts)


def _until(lines: Iterator[str], end: str, where: str) -> Iterator[str]:
    """Give the lines of a table up to the one that ends it; BadData where that is missing."""
    for line in lines:
        if line.startswith(end):
            return
        yield line
    raise BadData(f"{where} is cut short: the line {end!r} is missing. Download it again.")


def _sample_facts(facts: Mapping[str, Sequence[Sequence[str]]], samples: int) -> pd.DataFrame:
    """Arrange facts about samples as columns, one row per sample; "tissue: lung" becomes a column of that name.

    ``facts`` has the name of the fact, without ``Sample_``, and its lines: one value per sample, or cut short.
    """
    columns: dict[str, np.ndarray] = {}
    for name in KEPT:
        for line in facts.get(name, ()):
            for i, value in enumerate(line[:samples]):
                _put(columns, name, i, value, samples)
    for channel in CHARACTERISTICS:
        taken = frozenset(columns)
        for line in facts.get(channel, ()):
            for i, value in enumerate(line[:samples]):
                before, colon, after = value.partition(":")
                name = (before.strip().lower() if colon else "") or "characteristic"
                name += SECOND * (name in taken and channel != CHARACTERISTICS[0])
                _put(columns, name, i, after if colon else value, samples)
    return pd.DataFrame(columns, index=range(samples))


def _transposed(per_sample: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Turn facts listed per sample into lines of one value per sample."""
    samples = list(per_sample)
    names = {name: max(len(facts.get(name, ())) for facts in samples) for one in samples for name in one}
    return {
        name: [
            [facts[name][k] if len(facts.get(name, ())) > k else "" for facts in samples]
            for k in range(lines)
        ]
        for name, lines in names.items()
    }


def _put(columns: dict[str, np.ndarray], name: str, i: int, value: str, samples: int) -> None:
    """Add a fact about sample ``i`` to its column; a second value of one fact follows the first."""
    value = " ".join(value.split())
    if value in ABSENT or DASHES.fullmatch(value):
        return
    column = columns.setdefault(name, np.full(samples, np.nan, dtype=object))
    column[i] = f"{column[i]}; {value}" if isinstance(column[i], str) else value


def _unquoted(field: str) -> str:
    field = field.strip()
    if len(field) > 1 and field.startswith('"') and field.endswith('"'):
        return field[1:-1].strip()
    return field


BEGIN, END = "!series_matrix_table_begin", "!series_matrix_table_end"


def _read_series(source: Source) -> Table:
    """Read the table and what describes the samples."""
    where = source.where
    with lines_of(source, newline="\n") as lines:
        about, length = _preamble(lines, where)
        header = _fields(next(lines, ""))
        if len(header) < 2:
            raise BadData(f"{where} is cut short: nothing follows the line {BEGIN!r}. Download it again.")
        body = _until(lines, END, where)
        first = next(body, None)
        if first is None:
            raise BadData(
                f"The table of {where} is empty, as for series of sequencing data: their values are in the "
                "supplementary files of the series. Import one of those."
            )
        records = numbered(chain([first], body), length + 2)
        values = read_values(records, Layout(where, "\t", header))
    return Table(
        values.numbers,
        values.rows,
        header[1:],
        column_annotations=_sample_facts(about.facts, len(header) - 1),
        genes_in="rows",
        title=about.title,
        source=f"GEO {about.accession}" if about.accession else "",
    )


SERIES_MATRIX = Format(
    "GEO series matrix",
    (".txt",),
    lambda suffix, head: head.lstrip(b'\xef\xbb\xbf\r\n" ').startswith(b"!Series_"),
    _read_series,
)
"""Named ``GSE1234_series_matrix.txt.gz`` by GEO; every line before the table starts with an exclamation mark."""


@dataclass
class _About:
    title: str = ""
    accession: str = ""
    facts: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))


def _preamble(lines: Iterator[str], where: str) -> tuple[_About, int]:
    """Read the facts before the table, and count their lines with the one that begins the table."""
    about = _About()
    for number, statement in _statements(lines, BEGIN):
        if statement.startswith(BEGIN):
            return about, number
        name, *values = _fields(statement)
        if name.startswith("!Sample_"):
            about.facts[name.removeprefix("!Sample_")].append(values)
        elif name == "!Series_title":
            about.title = " ".join(values)
        elif name == "!Series_geo_accession":
            about.accession = " ".join(values)
    raise BadData(f"{where} has no table of values (no line {BEGIN!r}). Download it again.")


@dataclass
class _Sample:
    name: str
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    probes: list[str] = field(default_factory=list)
    values: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def platform(self) -> str:
        return (self.facts.get("platform_id") or [""])[0]


def _is_dataset(head: bytes) -> bool:
    """Tell a GEO DataSet (GDS), whose samples are columns of one table, from a family, by its beginning."""
    return head.lstrip(MARKED).startswith(b"^DATASET") or b"\n^DATASET" in head


def _is_family(suffix: str, head: bytes) -> bool:
    start = head.lstrip(MARKED)
    return start.startswith((b"^DATABASE", b"^SERIES", b"^PLATFORM", b"^SAMPLE")) and not _is_dataset(start)


def read_soft(source: Source, platform: str = "") -> Table:
    """Read the samples of one platform, found where it is not said, and what describes them."""
    where = source.where
    with lines_of(source, newline="\n") as lines:
        series, samples = _sections(lines, source)
    measured = [sample for sample in samples if sample.probes]
    if not measured:
        raise BadData(
            f"{where} holds no values: none of its {len(samples)} samples has a table. For sequencing data, import "
            "a supplementary file of the series."
        )
    platforms: dict[str, list[_Sample]] = defaultdict(list)
    for sample in measured:
        platforms[sample.platform].append(sample)
    chosen = platform or max(
        platforms, key=lambda p: (len(platforms[p]), recognise(platforms[p][0].probes).share)
    )
    if chosen not in platforms:
        raise BadData(f"{where} has no samples of {chosen}. Its platforms: {', '.join(platforms)}.")
    taken = platforms[chosen]
    values, probes = _matrix(taken, source)
    return Table(
        values,
        probes,
        [sample.name for sample in taken],
        column_annotations=_sample_facts(_transposed([sample.facts for sample in taken]), len(taken)),
        genes_in="rows",
        title=series.get("title", ""),
        source=f"GEO {series['geo_accession']}" if "geo_accession" in series else "",
        notes=(*_notes(platforms, chosen), *_told_missing(taken, probes)),
        platforms={name: len(platforms[name]) for name in sorted(platforms, key=lambda p: p != chosen)},
    )


SOFT = Format("GEO SOFT family", (".soft",), _is_family, read_soft)


def _notes(platforms: dict[str, list[_Sample]], chosen: str) -> Iterator[str]:
    others = ", ".join(
        f"{name} ({len(samples)} samples)" for name, samples in platforms.items() if name != chosen
    )
    if others:
        yield (
            f"The samples are of several platforms, whose probes differ: {chosen} is taken "
            f"({len(platforms[chosen])} samples), left out: {others}."
        )


def _told_missing(samples: Sequence[_Sample], probes: list[str]) -> Iterator[str]:
    short = [sample.name for sample in samples if len(sample.probes) < len(probes)]
    if short:
        some = listed(short, 5, " and others")
        yield (
            f"{len(short):,} of {len(samples):,} samples lack some of the {len(probes):,} probes that others have "
            f"({some}); their values are missing there."
        )


def _sections(lines: Iterator[str], source: Source) -> tuple[dict[str, str], list[_Sample]]:
    """Read through the file, keeping facts of the series and the samples."""
    where = source.where
    series: dict[str, str] = {}
    samples: list[_Sample] = []
    section = ""
    values = 0
    for line in lines:
        if line.startswith("^"):
            section, _, name = (part.strip() for part in line[1:].partition("="))
            if section == "SAMPLE":
                samples.append(_Sample(name))
        elif section == "SAMPLE" and line.startswith("!sample_table_begin"):
            _read_values(lines, samples[-1], source.limits.names, where)
            values += len(samples[-1].probes)
            source.check_bytes(4 * values)
            known = next((s.probes for s in samples[:-1] if s.platform == samples[-1].platform), [])
            if samples[-1].probes == known:
                samples[-1].probes = known  # one list of names for all samples that share it
        elif section == "SAMPLE" and line.startswith("!Sample_"):
            name, _, value = line.removeprefix("!Sample_").partition("=")
            samples[-1].facts[name.strip()].append(value.strip())
        elif section == "SERIES" and line.startswith("!Series_"):
            name, _, value = line.removeprefix("!Series_").partition("=")
            series.setdefault(name.strip(), value.strip())
    return series, samples


def _read_values(lines: Iterator[str], sample: _Sample, most: int, where: str) -> None:
    """Read one sample's table up to its end, at most so many lines; the columns ID_REF and VALUE count."""
    if sample.probes:
        raise BadData(
            f"Sample {sample.name} in {where} has two tables. The file is damaged; download it again."
        )
    header = next(lines, "").split("\t")
    if "ID_REF" not in header or "VALUE" not in header:
        raise BadData(f"The table of sample {sample.name} in {where} lacks the column ID_REF or VALUE.")
    probe_at, value_at = header.index("ID_REF"), header.index("VALUE")
    last = max(probe_at, value_at)
    values: list[str] = []
    for line in lines:
        if line.startswith("!sample_table_end"):
            break
        fields = line.split("\t")
        if len(fields) <= last:
            raise BadData(
                f"The table of sample {sample.name} in {where} has a line that is cut short: {line[:60]!r}."
            )
        if len(values) == most:
            raise BadData(f"The table of sample {sample.name} in {where} has more than {most:,} lines.")
        sample.probes.append(fields[probe_at].strip())
        values.append(fields[value_at].strip())
    else:
        raise BadData(f"{where} is cut short within the table of sample {sample.name}. Download it again.")
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    for i in np.flatnonzero(np.isnan(numbers)):
        if values[i] not in MISSING and not is_number(values[i]):
            raise BadData(
                f"{where} has text where a number is expected: {values[i][:40]!r} for {sample.probes[i]!r} in sample "
                f"{sample.name}."
            )
    with np.errstate(over="ignore"):
        sample.values = numbers.astype(np.float32)


def _matrix(samples: list[_Sample], source: Source) -> tuple[np.ndarray, list[str]]:
    """Join the samples' values, [probes, samples], with the probes of all; those that a sample lacks are NaN."""
    where = source.where
    probes = samples[0].probes
    source.check_matrix(len(probes), len(samples))
    if all(sample.probes is probes for sample in samples):
        return np.stack([sample.values for sample in samples], axis=1), probes
    lists = {id(sample.probes): sample for sample in samples}
    for sample in lists.values():
        twice = pd.Index(sample.probes).duplicated()
        if twice.any():
            raise BadData(
                f"Sample {sample.name} in {where} has more than one value of {int(twice.sum()):,} probes, such as "
                f"{sample.probes[int(twice.argmax())]!r}, and other samples do not. Keep one line for each probe."
            )
    probes = list(dict.fromkeys(probe for sample in lists.values() for probe in sample.probes))
    source.check_matrix(len(probes), len(samples))
    place = pd.Index(probes)
    matrix = np.full((len(probes), len(samples)), np.nan, dtype=np.float32)
    for j, sample in enumerate(samples):
        matrix[place.get_indexer(sample.probes), j] = sample.values
    return matrix, probes


GDS_BEGIN, GDS_END = "!dataset_table_begin", "!dataset_table_end"
SAMPLE = re.compile(r"GSM\d+")
DESCRIBED = re.compile(r"Value for (GSM\d+):\s*(.*?)(?:;\s*src:\s*(.*))?")


@dataclass
class _GdsAbout:
    title: str = ""
    accession: str = ""
    subsets: list[dict[str, str]] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)


def _read_gds(source: Source) -> Table:
    """Read the table; subsets become annotations of the samples."""
    where = source.where
    with lines_of(source, newline="\n") as lines:
        about, length = _gds_preamble(lines, where)
        header = [name.strip() for name in next(lines, "").split("\t")]
        texts = [i for i, name in enumerate(header) if i and not SAMPLE.fullmatch(name)]
        samples = [name for i, name in enumerate(header) if i and i not in set(texts)]
        if not samples:
            raise BadData(f"The table of {where} has no column of a sample (GSM...). Download it again.")
        records = numbered(_until(lines, GDS_END, where), length + 2)
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


GDS = Format(
    "GEO DataSet (GDS)",
    (".soft",),
    lambda suffix, head: head.lstrip(MARKED).startswith(b"^") and _is_dataset(head),
    _read_gds,
)


def _gds_preamble(lines: Iterator[str], where: str) -> tuple[_GdsAbout, int]:
    """Read what describes the dataset, and count its lines with the one that begins the table."""
    about = _GdsAbout()
    for number, line in enumerate(lines, 1):
        if line.startswith(GDS_BEGIN):
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
    raise BadData(f"{where} has no table of values (no line {GDS_BEGIN!r}). Download it again.")


def _facts(about: _GdsAbout, samples: list[str]) -> pd.DataFrame:
    """Arrange titles and groups as columns, one row per sample."""
    columns: dict[str, np.ndarray] = {}
    place = {name: i for i, name in enumerate(samples)}
    for name, described in about.samples.items():
        found = DESCRIBED.fullmatch(described)
        if name in place and found:
            _put(columns, "title", place[name], found[2], len(samples))
            _put(columns, "source_name", place[name], found[3] or "", len(samples))
    for subset in about.subsets:
        for name in subset.get("sample_id", "").split(","):
            if name.strip() in place:
                kind, value = subset.get("type", "").lower() or "subset", subset.get("description", "")
                _put(columns, kind, place[name.strip()], value, len(samples))
    return pd.DataFrame(columns, index=range(len(samples)))
