import pandas as pd
import pytest

from landmark.metrics.size_curve import at_size, smallest_size_reaching, typical

CURVE = pd.DataFrame(
    {"size": [1, 2, 5], "pcc": [0.3, 0.5, 0.7], "mae": [0.9, 0.6, 0.4], "recovered": [0.0, 0.2, 0.4]}
)


@pytest.mark.parametrize(
    ("measure", "wished", "size"),
    [
        ("pcc", 0.5, 2),
        ("pcc", 0.51, 5),
        ("pcc", 0.8, None),
        ("mae", 0.6, 2),
        ("mae", 0.3, None),
        ("recovered", 0.1, 2),
    ],
)
def test_the_smallest_size_that_reaches_a_wish(measure, wished, size):
    assert smallest_size_reaching(CURVE, measure, wished) == size


def test_a_size_between_two_is_read_at_the_smaller_one():
    assert at_size(CURVE, 4)["size"] == 2
    assert at_size(CURVE, 9)["size"] == 5
    assert at_size(CURVE[1:], 1)["size"] == 2


def test_the_typical_random_order_is_the_median_at_each_size():
    three = pd.concat([CURVE, CURVE.assign(pcc=0.0), CURVE.assign(pcc=1.0)])
    assert typical(three)["pcc"].tolist() == CURVE["pcc"].tolist()
