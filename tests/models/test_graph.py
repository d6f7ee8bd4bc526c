import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from landmark.models.graph import GraphNetwork
from landmark.models.graph_operations import Edges, readers_of

LANDMARKS, TARGETS, NEIGHBOURS, HIDDEN = 5, 11, 4, 6


def _network(covariates=0, layers=4, **changes):
    rngs = nnx.Rngs(params=0)
    network = GraphNetwork(LANDMARKS, covariates, TARGETS, NEIGHBOURS, layers, HIDDEN, rngs=rngs, **changes)
    random = np.random.default_rng(0)
    state = nnx.to_pure_dict(nnx.state(network))
    # Biases start at zero, where a mistake with them would not show.
    state = jax.tree.map(lambda array: array + 0.1 * random.standard_normal(array.shape, np.float32), state)
    return nnx.split(network)[0], state


def _edges():
    random = np.random.default_rng(3)
    neighbours = np.argsort(random.random((TARGETS, TARGETS)), axis=1)[:, :NEIGHBOURS].T.astype(np.int32)
    return Edges(neighbours, readers_of(neighbours))


def _matrices(state, edges, np=np):
    """The published form: one weight for every pair of genes and layer, zero where there is no edge."""
    found = []
    for number in range(1, 9):
        if (layer := state.get(f"layer_{number}")) is None:
            return found
        others = (np.eye(TARGETS)[edges.neighbours] * layer["neighbours"][:, :, None]).sum(axis=0)
        missing = LANDMARKS + TARGETS - len(layer["block"])
        block = np.concatenate([np.zeros((missing, LANDMARKS)), layer["block"]])
        bias = np.concatenate([np.zeros((missing, HIDDEN)), layer["bias"]])
        right = np.concatenate([np.zeros((LANDMARKS, TARGETS)), others])
        found.append((np.concatenate([block, right], axis=1), bias))
    return found


def _published(state, edges, x, np=np):
    """One sample after the other through the dense form: one-hot genes, expression and covariates in full."""
    predicted = []
    for sample in x:
        expression = np.concatenate([sample[:LANDMARKS], np.zeros(TARGETS)])[:, None]
        covariates = np.tile(sample[LANDMARKS:], (LANDMARKS + TARGETS, 1))
        inputs = np.concatenate([np.eye(LANDMARKS + TARGETS), expression, covariates], axis=1)
        values = inputs @ np.concatenate([state["gene"], state["expression"]])
        for weights, bias in _matrices(state, edges, np):
            values = np.maximum(weights @ values + bias, 0)
        predicted.append((values @ state["output"] + state["offset"])[LANDMARKS:, 0])
    return np.stack(predicted)


@pytest.fixture(autouse=True, scope="module")
def few_slots():
    """Less to compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("landmark.models.graph_operations.SLOTS", 4)
        yield


@pytest.mark.parametrize(("covariates", "layers"), [(0, 1), (3, 2), (0, 4), (3, 4)])
def test_equals_the_dense_form_in_numpy(covariates, layers, monkeypatch):
    monkeypatch.setattr("landmark.models.graph.COLUMNS", 4 * HIDDEN)  # ten samples in three parts
    definition, state = _network(covariates, layers)
    x = np.random.default_rng(1).standard_normal((10, LANDMARKS + covariates), np.float32)
    expected = _published({k: jax.tree.map(np.asarray, v) for k, v in state.items()}, _edges(), x)
    edges = Edges(_edges().neighbours)

    @jax.jit
    def found(x, state):
        network = nnx.merge(definition, state)
        return network(x, edges), network(x, edges, unrolled=True), network(x[:2], edges)

    in_parts, unrolled, in_one_part = found(x, state)
    np.testing.assert_allclose(in_parts, expected, atol=1e-5)
    np.testing.assert_allclose(unrolled, expected, atol=1e-5)
    np.testing.assert_allclose(in_one_part, expected[:2], atol=1e-5)


@pytest.mark.parametrize("remembered", [0, 10**9])
def test_gradients_equal_those_of_the_dense_form(remembered, monkeypatch):
    monkeypatch.setattr("landmark.models.graph.COLUMNS", 2 * HIDDEN)
    definition, state = _network(2, layers=2, remembered=remembered)
    edges = _edges()
    x = np.random.default_rng(1).standard_normal((3, LANDMARKS + 2), np.float32)
    y = np.random.default_rng(2).standard_normal((3, TARGETS), np.float32)

    def ours(state):
        return jnp.mean(jnp.square(nnx.merge(definition, state)(x, edges) - y))

    def dense(state):
        return jnp.mean(jnp.square(_published(state, edges, x, jnp) - y))

    found, expected = jax.jit(jax.grad(ours))(state), jax.jit(jax.grad(dense))(state)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-5), found, expected)


def test_starts_by_giving_back_the_expression():
    """Landmark genes pass on what they hold; were they asked for, they would be predicted by themselves."""
    network = GraphNetwork(LANDMARKS, 0, TARGETS, NEIGHBOURS, 4, 1024, rngs=nnx.Rngs(params=0))
    network.gene[...] = jnp.zeros_like(network.gene[...])
    last = network.layer_4
    last.block[...] = jnp.eye(TARGETS, LANDMARKS)
    last.neighbours[...] = jnp.zeros_like(last.neighbours[...])
    x = np.random.default_rng(1).standard_normal((3, LANDMARKS), np.float32)
    np.testing.assert_allclose(jax.jit(network)(x, Edges(_edges().neighbours))[:, :LANDMARKS], x, rtol=0.2)


def test_no_weight_lies_off_an_edge():
    _, state = _network()
    edges = LANDMARKS * (LANDMARKS + TARGETS) + NEIGHBOURS * TARGETS
    for number in range(1, 5):
        layer = state[f"layer_{number}"]
        last = LANDMARKS * LANDMARKS if number == 4 else 0  # landmark genes are not asked for
        assert layer["block"].size + layer["neighbours"].size == edges - last
