"""The tree of samples with a ring of labels (Kong et al. 2021, Fig. 2b)."""

from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from landmark.errors import BadData
from landmark.figures.colours import NEUTRAL, group_labels, label_styles
from landmark.figures.plane import Circle, Plane, Strip
from landmark.figures.tables import require
from landmark.figures.template import LABEL_LEGEND, framed, guide, sentence
from landmark.figures.text import plain, plain_all, shortened
from landmark.figures.tree import Tree

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
    linkage
        SciPy's linkage matrix: columns left, right, distance, size.
    embedding
        Columns sample and label or cluster; row i is the sample that the linkage calls i.
    circular
        A circle with the root in the middle, or an upright tree.
    colour
        Colour by the samples' label or by their cluster.
    distance
        What the distance is ("1 - correlation").
    cut
        Distance at which the tree is cut into clusters, drawn as a dashed line.

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
    plane: Plane = Circle(len(tree.leaves), top) if circular else Strip(len(tree.leaves), top)

    figure = go.Figure()
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
        for part in (plane.band(start - 0.5, end - 0.5), _GAP)
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
    at = np.concatenate([plane.band_middle(place) for place in range(len(tree.leaves))])
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


def _scale(figure: go.Figure, plane: Plane, distance: str) -> None:
    """Draw circles of equal distance; an upright tree has an axis instead."""
    if not isinstance(plane, Circle):
        return
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
