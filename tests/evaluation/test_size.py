import numpy as np
import pytest

from landmark.errors import BadData, Cancelled
from landmark.evaluation.accuracy import accuracy
from landmark.evaluation.size import size_curve
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge

ORDERED = [f"g{i}" for i in range(40, 0, -1)]
TARGETS = [f"g{i}" for i in range(41, 80)]


@pytest.mark.parametrize("penalty", [0.5, 50.0])
def test_every_size_equals_a_separate_regression(split, penalty):
    curve = size_curve("D40", split, ORDERED, TARGETS, penalty)
    assert list(curve) == ["set", "size", "mae", "pcc"]
    assert curve["size"].tolist() == list(range(1, 41))
    for size in (1, 2, 13, 39, 40):
        result = predict(split, ORDERED[:size], TARGETS, Ridge((penalty,)))
        separate = accuracy(result.true, result.predicted)
        row = curve.set_index("size").loc[size]
        assert row["mae"] == pytest.approx(separate.mae.mean(), abs=1e-5)
        assert row["pcc"] == pytest.approx(separate.pcc.mean(), abs=1e-5)


def test_chosen_sizes_are_rows_of_the_whole_curve(split):
    whole = size_curve("D40", split, ORDERED, TARGETS, 10.0).set_index("size")
    some = size_curve("D40", split, ORDERED, TARGETS, 10.0, sizes=[30, 5, 5]).set_index("size")
    assert some.index.tolist() == [5, 30]
    np.testing.assert_allclose(some[["mae", "pcc"]], whole.loc[[5, 30], ["mae", "pcc"]], atol=1e-6)


@pytest.mark.parametrize("sizes", [[0], [41], []])
def test_sizes_out_of_bounds_are_refused(split, sizes):
    with pytest.raises(BadData, match="between 1 and 40"):
        size_curve("D40", split, ORDERED, TARGETS, 1.0, sizes=sizes)


def test_targets_inside_the_set_are_refused(split):
    with pytest.raises(BadData, match="g7 among them"):
        size_curve("D40", split, ORDERED, ["g0", "g7"], 1.0)


def test_cancelling_passes_through(split):
    def stop(progress):
        if progress.done == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        size_curve("D40", split, ORDERED, TARGETS, 1.0, report=stop)
