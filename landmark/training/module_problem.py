"""Problems whose network is a Flax module: how its weights are drawn, and how they get back into it."""

import functools
from abc import abstractmethod
from typing import Any, Generic, TypeVar

import jax
from flax import nnx

from landmark.training.problem import Parameters, Problem

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
