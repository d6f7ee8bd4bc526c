"""Look for missing and infinite values while the blocks pass."""

from collections.abc import Iterator

import numpy as np

from landmark.expression.checks import not_finite
from landmark.expression.streamed.stream import Stream


def all_finite(stream: Stream) -> Stream:
    """Refuse missing and infinite values at the end of each pass, when it is known how many there are.

    Raises
    ------
    BadData
        From ``blocks``, in the words of ``check_finite``. Steps behind this one meet such values before.
    """
    return Stream(stream.about, lambda: _looking(stream), stream.rows)


def _looking(stream: Stream) -> Iterator[np.ndarray]:
    genes = np.zeros(stream.genes, dtype=bool)
    count = samples = passed = 0
    first = ""
    for block in stream.blocks():
        # One sum decides for almost all blocks, without a mask as large as the block.
        with np.errstate(invalid="ignore", over="ignore"):
            sound = bool(np.isfinite(block.sum(dtype=np.float64)))
        if not sound:
            bad = ~np.isfinite(block)
            if not first and bad.any():
                row, column = (int(i) for i in np.argwhere(bad)[0])
                kind = "missing" if np.isnan(block[row, column]) else "infinite"
                sample, gene = stream.about.obs_names[passed + row], stream.about.var_names[column]
                first = f"{kind}: sample {sample!r}, gene {gene!r}"
            genes |= bad.any(axis=0)
            samples += int(bad.any(axis=1).sum())
            count += int(bad.sum())
        passed += len(block)
        yield block
    if count:
        raise not_finite(count, stream.samples * stream.genes, int(genes.sum()), samples, first)
