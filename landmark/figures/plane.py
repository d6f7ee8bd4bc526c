"""How the places and heights of a tree become points of a figure: upright, or around a circle."""

from typing import Protocol

import numpy as np

_GAP_DEGREES = 14.0
"""Opening at the top of the circle, where the scale stands."""

_HOLE = 0.06
"""Radius of the root, so that the branches of the last join do not fall on one point."""

_ARC_STEP = np.radians(1.5)


class Plane(Protocol):
    """Maps a place across the tree and a height in it to a point."""

    def at(self, place: float, height: float) -> np.ndarray:
        """Return one point, [1, 2]."""
        ...

    def across(self, start: float, end: float, height: float) -> np.ndarray:
        """Return the path from place to place at one height, [points, 2]."""
        ...

    def band(self, start: float, end: float) -> np.ndarray:
        """Return the path along the band of labels, [points, 2]."""
        ...

    def band_middle(self, place: float) -> np.ndarray:
        """Return one point on the band of labels, [1, 2]."""
        ...

    def full(self, height: float) -> np.ndarray:
        """Return the path of one height across the whole tree, [points, 2]."""
        ...


class Strip:
    """Upright: leaves in a row at the foot."""

    def __init__(self, leaves: int, top: float) -> None:
        self._foot = -0.055 * top
        self._leaves = leaves

    def at(self, place: float, height: float) -> np.ndarray:
        """Return one point, [1, 2]."""
        return np.array([[place, height]])

    def across(self, start: float, end: float, height: float) -> np.ndarray:
        """Return the path from place to place at one height, [2, 2]."""
        return np.array([[start, height], [end, height]])

    def band(self, start: float, end: float) -> np.ndarray:
        """Return the path along the band of labels, [2, 2]."""
        return self.across(start, end, self._foot)

    def band_middle(self, place: float) -> np.ndarray:
        """Return one point on the band of labels, [1, 2]."""
        return self.at(place, self._foot)

    def full(self, height: float) -> np.ndarray:
        """Return the line of one height, [2, 2]."""
        return self.across(-0.5, self._leaves - 0.5, height)


class Circle:
    """Leaves on the unit circle, clockwise from the top; the root in the middle."""

    def __init__(self, leaves: int, top: float) -> None:
        self._leaves = leaves
        self._top = top
        self._opening = np.radians(_GAP_DEGREES)

    def radius(self, height: float) -> float:
        """Distance from the middle at which a height is drawn."""
        return _HOLE + (1 - _HOLE) * (1 - height / self._top)

    def angle(self, place: float | np.ndarray) -> np.ndarray:
        """Angle of a place, in radians."""
        turn = (np.asarray(place) + 0.5) / self._leaves
        return np.pi / 2 - self._opening / 2 - turn * (2 * np.pi - self._opening)

    def at(self, place: float, height: float) -> np.ndarray:
        """Return one point, [1, 2]."""
        return self._polar(np.atleast_1d(self.angle(place)), self.radius(height))

    def across(self, start: float, end: float, height: float) -> np.ndarray:
        """Return the arc from place to place at one height, [points, 2]."""
        return self._arc(start, end, self.radius(height))

    def band(self, start: float, end: float) -> np.ndarray:
        """Return the arc along the band of labels, [points, 2]."""
        return self._arc(start, end, 1.05)

    def band_middle(self, place: float) -> np.ndarray:
        """Return one point on the band of labels, [1, 2]."""
        return self._polar(np.atleast_1d(self.angle(place)), 1.05)

    def full(self, height: float) -> np.ndarray:
        """Return the circle of one height, open at the top, [points, 2]."""
        return self._arc(-0.5, self._leaves - 0.5, self.radius(height))

    def ticks(self) -> list[float]:
        """Choose three to seven round heights."""
        step = 10 ** np.floor(np.log10(self._top / 3))
        step *= next(factor for factor in (5, 2, 1) if self._top / (factor * step) >= 3)
        return [float(tick) for tick in np.round(np.arange(step, self._top, step), 10)]

    def _arc(self, start: float, end: float, radius: float) -> np.ndarray:
        first, last = self.angle(start), self.angle(end)
        points = 2 + int(abs(last - first) / _ARC_STEP)
        return self._polar(np.linspace(first, last, points), radius)

    @staticmethod
    def _polar(angle: np.ndarray, radius: float) -> np.ndarray:
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
