"""Several predictors as one: a weighted sum of their predictions (stacked regressions, Breiman 1996).

Weights are not negative, and found on predictions of training samples by fits that have not seen them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from landmark.decompositions import solve
from landmark.inference.cross_fit import FOLDS, KeepsCheckpoints, cross_fitted, fold_of
from landmark.inference.predictor import FittedPredictor, Network, Predictor, Task
from landmark.progress import Progress, Report
from landmark.training.artefact import load_artefact, save_artefact

KIND = "ensemble"

SHARED = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0, np.inf)
"""How much the errors of all target genes have a say in the weights of each, on offer: from none to all the say."""


@dataclass(frozen=True)
class Ensemble:
    """Predict by several methods, each target gene with its own weights.

    Attributes
    ----------
    members
        The methods by their names.
    folds
        Number of parts into which training samples are divided to find the weights.
    seed
        Of the folds.
    """

    members: Mapping[str, Predictor]
    folds: int = FOLDS
    seed: int = 0

    def apart(self, name: str) -> "Ensemble":
        """Return the same, whose members keep checkpoints in folders of their own for one of several fits."""
        return replace(
            self, members={member: _apart(method, name) for member, method in self.members.items()}
        )

    def fit(self, task: Task, report: Report) -> "EnsemblePredictor":
        """Learn; details: mean weights as ``weight_MEMBER``, and ``validation_error`` (mean square), cross-fitted."""
        moments, _, _ = self._cross_fitted(task, self.folds, report, self.seed)
        weights, error = weights_of(moments)
        means = weights.mean(axis=1)
        details = {f"weight_{name}": float(mean) for name, mean in zip(self.members, means, strict=True)}
        fitted = {name: method.fit(task, _of(name, report)) for name, method in self.members.items()}
        return EnsemblePredictor(fitted, weights, details | {"validation_error": error})

    def cross_fitted(
        self, task: Task, folds: int, report: Report, *, seed: int = 0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """Predict every training sample by members that have not seen it, weighted by their errors in other folds."""
        moments, predicted, fold = self._cross_fitted(task, folds, report, seed)
        found = np.empty(task.targets.shape, np.float32)
        for place in range(int(fold.max()) + 1):
            held = fold == place
            weights, _ = weights_of(moments.without(place))
            found[held] = np.einsum("mt,mst->st", weights, predicted[:, held])
        return found if wanted is None else found[wanted]

    def _cross_fitted(
        self, task: Task, folds: int, report: Report, seed: int
    ) -> tuple["Moments", np.ndarray, np.ndarray]:
        """Predict every training sample by every member.

        Returns
        -------
        moments, predicted, fold
            What weights need; predictions, float32 [members, samples, targets]; and the fold of each sample.
        """
        predicted = np.empty((len(self.members), *task.targets.shape), np.float32)
        for place, (name, method) in enumerate(self.members.items()):
            predicted[place] = cross_fitted(method, task, folds, _of(name, report), seed=seed)
        fold = fold_of(len(task.targets), folds, seed, task.groups)
        moments = Moments.none(int(fold.max()) + 1, len(self.members), task.targets.shape[1])
        for place in range(int(fold.max()) + 1):
            moments.add(place, predicted[:, fold == place], task.targets[fold == place])
        return moments, predicted, fold


def _apart(method: Predictor, name: str) -> Predictor:
    return method.apart(name) if isinstance(method, KeepsCheckpoints) else method


def _of(member: str, report: Report) -> Report:
    """Return a report that names the member that is at work."""

    def of_member(progress: Progress) -> None:
        report(replace(progress, stage=f"{member}: {progress.stage[:1].lower()}{progress.stage[1:]}"))

    return of_member


@dataclass
class Moments:
    """All that weights need of cross-fitted predictions P [members, samples] and measured values y of a target gene.

    Attributes
    ----------
    products
        P P' by fold and target gene, float64 [folds, targets, members, members].
    mixed
        P y, float64 [folds, targets, members].
    squares
        y'y, float64 [folds, targets].
    samples
        Number of samples, int [folds].
    """

    products: np.ndarray
    mixed: np.ndarray
    squares: np.ndarray
    samples: np.ndarray

    @classmethod
    def none(cls, folds: int, members: int, targets: int) -> Self:
        """Return those of no samples."""
        return cls(
            np.zeros((folds, targets, members, members)),
            np.zeros((folds, targets, members)),
            np.zeros((folds, targets)),
            np.zeros(folds, np.intp),
        )

    def add(self, fold: int, predicted: np.ndarray, measured: np.ndarray) -> None:
        """Enter the samples of a fold: predicted [members, samples, targets] and measured [samples, targets]."""
        for row, own in enumerate(predicted):
            self.mixed[fold, :, row] = np.einsum("st,st->t", own, measured, dtype=np.float64)
            for column, other in enumerate(predicted[: row + 1]):
                product = np.einsum("st,st->t", own, other, dtype=np.float64)
                self.products[fold, :, row, column] = self.products[fold, :, column, row] = product
        self.squares[fold] = np.einsum("st,st->t", measured, measured, dtype=np.float64)
        self.samples[fold] = len(measured)

    def without(self, fold: int) -> "Moments":
        """Leave a fold out."""
        return Moments(
            *(
                np.delete(values, fold, axis=0)
                for values in (self.products, self.mixed, self.squares, self.samples)
            )
        )


def weights_of(moments: Moments) -> tuple[np.ndarray, float]:
    """Find the weights of the members for every target gene.

    They minimise the squared error of the gene and, ``shared`` times, the mean of those of all genes. How much is
    shared is chosen by the error in each fold of weights found in the others.

    Returns
    -------
    weights, error
        float32 [members, targets], not negative; and the mean squared error by which the sharing was chosen.
    """
    errors = np.zeros(len(SHARED))
    for fold in range(len(moments.samples)):
        others = moments.without(fold)
        for number, shared in enumerate(SHARED):
            errors[number] += _squared_error(_weights(others, shared), moments, fold)
    values = moments.samples.sum() * moments.squares.shape[1]
    best = int(errors.argmin())
    return _weights(moments, SHARED[best]).T.astype(np.float32), float(errors[best] / values)


def _weights(moments: Moments, shared: float) -> np.ndarray:
    """Return the weights for a share, float64 [targets, members]."""
    products, mixed = moments.products.sum(axis=0), moments.mixed.sum(axis=0)
    common, common_mixed = products.mean(axis=0, keepdims=True), mixed.mean(axis=0, keepdims=True)
    if np.isinf(shared):
        return np.repeat(nonnegative(common, common_mixed), len(products), axis=0)
    return nonnegative(products + shared * common, mixed + shared * common_mixed)


def _squared_error(weights: np.ndarray, moments: Moments, fold: int) -> float:
    """Sum the squared errors in a fold over all target genes: w'PP'w - 2 w'Py + y'y."""
    quadratic = np.einsum("tm,tmk,tk->", weights, moments.products[fold], weights, optimize=True)
    return float(quadratic - 2 * np.vdot(weights, moments.mixed[fold]) + moments.squares[fold].sum())


def nonnegative(products: np.ndarray, mixed: np.ndarray) -> np.ndarray:
    """Minimise w'A w - 2 w'b over w that are not negative, for many A and b at once.

    Members are few, so every choice of those with a weight above zero is solved, and the best that is allowed taken:
    all target genes at once, which for thousands of them is sooner than a solver that is called for each.

    Parameters
    ----------
    products, mixed
        A, positive semidefinite [targets, members, members], and b [targets, members].

    Returns
    -------
    ndarray
        float64 [targets, members].
    """
    targets, members = mixed.shape
    # members that predict alike share the weight, instead of leaving the equations without a solution
    ridge = 1e-9 * np.trace(products, axis1=1, axis2=2) + np.finfo(float).tiny
    products = products + ridge[:, None, None] * np.eye(members)
    found, least = np.zeros((targets, members)), np.zeros(targets)
    for size in range(1, members + 1):
        for chosen in map(list, combinations(range(members), size)):
            own = mixed[:, chosen]
            solved = solve(products[:, chosen][:, :, chosen], own[..., None])[..., 0]
            value = -(solved * own).sum(axis=1)  # of what is minimised, at its least
            better = (solved >= 0).all(axis=1) & (value < least)
            least[better] = value[better]
            found[better] = 0
            found[np.ix_(better, chosen)] = solved[better]
    return found


@dataclass(frozen=True)
class WeightedNetworks:
    """Applies several networks, whose parameters are ``weights`` [networks, targets] and ``members``, and adds up."""

    members: tuple[Callable[[Any, Any], Any], ...]

    def __call__(self, parameters: Any, landmarks: Any) -> Any:
        """Predict targets [samples, targets] from standardised landmark genes [samples, landmarks]."""
        together = zip(parameters["weights"], self.members, parameters["members"], strict=True)
        return sum(weights * apply(own, landmarks) for weights, apply, own in together)


@dataclass(frozen=True)
class EnsemblePredictor:
    """Every target gene as a weighted sum of the predictions of several methods.

    Attributes
    ----------
    members
        What each has learned, by its name.
    weights
        float32 [members, targets].
    details
        Mean weight of each member, and the error by cross-fitting.
    """

    method: ClassVar[str] = "ensemble"
    members: Mapping[str, FittedPredictor]
    weights: np.ndarray
    details: Mapping[str, float]

    def predict(self, landmarks: np.ndarray) -> np.ndarray:
        """Predict all targets, [samples, landmarks] to float32 [samples, targets]."""
        found = np.zeros((len(landmarks), self.weights.shape[1]), np.float32)
        for weights, member in zip(self.weights, self.members.values(), strict=True):
            found += weights * member.predict(landmarks)
        return found

    def network(self, columns: Sequence[int]) -> Network:
        """Return the weighted sum of the members' networks for some targets; a member that has none refuses."""
        networks = [member.network(columns) for member in self.members.values()]
        parameters = {
            "weights": self.weights[:, list(columns)],
            "members": tuple(network.parameters for network in networks),
        }
        return Network(WeightedNetworks(tuple(network.apply for network in networks)), parameters)

    def save(self, folder: Path) -> None:
        """Write into a folder, each member in one of its own."""
        description = {"members": list(self.members), "details": dict(self.details)}
        save_artefact(folder, KIND, {"weights": self.weights}, description, pd.DataFrame())
        for name, member in self.members.items():
            member.save(folder / name)

    @classmethod
    def load(cls, folder: Path, loaders: Mapping[str, Callable[[Path], FittedPredictor]]) -> Self:
        """Read from a folder, each member by the loader of its name.

        Raises
        ------
        BadRun
            If the files are missing or damaged.
        """
        arrays, about, _ = load_artefact(folder, KIND)
        members = {name: loaders[name](folder / name) for name in about["members"]}
        return cls(members, arrays["weights"], about["details"])
