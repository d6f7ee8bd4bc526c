import jax
import numpy as np
import pytest

from landmark.models.autoencoder import AutoencoderProblem
from landmark.models.settings import AutoencoderConfiguration

torch = pytest.importorskip("torch")

CONFIGURATION = AutoencoderConfiguration(hidden=5, bottleneck=2, dropout=0, l2=0.01, learning_rate=0.01)
GENES = 6


@pytest.fixture
def problem():
    return AutoencoderProblem(CONFIGURATION, GENES)


@pytest.fixture
def batch():
    return np.random.default_rng(0).standard_normal((4, GENES)).astype(np.float32)


def test_loss_is_mean_absolute_error_and_penalty_the_squared_weights(problem, batch):
    parameters = jax.device_get(problem.initialise(jax.random.key(0)))
    h = batch
    for name in ("encoder", "bottleneck", "decoder"):
        h = 1 / (1 + np.exp(-(h @ parameters[name]["kernel"] + parameters[name]["bias"])))
    restored = h @ parameters["output"]["kernel"] + parameters["output"]["bias"]
    objective, shown = problem.losses(parameters, (batch,), None)
    np.testing.assert_allclose(objective, np.abs(restored - batch).mean(axis=1), rtol=1e-5)
    np.testing.assert_array_equal(shown, objective)
    squares = sum((layer["kernel"] ** 2).sum() for layer in parameters.values())
    assert float(problem.penalty(parameters)) == pytest.approx(0.01 * squares, rel=1e-5)


def test_steps_are_those_of_pytorchs_adam(problem, batch):
    """Five steps on the whole loss, beside the same network and optimiser written in PyTorch."""
    parameters = problem.initialise(jax.random.key(0))
    theirs = {
        name: {kind: torch.tensor(np.asarray(value), requires_grad=True) for kind, value in layer.items()}
        for name, layer in parameters.items()
    }
    adam = torch.optim.Adam([p for layer in theirs.values() for p in layer.values()], lr=0.01, eps=1e-7)
    x = torch.tensor(batch)
    state = problem.optimiser.init(parameters)

    def objective(parameters):
        return problem.losses(parameters, (batch,), None)[0].mean() + problem.penalty(parameters)

    for _ in range(5):
        gradients = jax.grad(objective)(parameters)
        updates, state = problem.optimiser.update(gradients, state, parameters)
        parameters = jax.tree.map(lambda p, u: p + u, parameters, updates)
        h = x
        for name in ("encoder", "bottleneck", "decoder"):
            h = torch.sigmoid(h @ theirs[name]["kernel"] + theirs[name]["bias"])
        restored = h @ theirs["output"]["kernel"] + theirs["output"]["bias"]
        penalty = 0.01 * sum((layer["kernel"] ** 2).sum() for layer in theirs.values())
        adam.zero_grad()
        ((restored - x).abs().mean() + penalty).backward()
        adam.step()
    for name, layer in theirs.items():
        for kind, value in layer.items():
            np.testing.assert_allclose(parameters[name][kind], value.detach(), rtol=1e-4, atol=1e-6)
