"""The tree of samples as a figure: upright, or around a circle."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.cluster import hierarchy

from landmark.errors import BadData
from landmark.plots.colours import NEUTRAL, group_labels, label_styles
from landmark.plots.theme import LABEL_LEGEND, framed, guide, plain, plain_all, require, sentence, shortened

_GAP_DEGREES = 14.0
"""Opening at the top of the circle, where the scale stands."""

_HOLE = 0.06
"""Radius of the root, so that the branches of the last join do not fall on one point."""

_ARC_STEP = np.radians(1.5)


class Plane:
    """Maps a place across the tree and a height in it to a point; upright, leaves stand in a row at the foot."""

    def __init__(self, leaves: int, top: float) -> None:
        self.leaves, self.top = leaves, top
        self.band = -0.055 * top
        """Height of the band of labels."""

    def at(self, place: float | np.ndarray, height: float) -> np.ndarray:
        """Return points, [places, 2]."""
        places = np.atleast_1d(place)
        return np.column_stack([places, np.full(len(places), height)])

    def across(self, start: float, end: float, height: float) -> np.ndarray:
        """Return the path from place to place at one height, [points, 2]."""
        return self.at(np.array([start, end]), height)

    def full(self, height: float) -> np.ndarray:
        """Return the path of one height across the whole tree, [points, 2]."""
        return self.across(-0.5, self.leaves - 0.5, height)


class Circle(Plane):
    """Leaves on the unit circle, clockwise from the top, where it is open; the root in the middle."""

    def __init__(self, leaves: int, top: float) -> None:
        super().__init__(leaves, top)
        self.band = -0.05 / (1 - _HOLE) * top

    def radius(self, height: float) -> float:
        """Distance from the middle at which a height is drawn."""
        return _HOLE + (1 - _HOLE) * (1 - height / self.top)

    def at(self, place: float | np.ndarray, height: float) -> np.ndarray:
        """Return points, [places, 2]."""
        opening = np.radians(_GAP_DEGREES)
        turn = (np.atleast_1d(place) + 0.5) / self.leaves
        angle = np.pi / 2 - opening / 2 - turn * (2 * np.pi - opening)
        return self.radius(height) * np.column_stack([np.cos(angle), np.sin(angle)])

    def across(self, start: float, end: float, height: float) -> np.ndarray:
        """Return the arc from place to place at one height, [points, 2]."""
        angle = abs(end - start) / self.leaves * (2 * np.pi - np.radians(_GAP_DEGREES))
        return self.at(np.linspace(start, end, 2 + int(angle / _ARC_STEP)), height)

    def ticks(self) -> list[float]:
        """Choose three to seven round heights."""
        step = 10 ** np.floor(np.log10(self.top / 3))
        step *= next(factor for factor in (5, 2, 1) if self.top / (factor * step) >= 3)
        return [float(tick) for tick in np.round(np.arange(step, self.top, step), 10)]


@dataclass(frozen=True)
class Tree:
    """A binary tree over samples.

    Attributes
    ----------
    children
        Nodes joined by each link, int [links, 2]: leaves are 0 to links, link i makes node links + 1 + i.
    place
        Position of every node across the tree, [nodes]: 0, 1, 2, ... for leaves in drawing order, the middle
        of its children for a join.
    height
        Distance at which the node was made, [nodes]; 0 for leaves.
    leaves
        Samples in drawing order, int [leaves].
    """

    children: np.ndarray
    place: np.ndarray
    height: np.ndarray
    leaves: np.ndarray

    @classmethod
    def from_linkage(cls, linkage: pd.DataFrame) -> "Tree":
        """Lay out SciPy's linkage matrix, of which the columns left, right and distance are read.

        BadData if a link names a node that is not made before it, or one that another names as well.
        """
        require(linkage, ["left", "right", "distance"], "the clustering")
        matrix = linkage[["left", "right", "distance"]].assign(size=0).to_numpy(float)
        if not hierarchy.is_valid_linkage(matrix):
            raise BadData(
                "The clustering is damaged: its links do not form one tree. Cluster the samples again."
            )
        children, links = matrix[:, :2].astype(int), len(matrix)
        leaves = hierarchy.leaves_list(matrix)
        place = np.zeros(2 * links + 1)
        place[leaves] = np.arange(links + 1)
        for link, joined in enumerate(children):
            place[links + 1 + link] = place[joined].mean()
        return cls(children, place, np.concatenate([np.zeros(links + 1), matrix[:, 2]]), leaves)

    def shared(self, codes: np.ndarray) -> np.ndarray:
        """Give each node, [nodes], the code that all samples under it share, or -1; codes from 0 are [leaves]."""
        links = len(self.children)
        shared = np.concatenate([codes, np.full(links, -1)])
        for link, (left, right) in enumerate(self.children):
            if shared[left] == shared[right]:
                shared[links + 1 + link] = shared[left]
        return shared


_HEIGHT = {True: 700, False: 420}
_GAP = np.full((1, 2), np.nan)


def dendrogram(
    linkage: pd.DataFrame,
    embedding: pd.DataFrame,
    circular: bool = True,
    colour: Literal["label", "cluster"] = "label",
    distance: str = "distance",
    cut: float | None = None,
) -> go.Figure:
    """Draw the clustering of samples as a tree.

    A branch has the colour of a label when all samples under it carry that label.

    Parameters
    ----------
    linkage, embedding
        SciPy's linkage matrix with the columns left, right, distance; columns sample and label or cluster, row i is the
        sample that the linkage calls i.
    circular
        A circle with the root in the middle, or an upright tree.
    distance, cut
        What the distance is ("1 - correlation"); at which of them the tree is cut, drawn as a dashed line.

    Raises
    ------
    BadData
        When the two tables are of different samples.
    """
    require(embedding, ["sample", colour], "the embedding")
    if linkage.empty:
        return sentence("A tree needs at least two samples.", _HEIGHT[circular])
    if len(embedding) != len(linkage) + 1:
        raise BadData(
            f"The tree joins {len(linkage) + 1:,} samples but the embedding holds {len(embedding):,}. "
            "Cluster the samples again."
        )
    tree = Tree.from_linkage(linkage)
    labels = embedding[colour].reset_index(drop=True)
    if colour == "cluster":
        labels = "cluster " + labels.astype(str)
    groups = group_labels(labels)
    styles = label_styles(groups)
    codes = groups.map({name: code for code, name in enumerate(styles)}).to_numpy()
    top = float(tree.height.max()) or 1.0
    plane = (Circle if circular else Plane)(len(tree.leaves), top)

    figure = go.Figure()
    if isinstance(plane, Circle):
        _scale(figure, plane, distance)
    shared = tree.shared(codes)[len(tree.leaves) :]
    _line(figure, _branches(tree, plane, np.flatnonzero(shared == -1)), color=NEUTRAL, width=1)
    for code, (name, (shade, _)) in enumerate(styles.items()):
        title = f"{plain(shortened(name))} ({int((codes == code).sum()):,})"
        _line(figure, _branches(tree, plane, np.flatnonzero(shared == code)), color=shade, width=1.3)
        _line(figure, _ring(plane, codes[tree.leaves] == code), title, color=shade, width=13)
    if cut is not None:
        _line(figure, plane.full(min(cut, top)), "cut", color=NEUTRAL, width=1.8, dash="dash")
    _leaf_names(figure, tree, plane, plain_all(embedding["sample"]), plain_all(labels))

    if circular:
        framed(figure, height=_HEIGHT[True])
        figure.update_layout(margin={"b": 30})
        figure.update_xaxes(visible=False, range=[-1.12, 1.12], constrain="domain")
        figure.update_yaxes(
            visible=False, range=[-1.12, 1.12], scaleanchor="x", constrain="domain", constraintoward="top"
        )
    else:
        framed(
            figure,
            "Samples, in the order of the tree",
            f"{plain(distance).capitalize()} of the clusters joined",
            # Room for the rows of a long legend on a narrow page.
            _HEIGHT[False] + 8 * len(styles),
        )
        figure.update_xaxes(showgrid=False, showticklabels=False, range=[-1, len(tree.leaves)])
        figure.update_yaxes(range=[-0.1 * top, 1.03 * top])
    figure.update_layout(legend=LABEL_LEGEND)
    return figure


def _branches(tree: Tree, plane: Plane, links: np.ndarray) -> np.ndarray:
    """Path of some links, [points, 2], with a gap after each."""
    first = len(tree.leaves)
    paths = []
    for link in links:
        left, right = tree.children[link]
        top = tree.height[first + link]
        paths += [
            plane.at(tree.place[left], tree.height[left]),
            plane.across(tree.place[left], tree.place[right], top),
            plane.at(tree.place[right], tree.height[right]),
            _GAP,
        ]
    return np.concatenate(paths) if paths else np.empty((0, 2))


def _ring(plane: Plane, mine: np.ndarray) -> np.ndarray:
    """Path of the label band along every run of samples, in drawing order, that carry the label."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mine, [False]]).astype(int)))
    paths = [
        part
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        for part in (plane.across(start - 0.5, end - 0.5, plane.band), _GAP)
    ]
    return np.concatenate(paths) if paths else np.empty((0, 2))


def _line(figure: go.Figure, path: np.ndarray, name: str = "", **line: object) -> None:
    if not len(path):
        return
    figure.add_scatter(
        x=path[:, 0].astype(np.float32),
        y=path[:, 1].astype(np.float32),
        name=name,
        mode="lines",
        # Spline smoothing and simplification would pull the corners of links in.
        line={"simplify": False, **line},
        legendgroup=name or None,
        showlegend=bool(name),
        hoverinfo="skip",
    )


def _leaf_names(figure: go.Figure, tree: Tree, plane: Plane, names: list[str], labels: list[str]) -> None:
    """Put an unseen mark on the band of every sample, for its hover text."""
    at = plane.at(np.arange(len(tree.leaves)), plane.band)
    figure.add_scatter(
        x=at[:, 0],
        y=at[:, 1],
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=[names[leaf] for leaf in tree.leaves],
        customdata=[labels[leaf] for leaf in tree.leaves],
        hovertemplate="<b>%{text}</b><br>%{customdata}<extra></extra>",
        showlegend=False,
    )


def _scale(figure: go.Figure, plane: Circle, distance: str) -> None:
    """Draw circles of equal distance; an upright tree has an axis instead."""
    ticks = plane.ticks()
    circles = np.concatenate([part for tick in ticks for part in (plane.full(tick), _GAP)])
    _line(figure, circles, **guide(width=1))
    for tick in ticks:
        figure.add_annotation(x=0, y=plane.radius(tick), text=f"{tick:g}", showarrow=False, font={"size": 11})
    figure.add_annotation(
        text=f"circles: {plain(distance)} at which clusters join",
        x=0.5,
        y=0,
        xref="x domain",
        yref="y domain",
        yanchor="top",
        showarrow=False,
        font={"size": 12},
    )
