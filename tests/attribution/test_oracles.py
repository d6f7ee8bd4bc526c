"""The same contributions as captum and shap, in float32."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from landmark.attribution import deeplift

TOLERANCE = 1e-4
"""Of the largest contribution. Most of it is theirs: they divide differences of float32 values."""


@pytest.fixture(scope="module")
def ours(twin):
    return np.asarray(jax.jit(lambda x: deeplift(twin.jax, x, twin.reference))(twin.x))


def test_the_networks_are_the_same(twin):
    with torch.no_grad():
        expected = twin.torch(torch.from_numpy(twin.x)).numpy()
    np.testing.assert_allclose(twin.jax(jnp.asarray(twin.x)), expected, atol=2e-5)


# captum says at every call that it sets hooks, and that it lets the input take gradients.
@pytest.mark.filterwarnings("ignore:Setting forward, backward hooks:UserWarning")
@pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already require gradients:UserWarning")
def test_captum_agrees(twin, ours):
    from captum.attr import DeepLift

    if any(isinstance(layer, torch.nn.GELU) for layer in twin.torch):
        pytest.skip("captum's DeepLift has no rule for GELU: it takes the plain gradient")
    x = torch.from_numpy(twin.x)
    reference = torch.from_numpy(twin.reference[None]).expand_as(x)
    for unit in range(ours.shape[1]):
        theirs = DeepLift(twin.torch).attribute(x, reference, target=unit).detach().numpy()
        assert np.abs(ours[:, unit] - theirs).max() < TOLERANCE * np.abs(ours).max()


# shap's colour maps, made when it is imported, use functions that matplotlib will drop one day.
@pytest.mark.filterwarnings("ignore:The set_(bad|over|under) function:PendingDeprecationWarning")
def test_shap_agrees(twin, ours):
    import shap

    explainer = shap.DeepExplainer(twin.torch, torch.from_numpy(twin.reference[None]))
    theirs = explainer.shap_values(torch.from_numpy(twin.x), check_additivity=False)
    assert np.abs(ours - np.moveaxis(theirs, -1, 1)).max() < TOLERANCE * np.abs(ours).max()
