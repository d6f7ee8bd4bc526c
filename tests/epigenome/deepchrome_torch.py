"""DeepChrome of torch's own layers, for comparison."""

import jax
import numpy as np
import torch


def as_torch(w):
    """Build it with our weights; it takes channels before positions, [genes, marks, bins]."""
    w = jax.tree.map(lambda array: torch.from_numpy(np.array(array)), w)
    model = torch.nn.Sequential(
        torch.nn.Conv1d(5, 50, 10),
        torch.nn.ReLU(),
        torch.nn.MaxPool1d(5),
        torch.nn.Flatten(),
        torch.nn.Linear(900, 625),
        torch.nn.ReLU(),
        torch.nn.Linear(625, 125),
        torch.nn.ReLU(),
        torch.nn.Linear(125, 2),
        torch.nn.LogSoftmax(dim=1),
    )
    with torch.no_grad():
        model[0].weight[:] = w["convolution"]["kernel"].reshape(10, 5, 50).permute(2, 1, 0)
        first = w["first"]["kernel"].reshape(18, 50, 625).permute(2, 1, 0).reshape(625, 900)
        model[4].weight[:] = first
        model[6].weight[:] = w["second"]["kernel"].T
        model[8].weight[:] = w["output"]["kernel"].T
        for place, name in {0: "convolution", 4: "first", 6: "second", 8: "output"}.items():
            model[place].bias[:] = w[name]["bias"]
    return model
