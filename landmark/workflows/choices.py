"""How far the choices that the paper leaves open would move a ranking."""

from collections.abc import Callable, Iterator

import pandas as pd

from landmark.analyses.ranking.config import RankConfiguration
from landmark.attribution.ranking import overlap, rank_correlation, scores
from landmark.attribution.summary import Importance

MOST_SAMPLES = 1000
"""So many training samples tell how far a choice moves a ranking; all of them would take several times as long."""

OPTIONS = {
    "reference": ("training mean", "zero"),
    "target": ("pre", "post"),
    "aggregation": ("mean_absolute", "absolute_mean"),
}
"""What is tried of each choice; the mean of a group only where it was asked for."""


def alternatives(configuration: RankConfiguration) -> Iterator[tuple[str, str, RankConfiguration]]:
    """Yield each choice, another value of it, and the configuration that differs in this alone."""
    for choice, options in OPTIONS.items():
        for value in options:
            if value != getattr(configuration, choice):
                change = {choice: value}
                if choice == "reference":
                    change |= {"reference_label": "", "reference_group": ""}
                yield choice, value, configuration.model_copy(update=change)


def moved_by(
    configuration: RankConfiguration,
    own: Importance,
    importance_of: Callable[[RankConfiguration], Importance],
    cut: int,
) -> pd.DataFrame:
    """Compare a ranking with those that other choices give on the same samples.

    Parameters
    ----------
    configuration
        The choices made.
    own
        Importance under these choices.
    importance_of
        Computes importance, on the same samples, under other choices.
    cut
        Size of the sets at the top that are compared.

    Returns
    -------
    DataFrame
        choice; value, instead of the one made; rank_correlation, Spearman's, over all genes; overlap, the share of
        the first ``cut`` genes that both name.
    """
    score, rows = scores(own, configuration.aggregation), []
    for choice, value, changed in alternatives(configuration):
        found = own if choice == "aggregation" else importance_of(changed)
        other = scores(found, changed.aggregation)
        rows.append((choice, value, rank_correlation(score, other), overlap(score, other, cut)))
    return pd.DataFrame(rows, columns=["choice", "value", "rank_correlation", "overlap"])
