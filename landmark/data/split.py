"""The split into training and test samples: drawn once, at random, and kept in ``obs["split"]``."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from anndata import AnnData

from landmark.data.history import history, record
from landmark.errors import BadConfiguration, BadData
from landmark.wording import listed

Part = Literal["train", "test"]

COLUMN = "split"
OF_FILE = "split (file)"  # the name under which an annotation that a file calls ``split`` is kept
SPLIT = "Split into training and test samples"  # the step's name in the history


PEOPLE = re.compile(r"patient|donor|subj|individual|person|participant|case.?id|animal", re.IGNORECASE)
"""Names of annotations whose values may be people."""

NOT_PEOPLE = re.compile(
    r"(^|[^a-z])(age|sex|gender|race|ethnic\w*|stage|status|grade|type|diagnosis|disease|weight|height|bmi|years?|date"
    r"|group|cohort|treatment|response|survival)($|[^a-z])",
    re.IGNORECASE,
)
"""Names of annotations that say something of people, such as a patient's age."""

MOST_OF_ONE = 20
"""Samples of one person, on average: an annotation with larger groups is about something else."""


def people_column(values: Mapping[str, int], samples: int) -> str:
    """Name the annotation that seems to name people, several samples of one among them; empty where none does.

    ``values``: the number of different values of each annotation, of so many samples.
    """
    for name, count in values.items():
        several = 2 < count < samples and samples <= MOST_OF_ONE * count
        if several and PEOPLE.search(name) and not NOT_PEOPLE.search(name):
            return name
    return ""


def divided_groups(adata: AnnData, group: str) -> int:
    """Count the groups of an annotation that have samples on both sides of the split."""
    parts = adata.obs[COLUMN].astype(str).groupby(numbered_groups(adata.obs[group]))
    return int((parts.nunique() > 1).sum())


def assign(
    adata: AnnData,
    held_out: float = 0.2,
    seed: int = 0,
    group: str = "",
    *,
    names: Sequence[str] = (),
    number: int = 0,
) -> None:
    """Split as asked; writes ``obs["split"]`` and the history.

    Samples at random, or whole groups of the annotation ``group``: those of the given ``names``, a ``number`` of them
    drawn at random, or random ones up to the share ``held_out``. BadData, BadConfiguration: as of ``assign_split`` and
    ``assign_named``, or more groups are asked for than can be held out.
    """
    if names:
        assign_named(adata, group, names)
    elif number:
        _check_column(adata, group)
        known = np.unique(adata.obs[group].dropna().astype(str))
        if number >= len(known):
            raise BadConfiguration(
                f"{number:,} groups cannot be held out: {group!r} has {len(known):,} values, and one at least must be "
                "left to train on. Hold out fewer."
            )
        assign_named(adata, group, sorted(np.random.default_rng(seed).permutation(known)[:number]))
    else:
        assign_split(adata, held_out, seed, group or None)


def assign_split(adata: AnnData, held_out: float = 0.2, seed: int = 0, group: str | None = None) -> None:
    """Hold out samples for the test, at random; writes ``obs["split"]`` and the history.

    ``held_out`` is a share between 0 and 1 (Kong et al.: 0.1). Samples that share a value of the column
    ``group`` of ``obs`` (a patient, a study) are never divided; the share is then as close as whole groups in
    random order allow, and missing values are groups of one. BadConfiguration: ``held_out`` is out of its
    bounds. BadData: there are too few samples or groups, or no such column.
    """
    if not 0 < held_out < 1:
        raise BadConfiguration(f"held_out = {held_out}: the share of held-out samples lies between 0 and 1")
    labels = _groups(adata, group)
    units, sizes = np.unique(labels, return_counts=True)
    if len(units) < 2:
        raise BadData(
            f"All samples share one value of {group!r}, so none can be held out. Split by another column "
            "or at random."
            if group
            else "A single sample cannot be split. Import a matrix of several samples."
        )
    order = np.random.default_rng(seed).permutation(len(units))
    taken = np.cumsum(sizes[order])
    # At least one unit on either side, and otherwise the count nearest to the share asked for.
    count = int(np.argmin(np.abs(taken[:-1] - held_out * adata.n_obs))) + 1
    test = np.isin(labels, units[order[:count]])
    adata.obs[COLUMN] = np.where(test, "test", "train")
    record(
        adata,
        SPLIT,
        held_out=held_out,
        seed=seed,
        group=group,
        train=int((~test).sum()),
        test=int(test.sum()),
    )


def assign_named(adata: AnnData, group: str, names: Collection[str]) -> None:
    """Hold out the samples whose column ``group`` has one of the names; writes ``obs["split"]`` and the history.

    Samples without a value are for training. BadData: there is no such column, a name is none of its values, or no
    sample would be left to train on.
    """
    _check_column(adata, group)
    values = adata.obs[group]
    known = values[values.notna()].astype(str)
    if unknown := [name for name in names if name not in set(known)]:
        offered = listed(sorted(set(known)), 20, " and others")
        raise BadData(f"No sample has {unknown[0]!r} in the column {group!r}. Values there: {offered}.")
    test = (values.notna() & values.astype(str).isin(list(names))).to_numpy()
    if test.all():
        raise BadData(
            f"Every sample is in one of the groups to hold out, so none is left to train on. Hold out fewer values of "
            f"{group!r}."
        )
    adata.obs[COLUMN] = np.where(test, "test", "train")
    record(
        adata, SPLIT, group=group, groups_held_out=list(names), train=int((~test).sum()), test=int(test.sum())
    )


def set_aside(obs: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Keep an annotation that a file calls ``split`` under another name, since the split drawn here takes this one."""
    if COLUMN not in obs:
        return obs, ()
    name, number = OF_FILE, 1
    while name in obs:
        number += 1
        name = f"{OF_FILE} {number}"
    note = f"The annotation {COLUMN!r} of the file is kept as {name!r}: {COLUMN!r} says here which samples train."
    return obs.rename(columns={COLUMN: name}), (note,)


def rows(adata: AnnData, part: Part) -> np.ndarray:
    """Positions of the samples of one part, int64 [samples], in their order; BadData where there are none."""
    if COLUMN not in adata.obs:
        raise BadData(
            "The samples are not split into training and test samples yet. Prepare the dataset first."
        )
    found = np.flatnonzero(adata.obs[COLUMN].to_numpy().astype(str) == part)
    if not len(found):
        raise BadData(f"No sample is marked {part!r} in the column 'split'. Split the dataset again.")
    return found


def training_rows(adata: AnnData) -> np.ndarray | None:
    """Tell which samples train, bool [samples], where there is a split with both parts; else None."""
    if COLUMN not in adata.obs:
        return None
    train = (adata.obs[COLUMN].astype(str) == "train").to_numpy()
    return train if train.any() else None


def groups_kept_whole(adata: AnnData) -> np.ndarray | None:
    """Number the groups that the split keeps on one side, such as patients: int64 [samples]; None for none.

    Samples without a group are groups of one. Where the annotation of the groups is gone, they are not known.
    """
    group = annotation_kept_whole(adata)
    return _groups(adata, group) if group else None


def annotation_kept_whole(adata: AnnData) -> str:
    """Name the annotation whose groups the split keeps on one side; empty for none."""
    splits = [step for step in history(adata) if step["step"] == SPLIT]
    group = splits[-1].get("group") if splits else None
    return group if group and group in adata.obs else ""


def _groups(adata: AnnData, group: str | None) -> np.ndarray:
    """Give each sample the number of its group, [samples]; without a column every sample is its own group."""
    if group is None:
        return np.arange(adata.n_obs)
    _check_column(adata, group)
    return numbered_groups(adata.obs[group])


def numbered_groups(values: np.ndarray | pd.Series) -> np.ndarray:
    """Give each sample the number of its group, int64 [samples]; samples without a value are groups of one."""
    codes, _ = pd.factorize(values)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes


def _check_column(adata: AnnData, group: str) -> None:
    if group not in adata.obs:
        offered = ", ".join(map(str, adata.obs.columns)) or "none"
        raise BadData(f"The samples have no column {group!r} to group by. Columns: {offered}.")
