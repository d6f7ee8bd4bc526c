"""Products of one gene with all others, formed for several genes at a time."""

import numpy as np

AT_A_TIME = 32
"""Rows of X'X formed together: one product of matrices takes hardly longer than two of a matrix and a vector."""


class Products:
    """Rows of X'X, formed when they are needed and kept.

    A row alone is a product of a matrix and a vector, which waits for memory. So the genes that are likely to be
    asked for next are formed along with it.

    Parameters
    ----------
    X
        float32 [samples, genes].
    """

    def __init__(self, X: np.ndarray) -> None:
        self._X = X
        self._rows: dict[int, np.ndarray] = {}

    def squares(self) -> np.ndarray:
        """Return the diagonal of X'X, float64 [genes]."""
        return np.einsum("sg,sg->g", self._X, self._X, dtype=np.float64)

    def row(self, gene: int, likely: np.ndarray) -> np.ndarray:
        """Return the products of one gene with all, float32 [genes].

        ``likely`` says of every gene, [genes], how likely it is asked for soon: the larger, the sooner.
        """
        if gene not in self._rows:
            self._form(gene, likely)
        return self._rows.pop(gene)

    def _form(self, gene: int, likely: np.ndarray) -> None:
        count = min(AT_A_TIME, len(likely))
        candidates = [int(g) for g in np.argpartition(-likely, count - 1)[:count] if int(g) not in self._rows]
        wanted = [gene, *(g for g in candidates if g != gene)]
        formed = self._X[:, wanted].T @ self._X
        self._rows.update(zip(wanted, formed, strict=True))
