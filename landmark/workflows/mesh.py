"""The devices that work without the other processes of a job."""

import jax
import numpy as np
from jax.sharding import Mesh

from landmark.training.mesh import AXIS


def own_devices() -> Mesh | None:
    """Return all devices of this process in a row, or None where it has one.

    Unlike a training, an attribution is the work of the first process alone: the others do not come to its steps.
    """
    devices = jax.local_devices()
    return Mesh(np.array(devices), (AXIS,)) if len(devices) > 1 else None
