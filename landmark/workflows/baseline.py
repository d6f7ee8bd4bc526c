"""The baseline from which contributions are measured, as a configuration names it."""

import numpy as np
import pandas as pd

from landmark.analyses.choices import ReferenceChoice
from landmark.attribution.baselines import group_mean, training_mean, zero
from landmark.data.scaling import Scaling
from landmark.errors import BadData
from landmark.workflows.labels import written
from landmark.workflows.samples import Rows


def reference_of(
    choice: ReferenceChoice, scaling: Scaling, train: np.ndarray | Rows, annotations: pd.DataFrame
) -> np.ndarray:
    """Return the reference, scaled as the network's input, float32 [genes].

    Parameters
    ----------
    choice
        Which reference.
    scaling
        Of the network's input; zero expression is zero before it.
    train
        Training samples, scaled, [samples, genes].
    annotations
        One row per training sample.

    Raises
    ------
    BadData
        If there is no such annotation or group.
    """
    if choice.reference == "zero":
        return scaling.apply(zero(train.shape[1])[None])[0]
    if choice.reference == "training mean":
        return training_mean(train)
    label = choice.reference_label
    if label not in annotations:
        offered = ", ".join(map(str, annotations)) or "there is none"
        raise BadData(
            f"The samples have no annotation {label!r} to take the reference from. Choose: {offered}."
        )
    return group_mean(train, written(annotations[label]).to_numpy(), choice.reference_group.strip())
