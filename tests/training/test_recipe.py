"""The D-GEX recipe, step by step, beside a plain NumPy version."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from landmark.models.dgex import DgexProblem
from landmark.models.settings import DgexConfiguration
from landmark.training.data import Arrays, epoch_order
from landmark.training.fit import fit, monitored_rows
from landmark.training.optimizers import DgexState, shrink_where_it_rose


class PlainDgex:
    """D-GEX without dropout, in NumPy float64, after the public code's recipe."""

    def __init__(self, parameters, rate, momentum=0.5, decay=0.9, floor=1e-5, factor=3.0):
        self.names = list(parameters)
        self.weights = {(n, k): np.float64(v) for n, layer in parameters.items() for k, v in layer.items()}
        self.velocity = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self.rate, self.momentum, self.decay, self.floor, self.factor = rate, momentum, decay, floor, factor
        self.monitored = np.inf

    def forward(self, x):
        activations = [x]
        for name in self.names[:-1]:
            z = activations[-1] @ self.weights[name, "kernel"] + self.weights[name, "bias"]
            activations.append(np.tanh(z))
        last = self.names[-1]
        return activations, activations[-1] @ self.weights[last, "kernel"] + self.weights[last, "bias"]

    def error(self, x, y):
        return np.abs(self.forward(x)[1] - y).mean()

    def step(self, x, y):
        activations, predicted = self.forward(x)
        delta = 2 * (predicted - y) / len(x)
        gradients = {}
        for number in reversed(range(len(self.names))):
            name = self.names[number]
            gradients[name, "kernel"] = activations[number].T @ delta
            gradients[name, "bias"] = delta.sum(axis=0)
            delta = (delta @ self.weights[name, "kernel"].T) * (1 - activations[number] ** 2)
        for (name, kind), gradient in gradients.items():
            factor = self.factor if kind == "kernel" and name != "hidden_1" else 1.0
            velocity = self.momentum * self.velocity[name, kind] - self.rate * factor * gradient
            self.velocity[name, kind] = velocity
            self.weights[name, kind] = self.weights[name, kind] + velocity

    def end_epoch(self, error):
        if error > self.monitored:
            self.rate = max(self.rate * self.decay, self.floor)
        self.monitored = error


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_training_equals_the_plain_version(layers):
    random = np.random.default_rng(layers)
    x, y = random.standard_normal((50, 4)), random.standard_normal((50, 3))
    # A large step size makes the monitored error rise at times, so that the schedule acts.
    chosen = DgexConfiguration(
        layers=layers, units=6, dropout=0, epochs=12, batch_size=16, learning_rate=0.05, monitored=20,
        lowest_learning_rate=0.04, keep="last",
    )  # fmt: skip
    problem = DgexProblem(chosen, 4, 3)
    data = Arrays((x.astype(np.float32), y.astype(np.float32)))
    fitted = fit(problem, data, data)

    start = problem.initialise(jax.random.fold_in(jax.random.key(0), 0))
    plain = PlainDgex(jax.device_get(start), 0.05, floor=0.04)
    watched = monitored_rows(50, 20, 0)
    rates = []
    for epoch in range(1, 13):
        order = epoch_order(50, 16, 0, epoch)
        for first in range(0, 50, 16):
            rows = order[first : first + 16]
            plain.step(x[rows], y[rows])
        plain.end_epoch(plain.error(x[watched], y[watched]))
        rates.append(plain.rate)
        assert fitted.history["validation_loss"][epoch - 1] == pytest.approx(plain.error(x, y), rel=1e-4)
    assert len(set(rates)) > 1, "the schedule never acted"
    for (name, kind), value in plain.weights.items():
        np.testing.assert_allclose(fitted.parameters[name][kind], value, rtol=2e-3, atol=2e-5)


@pytest.mark.parametrize(
    ("rate", "before", "now", "after"),
    [
        (1e-3, np.inf, 0.5, 1e-3),
        (1e-3, 0.5, 0.4, 1e-3),
        (1e-3, 0.5, 0.5, 1e-3),
        (1e-3, 0.5, 0.6, 9e-4),
        (1.05e-5, 0.5, 0.6, 1e-5),
        (1e-5, 0.5, 0.6, 1e-5),
    ],
)
def test_step_size_shrinks_only_where_the_error_rose(rate, before, now, after):
    state = DgexState({}, jnp.float32(rate), jnp.float32(before))
    adapted = shrink_where_it_rose(state, jnp.float32(now), 0.9, 1e-5)
    assert float(adapted.learning_rate) == pytest.approx(after, rel=1e-6)
    assert float(adapted.monitored_loss) == pytest.approx(now)


def test_loss_is_the_squared_error_summed_over_targets():
    problem = DgexProblem(DgexConfiguration(layers=1, units=3), 2, 4)
    parameters = problem.initialise(jax.random.key(0))
    parameters["output"]["bias"] = jnp.arange(4.0)
    parameters["output"]["kernel"] = jnp.zeros((3, 4))
    targets = np.ones((2, 4), np.float32)
    objective, shown = problem.losses(parameters, (np.zeros((2, 2), np.float32), targets), None)
    np.testing.assert_allclose(objective, [1 + 0 + 1 + 4] * 2)
    np.testing.assert_allclose(shown, [1.0] * 2)
