import jax
import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from landmark.epigenome.network import (
    DeepchromeProblem,
    area,
    class_patterns,
    log_odds,
    train_deepchrome,
)
from landmark.errors import BadData, BadRun
from landmark.models.settings import DeepchromeTraining
from landmark.progress import silent
from landmark.training.trained import Trained
from tests.epigenome.deepchrome_torch import as_torch


class Stop(Exception):
    pass


def genes(count=48, seed=0):
    """Expressed genes have more reads of the fourth mark around the start site."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    mean = np.ones((count, 100, 5))
    mean[labels == 1, 40:60, 3] += 6
    return random.poisson(mean).astype(np.float32), labels.astype(np.int8)


def train(**choices):
    directory, report = choices.pop("directory", None), choices.pop("report", silent)
    configuration = DeepchromeTraining(**{"epochs": 4, "batch_size": 8, "learning_rate": 2e-3} | choices)
    return train_deepchrome(*genes(), *genes(seed=1), configuration, directory=directory, report=report)


@pytest.fixture(scope="module")
def trained():
    return train()


def test_it_learns_and_says_so(trained):
    reads, labels = genes(seed=2)
    assert ((trained.apply(reads) > 0.5) == labels).mean() > 0.9
    assert trained.history["validation_loss"].iloc[-1] < trained.history["validation_loss"].iloc[0]
    found = np.asarray(log_odds(trained.problem, dict(trained.parameters), reads))[:, 0]
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), trained.apply(reads), rtol=1e-4, atol=1e-6)


def test_stored_and_read_again(trained, tmp_path):
    trained.save(tmp_path)
    again = Trained.load(tmp_path, DeepchromeProblem)
    reads, _ = genes(seed=2)
    np.testing.assert_array_equal(again.apply(reads), trained.apply(reads))
    assert again.epoch == trained.epoch
    assert again.problem.configuration == trained.problem.configuration
    (tmp_path / "parameters.npz").write_bytes(b"")
    with pytest.raises(BadRun):
        Trained.load(tmp_path, DeepchromeProblem)


def test_a_stopped_training_goes_on_as_if_it_had_not_stopped(trained, tmp_path):
    def stop(progress):
        if progress.stage == "Training" and progress.done >= 2:
            raise Stop

    with pytest.raises(Stop):
        train(checkpoint_every=1, directory=tmp_path, report=stop)
    resumed = train(checkpoint_every=1, directory=tmp_path)
    assert resumed.history["epoch"].tolist() == [1, 2, 3, 4]
    jax.tree.map(np.testing.assert_array_equal, dict(resumed.parameters), dict(trained.parameters))


def test_one_gene_per_step_as_torch_descends():
    """Without dropout and decay, steps of one gene in the same order give the same weights."""
    configuration = DeepchromeTraining(dropout=0.0, decay=0.0, learning_rate=0.01)
    problem = DeepchromeProblem(configuration)
    parameters = problem.initialise(jax.random.key(0))
    model, state = as_torch(parameters), problem.optimiser.init(parameters)
    descent = torch.optim.SGD(model.parameters(), lr=0.01)
    reads, labels = genes(6)

    @jax.jit
    def step(parameters, state, x, y):
        gradients = jax.grad(lambda p: problem.losses(p, (x, y), jax.random.key(0))[0].mean())(parameters)
        updates, state = problem.optimiser.update(gradients, state, parameters)
        return jax.tree.map(jax.numpy.add, parameters, updates), state

    for x, y in zip(reads, labels, strict=True):
        parameters, state = step(parameters, state, x.reshape(1, 500), np.float32([[y]]))
        descent.zero_grad()
        log_probabilities = model(torch.from_numpy(x[None]).transpose(1, 2))
        torch.nn.functional.nll_loss(log_probabilities, torch.tensor([int(y)])).backward()
        descent.step()
    for ours, theirs in zip(
        jax.tree.leaves(parameters), map(np.asarray, as_numpy(model, parameters)), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def as_numpy(model, parameters):
    """Weights of the torch model in our order: the one whose image under ``as_torch`` is the model."""
    with torch.no_grad():
        found = {
            "convolution": (model[0].weight.permute(2, 1, 0).reshape(50, 50), model[0].bias),
            "first": (model[4].weight.reshape(625, 50, 18).permute(2, 1, 0).reshape(900, 625), model[4].bias),
            "second": (model[6].weight.T, model[6].bias),
            "output": (model[8].weight.T, model[8].bias),
        }
        return jax.tree.leaves(
            {name: {"kernel": kernel.numpy(), "bias": bias.numpy()} for name, (kernel, bias) in found.items()}
        )


def test_the_step_size_grows_with_the_batch_and_falls_with_the_genes_seen():
    assert DeepchromeTraining().step_size == 1e-3
    assert DeepchromeTraining(batch_size=32).step_size == pytest.approx(0.032)
    assert DeepchromeTraining(batch_size=32, scaling="none").step_size == 1e-3
    problem = DeepchromeProblem(DeepchromeTraining(batch_size=10, decay=0.1))
    weights = {"w": np.ones(1, np.float32)}
    state = problem.optimiser.init(weights)
    steps = []
    for _ in range(3):
        updates, state = problem.optimiser.update(weights, state, weights)
        steps.append(-float(updates["w"][0]))
    assert steps == pytest.approx([0.01, 0.01 / 2, 0.01 / 3])


def test_patterns_are_what_a_plain_loop_finds(trained):
    found = class_patterns(trained, steps=15, learning_rate=0.1, penalty=0.009, seed=3)
    model = as_torch(dict(trained.parameters))
    start = np.asarray(jax.random.uniform(jax.random.key(3), (100, 5)))
    for label in (0, 1):
        x = torch.from_numpy(start.copy()).requires_grad_()
        descent = torch.optim.RMSprop([x], lr=0.1, alpha=0.99, eps=1e-8)
        for _ in range(15):
            descent.zero_grad()
            loss = -model(x.T[None])[0, label] + 0.009 * (x**2).sum()
            loss.backward()
            descent.step()
        expected = x.detach().clamp(0, 1)
        np.testing.assert_allclose(found[label], (expected / expected.max()).numpy(), atol=2e-3)


def test_patterns_show_what_was_planted(trained):
    unexpressed, expressed = class_patterns(trained, steps=200, learning_rate=0.1, penalty=0.009, seed=0)
    assert expressed.max() == 1
    assert expressed.min() >= 0
    assert expressed[40:60, 3].mean() > unexpressed[40:60, 3].mean() + 0.1


def test_nothing_to_learn_from():
    reads, labels = genes(4)
    with pytest.raises(BadData, match="one of the two has none"):
        train_deepchrome(reads, labels, reads[:0], labels[:0], DeepchromeTraining())


def doubtful(count, seed):
    """Genes whose reads say little of their label: a network soon learns its own by heart, and grows too sure."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    mean = np.ones((count, 100, 5))
    mean[labels == 1, 45:55, 3] += 0.7
    return random.poisson(mean).astype(np.float32), labels.astype(np.int8)


def test_the_epoch_kept_is_that_of_the_largest_area_under_the_curve():
    asked = {"epochs": 12, "batch_size": 4, "learning_rate": 0.01, "dropout": 0.0}
    judged = doubtful(80, 1)
    kept = {
        by: train_deepchrome(*doubtful(60, 0), *judged, DeepchromeTraining(best_by=by, **asked))
        for by in ("auc", "log-loss")
    }
    history = kept["auc"].history
    np.testing.assert_array_equal(history["validation_loss"], kept["log-loss"].history["validation_loss"])
    assert kept["auc"].epoch == 1 + history["validation_auc_error"].argmin()
    assert kept["log-loss"].epoch == 1 + history["validation_loss"].argmin()
    assert kept["auc"].epoch != kept["log-loss"].epoch
    reads, labels = judged
    areas = {by: roc_auc_score(labels, network.apply(reads)) for by, network in kept.items()}
    assert areas["auc"] == pytest.approx(1 - history["validation_auc_error"].min(), abs=1e-6)
    assert areas["auc"] > areas["log-loss"]


def test_genes_of_one_class_are_judged_by_their_loss():
    reads, labels = genes(seed=1)
    network = train_deepchrome(
        *genes(), reads, np.ones_like(labels), DeepchromeTraining(epochs=2, batch_size=8)
    )
    assert network.problem.configuration.best_by == "log-loss"


def test_the_area_is_that_of_scikit_learn():
    random = np.random.default_rng(0)
    scores, labels = random.integers(0, 9, 200).astype(float), random.random(200) < 0.3
    assert area(scores, labels) == pytest.approx(roc_auc_score(labels, scores))
