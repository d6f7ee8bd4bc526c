"""The ranking of a trained encoder, against captum, and its dependence on the seed."""

import numpy as np
import pytest
import torch
from captum.attr import DeepLift

from landmark.data.split import rows
from landmark.models.autoencoder import AutoencoderProblem, encoder_layers
from landmark.store.datasets import DatasetStore
from landmark.store.runs import Run
from landmark.store.workspace import Workspace
from landmark.training.trained import Trained
from landmark.workflows.execute import execute_now


def _ranking(home: Workspace, dataset: str, network: dict[str, int]) -> list[tuple[str, float]]:
    model = execute_now(home, "train", {"dataset": dataset, "network": network})
    table = execute_now(home, "rank", {"model": model.id}).table("ranking")
    return list(zip(table["gene"], table["score"], strict=True))


def test_same_seed_same_ranking_to_the_bit_and_another_seed_another(
    home: Workspace, steps: dict[str, Run], network: dict[str, int]
) -> None:
    dataset = steps["train"].manifest.parents["dataset"]
    first, again, other = (
        _ranking(home, dataset, network | {"epochs": 3, "seed": seed}) for seed in (0, 0, 1)
    )
    assert first == again
    assert [gene for gene, _ in first] != [gene for gene, _ in other]


@pytest.mark.filterwarnings(
    "ignore:Setting forward, backward hooks:UserWarning"
)  # captum announces what it does
def test_contributions_equal_captum_on_the_trained_encoder(home: Workspace, steps: dict[str, Run]) -> None:
    trained = Trained.load(steps["train"].folder / "model", AutoencoderProblem)
    matrix = DatasetStore(home).get(steps["train"].manifest.parents["dataset"]).load()
    train = trained.problem.scaling.apply(matrix.X[rows(matrix, "train")])
    (W1, b1), (W2, b2) = encoder_layers(trained)
    encoder = torch.nn.Sequential(
        torch.nn.Linear(*W1.shape), torch.nn.Sigmoid(), torch.nn.Linear(*W2.shape)
    ).requires_grad_(False)
    for layer, W, b in ((encoder[0], W1, b1), (encoder[2], W2, b2)):
        layer.weight.copy_(torch.tensor(np.array(W.T)))
        layer.bias.copy_(torch.tensor(np.array(b)))
    explain = DeepLift(encoder)
    samples = torch.tensor(train, requires_grad=True)
    reference = torch.tensor(train.mean(axis=0, keepdims=True), requires_grad=True)
    contributions = steps["rank"].table("contributions").set_index("gene")
    for unit in (0, 1, W2.shape[1] - 1):
        expected = explain.attribute(samples, reference, target=unit).detach().abs().mean(dim=0).numpy()
        np.testing.assert_allclose(
            contributions.loc[list(matrix.var_names), f"unit_{unit}"], expected, rtol=1e-3, atol=1e-6
        )
