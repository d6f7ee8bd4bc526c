"""Predictors of complete profiles on real data: errors with intervals, coverage of their prediction intervals, time.

    python -m benchmarks.profiles DATA.h5ad [--whole patient] [--leave-out organ --count 6] [--seed 0]
                                  [--predictor ridge --predictor knn ...] [--with dgex.epochs=40]

A fifth of the samples is held out at random, whole groups of ``--whole`` together; with ``--leave-out``, that many
values of an annotation instead. Landmark genes are those of the 943 that D-GEX and Kong et al. use which are there.
Every predictor learns from the training samples and is calibrated within them; all figures are of the held-out samples.
The first predictor is the peer: differences to it come with 95% intervals over samples drawn anew 1,000 times.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import anndata
import numpy as np

from landmark.analyses.fit.config import FitConfiguration
from landmark.analyses.fit.run import method
from landmark.cli.commands import changed
from landmark.data.gene_identifiers import recognise
from landmark.data.split import numbered_groups
from landmark.genesets.sources import l1000_present
from landmark.inference.intervals import Calibration
from landmark.inference.neighbours import nearest_samples
from landmark.inference.predict import fit
from landmark.inference.split import Groups, SplitExpression
from landmark.metrics.per_gene import accuracy
from landmark.workflows.calibration import predict_unseen

LEVEL = 0.9
DRAWS = 1000
COLUMNS = (
    "predictor",
    "MAE",
    "MAE against the first",
    "PCC per gene",
    "PCC per sample",
    "coverage of 90%",
    "of the middle 95% of genes",
    "median width",
    "plain width, same coverage",
    "seconds",
    "memory",
)


@dataclass(frozen=True)
class Held:
    """What a predictor says of the held-out samples, standardised, [samples, targets] each, and what it took."""

    true: np.ndarray
    predicted: np.ndarray
    half: np.ndarray
    plain: np.ndarray
    seconds: float
    memory: float

    @property
    def errors(self) -> np.ndarray:
        """Mean absolute error of every sample."""
        return np.abs(self.true - self.predicted).mean(axis=1)


def main() -> None:
    parser = held_out_options(__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--predictor", action="append")
    parser.add_argument("--with", action="append", dest="changes")
    asked = parser.parse_args()
    matrix = anndata.read_h5ad(asked.data)
    split = divided(matrix, asked)
    landmarks = l1000_present(split.genes, recognise(split.genes).identifier, dgex=True).genes
    print(
        f"{len(split.train)} training and {len(split.test)} held-out samples, {len(landmarks)} landmark genes"
    )
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    first = None
    for name in asked.predictor or ["ridge", "knn"]:
        settings = FitConfiguration.parse({"dataset": "-", "predictor": name, **changed(asked.changes)})
        held = evaluated(split, landmarks, settings)
        first = first or held
        print(row(name, held, first), flush=True)


def held_out_options(description: str | None) -> argparse.ArgumentParser:
    """Ask for a matrix and for the samples of it that are held out."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data")
    parser.add_argument("--whole", default="")
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--count", type=int, default=6)
    return parser


def held_out(matrix: anndata.AnnData, asked: argparse.Namespace) -> np.ndarray:
    """Draw the samples that are held out, bool [samples]."""
    rng = np.random.default_rng(asked.seed)
    if asked.leave_out:
        column = matrix.obs[asked.leave_out].astype(str).to_numpy()
        out = rng.choice(np.unique(column), asked.count, replace=False)
        print(f"left out: {', '.join(out)}")
        return np.isin(column, out)
    units = numbered_groups(matrix.obs[asked.whole]) if asked.whole else np.arange(matrix.n_obs)
    order = rng.permutation(np.unique(units))
    return np.isin(units, order[: len(order) // 5])


def divided(matrix: anndata.AnnData, asked: argparse.Namespace) -> SplitExpression:
    """Hold samples out."""
    test = held_out(matrix, asked)
    groups = numbered_groups(matrix.obs[asked.whole]) if asked.whole else None
    X = np.asarray(matrix.X, np.float32)
    kept = None if groups is None else Groups(groups[~test], groups[test])
    return SplitExpression.of(X[~test], X[test], list(map(str, matrix.var_names)), groups=kept)


def evaluated(split: SplitExpression, landmarks: tuple[str, ...], settings: FitConfiguration) -> Held:
    """Fit and calibrate on the training samples; predict the held-out ones."""
    own = set(landmarks)
    targets = tuple(gene for gene in split.genes if gene not in own)
    predictor = method(settings, Path(tempfile.mkdtemp()), settings.seed)
    begun = time.perf_counter()
    trained = fit(split, landmarks, targets, predictor, seed=settings.seed)
    predicted = trained.fitted.predict(split.test_columns(landmarks))
    seconds = time.perf_counter() - begun
    unseen = predict_unseen(split.task(landmarks, targets, settings.seed), predictor, trained, settings.seed)
    distance = nearest_samples(split.test_columns(landmarks), split.train_columns(landmarks)).distance
    normalised = Calibration.learn(unseen.true, unseen.predicted, unseen.distance)
    plain = Calibration.learn(unseen.true, unseen.predicted, None)
    return Held(
        split.test_columns(targets),
        predicted,
        normalised.half_widths(LEVEL, predicted, distance),
        plain.half_widths(LEVEL, predicted),
        seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    )


def row(name: str, held: Held, first: Held) -> str:
    """Write a line of the table."""
    found = accuracy(held.true, held.predicted)
    samples = [np.corrcoef(t, p)[0, 1] for t, p in zip(held.true, held.predicted, strict=True)]
    errors = np.abs(held.true - held.predicted)
    covered = errors <= held.half
    by_gene = np.quantile(covered.mean(axis=0), [0.025, 0.975])
    drawn = np.random.default_rng(0).integers(0, len(samples), (DRAWS, len(samples)))
    ratios = 100 * (held.errors[drawn].mean(axis=1) / first.errors[drawn].mean(axis=1) - 1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    change = 100 * (held.errors.mean() / first.errors.mean() - 1)
    cells = (
        name,
        f"{held.errors.mean():.4f}",
        f"{change:+.1f}% ({low:+.1f} to {high:+.1f})",
        f"{np.nanmean(found.pcc):.4f}",
        f"{np.mean(samples):.4f}",
        f"{100 * covered.mean():.1f}%",
        f"{100 * by_gene[0]:.1f}-{100 * by_gene[1]:.1f}%",
        f"{2 * np.median(held.half):.3f}",
        f"{2 * same_coverage(errors, held.plain, float(covered.mean())):.3f}",
        f"{held.seconds:.0f}",
        f"{held.memory:.1f} GB",
    )
    return f"| {' | '.join(cells)} |"


def same_coverage(errors: np.ndarray, half: np.ndarray, coverage: float) -> float:
    """Return the median half-width of intervals that are stretched until they cover a share of the values."""
    return float(np.median(half) * np.quantile(errors / half, coverage))


if __name__ == "__main__":
    main()
