import numpy as np
import pytest

from landmark.data.scaling import Scaling
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.dgex import DgexProblem, train_dgex
from landmark.training.trained import Trained


@pytest.fixture
def data(expression):
    X = expression(100, 14)
    Z = Scaling.learn(X[:80]).apply(X)
    return Z[:80, :5], Z[:80, 5:], Z[80:, :5], Z[80:, 5:]


def test_predicts_targets_from_landmarks(data, dgex):
    trained = train_dgex(*data, dgex.model_copy(update={"epochs": 60}))
    predicted = trained.apply(data[2])
    assert predicted.shape == data[3].shape
    error = np.abs(predicted - data[3]).mean()
    assert error < 0.6 * np.abs(data[3]).mean()
    assert trained.history["validation_loss"].min() == pytest.approx(error, rel=1e-5)


def test_seed_decides_everything(data, dgex, same):
    first, again = (train_dgex(*data, dgex) for _ in range(2))
    assert same(first.parameters, again.parameters)
    other = train_dgex(*data, dgex.model_copy(update={"seed": 1}))
    assert not same(first.parameters, other.parameters)


def test_save_and_load(data, dgex, same, tmp_path):
    trained = train_dgex(*data, dgex)
    trained.save(tmp_path)
    loaded = Trained.load(tmp_path, DgexProblem)
    assert loaded.problem.configuration == trained.problem.configuration
    assert same(loaded.parameters, trained.parameters)
    np.testing.assert_array_equal(loaded.apply(data[2]), trained.apply(data[2]))
    with pytest.raises(BadRun, match="holds no autoencoder but a D-GEX"):
        Trained.load(tmp_path, AutoencoderProblem)


def test_unsuitable_data_are_refused(data, dgex):
    landmarks, targets, *validation = data
    with pytest.raises(BadConfiguration, match="batch_size = 81"):
        train_dgex(*data, dgex.model_copy(update={"batch_size": 81}))
    with pytest.raises(BadData, match="80 samples of landmark genes and 79 of target genes"):
        train_dgex(landmarks, targets[:79], *validation, dgex)
    with pytest.raises(BadData, match="5 landmark and 8 target genes, validation data 5 and 9"):
        train_dgex(landmarks, targets[:, 1:], *validation, dgex)
    with pytest.raises(BadData, match="trained on 5 landmark genes"):
        train_dgex(*data, dgex).apply(landmarks[:, :4])


def test_a_diverging_training_says_so(data, dgex):
    wild = dgex.model_copy(update={"learning_rate": 1.0})
    with pytest.raises(BadRun, match=r"diverged in epoch \d.*lower learning rate"):
        train_dgex(*(1000 * part for part in data), wild)
