"""The input that a trained DeepChrome takes for the clearest case of a class.

Source: Singh et al. 2016, section 3.3, after Simonyan, Vedaldi, Zisserman (2014); the optimiser as in the public code.
"""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax

from landmark.nets.deepchrome import CLASSES
from landmark.training.deepchrome import TrainedDeepchrome
from landmark.training.deepchrome_problem import DeepchromeProblem
from landmark.training.problem import Parameters

MEMORY = 0.99
"""Share of the running mean of squared gradients that RMSprop keeps at each step: Torch 7's default."""


def class_patterns(
    trained: TrainedDeepchrome, *, steps: int, learning_rate: float, penalty: float, seed: int
) -> np.ndarray:
    """Optimise one input per class.

    From uniform random numbers between 0 and 1, ``log-loss of the class + penalty |X|^2`` is minimised without
    dropout; then values are cut to 0-1 and divided by the largest.

    Parameters
    ----------
    trained
        The network.
    steps, learning_rate
        Of RMSprop.
    penalty
        Weight of the sum of squares of the input.
    seed
        Of the random start, the same for both classes.

    Returns
    -------
    ndarray
        float32 [2, bins, marks] from 0 to 1, for label 0 and label 1; all zero where nothing positive is left.
    """
    problem, parameters = trained.problem, jax.device_put(trained.parameters)
    start = jax.random.uniform(jax.random.key(seed), (problem.bins, problem.marks))
    x = np.asarray(_optimised(problem, parameters, start, steps, learning_rate, penalty))
    cut = np.clip(x, 0, 1)
    largest = cut.max(axis=(1, 2), keepdims=True)
    return np.divide(cut, largest, out=np.zeros_like(cut), where=largest > 0)


@functools.partial(jax.jit, static_argnums=0)
def _optimised(
    problem: DeepchromeProblem,
    parameters: Parameters,
    start: jax.Array,
    steps: int,
    learning_rate: float,
    penalty: float,
) -> jax.Array:
    network = problem.network(parameters)
    classes = jnp.arange(CLASSES)
    optimiser = optax.rmsprop(learning_rate, decay=MEMORY, eps=1e-8, eps_in_sqrt=False)

    def loss(x: jax.Array) -> jax.Array:
        wrong = -network(x)[classes, classes]
        return jnp.sum(wrong) + penalty * jnp.sum(jnp.square(x))

    def step(_: int, carry: tuple[jax.Array, optax.OptState]) -> tuple[jax.Array, optax.OptState]:
        x, state = carry
        updates, state = optimiser.update(jax.grad(loss)(x), state, x)
        return optax.apply_updates(x, updates), state

    x = jnp.broadcast_to(start, (CLASSES, *start.shape))
    found: jax.Array = jax.lax.fori_loop(0, steps, step, (x, optimiser.init(x)))[0]
    return found
