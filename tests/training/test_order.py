import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark.training.data import RUN, WINDOW, epoch_order, in_batches, window_rows


@given(samples=st.integers(1, 20_000), batch=st.integers(1, 5000), seed=st.integers(0, 2**32 - 1))
def test_every_sample_once(samples, batch, seed):
    order = epoch_order(samples, batch, seed, 1)
    assert np.array_equal(np.sort(order), np.arange(samples))


def test_order_follows_from_seed_and_epoch():
    first = epoch_order(1000, 32, 0, 1)
    assert np.array_equal(first, epoch_order(1000, 32, 0, 1))
    assert not np.array_equal(first, epoch_order(1000, 32, 0, 2))
    assert not np.array_equal(first, epoch_order(1000, 32, 1, 1))


def test_small_data_are_fully_shuffled():
    """Over many epochs each sample comes first about equally often."""
    samples = 20
    firsts = np.bincount([epoch_order(samples, 5, 0, e)[0] for e in range(4000)], minlength=samples)
    expected = 4000 / samples
    assert ((firsts - expected) ** 2 / expected).sum() < 43.8  # chi-square, 19 degrees, p = 0.001


def test_a_window_of_large_data_comes_in_runs_from_everywhere():
    samples, batch = 100_000, 200
    rows = window_rows(batch)
    assert rows % batch == 0
    window = np.sort(epoch_order(samples, batch, 0, 1)[:rows])
    stretches = 1 + (np.diff(window) > 1).sum()
    assert stretches <= rows / RUN + 1
    assert window[0] < samples * 0.05
    assert window[-1] > samples * 0.95


def test_window_holds_whole_batches():
    assert window_rows(32) == WINDOW
    assert window_rows(10_000) == 10_000


@given(samples=st.integers(1, 500), batch=st.integers(1, 60), multiple=st.integers(1, 8))
def test_batches_hold_the_order_and_fill_up_with_minus_one(samples, batch, multiple):
    order = np.arange(samples, dtype=np.int32)
    batches = in_batches(order, batch, multiple)
    assert batches.shape[1] % multiple == 0
    assert np.array_equal(batches[batches >= 0], order)
    assert ((batches >= 0).sum(axis=1)[:-1] == batch).all()
