import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from landmark.metrics.roc import area, area_by_chance, curve


def sample(seed=0, positive=40, negative=60, ties=False):
    random = np.random.default_rng(seed)
    labels = np.repeat([1, 0], [positive, negative])
    scores = random.normal(size=len(labels)) + labels
    return labels, np.round(scores) if ties else scores


@pytest.mark.parametrize("ties", [False, True])
def test_the_area_and_its_variance(ties):
    labels, scores = sample(ties=ties)
    found = area(labels, scores)
    assert found.value == pytest.approx(roc_auc_score(labels, scores))
    positive, negative = scores[labels == 1], scores[labels == 0]
    pairs = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = pairs.mean(axis=1).var(ddof=1) / 40 + pairs.mean(axis=0).var(ddof=1) / 60
    reach = stats.norm.ppf(0.975) * np.sqrt(variance)
    assert found.low == pytest.approx(found.value - reach)
    assert found.high == pytest.approx(min(found.value + reach, 1))


def test_the_interval_holds_the_truth_as_often_as_it_says():
    truth = stats.norm.cdf(1 / np.sqrt(2))
    held = [(found := area(*sample(seed))).low <= truth <= found.high for seed in range(400)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_extremes():
    labels = np.array([1, 1, 1, 0, 0])
    apart = area(labels, np.array([5.0, 4.0, 3.0, 2.0, 1.0]))
    assert (apart.value, apart.high) == (1, 1)
    assert apart.low == pytest.approx(stats.binomtest(2, 2).proportion_ci().low)
    reversed_ = area(labels, np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert (reversed_.value, reversed_.low) == (0, 0)
    assert reversed_.high == pytest.approx(1 - apart.low)
    assert area(labels, np.ones(5)).value == 0.5


def test_the_curve_encloses_the_area():
    labels, scores = sample()
    corners = curve(labels, scores)
    enclosed = np.trapezoid(corners["true_positive_rate"], corners["false_positive_rate"])
    assert enclosed == pytest.approx(area(labels, scores).value)


def test_chance():
    labels, scores = sample()
    assert area_by_chance(labels, scores, 0) == pytest.approx(0.5, abs=0.02)
    assert area_by_chance(labels, scores, 0) == area_by_chance(labels, scores, 0)
