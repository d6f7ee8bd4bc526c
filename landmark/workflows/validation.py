"""Which samples an autoencoder learns from, and which judge its epochs: never the held-out samples."""

import numpy as np

from landmark.inference.validation import validation_rows
from landmark.models.settings import AutoencoderConfiguration
from landmark.training.data import Chosen, Source, as_source


def learning(
    train: np.ndarray | Source,
    shown: np.ndarray | Source,
    network: AutoencoderConfiguration,
    groups: np.ndarray | None = None,
) -> tuple[Source, Source]:
    """Set validation samples aside where they choose an epoch.

    Parameters
    ----------
    train
        Training samples, [samples, genes].
    shown
        Samples whose loss is shown beside, where no epoch is chosen by it.
    network
        What is trained; its seed draws the validation samples.
    groups
        Of training samples that belong together; see ``validation_rows``.

    Returns
    -------
    learned, judging
        Samples to learn from, and samples whose loss is measured after every epoch: a tenth of the training samples,
        which is not learned from, where ``keep`` or ``early_stopping`` asks them.
    """
    train, shown = as_source(train, "The training data"), as_source(shown, "The validation data")
    if not network.chooses_epoch:
        return train, shown
    held = validation_rows(train.samples, network.seed, groups)
    return Chosen(train, np.flatnonzero(~held)), Chosen(train, np.flatnonzero(held))
