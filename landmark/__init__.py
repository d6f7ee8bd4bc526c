"""Landmark: mining influential genes with a deep autoencoder, after Kong et al. (2021).

From Python: ``predictor = landmark.fit(dataset, genes, method)``, then ``profiles = landmark.infer(new, predictor)``.
What lies where is drawn in CONTRIBUTING.md.
"""

import importlib
from typing import Any

__version__ = "0.4.0"

__all__ = ["fit", "infer"]


def __getattr__(name: str) -> Any:
    """Import what computes only when it is asked for: commands and pages start without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("landmark.api"), name)
