"""An annotation of the samples as inputs beside the landmark genes."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge as Reference

from landmark.errors import BadData
from landmark.inference.covariate import Covariate, Labels
from landmark.inference.predict import fit, predict_test
from landmark.inference.ridge import Ridge
from landmark.inference.trained import TrainedPredictor

LANDMARKS, TARGETS = [f"g{i}" for i in range(8)], [f"g{i}" for i in range(30, 60)]
TRAIN = tuple(["lung", "skin", "", "blood"] * 20)
TEST = tuple(["skin", "brain", "", "lung", "blood"] * 6)


@pytest.fixture
def labelled(split):
    return replace(split, labels=Labels("tissue", TRAIN, TEST))


def test_its_columns_are_the_groups_of_the_training_samples_standardised():
    known = Covariate.learn(Labels("tissue", TRAIN, ()))
    assert known.columns == ("tissue: blood", "tissue: lung", "tissue: skin")
    columns = known.inputs(TRAIN)
    own = np.array([[label == group for group in known.groups] for label in TRAIN], dtype=float)
    annotated = np.array([label != "" for label in TRAIN])
    expected = (own - own.mean(axis=0)) / (own.std(axis=0) + 1e-3)
    np.testing.assert_allclose(columns[annotated], expected[annotated], rtol=1e-5)


def test_a_sample_of_no_known_group_is_told_nothing_about():
    known = Covariate.learn(Labels("tissue", TRAIN, ()))
    np.testing.assert_array_equal(known.inputs(["brain", ""]), 0)
    assert known.unknown(TEST).tolist() == [False, True, True, False, False] * 6


@pytest.mark.parametrize(
    ("train", "sentence"),
    [
        (("lung",) * 9 + ("",), "the same value or none"),
        (("",) * 10, "the same value or none"),
        (tuple(map(str, range(10))), "10 different values in 10 training samples"),
    ],
)
def test_an_annotation_without_groups_is_refused(train, sentence):
    with pytest.raises(BadData, match=sentence):
        Covariate.learn(Labels("tissue", train, ()))


def test_ridge_regression_takes_its_columns_as_further_genes(split, labelled):
    trained = fit(labelled, LANDMARKS, TARGETS, Ridge((3.0,)))
    known = Covariate.learn(labelled.labels)
    beside = [
        np.hstack([genes, known.inputs(labels)])
        for genes, labels in (
            (split.train_columns(LANDMARKS), TRAIN),
            (split.test_columns(LANDMARKS), TEST),
        )
    ]
    reference = Reference(alpha=3.0, fit_intercept=False).fit(
        beside[0].astype(float), split.train_columns(TARGETS)
    )
    found = predict_test(labelled, trained, TARGETS).predicted
    np.testing.assert_allclose(found, reference.predict(beside[1]), atol=1e-4)
    assert trained.inputs[-3:] == known.columns
    assert len(trained.input_scaling.scale) == len(trained.inputs) == 11


def test_it_is_stored_with_the_predictor_and_asked_for(split, labelled, tmp_path):
    trained = fit(labelled, LANDMARKS, TARGETS, Ridge())
    trained.save(tmp_path)
    read = TrainedPredictor.load(tmp_path)
    assert read.inputs == trained.inputs
    X = split.test[:, :8]
    np.testing.assert_array_equal(read.predict(X, TEST), trained.predict(X, TEST))
    assert (read.predict(X, TEST) != read.predict(X, TEST[::-1])).any()
    with pytest.raises(BadData, match="fitted with the annotation 'tissue'"):
        read.predict(X)
    with pytest.raises(BadData, match="fitted with the annotation 'tissue'"):
        predict_test(split, read, TARGETS)


def test_without_it_predictors_are_as_before(split, tmp_path):
    fit(split, LANDMARKS, TARGETS, Ridge()).save(tmp_path)
    read = TrainedPredictor.load(tmp_path)
    assert read.covariate is None
    assert read.inputs == tuple(LANDMARKS)
