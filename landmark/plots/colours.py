"""One meaning, one colour, in every figure.

The colours of meanings follow Okabe and Ito (2008), Color Universal Design. ``LABELS`` was found by a search
that maximises the smallest OKLab distance between any two entries as seen with normal vision and with
simulated protanopia, deuteranopia and tritanopia (Machado 2009), with every entry at least 2:1 in contrast
against both a white and a near-black page.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

DEEPLIFT = "#D55E00"
L1000 = "#0072B2"
IMPROVED = "#009E73"
RANDOM = "#8A8A8A"

AUTOENCODER = "#8467B5"
PCA = "#C98A00"
ALL_GENES = "#56B4E9"
TRAINING = AUTOENCODER
VALIDATION = "#CC79A7"

NEUTRAL = "#7B8794"
"""Marks without a meaning of their own: readable on a light and on a dark page."""

FAINT = "rgba(128,138,150,0.35)"
"""Guides: diagonals, reference lines, empty dots."""

EDGE = {"color": "rgba(215,222,230,0.55)", "width": 0.6}
"""Edge of marks: lifts dark colours off a dark page and vanishes on a light one."""

OPEN_EDGE = {"width": 1.6}
"""Stroke of open marks, whose edge is all there is."""

OTHER_SETS = ("#E69F00", "#56B4E9", "#CC79A7", "#8467B5", "#8C6D1F", "#3B7A57", "#B0413E", "#5B7DB1")
"""Gene sets that are none of the above, in order of appearance."""

LABELS = (
    "#E8A000", "#58B0E8", "#C878A8", "#0040D8", "#A81000", "#609810", "#A00878",
    "#7058F8", "#0080C8", "#6838A8", "#307858", "#F85810", "#90C068", "#085880",
    "#806890", "#986020", "#A89068", "#D03860", "#D038B8", "#B870F8",
)  # fmt: skip
"""Tissues, classes and clusters, the largest group first."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")
"""Marker symbols that go with ``LABELS``, so that no two groups differ in hue alone where hues are close."""

OTHER = "other"
UNLABELLED = "no label"
OTHER_COLOUR = "#9AA3AD"

PREDICTORS = {
    "ridge": "#5B7DB1",
    "knn": "#C98A00",
    "kernel": "#3F8F5F",
    "sample_lasso": "#CC79A7",
    "ensemble": "#8A4FBF",
    "dgex": AUTOENCODER,
    "graph": "#B0413E",
}
"""Predictors, by the names that configurations use."""

GRADES = {"trust": "#3B7A57", "with care": "#E69F00", "not": "#8A8A8A", "measured": L1000}
"""How far inferred genes can be trusted; measured ones beside them."""

SIGNIFICANCE = {
    0.001: ("adjusted p < 0.001", "#A00878", "circle"),
    0.01: ("adjusted p < 0.01", "#7A74CF", "circle"),
    0.05: ("adjusted p < 0.05", "#58B0E8", "circle"),
    float("inf"): ("not significant", "#7B8794", "circle-open"),
}
"""Classes of adjusted p-values by their upper bound: name, colour (lighter is weaker) and symbol."""

RAISES, LOWERS = "#D6604D", "#4393C3"
"""Two sides of zero, told apart by every kind of vision, readable on a light and on a dark page."""

SIDES = ((0.0, LOWERS), (0.5, "rgba(128,138,150,0.10)"), (1.0, RAISES))
"""Colour scale from what lowers to what raises."""

_KINDS = {"ranking": DEEPLIFT, "l1000": L1000, "improved": IMPROVED, "random": RANDOM}


def _set_kind(name: str) -> str:
    """Tell the kind of a gene set from its name: L1000, D490 (a ranking), G490 (a selection), random, or a list."""
    if name.upper().startswith("L1000"):
        return "l1000"
    if re.match(r"D\d", name):
        return "ranking"
    if re.match(r"G\d", name):
        return "improved"
    return "random" if name.lower().startswith("random") else "list"


def set_colours(names: Iterable[str], kinds: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each gene set its colour, by name.

    The first set of a kind gets the kind's colour; a second one of the same kind gets one of ``OTHER_SETS``, so that
    two sets never look the same. Random sets share one grey.

    Parameters
    ----------
    kinds
        Kind of each set: ``ranking``, ``l1000``, ``improved``, ``random`` or ``list``; sets that are absent
        here are told by their name.
    """
    colours: dict[str, str] = {}
    for name in dict.fromkeys(names):
        colour = _KINDS.get((kinds or {}).get(name) or _set_kind(name))
        if colour is None or (colour != RANDOM and colour in colours.values()):
            free = (other for other in OTHER_SETS if other not in colours.values())
            colour = next(free, OTHER_SETS[len(colours) % len(OTHER_SETS)])
        colours[name] = colour
    return colours


def group_labels(labels: Sequence[object] | pd.Series) -> pd.Series:
    """Reduce labels to groups that can be told apart: beyond 20 the rarest become "other"."""
    text = pd.Series(labels, dtype="object").reset_index(drop=True)
    text = text.where(text.notna(), UNLABELLED).astype(str).str.strip().replace("", UNLABELLED)
    named = [name for name in _by_size(text) if name not in (UNLABELLED, OTHER)]
    if len(named) > len(LABELS):
        text = text.where(text.isin(named[: len(LABELS)]) | (text == UNLABELLED), OTHER)
    return text


def label_styles(groups: pd.Series) -> dict[str, tuple[str, str]]:
    """Colour and marker symbol of each group of ``group_labels``, the largest group first, greys last.

    Groups of the same size follow their names, so the same labels get the same colours in every figure.
    """
    styles: dict[str, tuple[str, str]] = {}
    for name in _by_size(groups):
        if name not in (OTHER, UNLABELLED):
            place = len(styles)
            styles[name] = (LABELS[place % len(LABELS)], SYMBOLS[place % len(SYMBOLS)])
    for name in (OTHER, UNLABELLED):
        if (groups == name).any():
            styles[name] = (OTHER_COLOUR, "circle-open")
    return styles


def faded(colour: str, alpha: float) -> str:
    """Make a ``#RRGGBB`` colour translucent."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def _by_size(text: pd.Series) -> list[str]:
    counts = text.value_counts()
    return sorted(counts.index, key=lambda name: (-counts[name], _natural(name)))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
