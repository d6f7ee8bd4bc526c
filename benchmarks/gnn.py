"""How the cost of the graph network grows, beside the published form with a weight for every pair of genes.

    python -m benchmarks.gnn [--landmarks 970] [--genes 2000 5000 10000 20000] [--small 2000] [--steps 2]

Trains the published network (4 layers, 64 units, 100 neighbours) on random samples, each number of genes in a process
of its own, and shows the time of a sample in a training step, the peak memory of the process with the search for
similar genes, and the number of weights; then the same divided by the number of edges, relative to the second number
of genes: 1.00 grows exactly with the edges. The last table sets one size beside the published form in PyTorch, dense
matrices under a mask, both one sample per step as published, and ours with its default batch.
"""

import argparse
import time

import numpy as np
import torch

from benchmarks.measured import in_a_child
from benchmarks.peers import Engine
from landmark.models.graph import GraphProblem, GraphSize, graph_size
from landmark.models.graph_operations import similar_genes
from landmark.models.settings import GraphConfiguration

SAMPLES = 256
"""On which similar genes are searched, and the first of which are trained on."""

LAYERS, HIDDEN = 4, 64


def made_up(landmarks: int, genes: int) -> tuple[np.ndarray, np.ndarray]:
    """Make standardised landmark and target genes, [samples, landmarks] and [samples, others]."""
    X = np.random.default_rng(0).standard_normal((SAMPLES, genes), dtype=np.float32)
    return X[:, :landmarks], X[:, landmarks:]


def ours(landmarks: int, genes: int, batch: int, steps: int) -> dict[str, float]:
    """Time training steps, in seconds per sample, and the search for similar genes."""
    configuration = GraphConfiguration(batch_size=batch)
    x, y = made_up(landmarks, genes)
    began = time.perf_counter()
    neighbours = similar_genes(y, configuration.most_similar, configuration.least_similar)
    searched = time.perf_counter() - began
    problem = GraphProblem(configuration, landmarks, 0, neighbours)
    engine = Engine(problem, (x[:batch], y[:batch]), batch)
    return {"sample": min(engine.seconds(1) for _ in range(steps)) / batch, "search": searched}


def dense(landmarks: int, genes: int, steps: int) -> dict[str, float]:
    """Time training steps of one sample in the published form, in PyTorch."""
    x, y = made_up(landmarks, genes)
    mask = torch.zeros(genes, genes)
    mask[:, :landmarks] = 1
    neighbours = torch.from_numpy(similar_genes(y, 50, 50).astype(np.int64)).T + landmarks
    mask[landmarks:] = mask[landmarks:].scatter(1, neighbours, 1)

    def parameter(*shape: int) -> torch.nn.Parameter:
        return torch.nn.Parameter(torch.randn(shape) / 30)

    embedding = torch.nn.Linear(genes + 1, HIDDEN)
    layers = [(parameter(genes, genes), parameter(genes, HIDDEN)) for _ in range(LAYERS)]
    output = torch.nn.Linear(HIDDEN, 1)
    parameters = [*embedding.parameters(), *output.parameters(), *(p for layer in layers for p in layer)]
    adam = torch.optim.Adam(parameters, 5e-4, weight_decay=1e-6)
    expression = torch.zeros(genes, 1)
    expression[:landmarks, 0] = torch.from_numpy(x[0])
    inputs, truth = torch.cat([torch.eye(genes), expression], dim=1), torch.from_numpy(y[0])

    def step() -> float:
        began = time.perf_counter()
        values = embedding(inputs)
        for weights, bias in layers:
            values = torch.relu((weights * mask) @ values + bias)
        loss = (output(values)[landmarks:, 0] - truth).abs().mean()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        return time.perf_counter() - began

    step()  # also makes Adam's state
    return {"sample": min(step() for _ in range(steps))}


def row(name: str, found: dict, weights: int, size: GraphSize) -> None:
    print(
        f"{name:>24}{size.edges:>13,}{weights:>14,}{1000 * found['result']['sample']:>12.1f}"
        f"{found['peak_mb'] / 1000:>10.2f}"
    )


def growth(landmarks: int, genes: list[int], batch: int, steps: int) -> None:
    """Print the table over numbers of genes, and what it is relative to the number of edges."""
    configuration, costs = GraphConfiguration(batch_size=batch), []
    print(f"{'genes':>24}{'edges':>13}{'weights':>14}{'ms/sample':>12}{'peak GB':>10}")
    for count in genes:
        size = graph_size(configuration, landmarks, count - landmarks)
        found = in_a_child(ours, landmarks, count, batch, steps)
        row(f"{count:,}", found, size.weights, size)
        cost = np.array([size.weights, found["result"]["sample"], found["peak_mb"]])
        costs.append((size.edges, cost))
    second = costs[min(1, len(costs) - 1)]
    print("Relative to growth with the edges from the second number of genes:")
    for count, (edges, cost) in zip(genes, costs, strict=True):
        weights, seconds, memory = cost / second[1] / (edges / second[0])
        print(f"{count:>24,}  weights {weights:.2f}, time {seconds:.2f}, memory {memory:.2f}")


def beside_dense(landmarks: int, genes: int, batch: int, steps: int) -> None:
    """Print one size beside the published form."""
    size = graph_size(GraphConfiguration(), landmarks, genes - landmarks)
    published = in_a_child(dense, landmarks, genes, steps)
    single = in_a_child(ours, landmarks, genes, 1, steps)
    several = in_a_child(ours, landmarks, genes, batch, steps)
    print(f"\n{f'{genes:,} genes':>24}{'edges':>13}{'weights':>14}{'ms/sample':>12}{'peak GB':>10}")
    row("all pairs, PyTorch", published, size.dense_weights, size)
    row("landmark, batch 1", single, size.weights, size)
    row(f"landmark, batch {batch}", several, size.weights, size)
    ratios = [published["result"]["sample"] / found["result"]["sample"] for found in (single, several)]
    print(
        f"Faster than the published form: {ratios[0]:.2f} x with batch 1, {ratios[1]:.2f} x with batch {batch}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--landmarks", type=int, default=970)
    parser.add_argument("--genes", type=int, nargs="+", default=[2_000, 5_000, 10_000, 20_000])
    parser.add_argument("--small", type=int, default=2_000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=2)
    chosen = parser.parse_args()
    growth(chosen.landmarks, sorted(chosen.genes), chosen.batch, chosen.steps)
    beside_dense(chosen.landmarks, chosen.small, chosen.batch, chosen.steps)


if __name__ == "__main__":
    main()
