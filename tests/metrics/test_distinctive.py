import numpy as np
import pandas as pd

from landmark.metrics.clusters import distinctive_units, unit_profiles


def test_a_unit_that_sets_samples_apart_comes_first():
    rng = np.random.default_rng(0)
    values, chosen = rng.normal(size=(40, 6)), np.arange(40) < 15
    values[chosen, 4] -= 3
    values[:, 2] = 0.5
    table = distinctive_units(values, chosen)
    assert table["unit"][0] == 4
    inside, outside = values[chosen, 4], values[~chosen, 4]
    pooled = np.sqrt((14 * inside.var(ddof=1) + 24 * outside.var(ddof=1)) / 38)
    np.testing.assert_allclose(table["effect"][0], (inside.mean() - outside.mean()) / pooled)
    assert table.set_index("unit")["effect"][2] == 0
    assert list(table["effect"].abs()) == sorted(table["effect"].abs(), reverse=True)


def test_profiles_are_means_of_standardised_units():
    rng = np.random.default_rng(1)
    values, clusters = rng.normal(2, 5, size=(30, 4)), rng.integers(1, 4, 30)
    expected = pd.DataFrame((values - values.mean(0)) / values.std(0)).groupby(clusters).mean()
    pd.testing.assert_frame_equal(unit_profiles(values, clusters), expected)
