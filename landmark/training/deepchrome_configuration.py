"""Choices for training DeepChrome, with the published values as defaults. Imports no jax."""

from typing import Literal

from landmark.configuration import left_open, stated
from landmark.training.configuration import Keep, SeededTraining


class DeepchromeTraining(SeededTraining):
    """DeepChrome, the classifier of Singh et al. 2016, trained by plain gradient descent gene by gene."""

    epochs: int = stated(
        100,
        "Passes over the training genes. The loop of the public code ends after 99.",
        "Singh 2016; DeepChrome public code, doall.lua",
        ge=1,
        le=100_000,
    )
    batch_size: int = stated(
        1,
        "Genes per step. More train faster, in fewer steps than the published ones.",
        "DeepChrome public code, doall.lua",
        ge=1,
        le=65_536,
    )
    learning_rate: float = stated(
        1e-3,
        "Step size at the start, for one gene per step.",
        "DeepChrome public code, doall.lua",
        gt=0,
        le=1,
    )
    scaling: Literal["linear", "none"] = left_open(
        "linear",
        "Step size where several genes make a step: the learning rate times their number (linear), or as it is "
        "(none).",
    )
    decay: float = stated(
        1e-7,
        "Fall of the step size, divided by 1 + decay x genes seen.",
        "DeepChrome public code, 4_train.lua",
        ge=0,
        le=1,
    )
    dropout: float = stated(
        0.5,
        "Share of pooled values left out at each step, before the first full layer.",
        "DeepChrome public code, 2_model.lua",
        ge=0,
        le=0.9,
    )
    keep: Keep = stated(
        "best",
        "Weights to keep: of the last epoch, or of the best one on validation genes, by the measure below.",
        "DeepChrome public code, README",
    )
    best_by: Literal["auc", "log-loss"] = stated(
        "auc",
        "What makes an epoch the best: the largest area under the ROC curve of the validation genes, or their lowest "
        "log-loss, which often rises while the order of the genes still improves. Early stopping goes by the same.",
        "DeepChrome public code, README and 5_test.lua (AUC)",
    )

    @property
    def step_size(self) -> float:
        """Step size at the start, for the whole batch."""
        return self.learning_rate * (self.batch_size if self.scaling == "linear" else 1)
