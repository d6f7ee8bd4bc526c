"""Words about runs: times, durations and progress; names, headlines and sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.errors import BadRun
from landmark.store.datasets import Dataset, DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.ui import resources
from landmark.wording import without_nan
from landmark.workflows.sets import default_cut, l1000_count


def duration(seconds: float) -> str:
    """Write a duration with at most two units: "8 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 1:
        return "less than 1 s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(round(whole / 60), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def moment(iso: str) -> datetime:
    """Return a stored time in the time zone of this machine."""
    return datetime.fromisoformat(iso).astimezone()


def ago(iso: str) -> str:
    """Write how long ago a stored time was: "just now", "5 minutes ago", "12 Mar 2026"."""
    seconds = (datetime.now(UTC) - moment(iso)).total_seconds()
    for limit, unit, noun in (
        (60, 1, ""),
        (3600, 60, "minute"),
        (86_400, 3600, "hour"),
        (7 * 86_400, 86_400, "day"),
    ):
        if seconds < limit:
            count = int(seconds / unit)
            return f"{count} {noun}{'' if count == 1 else 's'} ago" if noun else "just now"
    return f"{moment(iso):%d %b %Y}"


WINDOW = 30.0
"""Seconds of the past that a rate is taken from."""


@dataclass(frozen=True)
class Pace:
    """The pace of the present stage.

    Attributes
    ----------
    rate
        Units per second; 0 where it is not known yet.
    left
        Seconds to the end of the stage; None where it is not known.
    seconds, readings
        How long the pace was measured, and how often something was done in that time.
    """

    rate: float
    left: float | None
    seconds: float = 0.0
    readings: int = 0


def pace(lines: Sequence[dict[str, Any]]) -> Pace:
    """Measure the pace over the last ``WINDOW`` seconds of the present stage, from lines as ``Activity.recent`` has."""
    if not lines:
        return Pace(0.0, None)
    last = lines[-1]
    first, readings = last, 0
    for line in reversed(lines):
        if (
            line["stage"] != last["stage"]
            or line["done"] > first["done"]
            or last["time"] - line["time"] > WINDOW
        ):
            break
        readings += line["done"] < first["done"]
        first = line
    seconds, done = last["time"] - first["time"], last["done"] - first["done"]
    if seconds <= 0 or done <= 0:
        return Pace(0.0, None)
    rate = done / seconds
    left = (last["total"] - last["done"]) / rate if last["total"] else None
    return Pace(rate, left, seconds, readings)


KNOWN_SHARE = 0.05
"""From this share of a stage on, the time left is shown."""

KNOWN_SECONDS, KNOWN_UNITS = 20.0, 2
"""Or from a pace measured for so long, over so many units."""

SMOOTH = "epoch"
"""Unit whose parts all take the same time, the steps of a training: its pace is known within seconds."""

SMOOTH_SECONDS, SMOOTH_READINGS = 5.0, 5


def counted(line: Mapping[str, Any]) -> str:
    """Write how far a stage is: "sets 4 of 13", "12 MB"; whole units only, "" where nothing is counted."""
    done, total, unit = int(line["done"]), line["total"], line["unit"]
    if total:
        return f"{plural(unit)} {done:,} of {round(total):,}".strip()
    return f"{done:,} {unit if done == 1 else plural(unit)}".strip() if done else ""


def at_a_pace(pace: Pace, unit: str) -> str:
    """Write a pace: "7,520 genes/s", "12 s per epoch"; "" where it is not known."""
    if pace.rate >= 1:
        return f"{figure(pace.rate)} {plural(unit or 'step')}/s"
    return f"{duration(1 / pace.rate)} per {unit or 'step'}" if pace.rate else ""


def left(line: Mapping[str, Any], pace: Pace) -> str:
    """Write the time to the end of the stage; "" while it would be a guess."""
    if pace.left is None or pace.left < 1:
        return ""
    share = line["done"] / line["total"]
    measured = pace.seconds >= KNOWN_SECONDS and pace.rate * pace.seconds >= KNOWN_UNITS
    if line["unit"] == SMOOTH:
        measured |= pace.seconds >= SMOOTH_SECONDS and pace.readings >= SMOOTH_READINGS
    return f"about {duration(pace.left)} left" if share >= KNOWN_SHARE or measured else ""


def plural(unit: str) -> str:
    """Write a unit as it stands before or after a number other than one."""
    if not unit or unit.isupper() or unit.endswith("s"):
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("y") and unit[-2:-1] not in "aeiou" else f"{unit}s"


def figure(value: float) -> str:
    """Write a number without exponent, to three or four digits: "16,420", "61.8", "0.5123"."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    return (
        f"{value:.3g}"
        if size >= 1
        else f"{value:.4f}".rstrip("0").rstrip(".")
        if size >= 1e-4
        else f"{value:.1e}"
    )


def size(dataset: Dataset) -> str:
    """Return the size of a dataset: "975 samples × 17,391 genes"."""
    noun = "probes" if dataset.manifest.identifier == "hgu133a_probe" else "genes"
    return f"{dataset.manifest.samples:,} samples × {dataset.manifest.genes:,} {noun}"


def kind_name(kind: str) -> str:
    """Return the name of a kind of run for people."""
    return ANALYSES[kind].title if kind in ANALYSES else kind.capitalize()


def headline(run: Run) -> str:
    """Return the main figure of a run as one line without a full stop."""
    return headline_of(run.kind, run.manifest.metrics)


def headline_of(kind: str, metrics: Mapping[str, Any]) -> str:
    """Return the main figure of metrics of a kind; empty where they hold none."""
    analysis = ANALYSES.get(kind)
    try:
        return without_nan(analysis.headline(analysis.read(metrics))) if analysis else ""
    except BadRun:  # a run of an older version without this figure
        return ""


def l1000_here(dataset: Dataset) -> tuple[int, int]:
    """Return the number of genes of a dataset, and how many of them are L1000 genes (of the paper's 943)."""
    genes, present, _ = _counted(str(resources.here().root), dataset.id)
    return genes, present


def default_cut_here(dataset: Dataset) -> int:
    """Return the size of a fair set on a dataset."""
    return _counted(str(resources.here().root), dataset.id)[2]


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(root: str, dataset_id: str) -> tuple[int, int, int]:
    about = DatasetStore(Workspace(Path(root))).get(dataset_id).annotations()
    genes = list(map(str, about.var_names))
    kind = about.uns["landmark"]["identifier"]
    return len(genes), l1000_count(genes, kind), default_cut(genes, kind)
