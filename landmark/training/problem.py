"""What a network must say about itself to be trained."""

import functools
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from landmark.training.data import Source

Parameters = Any
"""Nested dictionaries of float32 arrays."""

Batch = tuple[jax.Array, ...]
"""One array [batch, width] for each array of the source."""


class Problem(ABC):
    """A network with its loss and its optimiser.

    Problems hold no state: all of it is passed. Problems of one ``computation`` are equal, whatever else they carry,
    so that what was compiled for one serves the other.
    """

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Problem) and self._compiled == other._compiled

    def __hash__(self) -> int:
        return hash(self._compiled)

    @functools.cached_property
    def _compiled(self) -> str:
        """The computation as text, written once: every call of a compiled function asks for it."""
        return json.dumps(dict(self.computation), sort_keys=True)

    @property
    def monitored(self) -> int:
        """Training samples on which the loss is measured after every epoch for ``adapt``; 0 for none."""
        return 0

    @property
    def evaluation_batch(self) -> int:
        """Samples at least per step of an evaluation, where a batch does not influence the result."""
        return 256

    @property
    def fixed(self) -> Mapping[str, Any]:
        """Arrays that the computation needs and training does not change, such as the edges of a graph.

        They join the parameters wherever these are used, under names of their own. ``identity`` must tell them apart,
        and ``computation`` must not: they are passed to what was compiled.
        """
        return {}

    @property
    @abstractmethod
    def identity(self) -> Mapping[str, Any]:
        """All that decides the result, in JSON's types; a checkpoint only continues its own problem."""

    @property
    def computation(self) -> Mapping[str, Any]:
        """All that decides what is compiled: ``identity`` without what it says of the values of ``fixed``."""
        return self.identity

    @property
    @abstractmethod
    def optimiser(self) -> optax.GradientTransformation:
        """What turns gradients into steps."""

    @abstractmethod
    def initialise(self, key: jax.Array) -> Parameters:
        """Draw starting parameters."""

    @abstractmethod
    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Measure each sample of a batch.

        Parameters
        ----------
        parameters
            As from ``initialise``, joined by ``fixed``.
        batch
            Arrays [batch, width].
        key
            Turns dropout on; None where the network is only evaluated.

        Returns
        -------
        objective, shown
            Two arrays [batch]: what training minimises on average, and the loss shown to people, by which
            epochs are compared.
        """

    @property
    def criterion(self) -> str:
        """Column of the history by which epochs are compared; the least is best."""
        return "validation_loss"

    def judged(self, parameters: Parameters, validation: Source) -> Mapping[str, float]:
        """Measure what no mean over samples tells, for the history, after an epoch.

        Parameters
        ----------
        parameters
            As they are on the devices.
        validation
            The samples to judge by.
        """
        return {}

    def penalty(self, parameters: Parameters) -> jax.Array:
        """What training minimises beside the objective, whatever the batch."""
        return jnp.zeros(())

    def adapt(self, optimiser_state: Any, monitored_loss: jax.Array, validation_objective: jax.Array) -> Any:
        """Change the optimiser's state between epochs.

        Parameters
        ----------
        optimiser_state
            As after the epoch's last step.
        monitored_loss
            Mean shown loss on the monitored samples; 0 where there are none.
        validation_objective
            Mean objective, without dropout and penalty, on the validation samples.
        """
        return optimiser_state


Module = TypeVar("Module", bound=nnx.Module)


class ModuleProblem(Problem, Generic[Module]):
    """A problem with a module, whose parameters are the module's, as nested dictionaries."""

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
