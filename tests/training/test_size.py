import pytest

from landmark.errors import BadConfiguration
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration
from landmark.models.size import Size, autoencoder_size, check_against_data, dgex_size, suited, training_bytes

PLENTY = 10**12


def test_the_papers_autoencoder_has_22_4_million_weights():
    size = autoencoder_size(AutoencoderConfiguration(), 22_268)
    assert size.weights == 2 * (22_268 * 500 + 500 * 100) + 500 + 100 + 500 + 22_268


def test_flop_count_leaves_out_the_gradient_of_the_input():
    assert Size((3, 5)).flop_per_sample == 4 * 15
    assert Size((3, 5, 7)).flop_per_sample == 4 * 15 + 6 * 35


def test_dgex_of_9000_units_has_256_million_weights():
    size = dgex_size(DgexConfiguration(units=9000), 943, 9520)
    assert size.weights == pytest.approx(256e6, rel=0.005)


def test_keeping_the_best_epoch_costs_a_second_set_of_weights():
    size = autoencoder_size(AutoencoderConfiguration(), 1000)
    last = training_bytes(AutoencoderConfiguration(keep="last"), size, 100)
    assert training_bytes(AutoencoderConfiguration(keep="best"), size, 100) - last == 4 * size.weights


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(BadConfiguration, match=r"batch_size = 32: there are only 31 training samples"):
        check_against_data(AutoencoderConfiguration(), 31, 500, PLENTY)
    check_against_data(AutoencoderConfiguration(), 32, 500, PLENTY)


def test_a_bottleneck_wider_than_the_data_is_refused():
    with pytest.raises(BadConfiguration, match=r"bottleneck = 100: the data have only 99 genes"):
        check_against_data(AutoencoderConfiguration(), 1000, 99, PLENTY)


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (AutoencoderConfiguration(hidden=20_000), "hidden = 20000: training would need"),
        (DgexConfiguration(units=50_000), "units = 50000: training would need"),
    ],
)
def test_more_units_than_memory_allows_are_refused(configuration, message):
    with pytest.raises(BadConfiguration, match=message):
        check_against_data(configuration, 1000, 10_000, 10**9)
    check_against_data(configuration, 1000, 10_000, PLENTY)


@pytest.mark.parametrize(("samples", "genes"), [(1, 1), (24, 40), (31, 99), (31, 100), (500, 3)])
def test_a_suited_network_is_carried_by_any_data(samples, genes):
    network = suited(AutoencoderConfiguration(), samples, genes)
    check_against_data(network, samples, genes, PLENTY)
    assert AutoencoderConfiguration.parse(network.model_dump()) == network


def test_data_that_carry_the_papers_network_get_it():
    assert suited(AutoencoderConfiguration(), 32, 100) == AutoencoderConfiguration()
    small = suited(AutoencoderConfiguration(), 24, 40)
    assert (small.hidden, small.bottleneck, small.batch_size) == (40, 10, 24)
