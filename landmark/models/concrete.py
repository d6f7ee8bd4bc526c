"""The concrete autoencoder of Abid, Balin and Zou (ICML 2019): it learns which genes restore all others."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from landmark.errors import BadConfiguration
from landmark.models.dense import Dense
from landmark.models.settings import ConcreteConfiguration, ConcreteTraining
from landmark.models.size import FLOAT32, GIGABYTE
from landmark.progress import Report, silent
from landmark.training.data import Samples, as_source
from landmark.training.fit import fit
from landmark.training.mesh import memory_bytes
from landmark.training.problem import Batch, Parameters, Problem
from landmark.training.trained import Trained


class ConcreteAutoencoder(nnx.Module):
    """Neurons that each learn to pick one gene, and a linear decoder from the picked genes to all.

    While training, a neuron passes on a mixture of genes with weights softmax((logits + G) / temperature), G drawn
    from the Gumbel distribution anew for every batch: a sample of the concrete distribution (Maddison et al. 2017). At
    a high temperature it mixes many genes, towards zero it picks one, with the probabilities softmax(logits). The
    decoder is linear, as the authors' for gene expression. Logits and kernel are Glorot uniform.

    The decoder has the columns ``included`` in any case; no neuron picks them, nor those ``excluded``.
    """

    def __init__(
        self,
        genes: int,
        neurons: int,
        included: Sequence[int] = (),
        excluded: Sequence[int] = (),
        *,
        rngs: nnx.Rngs,
    ) -> None:
        glorot = nnx.initializers.glorot_uniform()
        self.logits = nnx.Param(glorot(rngs.params(), (neurons, genes), jnp.float32))
        self.decoder = Dense(
            len(included) + neurons, genes, kernel_init=glorot, precision="float32", rngs=rngs
        )
        self.included = tuple(included)
        self.excluded = tuple(excluded)

    def scores(self) -> jax.Array:
        """Logits of the genes that may be picked, minus infinity for all others, [neurons, genes]."""
        logits = self.logits[...]
        closed = np.zeros(logits.shape[1], dtype=bool)
        closed[[*self.included, *self.excluded]] = True
        return jnp.where(closed, -jnp.inf, logits)

    def __call__(
        self, x: jax.Array, temperature: jax.Array | float = 0.0, key: jax.Array | None = None
    ) -> jax.Array:
        """Restore profiles, [samples, genes]; without a key from each neuron's most likely gene."""
        scores = self.scores()
        if key is None:
            picked = x[:, jnp.argmax(scores, axis=1)]
        else:
            noise = jax.random.gumbel(key, scores.shape)
            picked = x @ jax.nn.softmax((scores + noise) / temperature, axis=1).T
        return self.decoder(jnp.concatenate([x[:, np.array(self.included, dtype=int)], picked], axis=1))


TEMPERATURE = "temperature"
"""Name of the temperature of a step among the parameters."""


@dataclass(frozen=True, eq=False)
class ConcreteProblem(Problem[ConcreteAutoencoder]):
    """Mean squared error of the restored genes, with Adam, while the temperature falls with each of ``steps``.

    The shown loss is the mean absolute error. Evaluated without a key, every neuron takes its most likely gene.
    """

    kind = "concrete autoencoder"
    settings = ConcreteTraining

    configuration: ConcreteTraining
    genes: int
    neurons: int
    included: tuple[int, ...]
    excluded: tuple[int, ...]
    steps: int

    @property
    def static_key(self) -> Mapping[str, Any]:
        """What decides the computation."""
        names = {"learning_rate", "logit_learning_rate", "start_temperature", "end_temperature"}
        return {
            "kind": self.kind,
            "genes": self.genes,
            "neurons": self.neurons,
            "given": list(self.included),
            "barred": list(self.excluded),
            "steps": self.steps,
            **self.configuration.model_dump(mode="json", include=names),
        }

    @property
    def checkpoint_identity(self) -> Mapping[str, Any]:
        """The computation; checkpoints of earlier versions, which counted steps among the parameters, are others."""
        return {**self.static_key, "clock": "apart"}

    @functools.cached_property
    def optimiser(self) -> optax.GradientTransformation:
        """Adam with one step size for logits and one for the decoder."""
        chosen = self.configuration
        rates = {"logits": chosen.logit_learning_rate, "decoder": chosen.learning_rate}
        own = optax.multi_transform(
            {name: optax.scale(-rate) for name, rate in rates.items()}, {name: name for name in rates}
        )
        return optax.chain(optax.scale_by_adam(), own)

    def moment(self, taken: jax.Array) -> Mapping[str, jax.Array]:
        """The temperature of the step."""
        return {TEMPERATURE: self.temperature(jnp.float32(taken))}

    def losses(
        self, parameters: Parameters, batch: Batch, key: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Mean squared and mean absolute error of each sample."""
        (x,) = batch
        weights = dict(parameters)
        temperature = weights.pop(TEMPERATURE, 0.0)
        error = self.network(weights)(x, temperature, key) - x
        return jnp.mean(jnp.square(error), axis=1), jnp.mean(jnp.abs(error), axis=1)

    def temperature(self, step: jax.Array) -> jax.Array:
        """Temperature of a step, counted from 0: it falls by the same factor with every step."""
        chosen = self.configuration
        ratio = chosen.end_temperature / chosen.start_temperature
        return chosen.start_temperature * ratio ** (step / max(self.steps - 1, 1))

    @property
    def inputs(self) -> int:
        """Number of genes."""
        return self.genes

    def scores(self, parameters: Parameters) -> np.ndarray:
        """Logits, [neurons, genes]; minus infinity for genes that may not be picked."""
        return np.asarray(self.network(parameters).scores())

    def build(self, rngs: nnx.Rngs) -> ConcreteAutoencoder:
        """Make the network with starting weights."""
        return ConcreteAutoencoder(self.genes, self.neurons, self.included, self.excluded, rngs=rngs)


COPIES = 6
"""Arrays [neurons, genes] that a step holds: logits, their gradient, Adam's two moments, noise and mixture."""


def train_concrete(
    X: Samples,
    neurons: int,
    configuration: ConcreteConfiguration,
    *,
    included: Sequence[int] = (),
    excluded: Sequence[int] = (),
    seed: int = 0,
    directory: Path | None = None,
    report: Report = silent,
) -> Trained[ConcreteProblem]:
    """Learn which ``neurons`` genes restore all others from training samples, standardised, float32 [samples, genes].

    Columns ``included`` are measured in any case, those ``excluded`` must not be picked; otherwise as ``fit``. Losses
    of the history are mean absolute errors, train_loss of mixtures of genes, validation_loss of each neuron's most
    likely gene, on the same samples. Raises BadConfiguration if the device has too little memory.
    """
    source = as_source(X, "The training data")
    (genes,) = source.widths
    needed, there = FLOAT32 * COPIES * neurons * genes, memory_bytes()
    if needed > there:
        raise BadConfiguration(
            f"size = {neurons:,}: the concrete autoencoder would need {needed / GIGABYTE:.1f} GB of memory beside the "
            f"data, and the device has {there / GIGABYTE:.1f} GB; choose fewer genes or another strategy"
        )
    batch_size = min(configuration.batch_size, source.samples)
    settings = ConcreteTraining(**configuration.model_dump() | {"seed": seed, "batch_size": batch_size})
    steps = configuration.epochs * -(-source.samples // batch_size)
    problem = ConcreteProblem(settings, genes, neurons, tuple(included), tuple(excluded), steps)
    return fit(problem, source, source, directory=directory, report=report)
