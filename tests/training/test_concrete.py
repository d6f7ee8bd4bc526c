"""The concrete autoencoder: what it picks, how it cools, and that a stopped training goes on."""

import jax
import numpy as np
import pytest

from landmark.errors import BadConfiguration, Cancelled
from landmark.models import concrete
from landmark.models.concrete import TEMPERATURE, ConcreteProblem, train_concrete
from landmark.models.settings import ConcreteConfiguration, ConcreteTraining

SHORT = ConcreteConfiguration(epochs=6, batch_size=16, checkpoint_every=2)


@pytest.fixture
def data(expression):
    X = expression(40, 12)
    return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)


def problem(**change):
    values = {"genes": 12, "neurons": 3, "included": (), "excluded": (), "steps": 101}
    return ConcreteProblem(ConcreteTraining(**SHORT.model_dump()), **(values | change))


def test_the_temperature_falls_from_its_start_to_its_end_by_one_factor():
    cooling = np.array([problem().temperature(np.float32(step)) for step in (0, 1, 50, 51, 100)])
    np.testing.assert_allclose(cooling[[0, 2, 4]], [10, np.sqrt(0.1), 0.01], rtol=1e-4)
    assert cooling[1] / cooling[0] == pytest.approx(cooling[3] / cooling[2], rel=1e-4)


def test_the_temperature_of_a_step_follows_from_the_steps_before(data, monkeypatch):
    told = []

    def told_temperature(self, parameters, batch, key):
        if key is not None:
            jax.debug.callback(lambda value: told.append(float(value)), parameters[TEMPERATURE])
        return losses(self, parameters, batch, key)

    losses = ConcreteProblem.losses
    monkeypatch.setattr(ConcreteProblem, "losses", told_temperature)
    trained = train_concrete(data, 3, SHORT, excluded=(11,))
    jax.effects_barrier()
    expected = [float(trained.problem.temperature(np.float32(step))) for step in range(6 * 3)]
    assert told == pytest.approx(expected, rel=1e-5)
    assert trained.parameters.keys() == {"logits", "decoder"}


def test_genes_included_or_excluded_are_not_picked_and_included_ones_are_decoded(data):
    trained = train_concrete(data, 3, SHORT, included=(2, 7), excluded=(0,))
    assert np.isneginf(trained.problem.scores(trained.parameters)[:, [0, 2, 7]]).all()
    assert np.isfinite(np.delete(trained.problem.scores(trained.parameters), [0, 2, 7], axis=1)).all()
    assert trained.parameters["decoder"]["kernel"].shape == (5, 12)


def test_without_a_key_every_neuron_takes_its_most_likely_gene(data):
    asked = problem(included=(4,))
    parameters = asked.initialise(jax.random.key(0))
    network = asked.network(parameters)
    picked = data[:, [4, *np.argmax(network.scores(), axis=1)]]
    expected = picked @ parameters["decoder"]["kernel"]
    np.testing.assert_allclose(network(data), expected, rtol=1e-4, atol=1e-5)


def test_a_cold_mixture_is_one_gene_and_a_hot_one_is_many(data):
    network = problem().network(problem().initialise(jax.random.key(0)))
    kernel = np.asarray(network.decoder.kernel[...])
    mixtures = np.linalg.lstsq(kernel.T, np.asarray(network(np.eye(12), 1e-3, jax.random.key(1))).T)[0].T
    np.testing.assert_allclose(np.sort(mixtures, axis=0)[-1], 1, atol=1e-3)
    hot = np.linalg.lstsq(kernel.T, np.asarray(network(np.eye(12), 1e3, jax.random.key(1))).T)[0].T
    np.testing.assert_allclose(hot, 1 / 12, atol=1e-2)


def test_seed_decides_everything(data, same):
    first, again = (train_concrete(data, 3, SHORT, seed=1).parameters for _ in range(2))
    assert same(first, again)
    assert not same(first, train_concrete(data, 3, SHORT, seed=2).parameters)


def test_a_stopped_training_ends_as_one_that_was_not(data, tmp_path, cancel_at, same):
    whole = train_concrete(data, 3, SHORT)
    with pytest.raises(Cancelled):
        train_concrete(data, 3, SHORT, directory=tmp_path, report=cancel_at(4))
    assert any(tmp_path.iterdir())
    resumed = train_concrete(data, 3, SHORT, directory=tmp_path)
    assert same(resumed.parameters, whole.parameters)
    assert len(resumed.history) == SHORT.epochs


def test_a_machine_that_is_too_small_is_named(data, monkeypatch):
    monkeypatch.setattr(concrete, "memory_bytes", lambda: 500)
    with pytest.raises(BadConfiguration, match="size = 3: the concrete autoencoder would need"):
        train_concrete(data, 3, SHORT)


def test_it_must_not_warm_up():
    with pytest.raises(
        BadConfiguration, match=r"end_temperature = 20.0 must not exceed start_temperature = 10"
    ):
        ConcreteConfiguration.parse({"end_temperature": 20})
