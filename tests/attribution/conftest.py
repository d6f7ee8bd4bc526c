"""Networks that exist twice, in PyTorch for the oracles and in JAX."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch import nn

SAMPLES, GENES, POSITIONS, OUTPUTS = 6, 12, 17, 3

ACTIVATIONS = {
    "sigmoid": (nn.Sigmoid, jax.nn.sigmoid),
    "tanh": (nn.Tanh, jnp.tanh),
    "relu": (nn.ReLU, jax.nn.relu),
    "elu": (nn.ELU, jax.nn.elu),
    "softplus": (nn.Softplus, jax.nn.softplus),
    "gelu": (nn.GELU, lambda z: jax.nn.gelu(z, approximate=False)),
}


@dataclass(frozen=True)
class Twin:
    """One network in both worlds, with inputs [samples, inputs...] and a reference [inputs...]."""

    torch: Any
    jax: Any
    x: np.ndarray
    reference: np.ndarray


def array(tensor: torch.Tensor) -> jax.Array:
    return jnp.asarray(tensor.detach().numpy())


def dense_twin(name: str) -> Twin:
    """Two hidden layers."""
    torch.manual_seed(1)
    first, second, last = nn.Linear(GENES, 20), nn.Linear(20, 9), nn.Linear(9, OUTPUTS)
    module, function = ACTIVATIONS[name]

    def network(x: jax.Array) -> jax.Array:
        for layer in (first, second):
            x = function(x @ array(layer.weight).T + array(layer.bias))
        return x @ array(last.weight).T + array(last.bias)

    rng = np.random.default_rng(2)
    x = 2 * rng.standard_normal((SAMPLES, GENES), dtype=np.float32)
    reference = rng.standard_normal(GENES, dtype=np.float32)
    return Twin(nn.Sequential(first, module(), second, module(), last), network, x, reference)


def convolution_twin(name: str) -> Twin:
    """Convolution, activation, max pooling, and a dense layer, like DeepChrome's.

    The average pooling over one element changes nothing. It stands there for captum 0.9.0, whose hooks read the
    gradient of a tensor before it is corrected where two non-linear modules follow each other directly; its
    contributions then miss the output's difference by up to 90%.
    """
    torch.manual_seed(3)
    convolution, last = nn.Conv1d(2, 5, 4), nn.Linear(5 * 7, OUTPUTS)
    module, function = ACTIVATIONS[name]

    def network(x: jax.Array) -> jax.Array:
        x = jax.lax.conv_general_dilated(
            x, array(convolution.weight), (1,), "VALID", dimension_numbers=("NCH", "OIH", "NCH")
        )
        x = function(x + array(convolution.bias)[:, None])
        x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2), (1, 1, 2), "VALID")
        return x.reshape(len(x), -1) @ array(last.weight).T + array(last.bias)

    rng = np.random.default_rng(4)
    x = rng.standard_normal((SAMPLES, 2, POSITIONS), dtype=np.float32)
    reference = rng.standard_normal((2, POSITIONS), dtype=np.float32)
    layers = [convolution, module(), nn.AvgPool1d(1), nn.MaxPool1d(2), nn.Flatten(), last]
    return Twin(nn.Sequential(*layers), network, x, reference)


TWINS = [(dense_twin, name) for name in ACTIVATIONS] + [
    (convolution_twin, name) for name in ("relu", "softplus")
]


@pytest.fixture(scope="module", params=TWINS, ids=lambda twin: f"{twin[0].__name__}-{twin[1]}")
def twin(request: pytest.FixtureRequest) -> Twin:
    build, name = request.param
    return build(name)
