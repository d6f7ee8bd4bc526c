import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark.errors import BadData
from landmark.models.autoencoder import train_autoencoder
from landmark.models.dgex import train_dgex
from landmark.training import fit as fit_module
from landmark.training.data import STRETCH, Arrays, StoredMatrix

SAMPLES, GENES = 1500, 5


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """One matrix stored contiguously and in compressed chunks."""
    X = np.random.default_rng(0).standard_normal((SAMPLES, GENES)).astype(np.float32)
    path = tmp_path_factory.mktemp("stored") / "data.h5ad"
    with h5py.File(path, "w") as file:
        file["X"] = X
        file.create_dataset("packed", data=X, chunks=(64, GENES), compression="gzip")
        file.create_group("sparse")
    return path, X


@given(data=st.data(), dataset=st.sampled_from(["X", "packed"]))
def test_reads_what_indexing_reads(stored, data, dataset):
    path, X = stored
    subset = data.draw(st.none() | st.lists(st.integers(0, SAMPLES - 1), min_size=1, max_size=60))
    columns = data.draw(st.none() | st.lists(st.integers(0, GENES - 1), min_size=1, max_size=GENES))
    source = StoredMatrix.open(
        path,
        dataset,
        rows=None if subset is None else np.array(subset),
        columns=None if columns is None else np.array(columns),
    )
    whole = X if subset is None else X[subset]
    whole = whole if columns is None else whole[:, columns]
    assert (source.samples, source.widths) == (len(whole), (whole.shape[1],))
    rows = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=50).map(np.array))
    np.testing.assert_array_equal(source.read(rows)[0], whole[rows])


def test_long_reads_are_cut(stored, monkeypatch):
    path, X = stored
    lengths = []
    original = h5py.Dataset.__getitem__

    def watched(self, key, **options):
        part = original(self, key, **options)
        lengths.append(len(part))
        return part

    monkeypatch.setattr(h5py.Dataset, "__getitem__", watched)
    np.testing.assert_array_equal(StoredMatrix.open(path).read(np.arange(SAMPLES))[0], X)
    assert max(lengths) == STRETCH
    assert sum(lengths) == SAMPLES


@pytest.mark.parametrize("dataset", ["absent", "sparse"])
def test_what_is_no_matrix_is_refused(stored, dataset):
    with pytest.raises(BadData, match=f"no dense matrix {dataset}"):
        StoredMatrix.open(stored[0], dataset)


@pytest.fixture
def larger_than_memory(monkeypatch):
    """Make everything look too large to stay in memory, and windows small."""
    monkeypatch.setattr(fit_module, "RESIDENT_SHARE", 0)
    monkeypatch.setattr("landmark.training.data.WINDOW", 160)
    monkeypatch.setattr("landmark.training.data.PORTION", 160)


def test_an_autoencoder_streamed_from_a_file_equals_one_in_memory(
    stored, autoencoder, same, larger_than_memory, monkeypatch
):
    path, X = stored
    train, test = np.arange(0, SAMPLES, 2), np.arange(1, SAMPLES, 6)
    configuration = autoencoder.model_copy(update={"epochs": 2, "batch_size": 32})
    streamed = train_autoencoder(
        StoredMatrix.open(path, rows=train), StoredMatrix.open(path, "packed", rows=test), configuration
    )
    monkeypatch.setattr(fit_module, "RESIDENT_SHARE", 1)
    resident = train_autoencoder(X[train], X[test], configuration)
    assert same(streamed.parameters, resident.parameters)
    np.testing.assert_array_equal(streamed.problem.scaling.shift, resident.problem.scaling.shift)


def test_dgex_streamed_from_a_file_equals_one_in_memory(stored, dgex, same, larger_than_memory):
    path, X = stored
    configuration = dgex.model_copy(update={"epochs": 2, "batch_size": 32})
    columns = (np.arange(2), np.arange(2, 5))
    halves = (slice(0, 1000), slice(1000, None))
    from_file = [StoredMatrix.open(path, rows=h, columns=c) for h in halves for c in columns]
    from_memory = [X[h][:, c] for h in halves for c in columns]
    streamed, arrays = train_dgex(*from_file, configuration), train_dgex(*from_memory, configuration)
    assert same(streamed.parameters, arrays.parameters)


def test_memory_stays_within_windows(autoencoder, larger_than_memory):
    """No reading asks for more than a window, and each training row is read once an epoch."""

    class Watched(Arrays):
        asked: list[int] = []  # noqa: RUF012

        def read(self, rows):
            self.asked.append(len(rows))
            return super().read(rows)

    X = np.random.default_rng(0).standard_normal((1000, 4)).astype(np.float32)
    configuration = autoencoder.model_copy(update={"epochs": 3, "batch_size": 32})
    train_autoencoder(Watched((X,)), X[:50], configuration)
    assert max(Watched.asked) == 160
    assert sum(Watched.asked) == 1000 * (3 + 1)  # once more for the scaling


def test_a_reading_error_ends_training(autoencoder, larger_than_memory):
    class Breaking(Arrays):
        readings: list[int] = []  # noqa: RUF012

        def read(self, rows):
            self.readings.append(len(rows))
            if len(self.readings) == 20:
                raise BadData("the file went away")
            return super().read(rows)

    X = np.random.default_rng(0).standard_normal((1000, 4)).astype(np.float32)
    with pytest.raises(BadData, match="the file went away"):
        train_autoencoder(Breaking((X,)), X[:50], autoencoder.model_copy(update={"batch_size": 32}))
    assert len(Breaking.readings) == 20
