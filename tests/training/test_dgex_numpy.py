"""What D-GEX adds to plain gradient descent, beside NumPy: dropout in both passes, the start, the chosen epoch.

Schedule, momentum and the factor of later layers are beside NumPy in ``test_recipe.py``.
"""

import jax
import numpy as np
import pytest
from flax import nnx

from landmark.models.dgex import DgexProblem, train_dgex
from landmark.models.settings import DgexConfiguration

RATE = 0.25


def masks(key, layers, shape):
    """Return the masks that the network draws, by sending ones through its dropout."""
    drop = nnx.Dropout(RATE)
    return [
        np.asarray(drop(np.ones(shape, np.float32), rngs=jax.random.fold_in(key, number)))
        for number in range(layers)
    ]


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_step_with_dropout_equals_numpy(layers):
    random = np.random.default_rng(layers)
    x, y = (random.standard_normal((7, genes)).astype(np.float32) for genes in (4, 3))
    problem = DgexProblem(DgexConfiguration(layers=layers, units=5, dropout=RATE), 4, 3)
    parameters, key = problem.initialise(jax.random.key(1)), jax.random.key(2)
    # Larger than the published start, so that every layer has a gradient worth comparing.
    parameters["output"]["kernel"] = np.full((5, 3), 0.3, np.float32)
    drawn = masks(key, layers, (7, 5))
    assert (
        {0.0}
        < {float(value) for mask in drawn for value in mask.ravel()}
        == {0.0, np.float32(1 / (1 - RATE))}
    )

    names = [f"hidden_{number}" for number in range(1, layers + 1)] + ["output"]
    weights = {name: {kind: np.float64(value) for kind, value in parameters[name].items()} for name in names}
    inputs, before = [np.float64(x)], []
    for name, mask in zip(names, drawn, strict=False):
        before.append(np.tanh(inputs[-1] @ weights[name]["kernel"] + weights[name]["bias"]))
        inputs.append(before[-1] * mask)  # inverted scaling: the mask holds 1 / (1 - rate)
    predicted = inputs[-1] @ weights["output"]["kernel"] + weights["output"]["bias"]
    squares, absolute = problem.losses(parameters, (x, y), key)
    np.testing.assert_allclose(squares, ((predicted - y) ** 2).sum(axis=1), rtol=1e-5)
    np.testing.assert_allclose(absolute, np.abs(predicted - y).mean(axis=1), rtol=1e-5)

    delta, gradients = 2 * (predicted - y) / len(x), {}
    for number in reversed(range(len(names))):
        gradients[names[number]] = {"kernel": inputs[number].T @ delta, "bias": delta.sum(axis=0)}
        if number:
            delta = (
                delta @ weights[names[number]]["kernel"].T * drawn[number - 1] * (1 - before[number - 1] ** 2)
            )
    found = jax.grad(lambda p: problem.losses(p, (x, y), key)[0].mean())(parameters)
    for name in names:
        for kind, expected in gradients[name].items():
            np.testing.assert_allclose(
                found[name][kind], expected, rtol=1e-4, atol=1e-6, err_msg=f"{name} {kind}"
            )


def test_the_published_first_step_sizes():
    assert DgexConfiguration(layers=1).first_learning_rate == 5e-4
    assert (
        DgexConfiguration(layers=2).first_learning_rate
        == DgexConfiguration(layers=3).first_learning_rate
        == 3e-4
    )
    chosen = DgexConfiguration()
    assert (chosen.momentum, chosen.batch_size, chosen.epochs) == (0.5, 200, 200)
    assert (chosen.decay, chosen.lowest_learning_rate, chosen.later_layers) == (0.9, 1e-5, 3.0)


def test_the_epoch_with_the_least_validation_error_is_kept():
    random = np.random.default_rng(4)
    x, y = (
        random.standard_normal((40, 4)).astype(np.float32),
        random.standard_normal((40, 3)).astype(np.float32),
    )
    # Noise without a signal is learned by heart, so that the validation error soon rises.
    chosen = DgexConfiguration(
        layers=1, units=30, dropout=0, epochs=60, batch_size=10, learning_rate=0.02, checkpoint_every=60
    )
    trained = train_dgex(x[:25], y[:25], x[25:], y[25:], chosen)
    losses = trained.history["validation_loss"]
    assert losses.iloc[-1] > losses.min()
    assert np.abs(trained.apply(x[25:]) - y[25:]).mean() == pytest.approx(losses.min(), rel=1e-5)
