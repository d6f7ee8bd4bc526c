"""Matrices in memory that pass in blocks of a given size."""

from dataclasses import replace

import numpy as np
from anndata import AnnData

from landmark.data.steps.stream import Stream, from_memory


def in_blocks(adata: AnnData, rows: int = 7) -> Stream:
    """Let a matrix pass, so many samples at a time."""

    def blocks():
        for first in range(0, adata.n_obs, rows):
            yield np.array(adata.X[first : first + rows])

    return replace(from_memory(adata), blocks=blocks)


def whole(stream: Stream) -> np.ndarray:
    """Gather all blocks, and hold that rows read one by one are the same."""
    X = np.concatenate(list(stream.blocks()))
    some = np.arange(0, stream.samples, 3)
    np.testing.assert_allclose(stream.rows(some), X[some], rtol=1e-6)
    assert X.shape == stream.about.shape
    assert X.dtype == np.float32
    return X
