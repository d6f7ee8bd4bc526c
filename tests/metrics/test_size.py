import dataclasses

import numpy as np
import pytest

from landmark.errors import BadData, Cancelled
from landmark.inference.predict import predict
from landmark.inference.ridge import Ridge
from landmark.metrics.per_gene import accuracy
from landmark.metrics.size_curve import size_curve

ORDERED = [f"g{i}" for i in range(40, 0, -1)]
TARGETS = [f"g{i}" for i in range(41, 80)]


@pytest.mark.parametrize("penalty", [0.5, 50.0])
def test_every_size_equals_a_separate_regression(split, penalty):
    curve = size_curve("D40", split, ORDERED, TARGETS, penalties=(penalty,), recovered=0.5).table
    assert list(curve) == ["set", "size", "mae", "pcc", "recovered"]
    assert curve["size"].tolist() == list(range(1, 41))
    for size in (1, 2, 3, 5, 8, 13, 20, 26, 31, 36, 39, 40):
        result = predict(split, ORDERED[:size], TARGETS, Ridge((penalty,)))
        separate = accuracy(result.true, result.predicted)
        row = curve.set_index("size").loc[size]
        assert row["mae"] == pytest.approx(separate.mae.mean(), abs=1e-5)
        assert row["pcc"] == pytest.approx(separate.pcc.mean(), abs=1e-5)
        assert row["recovered"] == pytest.approx((separate.pcc >= 0.5).mean())


def test_chosen_sizes_are_rows_of_the_whole_curve(split):
    whole = size_curve("D40", split, ORDERED, TARGETS).table.set_index("size")
    some = size_curve("D40", split, ORDERED, TARGETS, sizes=[40, 30, 5, 5]).table.set_index("size")
    assert some.index.tolist() == [5, 30, 40]
    np.testing.assert_allclose(some[["mae", "pcc"]], whole.loc[[5, 30, 40], ["mae", "pcc"]], atol=1e-6)


@pytest.mark.parametrize("sizes", [[0], [41], []])
def test_sizes_out_of_bounds_are_refused(split, sizes):
    with pytest.raises(BadData, match="between 1 and 40"):
        size_curve("D40", split, ORDERED, TARGETS, sizes=sizes)


def test_targets_inside_the_set_are_refused(split):
    with pytest.raises(BadData, match="g7 among them"):
        size_curve("D40", split, ORDERED, ["g0", "g7"])


def test_cancelling_passes_through(split):
    def stop(progress):
        if progress.stage == "Measuring sizes":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        size_curve("D40", split, ORDERED, TARGETS, report=stop)


def test_the_penalty_is_the_one_that_a_regression_at_the_largest_size_chooses(split):
    alone = predict(split, ORDERED, TARGETS, Ridge(), seed=3)
    assert size_curve("D40", split, ORDERED, TARGETS, seed=3).penalty == alone.details["penalty"]


def test_constant_targets_take_no_part_in_correlations(split):
    test = split.test.copy()
    test[:, [split.genes.index(gene) for gene in TARGETS[:5]]] = 3.0
    flat = dataclasses.replace(split, test=test)
    some = size_curve("D40", split, ORDERED, TARGETS[5:], penalties=(9.0,)).table
    np.testing.assert_allclose(
        size_curve("D40", flat, ORDERED, TARGETS, penalties=(9.0,)).table["pcc"], some["pcc"], atol=1e-9
    )


def test_no_targets_are_refused(split):
    with pytest.raises(BadData, match="No target genes are left"):
        size_curve("D40", split, ORDERED, [])
