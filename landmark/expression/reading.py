"""The way in for expression matrices of any format."""

from os import PathLike
from pathlib import Path

from anndata import AnnData

from landmark.errors import BadData
from landmark.expression.formats.registry import format_of
from landmark.expression.formats.soft import Soft
from landmark.expression.identifiers import Identifier
from landmark.expression.limits import Limits, limits
from landmark.expression.matrix import build
from landmark.expression.streamed.missing import Missing
from landmark.expression.table import Axis, Table
from landmark.expression.unpack import source


def read(
    path: str | PathLike[str],
    within: Limits | None = None,
    missing: Missing = "refuse",
    genes_in: Axis | None = None,
    identifier: Identifier | None = None,
    platform: str = "",
    names_from: str = "",
    several: bool = False,
) -> AnnData:
    """Read an expression matrix.

    The format is found from the content and checked against the name; the axis of the genes is found from the
    names. What was found and done stands in the history (``landmark.expression.history``).

    Parameters
    ----------
    path
        The file, as it is or packed with gzip, xz, bzip2 or zip.
    within
        Limits on size; those of this machine if not given.
    missing
        What to do about missing values: refuse the file, drop the genes, or fill in the gene's median.
    genes_in
        The axis of the file that holds genes; found where None.
    identifier
        Kind of the gene names; found where None.
    platform
        Which platform to take of a SOFT family that has several, such as ``GPL96``; found where empty.
    names_from
        Column of the file that names the genes; empty for the names that the file gives them.
    several
        Whether genes of one name are going to be brought together (``prepare.collapse_probes``); else they are refused.

    Returns
    -------
    AnnData
        X float32 [samples, genes], finite; ``obs_names`` samples and ``var_names`` genes, unique; annotations of the
        file in ``obs`` and ``var``.

    Raises
    ------
    BadData
        The file cannot be read or holds no expression matrix: what is wrong, where, how to mend it.
    """
    path = Path(path)
    table = read_file(path, within, platform)
    try:
        return build(table, path.name, missing, genes_in, identifier, names_from, several)
    except MemoryError as error:
        raise too_large(path) from error


def read_file(path: Path, within: Limits | None = None, platform: str = "") -> Table:
    """Read a file of any format as it is, before anything is decided about it."""
    file = source(path, within or limits())
    form = format_of(file)
    if platform:
        if not isinstance(form, Soft):
            raise BadData(
                f"{path.name} has a single platform, so none can be chosen. Leave the platform out."
            )
        form = Soft(platform)
    try:
        return form.read(file)
    except MemoryError as error:
        raise too_large(path) from error


def too_large(path: Path) -> BadData:
    """Say that the memory is not enough."""
    return BadData(
        f"{path.name} does not fit into the memory of this machine. Import fewer samples or genes."
    )
