"""Where the nodes of a hierarchical clustering lie, from SciPy's linkage matrix.

The order of the leaves and their places are those of ``scipy.cluster.hierarchy.dendrogram``; that function
itself recurses once per level and would overflow the stack on the chains that large collections produce.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landmark.errors import BadData
from landmark.figures.tables import require


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
        """Lay out a linkage matrix with the columns left, right, distance.

        Raises
        ------
        BadData
            When the table is not a linkage matrix: a link names a node that is not made before it, or names
            one twice.
        """
        require(linkage, ["left", "right", "distance"], "the clustering")
        children = linkage[["left", "right"]].to_numpy().astype(int)
        links = len(children)
        made_before = children < np.arange(links + 1, 2 * links + 1)[:, None]
        if not (made_before & (children >= 0)).all() or len(np.unique(children)) != children.size:
            raise BadData(
                "The clustering is damaged: its links do not form one tree. Cluster the samples again."
            )
        leaves = _leaves(children)
        place = np.zeros(2 * links + 1)
        place[leaves] = np.arange(links + 1)
        for link, (left, right) in enumerate(children):
            place[links + 1 + link] = (place[left] + place[right]) / 2
        height = np.concatenate([np.zeros(links + 1), linkage["distance"].to_numpy(float)])
        return cls(children, place, height, leaves)

    def shared(self, codes: np.ndarray) -> np.ndarray:
        """Give each node the code that all samples under it share, or -1.

        Parameters
        ----------
        codes
            A whole number from 0 per sample, [leaves].

        Returns
        -------
        numpy.ndarray
            int [nodes].
        """
        links = len(self.children)
        shared = np.concatenate([codes, np.full(links, -1)])
        for link, (left, right) in enumerate(self.children):
            if shared[left] == shared[right]:
                shared[links + 1 + link] = shared[left]
        return shared


def _leaves(children: np.ndarray) -> np.ndarray:
    links = len(children)
    order, stack = [], [2 * links]
    while stack:
        node = stack.pop()
        if node <= links:
            order.append(node)
        else:
            left, right = children[node - links - 1]
            stack += [int(right), int(left)]
    return np.array(order)
