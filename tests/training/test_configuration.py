import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadConfiguration
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration

BOTH = [AutoencoderConfiguration, DgexConfiguration]


@pytest.mark.parametrize("kind", BOTH)
def test_every_field_is_described(kind):
    for name, field in kind.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_defaults_are_the_papers():
    kong = AutoencoderConfiguration()
    assert (kong.hidden, kong.bottleneck, kong.epochs, kong.dropout, kong.l2) == (500, 100, 100, 0.1, 1e-6)
    chen = DgexConfiguration()
    assert (chen.layers, chen.units, chen.batch_size, chen.momentum) == (3, 3000, 200, 0.5)
    assert (chen.decay, chen.lowest_learning_rate, chen.later_layers, chen.keep) == (0.9, 1e-5, 3.0, "best")


@pytest.mark.parametrize(("layers", "rate"), [(1, 5e-4), (2, 3e-4), (3, 3e-4)])
def test_step_size_follows_from_the_depth(layers, rate):
    assert DgexConfiguration(layers=layers).first_learning_rate == rate
    assert DgexConfiguration(layers=layers, learning_rate=0.01).first_learning_rate == 0.01


def test_input_and_output_decide_the_scaling():
    assert AutoencoderConfiguration().scaling == "standardise"
    assert AutoencoderConfiguration(output="sigmoid").scaling == "unit"
    assert AutoencoderConfiguration(input="measured").scaling == "centre"
    with pytest.raises(BadConfiguration, match="choose input = 'scaled' or output = 'linear'"):
        AutoencoderConfiguration.parse({"input": "measured", "output": "sigmoid"})


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (AutoencoderConfiguration, "hidden", 0),
        (AutoencoderConfiguration, "bottleneck", 10_001),
        (AutoencoderConfiguration, "epochs", 0),
        (AutoencoderConfiguration, "batch_size", -1),
        (AutoencoderConfiguration, "learning_rate", 0.0),
        (AutoencoderConfiguration, "learning_rate", float("nan")),
        (AutoencoderConfiguration, "l2", -1e-6),
        (AutoencoderConfiguration, "dropout", 1.0),
        (AutoencoderConfiguration, "output", "tanh"),
        (AutoencoderConfiguration, "seed", -1),
        (AutoencoderConfiguration, "seed", 2**32),
        (DgexConfiguration, "layers", 4),
        (DgexConfiguration, "units", 0),
        (DgexConfiguration, "momentum", 1.0),
        (DgexConfiguration, "decay", 1.1),
        (DgexConfiguration, "lowest_learning_rate", 0),
        (DgexConfiguration, "monitored", 0),
        (DgexConfiguration, "keep", "first"),
        (DgexConfiguration, "checkpoint_every", 0),
    ],
)
def test_values_out_of_bounds_are_refused_by_name(kind, field, value):
    with pytest.raises(BadConfiguration, match=field) as refusal:
        kind.parse({field: value})
    assert repr(value) in str(refusal.value)


def test_a_floor_above_the_step_size_is_refused():
    with pytest.raises(BadConfiguration, match=r"lowest_learning_rate = 0\.1 .* learning_rate = 0\.0003"):
        DgexConfiguration.parse({"lowest_learning_rate": 0.1})


@pytest.mark.parametrize("kind", BOTH)
@given(seed=st.integers(0, 2**32 - 1), dropout=st.floats(0, 0.9), epochs=st.integers(1, 100_000))
def test_round_trip_through_json(kind, seed, dropout, epochs):
    configuration = kind(seed=seed, dropout=dropout, epochs=epochs)
    assert kind.model_validate_json(configuration.model_dump_json()) == configuration


def test_importing_configurations_and_sizes_does_not_import_jax():
    code = "import sys, landmark.models.settings, landmark.models.size; print('jax' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
