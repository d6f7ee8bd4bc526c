"""The way in for expression matrices of any format."""

from os import PathLike
from pathlib import Path

from anndata import AnnData

from landmark.expression.formats.registry import format_of
from landmark.expression.limits import Limits, limits
from landmark.expression.matrix import build
from landmark.expression.unpack import source


def read(path: str | PathLike[str], within: Limits | None = None) -> AnnData:
    """Read an expression matrix.

    The format is found from the content and checked against the name; the axis of the genes is found from the
    names. What was found and done stands in the history (``landmark.expression.history``).

    Parameters
    ----------
    path
        The file, as it is or packed with gzip, xz, bzip2 or zip.
    within
        Limits on size; those of this machine if not given.

    Returns
    -------
    AnnData
        X float32 [samples, genes], finite; ``obs_names`` samples and ``var_names`` genes, unique; annotations
        of the file in ``obs`` and ``var``.

    Raises
    ------
    BadData
        The file cannot be read or holds no expression matrix: what is wrong, where, how to mend it.
    """
    file = source(Path(path), within or limits())
    return build(format_of(file).read(file), file.path.name)
