"""The order in which an epoch visits the samples."""

import numpy as np

RUN = 16
"""Neighbouring rows that travel together between windows, so that a file is read in stretches."""

WINDOW = 4096
"""Rows, about, that are shuffled among each other and read from a file at once."""


def window_rows(batch_size: int) -> int:
    """Rows of one window: a whole number of batches, about ``WINDOW`` rows."""
    return batch_size * max(1, WINDOW // batch_size)


def epoch_order(samples: int, batch_size: int, seed: int, epoch: int) -> np.ndarray:
    """Shuffle the samples for one epoch.

    Runs of ``RUN`` neighbouring rows are put in random order and cut into windows; the rows of a window are
    shuffled among each other. Up to one window of samples this is a plain permutation. Data in memory and
    data on disk use the same order, so that both give the same result, and it follows from seed and epoch
    alone, so that a resumed training goes on as if it had not stopped.

    Parameters
    ----------
    samples
        Number of samples.
    batch_size
        Samples per step.
    seed, epoch
        Where the random numbers come from.

    Returns
    -------
    ndarray
        int32 permutation of the sample indices, [samples].
    """
    random = np.random.default_rng([seed, epoch])
    starts = random.permutation(np.arange(0, samples, RUN, dtype=np.int32))
    order = (starts[:, None] + np.arange(RUN, dtype=np.int32)).ravel()
    order = order[order < samples]
    rows = window_rows(batch_size)
    for first in range(0, samples, rows):
        random.shuffle(order[first : first + rows])
    return order


def in_batches(order: np.ndarray, batch_size: int, multiple: int = 1) -> np.ndarray:
    """Cut an order into steps, filling up with -1, which stands for no sample.

    Parameters
    ----------
    order
        Row indices, [rows].
    batch_size
        Samples per step.
    multiple
        Each step is filled up to a multiple of this, the number of devices.

    Returns
    -------
    ndarray
        int32 [steps, batch_size rounded up to the multiple].
    """
    steps = -(-len(order) // batch_size)
    batches = np.full((steps, -(-batch_size // multiple) * multiple), -1, np.int32)
    filled = np.full(steps * batch_size, -1, np.int32)
    filled[: len(order)] = order
    batches[:, :batch_size] = filled.reshape(steps, batch_size)
    return batches
