"""Forward selection by the error on left-out samples: with which further gene is an unseen sample predicted best?

With S the genes taken so far and Y all others, over n training samples and without their means, and
G = penalty (S S' + penalty I)^-1 - 11'/n, ridge regression of Y on S with an intercept that is fitted without sample i
misses it by

    (G Y)_i / G_ii

(the leave-one-out formula; Allen, Technometrics 16:125, 1974; Golub, Heath and Wahba, Technometrics 21:215, 1979).
So the squared errors of all samples, each left out once, sum to sum_i (G T G)_ii / G_ii^2, where T = YY' has a row for
every sample, whatever the number of genes. Taking gene x as well, divided by the root of the penalty, changes G by one
product of vectors,

    G - u u' / a,  u = G x,  a = 1 + x' u,

so that with v = G T u and w = u' T u the error after every possible next gene follows from u, v, a and w. These are
kept for all genes, and change by products of few vectors when genes are taken. No regression is ever solved, every
sample is learned from, and a gene that only fits the noise of the training samples gains nothing.

A gene that is taken is no longer predicted. Its own error counts neither before nor after.

Groups of samples that the chosen genes are to keep apart, such as tissues, are predicted like genes: as columns that
are 1 for the samples of a group and 0 for all others. They add to T, and are never taken. A linear regression of such
columns is a discriminant analysis (Hastie, Tibshirani and Buja, JASA 89:1255, 1994).

Where samples belong together, such as those of a patient, the penalty is judged by leaving out whole groups: block g of
samples is then missed by (G_gg)^-1 (G Y)_g. Genes are still compared by leaving out sample after sample.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from landmark.decompositions import eigh, inv
from landmark.errors import BadConfiguration
from landmark.genesets.selection import COMPANIONS, Chosen, Panel, companions, some_of
from landmark.progress import Progress, Report, silent
from landmark.training.data import Samples

FIRST_PENALTY = 0.5
"""Per sample, for the first genes; from then on the best is looked for."""

FINER = 2**0.5
"""Ratio of neighbouring penalties that are tried."""

ENOUGH = 1e-4
"""Share of the error by which another penalty has to lower it."""

NOTHING = 1e-9
"""Share of the error at first below which what is left are rounding errors, which no penalty is to fit."""

CANDIDATES = 256
"""Genes with the largest gains, among which the next ones are looked for."""

AT_ONCE = 8
"""Genes at most that are taken among the candidates, one after another, before the gains of all genes are found again.

Fewer are taken where the best candidate left gains less than the best of all other genes did before.
"""

RENEWED_EVERY = 96
"""Genes after which the penalty is looked for and rounding errors are cleared; at first with every doubling."""


class _State(NamedTuple):
    """What is known when some genes are taken; see the head of this file. Samples s, genes g."""

    X: jax.Array
    """Divided by the root of the penalty, [s, g]."""
    G: jax.Array
    """[s, s]."""
    T: jax.Array
    """Products of samples over the genes that are not taken, [s, s]."""
    U: jax.Array
    """G X, [s, g]."""
    V: jax.Array
    """G T U, [s, g]."""
    M: jax.Array
    """Diagonal of G T G, [s]."""
    a: jax.Array
    """1 + diagonal of X'U, [g]."""
    w: jax.Array
    """Diagonal of U'TU, [g]."""

    def columns(self, chosen: jax.Array) -> "_State":
        """Look at some genes only."""
        return self._replace(
            X=self.X[:, chosen],
            U=self.U[:, chosen],
            V=self.V[:, chosen],
            a=self.a[chosen],
            w=self.w[chosen],
        )


@dataclass(frozen=True)
class LeftOut:
    """Take after every gene the one after which left-out samples are predicted best.

    Attributes
    ----------
    penalty
        Of the ridge regression, per sample. None to find the one with the smallest error again and again while genes
        are taken: steps of ``FINER`` to either side, as far as it takes.
    seed
        Draws the samples that take part where there are very many; see ``some_of``.
    groups
        Number of the group of each sample, int [samples], where samples belong together; None where none do.
    beside
        What is to be predicted beside the genes, such as groups that are to be kept apart, [samples, columns]: it
        weighs as much as its sum of squares. None for nothing.
    """

    penalty: float | None = None
    seed: int = 0
    groups: np.ndarray | None = None
    beside: np.ndarray | None = None

    def __call__(self, X: Samples, panel: Panel, report: Report = silent) -> Chosen:
        """Choose; the gain of a gene is how far it lowered the error, as a share of the error at first.

        Details: the ``penalty`` at last, and ``left_out_error``, the mean squared error of the genes that are not
        taken, each left-out sample, or group of samples, predicted from the others, where 1 is the variance of a gene.
        It is a little too small, since the genes were chosen by it.

        Raises
        ------
        BadConfiguration
            If the penalty is not positive, there are fewer than 3 samples, or the panel cannot be had.
        """
        free = panel.free(X.shape[1])
        if self.penalty is not None and self.penalty <= 0:
            raise BadConfiguration(f"penalty = {self.penalty}: choose a number above 0")
        if len(X) < 3:
            raise BadConfiguration(f"There are {len(X)} training samples; to leave samples out takes 3.")
        drawn = some_of(len(X), self.seed)
        groups = None if self.groups is None else self.groups[drawn]
        some = _centred(X[drawn])
        beside = some[:, :0] if self.beside is None else _centred(self.beside[drawn])
        return _Choice(some, beside, panel, free, self.penalty, groups).made(report)


class _Choice:
    """One choice under way."""

    def __init__(
        self,
        X: np.ndarray,
        beside: np.ndarray,
        panel: Panel,
        free: np.ndarray,
        penalty: float | None,
        groups: np.ndarray | None,
    ) -> None:
        self._X, self._panel, self._free = X, panel, free
        self._groups = (
            None if groups is None else [np.flatnonzero(groups == group) for group in np.unique(groups)]
        )
        self._asked = penalty
        self._penalty = penalty or FIRST_PENALTY
        self._products = X.astype(np.float64) @ X.T
        self._wanted = self._products + beside.astype(np.float64) @ beside.T
        self._first = float(np.trace(self._wanted)) / (1 - 1 / len(X)) ** 2
        self._whole = np.einsum("sg,sg->g", X, X, dtype=np.float64)
        self._order: list[int] = []
        self._gain: list[float] = []
        self._companions: list[np.ndarray] = []
        self._explained: list[np.ndarray] = []

    def made(self, report: Report) -> Chosen:
        """Take gene by gene."""
        size, due = self._panel.size, AT_ONCE
        state = self._renewed()
        report(Progress("Choosing genes", 0, size, "gene"))
        while len(self._order) < size:
            if len(self._order) >= due:
                due = len(self._order) + min(len(self._order), RENEWED_EVERY)
                del state
                state = self._renewed()
            state = self._further(state)
            report(Progress("Choosing genes", len(self._order), size, "gene"))
        penalty = self._best_penalty()
        error = self._error(self._products)(penalty)
        error = error if error > NOTHING * self._first else 0.0
        others = max(1, self._X.shape[1] - size)
        return Chosen(
            np.array(self._order, dtype=np.intp),
            np.array(self._gain),
            np.array(self._companions),
            np.array(self._explained),
            {"penalty": penalty, "left_out_error": error / len(self._X) / others},
        )

    def _renewed(self) -> _State:
        """Compute the state from what is taken, with the penalty that is best now."""
        if self._order:
            self._penalty = self._best_penalty()
        samples, taken = len(self._X), self._X[:, self._order].astype(np.float64)
        penalty = self._penalty * samples
        square = taken @ taken.T
        inverse = _centred(_centred(penalty * inv(square + penalty * np.eye(samples))).T)
        return _state(
            jnp.asarray(self._X / np.float32(np.sqrt(penalty))),
            jnp.asarray(inverse, jnp.float32),
            jnp.asarray(self._wanted - square, jnp.float32),
        )

    def _best_penalty(self) -> float:
        """Return the penalty per sample after which the error is smallest, or the one that was asked for."""
        if self._asked is not None:
            return self._asked
        return lowest(self._error(self._wanted), self._penalty, NOTHING * self._first)[0]

    def _error(self, wanted: np.ndarray) -> Callable[[float], float]:
        """Return the squared error of left-out samples as a function of the penalty per sample.

        ``wanted``: products of samples over all that is predicted where no gene is taken, [samples, samples].
        """
        samples, taken = len(self._X), self._X[:, self._order].astype(np.float64)
        square = taken @ taken.T
        values, vectors = eigh(square)
        targets, vectors = vectors.T @ (wanted - square) @ vectors, _centred(vectors)

        def error(penalty: float) -> float:
            scaled = vectors / (np.maximum(values, 0) + penalty * samples)
            if self._groups is not None:
                return _error_of_groups(scaled, vectors, scaled @ targets, self._groups)
            squares = np.einsum("ij,ij->i", scaled @ targets, scaled)
            return float((squares / np.einsum("ij,ij->i", scaled, vectors) ** 2).sum())

        return error

    def _further(self, state: _State) -> _State:
        """Take the next genes: those that must be in the panel, then the best."""
        given = self._panel.start[len(self._order) :][:AT_ONCE]
        penalty = np.float32(self._penalty * len(self._X))
        if given:
            candidates, count, least = np.array(given), len(given), -np.inf
        else:
            gains = np.array(_gains(state, penalty))
            gains[~self._free] = -np.inf
            most = min(CANDIDATES, len(gains))
            candidates = np.argpartition(-gains, most - 1)[:most]
            count = min(AT_ONCE, self._panel.size - len(self._order))
            least = np.delete(gains, candidates).max(initial=-np.inf)
        free = jnp.asarray(self._free[candidates])
        looked_at = state.columns(jnp.asarray(candidates))
        picked, found, vectors = _several(looked_at, free, penalty, count, bool(given))
        gain, columns = np.asarray(found), candidates[np.asarray(picked)]
        kept = max(1, int(np.cumprod(gain >= least).sum()))
        state, steps = _taken(state, vectors, jnp.asarray(columns), penalty, jnp.arange(count) < kept)
        columns = columns[:kept]
        self._free[columns] = False
        self._order += map(int, columns)
        self._gain += (gain[:kept] / self._first).tolist()
        self._keep_companions(columns, np.asarray(steps)[:kept] * np.sqrt(penalty))
        return state

    def _keep_companions(self, columns: np.ndarray, steps: np.ndarray) -> None:
        """Note which genes were explained better by each of those that were taken."""
        kept = min(COMPANIONS, self._X.shape[1] - 1)
        for column, step in zip(columns, steps, strict=True):
            found, share = companions(step, self._whole, column, kept)
            self._companions.append(found)
            self._explained.append(share)


def _centred(values: np.ndarray) -> np.ndarray:
    """Take the means of columns away: what an intercept explains."""
    return values - values.mean(axis=0)


def _error_of_groups(
    scaled: np.ndarray, vectors: np.ndarray, explained: np.ndarray, groups: Sequence[np.ndarray]
) -> float:
    """Sum the squared errors of groups of samples that are left out as wholes.

    With G = scaled vectors' and G T G = explained scaled', the group g adds the trace of G_gg^-1 (G T G)_gg G_gg^-1.
    """
    total = 0.0
    for group in groups:
        inverse = inv(scaled[group] @ vectors[group].T)
        total += float(np.trace(inverse @ (explained[group] @ scaled[group].T) @ inverse.T))
    return total


def lowest(error: Callable[[float], float], start: float, nothing: float = 0.0) -> tuple[float, float]:
    """Walk from a penalty in steps of ``FINER`` while the error falls and is not ``nothing``; return both."""
    best, least = start, error(start)
    for step in (FINER, 1 / FINER):
        while least > nothing and (found := error(best * step)) < (1 - ENOUGH) * least:
            best, least = best * step, found
    return best, least


@jax.jit
def _state(X: jax.Array, G: jax.Array, T: jax.Array) -> _State:
    U = G @ X
    explained = T @ U
    M = jnp.sum((G @ T) * G, axis=1)
    return _State(X, G, T, U, G @ explained, M, 1 + jnp.sum(X * U, axis=0), jnp.sum(U * explained, axis=0))


@jax.jit
def _gains(state: _State, penalty: jax.Array) -> jax.Array:
    """Return how far the squared error of the other genes falls if a gene is taken, [g].

    With e = u^2/a the change of a sample's share M/d^2, M and d the diagonals of G T G and G, is written as one
    quotient, since the difference of two nearly equal sums would drown in rounding errors.
    """
    d, M = jnp.diag(state.G)[:, None], state.M[:, None]
    squares = state.U * state.U
    e = squares / state.a
    left = d - e
    falls = d * d * (2 * state.U * state.V / state.a - squares * (state.w / state.a**2)) - M * e * (2 * d - e)
    own = penalty * squares * (1 / (d * d) - 1 / (state.a * left) ** 2)
    return jnp.sum(falls / (d * left) ** 2 - own, axis=0)


@partial(jax.jit, static_argnames=("count", "given"))
def _several(
    state: _State, free: jax.Array, penalty: jax.Array, count: int, given: bool
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Take some of these genes one after another: as they stand if they are given, else the best each time.

    Returns which, [count], their gains, [count], and u/sqrt(a) of each when it was taken, [s, count].
    """

    def take(number: jax.Array, carry: tuple) -> tuple:
        state, free, picked, gained, vectors = carry
        gains = _gains(state, penalty)
        best = number if given else jnp.argmax(jnp.where(free, gains, -jnp.inf))
        vector = state.U[:, best] / jnp.sqrt(state.a[best])
        state, _ = _taken(state, vector[:, None], best[None], penalty, jnp.ones(1, bool))
        return (
            state,
            free.at[best].set(False),
            picked.at[number].set(best),
            gained.at[number].set(gains[best]),
            vectors.at[:, number].set(vector),
        )

    nothing = (jnp.zeros(count, jnp.int32), jnp.zeros(count), jnp.zeros((len(state.G), count)))
    return jax.lax.fori_loop(0, count, take, (state, free, *nothing))[2:]


@jax.jit
def _taken(
    state: _State, vectors: jax.Array, columns: jax.Array, penalty: jax.Array, kept: jax.Array
) -> tuple[_State, jax.Array]:
    """Take genes: ``columns`` of X, with u/sqrt(a) of each when its turn came, [s, taken]; only those that are kept.

    Returns the state, and what was explained of all genes, [taken, g]: their rows of X' G X at their turn.
    """
    X, G, T, U, V, M, a, w = state
    vectors = vectors * kept
    rows = vectors.T @ X
    of_targets = T @ vectors
    among = vectors.T @ of_targets
    smoothed = G @ of_targets
    w = w - 2 * jnp.sum(rows * (of_targets.T @ U), axis=0) + jnp.sum(rows * (among @ rows), axis=0)
    M = M - 2 * jnp.sum(vectors * smoothed, axis=1) + jnp.sum(vectors * (vectors @ among), axis=1)
    U = U - vectors @ rows
    own = jnp.sqrt(penalty) * X[:, columns] * kept  # genes that are taken are targets no longer
    of_own = own.T @ U
    V = V - smoothed @ rows - (G @ own) @ of_own
    T = T - own @ own.T
    V = V - vectors @ ((T @ vectors).T @ U)
    G = G - vectors @ vectors.T
    w = w - jnp.sum(of_own * of_own, axis=0)
    M = M - jnp.sum((G @ own) ** 2, axis=1)
    return _State(X, G, T, U, V, M, a - jnp.sum(rows * rows, axis=0), w), rows
