"""The penalty of a choice gene by gene, found on training samples that the trial choices leave out.

Genes are scaled, and the response is made, with all training samples; test samples take no part.
"""

import numpy as np

from landmark.genesets.selection.forward import Forward
from landmark.genesets.selection.panel import Panel
from landmark.inference.predictor import Task
from landmark.inference.ridge import Ridge
from landmark.inference.split import validation_rows
from landmark.progress import Report, silent
from landmark.workflows.context import part

PENALTIES = (1.0, 2.0, 4.0)
"""Penalties on offer, per sample."""

HELD_OUT = 0.25
"""Share of the samples on which a choice is judged."""

MOST_SAMPLES = 2000
"""Samples at most that take part: more would take longer and hardly tell more."""


FEWEST_SAMPLES = 20
"""With fewer samples a choice cannot be judged, and the middle penalty is taken."""


def best_penalty(
    X: np.ndarray, response: np.ndarray, panel: Panel, seed: int, report: Report = silent
) -> float:
    """Choose with each penalty on some samples, and judge by the others.

    The judge is the whole-genome error: the mean absolute error of all genes of a held-out sample, predicted by ridge
    regression from the chosen ones, which count as measured without error.

    Parameters
    ----------
    X
        Training samples, standardised, float32 [samples, genes].
    response
        What the genes are to explain, [samples, dimensions].
    panel
        What is asked for.
    seed
        Draws the samples on either side.
    report
        Told about progress; may raise ``Cancelled``.

    Returns
    -------
    float
        Penalty per sample.
    """
    if len(X) < FEWEST_SAMPLES:
        return PENALTIES[len(PENALTIES) // 2]
    drawn = np.random.default_rng(seed).permutation(len(X))[:MOST_SAMPLES]
    held, fitted = np.split(drawn, [round(HELD_OUT * len(drawn))])
    errors = []
    for number, penalty in enumerate(PENALTIES):
        of_penalty = part(report, "Finding the penalty", number, len(PENALTIES), "penalty")
        choose = Forward(response[fitted], penalty * len(fitted))
        order = choose(X[fitted], panel, of_penalty).order
        errors.append(_whole_genome_error(X[fitted], X[held], order, seed))
    return PENALTIES[int(np.argmin(errors))]


def _whole_genome_error(fitted: np.ndarray, held: np.ndarray, order: np.ndarray, seed: int) -> float:
    others = np.delete(np.arange(fitted.shape[1]), order)
    if not len(others):
        return 0.0
    task = Task(fitted[:, order], fitted[:, others], validation_rows(len(fitted), seed))
    predicted, _ = Ridge().predict(task, held[:, order], silent)
    return float(np.abs(predicted - held[:, others]).sum() / held.size)
