import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch

from landmark.training.optimizers import clipped_adam, shrink_on_plateau


def test_steps_equal_those_of_pytorch():
    """Adam with weight decay, clipped gradients and ReduceLROnPlateau, over epochs of which some are worse."""
    random = np.random.default_rng(0)
    start = {"a": random.standard_normal((3, 4)).astype(np.float32), "b": np.ones(5, np.float32)}
    gradients = [
        {name: random.standard_normal(v.shape).astype(np.float32) for name, v in start.items()}
        for _ in range(30)
    ]
    errors = [1.0, 0.9, 0.95, 0.93, 0.91, 0.92, 0.89995, 0.95, 0.5, 0.6]

    weights = {name: torch.nn.Parameter(torch.tensor(v)) for name, v in start.items()}
    adam = torch.optim.Adam(weights.values(), lr=0.1, weight_decay=0.01)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(adam, factor=0.5, patience=2)
    ours = clipped_adam(0.1, 0.01, 1.0)
    parameters, state, update = start, ours.init(start), jax.jit(ours.update)
    for number, gradient in enumerate(gradients):
        for name, weight in weights.items():
            weight.grad = torch.tensor(
                gradient[name] / (1 if number % 2 else 100)
            )  # long ones and short ones
        torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        adam.step()
        given = jax.tree.map(lambda array, number=number: array / (1 if number % 2 else 100), gradient)
        updates, state = update(given, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        if number % 3 == 2:
            plateau.step(errors[number // 3])
            state = shrink_on_plateau(state, jnp.float32(errors[number // 3]), 0.5, 2)
            assert float(state.hyperparams["learning_rate"]) == pytest.approx(adam.param_groups[0]["lr"])
    assert float(state.hyperparams["learning_rate"]) < 0.1
    for name, weight in weights.items():
        np.testing.assert_allclose(parameters[name], weight.detach().numpy(), atol=2e-5)
