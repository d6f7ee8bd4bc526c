"""Bring samples of another platform onto the distribution of the first, as D-GEX does.

Chen et al. (Bioinformatics 32:1832, 2016) map RNA-seq onto the quantiles of their arrays: the value of rank r in a
sample becomes the mean of the values of rank r over the first platform's samples. Only ranks within a sample count, so
the other platform may be in another unit, logged or not.
"""

from collections.abc import Sequence

from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.history import describe, fact, record
from landmark.expression.prepare import mean_quantiles, onto_quantiles
from landmark.progress import Progress, Report, silent

_SAMPLES_AT_ONCE = 512


def join_quantiles(first: AnnData, others: Sequence[AnnData], report: Report = silent) -> None:
    """Give the samples of other matrices the mean distribution of the first one's samples.

    Parameters
    ----------
    first
        The matrix whose distribution is kept; not changed.
    others
        Matrices of the same genes in the same order; changed in place.

    Raises
    ------
    BadData
        A matrix has other genes than the first.
    """
    quantiles = mean_quantiles(first.X, report)
    total, done = sum(other.n_obs for other in others), 0
    for other in others:
        if not other.var_names.equals(first.var_names):
            raise BadData(
                "Two platforms are brought onto one distribution over the same genes in the same order only."
            )
        X = other.X
        for start in range(0, len(X), _SAMPLES_AT_ONCE):
            report(Progress("Joint quantile normalisation", done + start, total, "sample"))
            block = slice(start, start + _SAMPLES_AT_ONCE)
            X[block] = onto_quantiles(X[block], quantiles)
        other.X = X
        done += len(X)
        describe(other, unit=fact(first, "unit"))
        record(other, "Joint quantile normalisation", onto=fact(first, "title"), genes=first.n_vars)
