"""Bring histone profiles in: read or simulate them, check them, keep them as arrays."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from landmark.epigenome.histones.config import HistonesConfiguration
from landmark.epigenome.histones.results import HistonesResults
from landmark.epigenome.histones.store import save_cell_types, save_profiles
from landmark.epigenome.profiles import PARTS, Profiles, bin_rows
from landmark.epigenome.reading import Layout, look, read_cell_type
from landmark.epigenome.simulate import RULES, simulate_histones
from landmark.progress import Progress
from landmark.workflows.context import Context, Outcome

_SIMULATED = "Simulated by this program: negative binomial reads, expression by planted rules."


def run(configuration: HistonesConfiguration, context: Context) -> Outcome:
    """Write the profiles, genes.parquet and means.parquet."""
    found = look(Path(configuration.path)) if configuration.path else None
    cell_types, genes, means = [], [], []
    for number, profiles in enumerate(_profiles(configuration, found, context)):
        save_profiles(context.draft, number, profiles.counts)
        cell_types.append(profiles.cell_type)
        genes.append(_gene_rows(profiles))
        means.append(bin_rows("label", mean=profiles.means()))
        means[-1].insert(0, "cell_type", profiles.cell_type)
    save_cell_types(context.draft, cell_types)
    table = pd.concat(genes, ignore_index=True)
    context.draft.table("genes", table)
    context.draft.table("means", pd.concat(means, ignore_index=True))
    return Outcome(
        parents={},
        results=HistonesResults(
            cell_types=len(cell_types),
            genes=int(table["gene"].nunique()),
            expressed=float(table["label"].mean()),
            source=_SIMULATED if found is None else f"{Path(configuration.path).name}, DeepChrome's layout",
            title=configuration.title or _title(configuration, cell_types),
            rules=json.dumps([asdict(rule) for rule in RULES]) if found is None else "",
            ignored=tuple(found.ignored) if found else (),
        ),
        split={part: int((table["split"] == part).sum()) for part in PARTS},
        seed=configuration.seed,
    )


def _gene_rows(profiles: Profiles) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cell_type": profiles.cell_type,
            "gene": profiles.genes,
            "split": profiles.split,
            "label": profiles.labels,
        }
    )


def _profiles(
    configuration: HistonesConfiguration, found: Layout | None, context: Context
) -> Iterator[Profiles]:
    chosen = configuration.validation, configuration.test, configuration.seed
    if found is None:
        yield from simulate_histones(
            configuration.cell_types, configuration.genes, *chosen, report=context.report
        )
        return
    total = len(found.cell_types)
    for number, files in enumerate(found.cell_types):
        context.report(Progress(f"Reading {files.cell_type}", number, total, "cell type"))
        yield read_cell_type(files, *chosen)


def _title(configuration: HistonesConfiguration, cell_types: list[str]) -> str:
    if configuration.example:
        return "Simulated histone marks"
    return cell_types[0] if len(cell_types) == 1 else Path(configuration.path).name
