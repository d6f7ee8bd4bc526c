"""Repeat a selection with other seeds and on halves of the training samples: would the choice be the same?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.analyses.selection.config import SelectConfiguration
from landmark.analyses.selection.run import groups_apart
from landmark.analyses.stability.config import StabilityConfiguration
from landmark.analyses.stability.results import PairResults, StabilityResults
from landmark.analyses.train.config import TrainConfiguration
from landmark.analyses.train.results import TrainResults
from landmark.analyses.train.run import MODEL
from landmark.data.split import rows
from landmark.genesets.selection import Panel
from landmark.genesets.stability import Repeated, every_pair, times_chosen
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.inference.split import SplitExpression
from landmark.metrics.gene_sets import mean_accuracy
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder, train_autoencoder
from landmark.models.settings import AutoencoderConfiguration
from landmark.progress import Progress, Report
from landmark.store.runs import Run
from landmark.training.mesh import device_name
from landmark.training.trained import Trained
from landmark.workflows.context import Context, Outcome, named, part
from landmark.workflows.samples import groups_of, halves, learning
from landmark.workflows.strategies import SelectionInput, select_genes

COLUMNS = ["choice", "targets", "mae", "pcc"]


def _accuracy_of_choices(
    split: SplitExpression, choices: Mapping[str, np.ndarray], seed: int, report: Report
) -> pd.DataFrame:
    """Predict the genes that no choice took from each choice in turn, by ridge regression: the table ``accuracy``."""
    names = np.array(split.genes, dtype=object)
    targets = np.setdiff1d(np.arange(len(names)), np.concatenate(list(choices.values())))
    rows = []
    for number, (name, columns) in enumerate(choices.items() if len(targets) else ()):
        of_choice = part(report, "Predicting the other genes", number, len(choices), "choice")
        made = predict(
            split, list(names[columns]), list(names[targets]), Ridge(), seed=seed, report=of_choice
        )
        rows.append((name, *astuple(mean_accuracy(made))))
    return pd.DataFrame(rows, columns=COLUMNS)


OWN = "this choice"
RANDOM_PAIRS = 10
"""Pairs of random sets that show what is exchangeable without any choosing."""


@dataclass(frozen=True)
class _Selection:
    """A finished selection and what repeats it; ``networks`` are of the autoencoders it asked, each with its seed."""

    asked: SelectConfiguration
    run: Run
    matrix: AnnData
    panel: Panel
    networks: tuple[AutoencoderConfiguration, ...]

    @property
    def groups(self) -> np.ndarray | None:
        """Of training samples that the split keeps together; None where it draws every sample."""
        found = groups_of(self.matrix)
        return None if found is None else found.train

    @property
    def train(self) -> np.ndarray:
        """Training samples, float32 [samples, genes]."""
        return self.matrix.X[rows(self.matrix, "train")]

    def own(self) -> np.ndarray:
        """Return the columns that it chose, in order."""
        genes = self.run.table("ranking").sort_values("rank")["gene"]
        return self.matrix.var_names.get_indexer(genes)

    def again(
        self,
        samples: np.ndarray | slice,
        models: Sequence[TrainedAutoencoder],
        seed: int,
        directory: Path,
        report: Report,
    ) -> np.ndarray:
        """Choose again, from some of the training samples and networks; return columns in order.

        ``directory`` is for checkpoints of strategies that train a network of their own.
        """
        apart = groups_apart(self.asked, self.matrix)
        material = SelectionInput(self.train, lambda: models, seed, self.groups, apart).some(samples)
        strategy = self.asked.strategy
        return select_genes(strategy, material, self.panel, self.asked, report, directory=directory).order


@dataclass(frozen=True)
class _Seeds:
    """Networks like those of the selection, of other seeds."""

    seeds: tuple[int, ...]
    models: tuple[Run, ...]

    @property
    def name(self) -> str:
        """Name of the choice made with them."""
        return f"seed{'s' if len(self.seeds) > 1 else ''} {', '.join(map(str, self.seeds))}"

    def choose(self, selection: _Selection, context: Context) -> np.ndarray:
        """Choose with them; return columns in order."""
        models = [Trained.load(model.folder / MODEL, AutoencoderProblem) for model in self.models]
        report = named(context.report, self.name.capitalize())
        folder = _checkpoints(context, self.name)
        return selection.again(slice(None), models, self.seeds[0], folder, report)


def run(configuration: StabilityConfiguration, context: Context) -> Outcome:
    """Write pairs.parquet, exchanges.parquet, genes.parquet and accuracy.parquet."""
    context.report(Progress("Reading the dataset"))
    selection = _selection(configuration, context)
    others = list(_other_seeds(selection, configuration.seeds - 1, context))
    seeds = {OWN: selection.own()} | {other.name: other.choose(selection, context) for other in others}
    halves = dict(_halves(selection, configuration, context))

    context.report(Progress("Comparing the choices"))
    names = [str(gene) for gene in selection.matrix.var_names]
    pairs, exchanges, repeated = _compared(selection, seeds, halves, configuration)
    exchanges[["gene", "partner"]] = exchanges[["gene", "partner"]].map(names.__getitem__)
    by_name = {name: [names[column] for column in columns] for name, columns in (seeds | halves).items()}
    genes = times_chosen(by_name, exchanges, {"seeds": list(seeds), "halves": list(halves)})
    test = selection.matrix.X[rows(selection.matrix, "test")]
    split = SplitExpression.of(selection.train, test, names, groups=groups_of(selection.matrix))
    judged = _accuracy_of_choices(split, seeds | halves, configuration.seed, context.report)
    given = {names[column] for column in selection.panel.start}
    genes["chosen"], genes["given"] = genes["gene"].isin(by_name[OWN]), genes["gene"].isin(given)
    tables = {"pairs": pairs, "exchanges": exchanges, "genes": genes, "accuracy": judged}
    for name, table in tables.items():
        context.draft.table(name, table)

    models = [*selection.asked.asked, *(model.id for other in others for model in other.models)]
    trained = {f"train {number}": model for number, model in enumerate(models)}
    return Outcome(
        parents={"dataset": selection.asked.dataset, "select": selection.run.id} | trained,
        results=StabilityResults(
            strategy=selection.asked.strategy,
            cut=selection.panel.size,
            given=len(given),
            genes=len(names),
            choices=tuple(by_name),
            seeds=len(seeds),
            halves=configuration.halves,
            epochs=tuple(network.epochs for network in _on_halves(selection, configuration)),
            kinds=_kinds(pairs),
            by_chance=len(repeated.choices[OWN]) / len(repeated.pool),
            core=int((genes["times"] == len(by_name)).sum()) - len(given),
        ),
        split=selection.run.manifest.split,
        seed=configuration.seed,
        device=device_name(),
    )


def _selection(configuration: StabilityConfiguration, context: Context) -> _Selection:
    """Read a selection, and what it was made from."""
    made = context.runs.get(configuration.select, "select")
    asked = SelectConfiguration.parse(made.manifest.configuration)
    matrix = context.datasets.get(asked.dataset).load()
    ranking = made.table("ranking").sort_values("rank")
    # as the table has them: a list that the selection started from may be gone
    start = matrix.var_names.get_indexer(ranking.loc[ranking["given"], "gene"])
    never = matrix.var_names.get_indexer(pd.Index(asked.never))
    panel = Panel(len(ranking), tuple(map(int, start)), tuple(map(int, never)))
    runs = [context.runs.get(model, "train") for model in asked.asked]
    networks = [TrainConfiguration.parse(run.manifest.configuration).network for run in runs]
    return _Selection(asked, made, matrix, panel, tuple(networks))


def _other_seeds(selection: _Selection, number: int, context: Context) -> Iterator[_Seeds]:
    """Train the networks with other seeds; a strategy without networks gets another seed of its own."""
    used = {network.seed for network in selection.networks} or {selection.asked.seed}
    unused = (seed for seed in count() if seed not in used)
    for _ in range(number):
        seeds = tuple(next(unused) for _ in selection.networks) or (next(unused),)
        models = [
            _trained(network.model_copy(update={"seed": seed}), selection.asked.dataset, context)
            for network, seed in zip(selection.networks, seeds, strict=False)
        ]
        yield _Seeds(seeds, tuple(models))


def _trained(network: AutoencoderConfiguration, dataset: str, context: Context) -> Run:
    """Return a training that is finished already, or one that is a step of this run."""
    wanted = TrainConfiguration(dataset=dataset, network=network)
    finished = next((run for run in context.runs.all("train") if _same(run, wanted)), None)
    return context.step("train", wanted.model_dump(mode="json"), f"train {network.seed}", finished)


def _same(run: Run, wanted: TrainConfiguration) -> bool:
    """Tell whether a run trained this very network on this dataset, its epochs not judged by test samples."""
    made = run.manifest.configuration
    network = {**made["network"], "checkpoint_every": wanted.network.checkpoint_every}
    if made["dataset"] != wanted.dataset or network != wanted.network.model_dump(mode="json"):
        return False
    # version 0.3 judged epochs by the held-out samples
    return not wanted.network.chooses_epoch or bool(
        TrainResults.read(run.manifest.metrics).validation_samples
    )


def _halves(
    selection: _Selection, configuration: StabilityConfiguration, context: Context
) -> Iterator[tuple[str, np.ndarray]]:
    """Choose again on either half of the training samples, by networks trained on that half alone."""
    rng = np.random.default_rng(configuration.seed)
    train, test = selection.train, selection.matrix.X[rows(selection.matrix, "test")]
    groups = selection.groups
    for number in range(1, configuration.halves + 1):
        for letter, half in zip("ab", halves(len(train), groups, rng), strict=True):
            name = f"half {number}{letter}"
            report, some = named(context.report, name.capitalize()), train[half]
            whole = None if groups is None else groups[half]
            models = [
                train_autoencoder(
                    *learning(some, test, network, whole),
                    network,
                    directory=_checkpoints(context, f"{name} {place}"),
                    report=report,
                )
                for place, network in enumerate(_on_halves(selection, configuration))
            ]
            folder = _checkpoints(context, name)
            yield name, selection.again(half, models, selection.asked.seed, folder, report)


def _checkpoints(context: Context, name: str) -> Path:
    return context.draft.folder / "checkpoints" / name


def _on_halves(
    selection: _Selection, configuration: StabilityConfiguration
) -> list[AutoencoderConfiguration]:
    """Return the networks that are trained on halves."""
    changed = {"epochs": configuration.epochs} if configuration.epochs else {}
    return [network.model_copy(update=changed) for network in selection.networks]


def _compared(
    selection: _Selection,
    seeds: dict[str, np.ndarray],
    halves: dict[str, np.ndarray],
    configuration: StabilityConfiguration,
) -> tuple[pd.DataFrame, pd.DataFrame, Repeated]:
    """Compare what was chosen freely; columns in the table of exchanges."""
    given, never = selection.panel.start, selection.panel.never
    free = {name: np.setdiff1d(columns, given) for name, columns in (seeds | halves).items()}
    pool = np.setdiff1d(np.arange(selection.matrix.n_vars), [*given, *never])
    repeated = Repeated(selection.train, free, pool, configuration.threshold)
    sides = [("halves", f"half {number}a", f"half {number}b") for number in range(1, len(halves) // 2 + 1)]
    pairs, exchanges = repeated.pairs([*every_pair("seeds", list(seeds)), *sides])
    random = repeated.random(RANDOM_PAIRS, configuration.seed)
    return pd.concat([pairs, random], ignore_index=True), exchanges, repeated


def _kinds(pairs: pd.DataFrame) -> dict[str, PairResults]:
    """Average the pairs of each kind, as shares of the genes of a choice."""
    parts = ["shared", "exchangeable", "different"]
    shares = pairs[parts].div(pairs["size"].clip(lower=1), axis=0).groupby(pairs["kind"], sort=False)
    return {
        str(kind): PairResults(pairs=len(table), **{name: float(table[name].mean()) for name in parts})
        for kind, table in shares
    }
