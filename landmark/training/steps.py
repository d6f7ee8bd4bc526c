"""The compiled part of training: many steps in one call.

Problem and mesh are static: equal problems share what was compiled.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax.sharding import Mesh

from landmark.training.mesh import replicated, shared_out
from landmark.training.problem import Batch, Parameters, Problem

State = dict[str, Any]
"""``parameters`` and the ``optimiser``'s state."""


@functools.partial(jax.jit, static_argnums=(0, 1))
def start(problem: Problem[Any], mesh: Mesh, key: jax.Array) -> State:
    """Draw parameters and set up the optimiser."""
    parameters = problem.initialise(key)
    state = {"parameters": parameters, "optimiser": problem.optimiser.init(parameters)}
    return jax.lax.with_sharding_constraint(state, replicated(mesh))


@functools.partial(jax.jit, static_argnums=(0, 1), donate_argnums=(2, 3))
def train(  # noqa: PLR0913  all that a compiled loop reads is an argument of it
    problem: Problem[Any],
    mesh: Mesh,
    state: State,
    total: jax.Array,
    data: Batch,
    batches: jax.Array,
    first: int,
    last: int,
    offset: int,
    key: jax.Array,
    fixed: Parameters | None = None,
    before: int = 0,
) -> tuple[State, jax.Array]:
    """Take the steps ``first`` to ``last`` (exclusive); return the state and the total with their shown losses added.

    The bounds are values, not constants: an epoch can be cut anywhere without compiling anew, and without changing the
    result, because a step's dropout follows from ``key``, the epoch's, and the step's number alone. ``state`` and
    ``total`` are used up. ``data`` are arrays [rows, width] on every device; ``batches`` row indices, [steps, batch]
    with -1 for no sample, the batch shared among the devices. ``offset`` is the number in the epoch of step 0 of
    ``batches``, and ``before`` counts the steps of all epochs before.
    """

    def objective(
        parameters: Parameters, batch: Batch, weights: jax.Array, taken: jax.Array
    ) -> tuple[jax.Array, jax.Array]:
        joined = {**_joined(parameters, fixed), **problem.moment(before + taken)}
        objective, shown = problem.losses(joined, batch, jax.random.fold_in(key, taken))
        mean = jnp.sum(objective * weights) / jnp.sum(weights)
        return mean + problem.penalty(parameters), jnp.sum(shown * weights)

    def step(number: jax.Array, carry: tuple[State, jax.Array]) -> tuple[State, jax.Array]:
        state, total = carry
        parameters = state["parameters"]
        batch, weights = _take(mesh, data, batches[number])
        gradients, shown = jax.grad(objective, has_aux=True)(parameters, batch, weights, offset + number)
        updates, optimiser = problem.optimiser.update(gradients, state["optimiser"], parameters)
        return {"parameters": optax.apply_updates(parameters, updates), "optimiser": optimiser}, total + shown

    state, total = jax.lax.fori_loop(first, last, step, (state, total))
    return jax.lax.with_sharding_constraint((state, total), replicated(mesh))


@functools.partial(jax.jit, static_argnums=(0, 1), donate_argnums=3)
def evaluate(
    problem: Problem[Any],
    mesh: Mesh,
    parameters: Parameters,
    total: jax.Array,
    data: Batch,
    batches: jax.Array,
    first: int,
    last: int,
    fixed: Parameters | None = None,
) -> jax.Array:
    """Add objectives and shown losses of steps ``first`` to ``last``, without dropout, to a total [2].

    Arguments as for ``train``.
    """

    def step(number: jax.Array, total: jax.Array) -> jax.Array:
        batch, weights = _take(mesh, data, batches[number])
        losses = problem.losses(_joined(parameters, fixed), batch, None)
        return total + jnp.stack([jnp.sum(loss * weights) for loss in losses])

    total = jax.lax.fori_loop(first, last, step, total)
    return jax.lax.with_sharding_constraint(total, replicated(mesh))


@functools.partial(jax.jit, static_argnums=0, donate_argnums=1)
def adapt(
    problem: Problem[Any], optimiser_state: Any, monitored_loss: jax.Array, validation_objective: jax.Array
) -> Any:
    """Let the problem change its optimiser's state between epochs."""
    return problem.adapt(optimiser_state, monitored_loss, validation_objective)


def _joined(parameters: Parameters, fixed: Parameters | None) -> Parameters:
    return {**parameters, **fixed} if fixed else parameters


def _take(mesh: Mesh, data: Batch, rows: jax.Array) -> tuple[Batch, jax.Array]:
    """Gather one batch, each device its share, and weigh what stands for no sample with 0."""
    share = shared_out(mesh, 0)
    weights = (rows >= 0).astype(jnp.float32)
    safe = jnp.maximum(rows, 0)
    batch = tuple(
        jax.lax.with_sharding_constraint(array.at[safe].get(mode="promise_in_bounds"), share)
        for array in data
    )
    return batch, weights
