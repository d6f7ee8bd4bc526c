import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.data.scaling import Scaling
from landmark.inference.rescale import Landmarks, not_logged, onto_training, options, proposed

RNG = np.random.default_rng(0)
TRAINING = RNG.normal(RNG.uniform(4, 12, 40), RNG.uniform(0.3, 2, 40), (200, 40)).astype(np.float32)
SCALING = Scaling.learn(TRAINING)
QUANTILES = np.sort(TRAINING, axis=1).mean(axis=0)
NEAR = 1.3


def landmarks_of(values: np.ndarray) -> Landmarks:
    return Landmarks(values, len(values), Scaling.learn(values), SCALING, QUANTILES, SCALING.apply(TRAINING))


def choice(values: np.ndarray) -> str | None:
    return proposed(options(landmarks_of(values), "new"), NEAR)


def test_samples_like_the_training_samples_are_taken_as_they_are():
    new = RNG.normal(TRAINING.mean(0), TRAINING.std(0), (30, 40)).astype(np.float32)
    assert choice(new) == "none"


def test_another_unit_with_the_same_ranks_is_mapped_by_rank():
    new = RNG.normal(TRAINING.mean(0), TRAINING.std(0), (5, 40)).astype(np.float32)
    assert choice(3 * new + 20) == "quantiles"


def test_genes_shifted_one_by_one_are_standardised():
    new = RNG.normal(TRAINING.mean(0), TRAINING.std(0), (60, 40)) + RNG.normal(0, 6, 40)
    assert choice(new.astype(np.float32)) == "standardise"


def test_what_cannot_be_chosen_says_why():
    single = options(landmarks_of(TRAINING[:1]), "one.csv")
    assert single["standardise"].why_not.startswith("A single sample has no mean and spread")
    assert not single["quantiles"].why_not
    centred = options(landmarks_of((TRAINING - TRAINING.mean(0))[:30]), "z.csv")
    assert centred["none"].why_not == (
        "The values of 'z.csv' lie around zero, those of the training samples above zero: the units differ."
    )


def test_counts_are_told_from_logged_values():
    assert "Values run from" in not_logged(2**TRAINING, QUANTILES)
    assert not_logged(TRAINING, QUANTILES) == ""
    assert not_logged(2**TRAINING, 2**QUANTILES) == ""


@given(st.integers(0, 1000), st.booleans())
def test_ranks_keep_the_order_and_give_the_training_values(seed, ties):
    own = np.random.default_rng(seed).normal(size=(3, 40)).astype(np.float32)
    if ties:
        own = own.round(0)
    found = onto_training("quantiles", SCALING, SCALING, QUANTILES)(own, own)
    for before, after in zip(own, found, strict=True):
        order = np.argsort(before, kind="stable")
        assert (np.diff(after[order]) >= 0).all()
        assert after.mean() == pytest.approx(QUANTILES.mean(), rel=1e-5)
        if not ties:
            np.testing.assert_allclose(np.sort(after), QUANTILES, rtol=1e-6)


def test_standardised_genes_have_the_mean_and_spread_of_the_training_samples():
    new = (5 * TRAINING[:50] - 3).astype(np.float32)
    found = onto_training("standardise", Scaling.learn(new), SCALING, QUANTILES)(new, new)
    np.testing.assert_allclose(found.mean(axis=0), TRAINING.mean(axis=0), rtol=1e-3)
    np.testing.assert_allclose(found.std(axis=0), TRAINING.std(axis=0), rtol=1e-2)


def test_other_genes_follow_the_curve_of_the_landmark_genes():
    own = np.sort(RNG.normal(size=(1, 40)).astype(np.float32))
    between = (own[:, :-1] + own[:, 1:]) / 2
    found = onto_training("quantiles", SCALING, SCALING, QUANTILES)(own, between)
    np.testing.assert_allclose(found[0], (QUANTILES[:-1] + QUANTILES[1:]) / 2, rtol=1e-4)
