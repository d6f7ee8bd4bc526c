"""Groups of samples, given as one whole number per sample."""

import numpy as np

from landmark.errors import BadData


def checked(groups: np.ndarray) -> np.ndarray:
    """Check that groups are numbered 0, 1, 2, ... without a gap, -1 standing for no group."""
    groups = np.asarray(groups)
    if groups.ndim != 1 or not np.issubdtype(groups.dtype, np.integer) or groups.min(initial=0) < -1:
        raise BadData("Groups must be one whole number per sample, counted from 0, or -1 for no group.")
    sizes = np.bincount(groups[groups >= 0])
    if not sizes.size or (sizes == 0).any():
        empty = int(np.argmin(sizes)) if sizes.size else 0
        raise BadData(f"Group {empty} has no sample; number the groups 0, 1, 2, ... without a gap.")
    return groups


def members(groups: np.ndarray, start: int, stop: int, size: int) -> np.ndarray:
    """Groups of samples ``start`` to ``stop``, followed by -1 up to ``size``."""
    found = np.full(size, -1, np.int32)
    given = groups[start:stop]
    found[: len(given)] = given
    return found


def renumbered(groups: np.ndarray) -> np.ndarray | None:
    """Number the groups that occur 0, 1, 2, ... in the same order, -1 staying; None where no sample has a group."""
    present = np.unique(groups[groups >= 0])
    if not present.size:
        return None
    return np.where(groups < 0, -1, np.searchsorted(present, groups))
