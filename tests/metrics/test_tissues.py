import numpy as np
import pytest
from scipy.stats import pearsonr

from landmark.metrics.per_sample import tissue_accuracy


def test_means_over_the_samples_of_a_tissue():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(6, 40)).astype(np.float32)
    predicted = true + rng.normal(size=true.shape).astype(np.float32)
    predicted[:2] = true[:2]
    table = tissue_accuracy(true, predicted, ["lung", "lung", "skin", "skin", "skin", "brain"]).set_index(
        "tissue"
    )
    assert table.index[0] == "lung"
    assert table.loc["lung", ["mae", "pcc"]].tolist() == pytest.approx([0, 1])
    assert table["samples"].to_dict() == {"lung": 2, "skin": 3, "brain": 1}
    expected = np.mean([pearsonr(true[i], predicted[i]).statistic for i in (2, 3, 4)])
    assert table.loc["skin", "pcc"] == pytest.approx(expected, abs=1e-5)
    assert table.loc["skin", "mae"] == pytest.approx(np.abs(true - predicted)[2:5].mean(), rel=1e-5)
