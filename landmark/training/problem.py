"""What a network must say about itself to be trained, kept and applied."""

import functools
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.errors import BadData
from landmark.training.data import Source
from landmark.training.settings import TrainingConfiguration

Parameters = Any
"""Nested dictionaries of float32 arrays."""

Batch = tuple[jax.Array, ...]
"""One array [batch, width] for each array of the source."""

Module = TypeVar("Module", bound=nnx.Module)


class Problem(ABC, Generic[Module]):
    """A network with its settings, its loss and its optimiser.

    Problems hold no state: all of it is passed. Problems of one ``static_key`` are equal, whatever else they carry, so
    that what was compiled for one serves the other. ``kind`` is what a stored network is called, ``settings`` the
    class of ``configuration``, and ``measured`` what the inputs are, in words.
    """

    kind: ClassVar[str]
    settings: ClassVar[type[TrainingConfiguration]]
    measured: ClassVar[str] = "genes"
    configuration: Any

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Problem) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @functools.cached_property
    def _key(self) -> str:
        """The static key as text, written once: every call of a compiled function asks for it."""
        return json.dumps(dict(self.static_key), sort_keys=True)

    # What tells problems apart.

    @property
    @abstractmethod
    def static_key(self) -> Mapping[str, Any]:
        """All that decides what is compiled, in JSON's types: shapes, numbers and choices, but no arrays."""

    @property
    def checkpoint_identity(self) -> Mapping[str, Any]:
        """All that decides the result, in JSON's types; a checkpoint only continues its own problem."""
        return self.static_key

    # The network.

    @abstractmethod
    def build(self, rngs: nnx.Rngs) -> Module:
        """Make the network with starting weights."""

    def initialise(self, key: jax.Array) -> Parameters:
        """Draw starting weights."""
        return nnx.to_pure_dict(nnx.state(self.build(nnx.Rngs(params=key))))

    def network(self, parameters: Parameters) -> Module:
        """Put parameters into the network."""
        module: Module = nnx.merge(self._structure, parameters)
        return module

    @functools.cached_property
    def _structure(self) -> Any:
        """The module without its weights."""
        return nnx.split(nnx.eval_shape(lambda: self.build(nnx.Rngs(params=jax.random.key(0)))))[0]

    # How it is trained.

    @property
    @abstractmethod
    def optimiser(self) -> optax.GradientTransformation:
        """What turns gradients into steps."""

    @abstractmethod
    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Measure each sample: what training minimises on average, and the loss that is shown, both [batch].

        By the second, epochs are compared. The batch has arrays [batch, width]; parameters are as from ``initialise``,
        joined by ``fixed`` and, in training, by ``moment``. The key turns dropout on; there is none where the network
        is only evaluated.
        """

    def penalty(self, parameters: Parameters) -> jax.Array:
        """What training minimises beside the objective, whatever the batch."""
        return jnp.zeros(())

    @property
    def fixed(self) -> Mapping[str, Any]:
        """Arrays that the computation needs and training does not change, such as the edges of a graph.

        They join the parameters wherever these are used, under names of their own. ``checkpoint_identity`` must tell
        them apart, and ``static_key`` must not: they are passed to what was compiled.
        """
        return {}

    def moment(self, taken: jax.Array) -> Mapping[str, jax.Array]:
        """Values that follow from the number of steps taken before, such as a temperature; joined as ``fixed``."""
        return {}

    def prepared(self, source: Source) -> Source:
        """Return samples as the network takes them."""
        return source

    @property
    def evaluation_batch(self) -> int:
        """Samples at least per step of an evaluation, where a batch does not influence the result."""
        return 256

    @property
    def criterion(self) -> str:
        """Column of the history by which epochs are compared; the least is best."""
        return "validation_loss"

    def judged(self, parameters: Parameters, validation: Source) -> Mapping[str, float]:
        """Measure what no mean over samples gives, for the history, after an epoch."""
        return {}

    @property
    def monitored(self) -> int:
        """Training samples on which the loss is measured after every epoch for ``adapt``; 0 for none."""
        return 0

    def adapt(self, optimiser_state: Any, monitored_loss: jax.Array, validation_objective: jax.Array) -> Any:
        """Change the optimiser's state between epochs.

        ``monitored_loss`` is the mean shown loss on the monitored samples, 0 where there are none;
        ``validation_objective`` the mean objective, without dropout and penalty, on the validation samples.
        """
        return optimiser_state

    # How it is applied.

    def __call__(self, parameters: Parameters, x: jax.Array) -> jax.Array:
        """Apply the network, without dropout, to [samples, inputs]."""
        return self.network(parameters)(x)

    @property
    @abstractmethod
    def inputs(self) -> int:
        """Number of inputs."""

    def checked(self, X: np.ndarray) -> np.ndarray:
        """Return samples as rows, [samples, inputs]; BadData if their number of columns is not that of the inputs."""
        if X.ndim != 2 or X.shape[1] != self.inputs:
            raise BadData(
                f"The network was trained on {self.inputs} {self.measured}; the data have shape {X.shape}."
            )
        return X

    def scaled(self, X: np.ndarray) -> np.ndarray:
        """Return rows in the units of the network, float32."""
        return X.astype(np.float32)

    def applied(self, parameters: Parameters) -> Parameters:
        """Join to the parameters what applying the network needs beside them."""
        return parameters

    # How it is kept.

    def stored(self, parameters: Parameters) -> Mapping[str, Any]:
        """Return all arrays of the trained network, in nested dictionaries."""
        stored: Mapping[str, Any] = parameters
        return stored

    @classmethod
    def restored(cls, configuration: Any, arrays: Mapping[str, Any]) -> tuple[Self, Parameters]:
        """Undo ``stored``, here of a network that follows from its settings and has nothing but weights."""
        return cls(configuration), arrays  # type: ignore[call-arg]
