"""GEO SOFT family files: a series, its platforms with their annotation, and one table per sample.

A family may hold samples of several platforms (GSE781: HG-U133A and HG-U133B). Their probes differ, so one platform is
taken: the one with most samples; where two have as many, the one whose probes are known here. The others are named in
the notes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.expression.formats.geo import sample_facts, transposed
from landmark.expression.formats.notation import is_number
from landmark.expression.formats.text import lines_of
from landmark.expression.formats.values import MISSING
from landmark.expression.identifiers import recognise
from landmark.expression.table import Table
from landmark.expression.unpack import Source


@dataclass
class _Sample:
    name: str
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    probes: list[str] = field(default_factory=list)
    values: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def platform(self) -> str:
        return (self.facts.get("platform_id") or [""])[0]


def is_dataset(head: bytes) -> bool:
    """Tell a GEO DataSet (GDS), whose samples are columns of one table, from a family, by its beginning."""
    return head.lstrip(b"\xef\xbb\xbf\r\n ").startswith(b"^DATASET") or b"\n^DATASET" in head


class Soft:
    """A SOFT family file, ``GSE1234_family.soft.gz``.

    Parameters
    ----------
    platform
        Which platform to take where there are several; found where empty.
    """

    name = "GEO SOFT family"
    extensions = (".soft",)

    def __init__(self, platform: str = "") -> None:
        self.platform = platform

    def recognises(self, path: Path, head: bytes) -> bool:
        """Sections start with a caret."""
        start = head.lstrip(b"\xef\xbb\xbf\r\n ")
        return start.startswith((b"^DATABASE", b"^SERIES", b"^PLATFORM", b"^SAMPLE")) and not is_dataset(
            start
        )

    def read(self, source: Source) -> Table:
        """Read the samples of one platform, and what describes them."""
        where = source.path.name
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
        chosen = self.platform or max(
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
            column_annotations=sample_facts(transposed([sample.facts for sample in taken]), len(taken)),
            genes_in="rows",
            title=series.get("title", ""),
            source=f"GEO {series['geo_accession']}" if "geo_accession" in series else "",
            notes=(*_notes(platforms, chosen), *_told_missing(taken, probes)),
            platforms={name: len(platforms[name]) for name in sorted(platforms, key=lambda p: p != chosen)},
        )


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
        some = ", ".join(short[:5]) + (" and others" if len(short) > 5 else "")
        yield (
            f"{len(short):,} of {len(samples):,} samples lack some of the {len(probes):,} probes that others have "
            f"({some}); their values are missing there."
        )


def _sections(lines: Iterator[str], source: Source) -> tuple[dict[str, str], list[_Sample]]:
    """Read through the file, keeping facts of the series and the samples."""
    where, size = source.path.name, source.path.stat().st_size
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
            source.limits.check_bytes(4 * values, size, where)
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
    """Join the samples' values, [probes, samples], with the probes of all samples; those that a sample lacks are NaN.

    Raises
    ------
    BadData
        A sample has several values of one probe, so that they cannot be set beside those of the other samples.
    """
    where, size = source.path.name, source.path.stat().st_size
    probes = samples[0].probes
    source.limits.check_matrix(len(probes), len(samples), size, where)
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
    source.limits.check_matrix(len(probes), len(samples), size, where)
    place = pd.Index(probes)
    matrix = np.full((len(probes), len(samples)), np.nan, dtype=np.float32)
    for j, sample in enumerate(samples):
        matrix[place.get_indexer(sample.probes), j] = sample.values
    return matrix, probes
