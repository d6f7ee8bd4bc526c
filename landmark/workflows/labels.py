"""Which annotation to look at first: the paper's lung subtypes where there are any, else the clearest column."""

from dataclasses import dataclass

import pandas as pd

from landmark.errors import BadData

LUNG = (
    ("LUAD", "LUSC", "SCLC"),  # cell lines of GDSC, by TCGA's names
    ("ADC", "SCC", "normal"),  # the paper's GSE4573 and GSE10072
    ("AD", "SQ", "NL"),  # Bhattacharjee et al. 2001
)
"""Names of lung tumour subtypes in public collections."""

FEWEST_SAMPLES = 5
MOST_GROUPS = 8


@dataclass(frozen=True)
class Proposal:
    """An annotation column and the values of it to include."""

    label: str
    groups: tuple[str, ...]


def propose(annotations: pd.DataFrame) -> Proposal:
    """Propose what to colour and compare clusters by.

    Parameters
    ----------
    annotations
        One row per sample, one column per annotation.

    Raises
    ------
    BadData
        If no column divides the samples into groups of several samples.
    """
    for name in annotations:
        sizes = _sizes(annotations[name])
        for subtypes in LUNG:
            if set(subtypes) <= set(sizes.index):
                return Proposal(str(name), subtypes)
    proposals = [(str(name), groups) for name in annotations if len(groups := _groups(annotations[name])) > 1]
    if not proposals:
        raise BadData(
            "No annotation divides the samples into groups of at least "
            f"{FEWEST_SAMPLES}. Import the dataset with sample labels, or choose a label and groups."
        )
    # the column that covers most samples with few groups is the easiest to read
    label, groups = max(proposals, key=lambda found: _sizes(annotations[found[0]])[list(found[1])].sum())
    return Proposal(label, groups)


def written(column: pd.Series) -> pd.Series:
    """Return an annotation as text without blanks around it, empty where it is missing."""
    return column.astype(object).where(column.notna(), "").astype(str).str.strip()


def _sizes(column: pd.Series) -> pd.Series:
    text = written(column)
    return text[text != ""].value_counts()


def _groups(column: pd.Series) -> tuple[str, ...]:
    sizes = _sizes(column)
    if len(sizes) == len(column):
        return ()
    return tuple(sizes[sizes >= FEWEST_SAMPLES].index[:MOST_GROUPS])
