"""Choose genes that together predict most of all others, from the training samples alone."""

from typing import Any

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.results import SelectResults
from landmark.analyses.train.run import MODEL
from landmark.data.history import fact
from landmark.data.split import rows
from landmark.errors import BadConfiguration
from landmark.genesets.selection import Chosen, Panel
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder
from landmark.progress import Progress, Report
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome
from landmark.workflows.samples import Expression, annotation, groups_of
from landmark.workflows.selection_check import check_selection
from landmark.workflows.sets import against_l1000, default_cut, l1000_among, parse_set
from landmark.workflows.strategies import SHARES, Apart, SelectionInput, select_genes


def run(configuration: SelectConfiguration, context: Context) -> Outcome:
    """Write ranking.parquet (gene, score, rank, given) and companions.parquet (gene, companion, explained)."""
    context.report(Progress("Reading the dataset"))
    dataset = context.datasets.get(configuration.dataset)
    matrix = Expression(dataset)
    about = matrix.about
    genes = [str(gene) for gene in about.var_names]
    panel = _panel(configuration, matrix, genes, context)
    models = [_model(model, configuration, context) for model in configuration.asked]
    groups = groups_of(about)
    source = SelectionInput(
        matrix.train,
        lambda: models,
        configuration.seed,
        groups.train if groups else None,
        groups_apart(configuration, about),
    )
    found = select_genes(
        configuration.strategy,
        source,
        panel,
        configuration,
        context.report,
        directory=context.draft.folder / "checkpoints",
    )
    context.draft.table("ranking", _ranking(found, panel, genes))
    context.draft.table("companions", _companions(found, genes))
    checked = None
    if configuration.check:
        published = l1000_among(genes, fact(about, "identifier"))
        checked = check_selection(
            configuration.strategy, source, genes, panel, published, configuration, context.report
        )
    split = dataset.manifest.split
    return Outcome(
        parents={"dataset": dataset.id}
        | {
            f"train {number}" if number else "train": model
            for number, model in enumerate(configuration.asked)
        },
        results=SelectResults(
            strategy=configuration.strategy,
            **({"label": configuration.label} if configuration.label else {}),
            cut=panel.size,
            genes=len(genes),
            given=len(panel.start),
            **({"explained": float(found.gain.sum())} if configuration.strategy in SHARES else {}),
            **found.details,
            **({"check": checked} if checked else {}),
            **against_l1000([genes[column] for column in found.order], genes, fact(about, "identifier")),
            **_programs(found, source, panel, configuration, about, context.report),
        ),
        split={"train": split.get("train", 0), "test": split.get("test", 0)},
        seed=configuration.seed,
    )


def groups_apart(configuration: SelectConfiguration, about: AnnData) -> Apart | None:
    """Return the groups of training samples that a choice is to keep apart; None for none.

    Raises BadData if there is no such annotation.
    """
    if not configuration.label:
        return None
    of_train = annotation(about.obs, configuration.label, "label").iloc[rows(about, "train")]
    return Apart(configuration.label, of_train.to_numpy(), configuration.label_weight)


def _panel(
    configuration: SelectConfiguration, matrix: Expression, genes: list[str], context: Context
) -> Panel:
    """Turn names into columns."""
    place = {gene: column for column, gene in enumerate(genes)}
    for field in ("contain", "never"):
        if unknown := [gene for gene in getattr(configuration, field) if gene not in place]:
            raise BadConfiguration(
                f"{field}: {unknown[0]} is not among the {len(genes):,} genes of this dataset. Leave it out."
            )
    given: dict[str, None] = {}
    if configuration.start:
        started = parse_set(configuration.start, matrix, context.runs)
        given |= dict.fromkeys(started.genes)
    given |= dict.fromkeys(configuration.contain)
    size = configuration.size or max(default_cut(genes, fact(matrix.about, "identifier")), len(given))
    never = dict.fromkeys(configuration.never)
    return Panel(size, tuple(place[gene] for gene in given), tuple(place[gene] for gene in never))


def _model(model: str, configuration: SelectConfiguration, context: Context) -> TrainedAutoencoder:
    run = context.runs.get(model, "train")
    if run.manifest.parents["dataset"] != configuration.dataset:
        raise BadConfiguration(
            f"models: {model} was trained on dataset {run.manifest.parents['dataset']}, not on "
            f"{configuration.dataset}. Choose a model of the dataset."
        )
    return Trained.load(run.folder / MODEL, AutoencoderProblem)


def _ranking(found: Chosen, panel: Panel, genes: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gene": [genes[column] for column in found.order],
            "score": found.gain,
            "rank": np.arange(1, len(found.order) + 1),
            "given": np.arange(len(found.order)) < len(panel.start),
        }
    )


def _companions(found: Chosen, genes: list[str]) -> pd.DataFrame:
    """Write for each chosen gene the genes it stands for, one row each."""
    names = np.array(genes, dtype=object)
    return pd.DataFrame(
        {
            "gene": names[found.order].repeat(found.companions.shape[1]),
            "companion": names[found.companions].ravel(),
            "explained": found.explained.ravel(),
        }
    )


def _programs(
    found: Chosen,
    source: SelectionInput,
    panel: Panel,
    configuration: SelectConfiguration,
    about: AnnData,
    report: Report,
) -> dict[str, Any]:
    """Where the dataset knows its regulatory programs, count those of which a driver was chosen.

    Beside it stands the paper's ranking of the same size, where the models that it asks are there.
    """
    if "program" not in about.var or "driver" not in about.var:
        return {}
    program = about.var["program"].to_numpy()
    driver = about.var["driver"].to_numpy(dtype=bool)

    def reached(order: np.ndarray) -> int:
        return len(set(program[order][driver[order]]))

    counts = {"programs": len(set(program[driver])), "programs_reached": reached(found.order)}
    if configuration.asked:
        plain = select_genes("ranking", source, Panel(panel.size), configuration, report)
        counts["programs_reached_ranking"] = reached(plain.order)
    return counts
