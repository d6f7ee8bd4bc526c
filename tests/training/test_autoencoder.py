import re

import numpy as np
import pytest

from landmark.attribution.baselines import training_mean
from landmark.attribution.importance import DenseEncoder, importance
from landmark.attribution.ranking import rank_correlation, scores
from landmark.data.scaling import Scaling
from landmark.errors import BadConfiguration, BadData, BadRun
from landmark.models.autoencoder import (
    AutoencoderProblem,
    encoder_layers,
    train_autoencoder,
)
from landmark.training.trained import Trained


@pytest.fixture
def data(expression):
    X = expression(90, 12)
    return X[:70], X[70:]


def change(configuration, **values):
    return configuration.model_copy(update=values)


def test_learns_what_genes_share(data, autoencoder):
    train, validation = data
    trained = train_autoencoder(train, validation, change(autoencoder, epochs=200, dropout=0.0))
    assert list(trained.history) == ["epoch", "train_loss", "validation_loss", "seconds"]
    assert list(trained.history["epoch"]) == list(range(1, 201))
    assert trained.history["validation_loss"].iloc[-1] < 0.6 * trained.history["validation_loss"].iloc[0]


@pytest.mark.parametrize(
    ("choice", "kind"),
    [({}, "standardise"), ({"output": "sigmoid"}, "unit"), ({"input": "measured"}, "centre")],
)
def test_history_measures_the_kept_network(data, autoencoder, choice, kind):
    """The lowest validation loss is the error of the returned network, measured with NumPy."""
    train, validation = data
    trained = train_autoencoder(train, validation, change(autoencoder, epochs=10, **choice))
    scaling = Scaling.learn(train, kind)
    error = np.abs(trained.apply(validation) - scaling.apply(validation)).mean()
    assert trained.history["validation_loss"].min() == pytest.approx(error, rel=1e-5)
    np.testing.assert_allclose(trained.problem.scaling.shift, scaling.shift, rtol=1e-6)
    np.testing.assert_allclose(trained.problem.scaling.scale, scaling.scale, rtol=1e-6)


def test_encoder_layers_are_the_encoder(data, autoencoder):
    train, validation = data
    trained = train_autoencoder(train, validation, change(autoencoder, epochs=1))
    (w1, b1), (w2, b2) = encoder_layers(trained)
    hidden = 1 / (1 + np.exp(-(trained.problem.scaling.apply(validation) @ w1 + b1)))
    before = hidden @ w2 + b2
    np.testing.assert_allclose(
        trained.apply(validation, AutoencoderProblem.preactivation), before, rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(
        trained.apply(validation, AutoencoderProblem.activation), 1 / (1 + np.exp(-before)), rtol=1e-5
    )
    assert trained.apply(validation, AutoencoderProblem.activation).shape == (20, 3)


def test_from_genes_as_measured_the_ranking_follows_their_spread(autoencoder):
    random = np.random.default_rng(0)
    alike = random.standard_normal((90, 3))[:, np.arange(40) % 3] + 0.5 * random.standard_normal((90, 40))
    X = (8 + alike * random.uniform(0.2, 3, 40)).astype(np.float32)
    follows = {}
    for scale in ("scaled", "measured"):
        trained = train_autoencoder(X[:70], X[70:], change(autoencoder, input=scale, epochs=60))
        samples = trained.problem.scaling.apply(X[:70])
        found = importance(DenseEncoder.of(encoder_layers(trained)), samples, training_mean(samples))
        assert found.worst_residual < 1e-4
        follows[scale] = rank_correlation(scores(found), X[:70].var(axis=0))
    assert follows["measured"] > 0.6 > follows["scaled"] + 0.3


def test_a_checkpoint_continues_training_on_its_own_scale_only(autoencoder):
    """Checkpoints of versions that knew no other scale say nothing of it, and are of scaled genes."""
    scaled, measured = (
        AutoencoderProblem(change(autoencoder, input=scale), 12) for scale in ("scaled", "measured")
    )
    assert scaled.static_key == measured.static_key  # one compiled program serves both
    assert "input" not in scaled.checkpoint_identity
    assert measured.checkpoint_identity != scaled.checkpoint_identity


def test_many_samples_are_encoded_like_few(data, autoencoder, expression):
    trained = train_autoencoder(*data, change(autoencoder, epochs=1))
    X = expression(1100, 12, seed=3)
    np.testing.assert_allclose(
        trained.apply(X, AutoencoderProblem.activation)[1095:],
        trained.apply(X[1095:], AutoencoderProblem.activation),
        rtol=1e-5,
    )


def test_seed_decides_everything(data, autoencoder, same):
    first, again = (train_autoencoder(*data, autoencoder) for _ in range(2))
    other = train_autoencoder(*data, change(autoencoder, seed=1))
    assert same(first.parameters, again.parameters)
    assert not same(first.parameters, other.parameters)


def test_save_and_load(data, autoencoder, same, tmp_path):
    trained = train_autoencoder(*data, autoencoder)
    trained.save(tmp_path / "network")
    written = tmp_path / "network" / "network.json"
    without = re.sub(r',\s*"input": "scaled"', "", written.read_text())
    assert without != written.read_text()
    written.write_text(without)  # as earlier versions wrote it
    loaded = Trained.load(tmp_path / "network", AutoencoderProblem)
    assert loaded.problem.configuration == trained.problem.configuration
    assert same(loaded.parameters, trained.parameters)
    np.testing.assert_array_equal(loaded.apply(data[1]), trained.apply(data[1]))
    assert loaded.history.equals(trained.history)


@pytest.mark.parametrize("file", ["parameters.npz", "network.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "garbage"])
def test_damaged_files_are_refused(data, autoencoder, tmp_path, file, damage):
    train_autoencoder(*data, change(autoencoder, epochs=1)).save(tmp_path)
    path = tmp_path / file
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"\x93garbage")
    with pytest.raises(BadRun, match="missing or damaged"):
        Trained.load(tmp_path, AutoencoderProblem)


@pytest.mark.parametrize(("before", "after"), [('"l2": 1e-06', '"l2": -1'), ('"configuration"', '"other"')])
def test_settings_that_cannot_be_used_are_refused(data, autoencoder, tmp_path, before, after):
    train_autoencoder(*data, change(autoencoder, epochs=1)).save(tmp_path)
    path = tmp_path / "network.json"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(BadRun, match=r"settings in .*cannot be used; train it again"):
        Trained.load(tmp_path, AutoencoderProblem)


def test_unsuitable_data_are_refused(data, autoencoder):
    train, validation = data
    with pytest.raises(BadConfiguration, match="batch_size = 71: there are only 70"):
        train_autoencoder(train, validation, change(autoencoder, batch_size=71))
    with pytest.raises(BadData, match="12 genes, validation data 11"):
        train_autoencoder(train, validation[:, :11], autoencoder)
    with pytest.raises(BadData, match="samples x genes"):
        train_autoencoder(train[0], validation, autoencoder)
    with pytest.raises(BadData, match="samples x genes"):
        train_autoencoder(train, validation[:0], autoencoder)
    missing = train.copy()
    missing[3, 5] = np.nan
    with pytest.raises(BadData, match="1 genes have missing or infinite values"):
        train_autoencoder(missing, validation, autoencoder)
    with pytest.raises(BadData, match="trained on 12 genes"):
        train_autoencoder(train, validation, change(autoencoder, epochs=1)).apply(
            train[:, :5], AutoencoderProblem.activation
        )
