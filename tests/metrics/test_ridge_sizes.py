import numpy as np
import pytest

from landmark.errors import BadData, Cancelled
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.metrics.size_curve import predict_sizes

ORDERED = [f"g{i}" for i in range(40, 0, -1)]


def test_every_size_equals_a_separate_regression_with_its_own_penalty(split):
    chosen = set()
    for size, predicted in predict_sizes(split, ORDERED, [3, 12, 40], seed=2):
        alone = predict(split, ORDERED[:size], split.genes, Ridge(), seed=2)
        chosen.add(alone.details["penalty"])
        np.testing.assert_allclose(predicted, alone.predicted, atol=2e-5)
    assert len(chosen) > 1  # otherwise nothing is shown of the penalties


@pytest.mark.parametrize("sizes", [[0], [41], []])
def test_sizes_out_of_bounds_are_refused(split, sizes):
    with pytest.raises(BadData, match="between 1 and 40"):
        list(predict_sizes(split, ORDERED, sizes))


def test_a_size_that_leaves_nothing_to_predict_is_refused(split):
    with pytest.raises(BadData, match="between 1 and 79"):
        list(predict_sizes(split, split.genes, [80]))


def test_cancelling_passes_through(split):
    def stop(_):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        list(predict_sizes(split, ORDERED, [5], report=stop))
