"""A dense encoder as plain arrays: what the fast path of importance works on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from landmark.errors import BadConfiguration

Target = Literal["pre", "post"]
"""What is attributed to: the last layer before (``pre``) or after (``post``) its activation."""


def _linear(z: jax.Array) -> jax.Array:
    return z


ACTIVATIONS: dict[str, Callable[[jax.Array], jax.Array]] = {
    "elu": jax.nn.elu,
    "gelu": jax.nn.gelu,
    "leaky_relu": jax.nn.leaky_relu,
    "linear": _linear,
    "relu": jax.nn.relu,
    "selu": jax.nn.selu,
    "sigmoid": jax.nn.sigmoid,
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "tanh": jnp.tanh,
}
"""Activations of dense encoders, by name."""


@dataclass(frozen=True)
class DenseEncoder:
    """Layers ``activation(x @ weights + biases)`` from genes to the units of the bottleneck.

    Attributes
    ----------
    weights
        One matrix [inputs, outputs] per layer, the first from genes.
    biases
        One vector [outputs] per layer.
    activations
        One name of ``ACTIVATIONS`` per layer.

    Raises
    ------
    BadConfiguration
        Layers do not fit together, or an activation is unknown.
    """

    weights: tuple[ArrayLike, ...]
    biases: tuple[ArrayLike, ...]
    activations: tuple[str, ...]

    @classmethod
    def of(cls, layers: Iterable[tuple[ArrayLike, ArrayLike]], activation: str = "sigmoid") -> Self:
        """Make an encoder of the weights and biases of its layers, all of one activation."""
        weights, biases = zip(*layers, strict=True)
        return cls(weights, biases, (activation,) * len(weights))

    def __post_init__(self) -> None:
        layers = len(self.weights)
        if not layers or len(self.biases) != layers or len(self.activations) != layers:
            raise BadConfiguration(
                f"The encoder has {layers} weight matrices, {len(self.biases)} biases and "
                f"{len(self.activations)} activations; it needs one of each per layer."
            )
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            shape, before = np.shape(weight), np.shape(self.weights[max(number - 2, 0)])
            if len(shape) != 2 or np.shape(bias) != shape[1:] or (number > 1 and before[1] != shape[0]):
                raise BadConfiguration(
                    f"Layer {number} of the encoder has weights {shape} and biases {np.shape(bias)}, which do "
                    f"not fit together or do not follow a layer with weights {before}."
                )
        unknown = sorted(set(self.activations) - set(ACTIVATIONS))
        if unknown:
            raise BadConfiguration(
                f"The activation {unknown[0]!r} is not known; choose among {', '.join(ACTIVATIONS)}."
            )

    @property
    def genes(self) -> int:
        """Number of inputs."""
        return int(np.shape(self.weights[0])[0])

    @property
    def units(self) -> int:
        """Number of outputs."""
        return int(np.shape(self.weights[-1])[1])

    def preactivations(self, x: jax.Array) -> list[jax.Array]:
        """Input of every layer's activation, each [samples, outputs]."""
        found = []
        for weight, bias, name in zip(self.weights, self.biases, self.activations, strict=True):
            z = x @ jnp.asarray(weight) + jnp.asarray(bias)
            found.append(z)
            x = ACTIVATIONS[name](z)
        return found

    def apply(self, x: jax.Array, target: Target = "pre") -> jax.Array:
        """Outputs for profiles, [samples, genes] to [samples, units]."""
        z = self.preactivations(x)[-1]
        return ACTIVATIONS[self.activations[-1]](z) if target == "post" else z
