"""The one documented layout with repeated column names: tables whose samples are named by their tissue.

Some published tables, GTEx among them, name every column by its tissue, so that each name stands over many
samples. Anywhere else a repeated sample name is a mistake, and refused as one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landmark.expression.identifiers import Recognition

FEWEST_GROUPS = 2
FEWEST_SAMPLES = 3
"""Of each group: two columns of one name are rather a column that was pasted twice."""

CLEAR_SHARE = 0.5


@dataclass(frozen=True)
class GroupLabels:
    """Sample names made unique.

    Attributes
    ----------
    names
        Unique names: "Brain 1", "Brain 2".
    column, values
        The annotation that the file's names become.
    note
        What was done, for people.
    """

    names: list[str]
    column: str
    values: list[str]
    note: str


def group_labels(samples: Sequence[str], genes: Recognition) -> GroupLabels | None:
    """Recognise the layout: gene names are known, and every sample name occurs at least three times.

    Returns
    -------
    GroupLabels or None
        None where the layout is another; repeated names are then left for the checks to refuse.
    """
    counts = Counter(samples)
    if genes.share < CLEAR_SHARE or len(counts) < FEWEST_GROUPS or min(counts.values()) < FEWEST_SAMPLES:
        return None
    seen: Counter[str] = Counter()
    names = []
    for sample in samples:
        seen[sample] += 1
        names.append(f"{sample} {seen[sample]}")
    note = (
        f"Every sample name occurs several times: {len(counts)} names for {len(samples)} samples. The "
        "names are kept as the column 'tissue', and the samples are numbered within each."
    )
    return GroupLabels(names, "tissue", list(samples), note)
