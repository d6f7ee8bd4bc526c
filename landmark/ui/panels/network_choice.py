"""Choosing the autoencoder of a request that trains several: the paper's, or one like the model worked on."""

from typing import Any

from landmark.models.settings import AutoencoderConfiguration
from landmark.runs.store import Run
from landmark.ui import choosing


def paper_or_own(model: Run | None, key: str) -> dict[str, Any]:
    """Return the paper's network, or that of the model worked on where it differs and is preferred; without a seed.

    Parameters
    ----------
    model
        The model worked on; None where there is none.
    key
        Of the widget, which is shown only where there is something to choose.
    """
    paper = AutoencoderConfiguration().model_dump(mode="json")
    own = paper | dict(model.manifest.configuration["network"]) | {"seed": 0} if model else paper
    if own == paper:
        return paper
    options = {"own": "As the model worked on", "paper": "The paper's"}
    chosen = choosing.selectbox("Network", list(options), format_func=options.__getitem__, key=key)
    return own if chosen == "own" else paper
