"""Whether the values of several matrices are in one unit: logged or not, standardised or not, as stated."""

from collections.abc import Sequence

import numpy as np

from landmark.expression.logged import Logged, looks_logged

CENTRED = 0.2
"""Values of which so many are negative vary around zero, as standardised values and differences do."""
POSITIVE = 0.02
"""Of expression values and their logarithms not more than this is negative."""

REMEDY = "choose joint quantile normalisation, which looks at ranks only"


def difference(matrices: Sequence[np.ndarray], units: Sequence[str], titles: Sequence[str]) -> str:
    """Say in a sentence how the units of matrices differ; empty where they do not, as far as that shows.

    Parameters
    ----------
    matrices
        Some samples of each, [samples, genes].
    units
        As stated with each; empty where nothing is.
    titles
        Of the matrices, for people.
    """
    finite = [X[np.isfinite(X)] for X in matrices]
    logged = [looks_logged(values) for values in finite]
    if len({found.looks for found in logged}) > 1:
        return _not_logged(logged, titles)
    negative = [float(np.mean(values < 0)) if values.size else 0.0 for values in finite]
    centred = next((i for i, share in enumerate(negative) if share >= CENTRED), None)
    positive = next((i for i, share in enumerate(negative) if share <= POSITIVE), None)
    if centred is not None and positive is not None:
        stated = f" ({units[centred]})" if units[centred] else ""
        return (
            f"The values of {titles[centred]!r} vary around zero{stated}, as standardised values do, and those of "
            f"{titles[positive]!r} are positive: they are in different units. Merge datasets that were prepared alike, "
            f"or {REMEDY}."
        )
    known = {unit: title for unit, title in zip(units, titles, strict=True) if unit}
    if len(known) > 1:
        (one, first), (two, second) = list(known.items())[:2]
        return f"{first!r} is in {one}, {second!r} in {two}. Prepare them alike first, or {REMEDY}."
    return ""


def _not_logged(logged: Sequence[Logged], titles: Sequence[str]) -> str:
    yes = next(i for i, found in enumerate(logged) if found.looks)
    no = next(i for i, found in enumerate(logged) if not found.looks)
    return (
        f"{titles[no]!r} is not logged ({logged[no].reason.split(':')[0].lower()}), while {titles[yes]!r} is. Take "
        f"log2 of {titles[no]!r} on the Prepare page first, or {REMEDY}."
    )
