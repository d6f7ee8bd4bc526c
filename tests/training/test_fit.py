import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from landmark.errors import BadData, Cancelled
from landmark.training.data import Arrays
from landmark.training.fit import fit
from landmark.training.problem import Problem
from landmark.training.settings import Keep, SeededTraining


class Settings(SeededTraining):
    """How long the mean is learned."""

    epochs: int = 5
    batch_size: int = 4
    keep: Keep = "last"
    checkpoint_every: int = 1


class One(nnx.Module):
    """One weight."""

    def __init__(self):
        self.mean = nnx.Param(jnp.zeros(()))


class Mean(Problem):
    """Learns the mean of a column by averaging: one weight, squared error, plain descent."""

    kind, settings, inputs = "mean", Settings, 1

    def __init__(self, **choices):
        self.configuration = Settings(**choices)

    @property
    def static_key(self):
        return {"kind": self.kind}

    @property
    def optimiser(self):
        return optax.sgd(0.1)

    def build(self, rngs):
        return One()

    def losses(self, parameters, batch, key):
        error = jnp.square(batch[0][:, 0] - parameters["mean"])
        return error, error


def column(*values):
    return Arrays((np.array(values, np.float32)[:, None],))


def test_every_sample_counts_once_in_an_incomplete_last_batch():
    """Six samples in batches of four: the last step averages two samples, not four."""
    data = column(1, 2, 3, 4, 5, 60)
    fitted = fit(Mean(), data, data)
    from landmark.training.data import epoch_order

    mean, losses = 0.0, []
    for epoch in range(1, 6):
        order = epoch_order(6, 4, 0, epoch)
        values = data.arrays[0][:, 0].astype(float)
        total = 0.0
        for rows in (order[:4], order[4:]):
            total += ((values[rows] - mean) ** 2).sum()
            mean += 0.1 * 2 * (values[rows] - mean).mean()
        losses.append(total / 6)
    assert float(fitted.parameters["mean"]) == pytest.approx(mean, rel=1e-5)
    np.testing.assert_allclose(fitted.history["train_loss"], losses, rtol=1e-5)
    assert fitted.history["validation_loss"].iloc[-1] == pytest.approx(
        ((values - mean) ** 2).mean(), rel=1e-5
    )


def test_best_epoch_is_returned():
    """Validation at 1, training towards 10: the first epoch is the nearest."""
    best = fit(Mean(batch_size=1, keep="best"), column(10), column(1))
    assert best.epoch == 1
    assert float(best.parameters["mean"]) == pytest.approx(2.0)
    assert len(best.history) == 5


def test_early_stopping_waits_as_told():
    stopped = fit(Mean(epochs=50, batch_size=1, early_stopping=3), column(10), column(1))
    assert list(stopped.history["epoch"]) == [1, 2, 3, 4]
    assert stopped.epoch == 4


def test_progress_is_reported_each_epoch():
    told = []
    fit(Mean(), column(*range(10)), column(1), report=told.append)
    ends = [p for p in told if "train_loss" in p.values]
    assert [p.done for p in ends] == [1, 2, 3, 4, 5]
    assert {p.total for p in ends} == {5}
    assert {p.stage for p in ends} == {"Training"}
    assert all(set(p.values) == {"train_loss", "validation_loss", "samples_per_second"} for p in ends)
    within = [p for p in told if "samples_per_second" in p.values and "train_loss" not in p.values]
    assert all(0 < p.done < 5 for p in within)


def test_cutting_an_epoch_does_not_change_the_result(monkeypatch, same):
    data = column(*np.random.default_rng(0).standard_normal(200))
    whole = fit(Mean(), data, data)
    monkeypatch.setattr("landmark.training.fit.SECONDS", 0.0)
    reports = []
    cut = fit(Mean(), data, data, report=reports.append)
    assert len(reports) > 5 * 49
    assert same(whole.parameters, cut.parameters)


def test_nothing_is_compiled_twice():
    class Counted(Mean):
        traces = 0

        def losses(self, parameters, batch, key):
            Counted.traces += 1
            return super().losses(parameters, batch, key)

    fit(Counted(), column(*range(10)), column(1, 2, 3))
    assert Counted.traces == 2  # training and evaluation


def test_streaming_equals_in_memory_bit_for_bit(monkeypatch, same):
    monkeypatch.setattr("landmark.training.data.WINDOW", 12)
    data = column(*np.random.default_rng(0).standard_normal(53))
    resident = fit(Mean(), data, data, resident=True)
    streamed = fit(Mean(), data, data, resident=False)
    assert same(resident.parameters, streamed.parameters)
    columns = ["train_loss", "validation_loss"]
    np.testing.assert_allclose(resident.history[columns], streamed.history[columns], rtol=1e-6)


def test_cancelling_passes_through():
    def cancel(progress):
        if progress.done >= 2:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        fit(Mean(), column(*range(10)), column(1), report=cancel)


def test_different_widths_are_refused():
    with pytest.raises(BadData, match="same genes"):
        fit(Mean(), column(1), Arrays((np.ones((1, 2), np.float32),)))


def test_keys_reach_the_problem_and_differ_between_steps():
    seen = []

    class Keyed(Mean):
        def losses(self, parameters, batch, key):
            if key is not None:
                jax.debug.callback(lambda k: seen.append(tuple(k.tolist())), jax.random.key_data(key))
            return super().losses(parameters, batch, key)

    fit(Keyed(), column(*range(8)), column(1))
    jax.effects_barrier()
    assert len(set(seen)) == 2 * Settings().epochs


def test_fixed_arrays_reach_the_losses_and_are_not_trained(same):
    class Shifted(Mean):
        @property
        def static_key(self):
            return {"kind": "shifted mean"}

        @property
        def fixed(self):
            return {"shift": np.float32(3)}

        def losses(self, parameters, batch, key):
            return super().losses({"mean": parameters["mean"] + parameters["shift"]}, batch, key)

    shifted, plain = (
        fit(Shifted(), column(4, 5, 6), column(7)),
        fit(Mean(), column(1, 2, 3), column(4)),
    )
    assert shifted.parameters.keys() == {"mean"}
    assert float(shifted.parameters["mean"]) == pytest.approx(float(plain.parameters["mean"]))


def test_validation_objective_is_told_between_epochs():
    class Told(Mean):
        @property
        def static_key(self):
            return {"kind": "told mean"}

        def losses(self, parameters, batch, key):
            objective, _ = super().losses(parameters, batch, key)
            return objective, jnp.ones_like(objective)

        def adapt(self, optimiser_state, monitored_loss, validation_objective):
            jax.debug.callback(lambda value: told.append(float(value)), validation_objective)
            return optimiser_state

    told = []
    fitted = fit(Told(epochs=2, batch_size=1), column(10), column(2, 4))
    jax.effects_barrier()
    means = 2.0, float(fitted.parameters["mean"])
    assert told == pytest.approx([((np.array([2, 4]) - mean) ** 2).mean() for mean in means])
    assert list(fitted.history["validation_loss"]) == [1, 1]
