"""Bring samples of another platform onto the distribution of the first.

Chen et al. (Bioinformatics 32:1832, 2016) map RNA-seq onto the quantiles of their arrays: the value of rank r in a
sample becomes the mean of the values of rank r over the first platform's training samples. Only ranks within a sample
count, so the other platform may be in another unit, logged or not. Equal values are placed in one of two ways, of which
``dense`` is that of D-GEX's public code.
"""

from collections.abc import Sequence

from landmark.errors import BadData
from landmark.expression.history import describe, fact, record
from landmark.expression.prepare import onto_quantiles, onto_quantiles_dense
from landmark.expression.split import training_rows
from landmark.expression.streamed.quantile import quantiles_of
from landmark.expression.streamed.stream import Stream, mapped, without_values
from landmark.progress import Report, silent


def joined_quantiles(
    first: Stream, others: Sequence[Stream], report: Report = silent, dense: bool = False
) -> list[Stream]:
    """Give the samples of other matrices the mean distribution of the first one's samples.

    Parameters
    ----------
    first
        The matrix whose distribution is kept; passed over once.
    others
        Matrices of the same genes in the same order.
    dense
        Place equal values as the public code of D-GEX does; see ``onto_quantiles_dense``. By default they get the mean
        of the quantiles that they span.

    Returns
    -------
    list of Stream
        The others, mapped as they pass, in the unit of the first.

    Raises
    ------
    BadData
        A matrix has other genes than the first.
    """
    if not all(other.about.var_names.equals(first.about.var_names) for other in others):
        raise BadData(
            "Two platforms are brought onto one distribution over the same genes in the same order only."
        )
    quantiles = quantiles_of(first, report, training_rows(first.about))
    onto = onto_quantiles_dense if dense else onto_quantiles
    mapped_ones = []
    for other in others:
        about = without_values(other.about.obs, other.about.var, other.about.uns)
        describe(about, unit=fact(first.about, "unit"))
        record(about, "Joint quantile normalisation", onto=fact(first.about, "title"), genes=first.genes)
        mapped_ones.append(mapped(other, about, lambda X: onto(X, quantiles)))
    return mapped_ones
