"""Choose genes by any strategy, from training samples alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import expit

from landmark.analyses.choices import STRATEGIES, StrategySettings
from landmark.attribution.baselines import training_mean
from landmark.attribution.importance import DenseEncoder, importance
from landmark.attribution.ranking import scores
from landmark.errors import BadConfiguration
from landmark.genesets import forward
from landmark.genesets.forward import Forward
from landmark.genesets.left_out import LeftOut
from landmark.genesets.published import GeneBasis, Loadings, Medoids
from landmark.genesets.selection import Chosen, Concrete, HighestScores, Panel, Strategy, by_chance
from landmark.inference.covariate import Covariate, Labels
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge
from landmark.inference.split import validation_rows
from landmark.models.autoencoder import AutoencoderProblem, TrainedAutoencoder, encoder_layers
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples, in_memory, part_of, passing, scaled, scaling_of, variances
from landmark.training.mesh import own_devices
from landmark.workflows.context import part


@dataclass(frozen=True)
class Apart:
    """Groups of training samples that the chosen genes are to keep apart.

    ``name`` of the annotation, each sample's value of it, text [samples], empty where it is missing, and the share of
    these groups in what is to be predicted; the rest are the genes.
    """

    name: str
    groups: np.ndarray
    weight: float

    def columns(self, X: Samples) -> np.ndarray:
        """Return a column per group, standardised and weighed against standardised X, [samples, groups]."""
        labels = Labels(self.name, tuple(self.groups), ())
        found = Covariate.learn(labels, "label").inputs(labels.train)
        squares = [
            sum(np.square(values, dtype=np.float64).sum() for _, values in passing(columns))
            for columns in (X, found)
        ]
        return found * np.sqrt(self.weight / (1 - self.weight) * squares[0] / squares[1])


@dataclass(frozen=True)
class SelectionInput:
    """What a strategy may look at."""

    train: Samples
    """Training samples in the dataset's units, float32 [samples, genes]."""
    models: Callable[[], Sequence[TrainedAutoencoder]]
    """Gives autoencoders trained on these very samples; strategies that need them may ask several times."""
    seed: int
    """Of whatever a strategy draws."""
    groups: np.ndarray | None = None
    """Of training samples that belong together, such as those of a patient, int [samples]; None for none."""
    apart: Apart | None = None
    """Groups to keep apart, for left_out; None for none."""

    def some(self, samples: np.ndarray | slice) -> "SelectionInput":
        """Take some of the training samples: positions, a slice, or bool [samples]."""
        return replace(
            self,
            train=part_of(self.train, samples),
            groups=None if self.groups is None else self.groups[samples],
            apart=self.apart and replace(self.apart, groups=self.apart.groups[samples]),
        )


def select_genes(
    name: str,
    material: SelectionInput,
    panel: Panel,
    settings: StrategySettings,
    report: Report,
    *,
    directory: Path | None = None,
) -> Chosen:
    """Choose genes by one of ``STRATEGIES``.

    Parameters
    ----------
    settings
        Of all strategies; each looks at its own.
    directory
        Folder of checkpoints of this choice, from which an interrupted one goes on; None keeps none.

    Raises
    ------
    BadConfiguration
        The strategy is unknown, or the panel cannot be had.
    """
    if name not in STRATEGIES:
        raise BadConfiguration(f"strategy = {name!r}: choose one of {', '.join(STRATEGIES)}.")
    panel.free(material.train.shape[1])  # what cannot be had is said before anything is computed
    report(Progress("Finding what is to be explained"))
    X = scaled(material.train, scaling_of(material.train))
    if name in SHARES:
        return _forward(name, material, in_memory(X), panel, settings, report)
    return _strategy(name, material, X, settings, report, directory)(X, panel, report)


def _ranking_scores(train: Samples, models: Sequence[TrainedAutoencoder], report: Report) -> np.ndarray:
    """Score genes as the paper's ranking does: mean absolute DeepLIFT contribution to the bottleneck.

    Contributions are those before the bottleneck's sigmoid, from the mean of the training samples, the defaults of
    the ranking. Of several models each has the same say: its scores are divided by their mean.

    Takes training samples in the dataset's units, [samples, genes]; returns float64 [genes], 1 on average.
    """
    total = np.zeros(train.shape[1])
    for number, trained in enumerate(models):
        X = scaled(train, trained.problem.scaling)
        found = importance(
            DenseEncoder.of(encoder_layers(trained)),
            X,
            training_mean(X),
            mesh=own_devices(),
            report=part(report, "Scoring genes", number, len(models)),
        )
        score = scores(found).astype(np.float64)
        total += score / score.mean() / len(models)
    return total


def _reconstructed(train: np.ndarray, trained: TrainedAutoencoder, seed: int) -> np.ndarray:
    """Represent what a model restores of the samples, in as few dimensions as it can be, [samples, dimensions]."""
    if trained.problem.configuration.output == "sigmoid":
        restored = trained.apply(train)
        return forward.measured(restored - restored.mean(axis=0), seed)
    decoder = trained.parameters["decoder"]
    hidden = expit(trained.apply(train, AutoencoderProblem.activation) @ decoder["kernel"] + decoder["bias"])
    kernel = trained.parameters["output"]["kernel"]
    if trained.problem.configuration.input == "measured":  # genes count alike, however far they spread
        kernel = kernel / scaling_of(train).scale
    return forward.reconstruction(hidden, kernel)


def _strategy(
    name: str,
    material: SelectionInput,
    X: Samples,
    settings: StrategySettings,
    report: Report,
    directory: Path | None,
) -> Strategy:
    if name == "ranking":
        return HighestScores(_ranking_scores(material.train, material.models(), report))
    if name == "left_out":
        beside = material.apart.columns(X) if material.apart else None
        return LeftOut(settings.penalty, material.seed, material.groups, beside)
    if name in PUBLISHED:
        return PUBLISHED[name](material.seed)
    if name == "concrete":
        return Concrete(settings.concrete, material.seed, directory)
    if name == "variable":  # before any scaling per gene, after which all vary alike
        return HighestScores(variances(material.train))
    return by_chance(X.shape[1], material.seed)


def _forward(
    name: str,
    material: SelectionInput,
    X: np.ndarray,
    panel: Panel,
    settings: StrategySettings,
    report: Report,
) -> Chosen:
    """Take gene by gene; details: the ``penalty`` per sample."""
    share = SHARES[name]
    response = _response(material, X, settings.reconstruction if share is None else share)
    penalty = settings.penalty or best_penalty(
        X, response, panel, material.seed, report, groups=material.groups
    )
    found = Forward(response, penalty * len(X))(X, panel, report)
    return replace(found, details={"penalty": penalty})


def _response(material: SelectionInput, X: np.ndarray, share: float) -> np.ndarray:
    """Represent what is to be explained: ``share`` of it are reconstructions, the rest measured values."""
    models = material.models() if share > 0 else ()
    parts = [_reconstructed(in_memory(material.train), trained, material.seed) for trained in models]
    weights = [share / len(models) for _ in models]
    if share < 1:
        parts, weights = [*parts, forward.measured(X, material.seed)], [*weights, 1 - share]
    return forward.blended(parts, weights)


PUBLISHED: dict[str, Callable[[int], Strategy]] = {
    "medoids": Medoids,
    "genebasis": GeneBasis,
    "loadings": Loadings,
}

SHARES: dict[str, float | None] = {"measured": 0.0, "blend": None, "reconstruction": 1.0}
"""Share of the reconstruction in what genes are to explain; None where a setting says it."""

PENALTIES = (1.0, 2.0, 4.0)
"""Penalties on offer, per sample."""

HELD_OUT = 0.25
"""Share of the samples on which a choice is judged."""

MOST_SAMPLES = 2000
"""Samples at most that take part: more would take longer and hardly tell more."""

FEWEST_SAMPLES = 20
"""With fewer samples a choice cannot be judged, and the middle penalty is taken."""


def best_penalty(
    X: np.ndarray,
    response: np.ndarray,
    panel: Panel,
    seed: int,
    report: Report = silent,
    *,
    groups: np.ndarray | None = None,
) -> float:
    """Choose with each penalty on some samples, and judge by the others.

    The judge is the whole-genome error: the mean absolute error of all genes of a held-out sample, predicted by ridge
    regression from the chosen ones, which count as measured without error. Genes are scaled, and the response is made,
    with all training samples; test samples take no part.

    Parameters
    ----------
    X
        Training samples, standardised, float32 [samples, genes].
    response
        What the genes are to explain, [samples, dimensions].
    seed
        Draws the samples on either side.
    groups
        Of samples that belong together, int [samples]: they are held out whole; see ``validation_rows``.
    """
    if len(X) < FEWEST_SAMPLES:
        return PENALTIES[len(PENALTIES) // 2]
    drawn = np.random.default_rng(seed).permutation(len(X))[:MOST_SAMPLES]
    if groups is None:
        held, fitted = np.split(drawn, [round(HELD_OUT * len(drawn))])
    else:
        apart = validation_rows(len(drawn), seed, groups[drawn], HELD_OUT)
        held, fitted = drawn[apart], drawn[~apart]
    inner = validation_rows(len(fitted), seed, None if groups is None else groups[fitted])
    errors = []
    for number, penalty in enumerate(PENALTIES):
        of_penalty = part(report, "Finding the penalty", number, len(PENALTIES), "penalty")
        choose = Forward(response[fitted], penalty * len(fitted))
        order = choose(X[fitted], panel, of_penalty).order
        errors.append(_whole_genome_error(X[fitted], X[held], order, inner))
    return PENALTIES[int(np.argmin(errors))]


def _whole_genome_error(
    fitted: np.ndarray, held: np.ndarray, order: np.ndarray, validation: np.ndarray
) -> float:
    """Measure a choice; ``validation`` are the fitted samples that decide the penalty of the regression."""
    others = np.delete(np.arange(fitted.shape[1]), order)
    if not len(others):
        return 0.0
    task = Task(fitted[:, order], fitted[:, others], validation)
    predicted, _ = Ridge().predict(task, held[:, order], silent)
    return float(np.abs(predicted - held[:, others]).sum() / held.size)
