"""Predictors are the same after they were stored, and their networks are what they predict."""

from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from captum.attr import DeepLift

from landmark.attribution import deeplift
from landmark.attribution.explanation import explain
from landmark.errors import BadData, BadRun
from landmark.inference.networks import Dgex, DgexPredictor
from landmark.inference.predict import fit
from landmark.inference.trained import METHODS, TrainedPredictor
from landmark.models.dgex import DgexProblem
from landmark.models.settings import DgexConfiguration

LANDMARKS, TARGETS = [f"g{i}" for i in range(20)], [f"g{i}" for i in range(30, 60)]
SMALL = DgexConfiguration(layers=2, units=12, epochs=3, batch_size=10)


@pytest.fixture(
    scope="module", params=sorted({*METHODS} - {"graph"})
)  # that is slow to compile: test_graph.py
def trained(request, split):
    return fit(
        split, LANDMARKS, TARGETS, Dgex(SMALL) if request.param == "dgex" else METHODS[request.param]()
    )


def test_a_stored_predictor_predicts_the_same(trained, split, tmp_path):
    trained.save(tmp_path / "predictor")
    read = TrainedPredictor.load(tmp_path / "predictor")
    assert (read.landmarks, read.targets) == (tuple(LANDMARKS), tuple(TARGETS))
    assert read.fitted.details == pytest.approx(trained.fitted.details)
    X = split.test[:, :20]
    np.testing.assert_array_equal(read.predict(X), trained.predict(X))


def test_it_takes_and_gives_the_units_of_the_dataset(trained, split):
    expected = trained.fitted.predict(split.test_columns(LANDMARKS))
    found = split.scaling_of(TARGETS).apply(trained.predict(split.test[:, :20]))
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.fixture
def explained(trained):
    if trained.fitted.method == "sample_lasso":
        pytest.skip("has no network: test_sample_lasso.py")
    return trained


def test_its_network_is_what_it_predicts(explained, split):
    trained = explained
    X = split.test_columns(LANDMARKS)
    network = trained.fitted.network(trained.columns(["g41", "g30"]))
    np.testing.assert_allclose(
        network.apply(jax.device_put(network.parameters), jnp.asarray(X)),
        trained.fitted.predict(X)[:, [11, 0]],
        rtol=1e-4,
        atol=1e-5,
    )


def test_networks_of_as_many_targets_share_what_was_compiled(explained):
    trained = explained
    first, other = (trained.fitted.network(columns).apply for columns in ([0, 5], [3, 1]))
    assert first == other
    assert hash(first) == hash(other)


def test_explaining_some_targets_is_deeplift_of_the_whole_network(explained, split):
    trained = explained
    X, reference = split.test_columns(LANDMARKS).copy(), split.train_columns(LANDMARKS).mean(axis=0)
    columns = trained.columns(["g41", "g30"])
    network = trained.fitted.network(columns)
    found = explain(network.apply, network.parameters, X, reference, block=7)
    if isinstance(trained.fitted, DgexPredictor):
        # the Flax module itself, with all its outputs
        module = DgexProblem(SMALL, 20, 30).network(jax.device_put(trained.fitted.trained.parameters))
        contributions = jax.jit(lambda x: deeplift(module, x, reference))(X)[:, jnp.array(columns)]
    elif isinstance(network.parameters, np.ndarray):
        contributions = (X - reference)[:, None] * network.parameters.T
        np.testing.assert_allclose(found.slope, network.parameters.T, atol=1e-5)
    else:
        whole = trained.fitted.network(range(30))
        every = jax.jit(lambda x: deeplift(partial(whole.apply, whole.parameters), x, reference))(X)
        contributions = every[:, jnp.array(columns)]
    np.testing.assert_allclose(found.mean, contributions.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(found.mean_absolute, np.abs(contributions).mean(axis=0), atol=1e-5)
    assert found.worst_residual < 1e-4


def test_a_gene_that_is_not_predicted_is_named(trained):
    with pytest.raises(BadData, match=r"g3 is not among the 30 genes.*landmark gene itself"):
        trained.columns(["g41", "g3"])
    with pytest.raises(BadData, match=r"TP53 .*does not have it"):
        trained.columns(["TP53"])


@pytest.mark.parametrize("name", ["network.json", "parameters.npz", "learned/parameters.npz"])
def test_a_damaged_predictor_says_so(trained, tmp_path, name):
    trained.save(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(BadRun, match="missing or damaged"):
        TrainedPredictor.load(tmp_path)


def test_a_network_trained_in_bfloat16_is_explained_in_float32(split):
    trained = fit(split, LANDMARKS, TARGETS, Dgex(SMALL)).fitted.trained
    coarse = replace(trained.problem, configuration=SMALL.model_copy(update={"precision": "bfloat16"}))
    rounded = replace(trained, problem=coarse)
    network = DgexPredictor(rounded).network([0, 5])
    X, reference = split.test_columns(LANDMARKS), np.zeros(20, np.float32)
    assert explain(network.apply, network.parameters, X, reference).worst_residual < 1e-5


# captum says at every call that it sets hooks, and that it lets the input take gradients.
@pytest.mark.filterwarnings("ignore:Setting forward, backward hooks:UserWarning")
@pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already require gradients:UserWarning")
def test_captum_explains_a_trained_dgex_alike(split):
    trained = fit(split, LANDMARKS, TARGETS, Dgex(SMALL)).fitted
    layers = []
    for name in ("hidden_1", "hidden_2", "output"):
        kernel, bias = (np.array(trained.trained.parameters[name][part]) for part in ("kernel", "bias"))
        layer = torch.nn.Linear(*kernel.shape).requires_grad_(False)
        layer.weight.copy_(torch.from_numpy(kernel.T))
        layer.bias.copy_(torch.from_numpy(bias))
        layers += [layer, torch.nn.Tanh()]
    explainer = DeepLift(torch.nn.Sequential(*layers[:-1]))
    X, reference = split.test_columns(LANDMARKS).copy(), split.train_columns(LANDMARKS).mean(axis=0)
    network = trained.network([4, 21])
    found = explain(network.apply, network.parameters, X, reference)
    for place, target in enumerate((4, 21)):
        theirs = explainer.attribute(
            torch.from_numpy(X),
            torch.from_numpy(reference[None]).expand_as(torch.from_numpy(X)),
            target=target,
        )
        expected = theirs.detach().abs().mean(dim=0).numpy()
        np.testing.assert_allclose(found.mean_absolute[place], expected, atol=1e-4 * expected.max())
