import json

import numpy as np
import pytest

from landmark.data.scaling import Scaling
from landmark.errors import BadRun, Cancelled
from landmark.models.autoencoder import train_autoencoder
from landmark.models.dgex import train_dgex
from landmark.training import checkpoint
from landmark.training.checkpoint import Checkpoint

IDENTITY = {"kind": "test", "rate": 0.1}


def tree(value):
    return {"a": {"kernel": np.full((3, 2), value, np.float32)}, "count": np.array(value, np.int32)}


def write(folder, epoch):
    history = [{"epoch": e, "train_loss": 0.1 * e} for e in range(1, epoch + 1)]
    checkpoint.save(folder, Checkpoint(epoch, history, tree(epoch)), IDENTITY)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_round_trip_and_only_the_last_two_stay(tmp_path):
    for epoch in (1, 2, 3):
        write(tmp_path, epoch)
    assert names(tmp_path) == ["epoch-000002", "epoch-000003"]
    found = checkpoint.newest(tmp_path, tree(0), IDENTITY)
    assert found.epoch == 3
    assert found.history[-1] == {"epoch": 3, "train_loss": 0.1 * 3}
    np.testing.assert_array_equal(found.state["a"]["kernel"], tree(3)["a"]["kernel"])
    assert found.state["count"] == 3


def test_nothing_there(tmp_path):
    assert checkpoint.newest(tmp_path / "absent", tree(0), IDENTITY) is None


def damage_record(path):
    (path / "record.json").write_text("{")


def empty_record(path):
    (path / "record.json").write_text(json.dumps({"epoch": 3}))


def remove_record(path):
    (path / "record.json").unlink()


def cut_largest_file(path):
    largest = max((p for p in path.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])


def flip_a_bit(path):
    for file in (path / "state").rglob("*"):
        if file.is_file() and file.stat().st_size:
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 1
            file.write_bytes(content)
            return


def remove_a_file(path):
    max(p for p in (path / "state").rglob("*") if p.is_file()).unlink()


def leave_half_written(path):
    path.rename(path.with_suffix(".partial"))


@pytest.mark.parametrize(
    "damage",
    [damage_record, empty_record, remove_record, cut_largest_file, flip_a_bit, remove_a_file,
     leave_half_written],
)  # fmt: skip
def test_damaged_checkpoints_are_passed_over(tmp_path, damage):
    write(tmp_path, 2)
    write(tmp_path, 3)
    damage(tmp_path / "epoch-000003")
    assert checkpoint.newest(tmp_path, tree(0), IDENTITY).epoch == 2
    write(tmp_path, 3)
    assert checkpoint.newest(tmp_path, tree(0), IDENTITY).epoch == 3


def test_a_checkpoint_of_another_training_is_refused(tmp_path):
    write(tmp_path, 1)
    with pytest.raises(BadRun, match="other settings or other data"):
        checkpoint.newest(tmp_path, tree(0), {**IDENTITY, "rate": 0.2})


@pytest.mark.parametrize("epoch", [0.1, 3, 4.5])
@pytest.mark.parametrize("keep", ["best", "last"])
def test_a_cancelled_autoencoder_goes_on_bit_for_bit(
    expression, autoencoder, same, cancel_at, tmp_path, epoch, keep
):
    X = expression(60, 9)
    configuration = autoencoder.model_copy(update={"keep": keep})
    whole = train_autoencoder(X[:45], X[45:], configuration)
    with pytest.raises(Cancelled):
        train_autoencoder(X[:45], X[45:], configuration, directory=tmp_path, report=cancel_at(epoch))
    resumed = train_autoencoder(X[:45], X[45:], configuration, directory=tmp_path)
    assert same(whole.parameters, resumed.parameters)
    columns = ["epoch", "train_loss", "validation_loss"]
    assert whole.history[columns].equals(resumed.history[columns])


@pytest.mark.parametrize("epoch", [2, 5])
def test_a_cancelled_dgex_goes_on_bit_for_bit(expression, dgex, same, cancel_at, tmp_path, epoch):
    X = expression(60, 9)
    Z = Scaling.learn(X[:45]).apply(X)
    data = (Z[:45, :4], Z[:45, 4:], Z[45:, :4], Z[45:, 4:])
    whole = train_dgex(*data, dgex)
    with pytest.raises(Cancelled):
        train_dgex(*data, dgex, directory=tmp_path, report=cancel_at(epoch))
    assert same(whole.parameters, train_dgex(*data, dgex, directory=tmp_path).parameters)


def test_more_epochs_continue_a_finished_training(expression, autoencoder, same, tmp_path):
    X = expression(60, 9)
    train_autoencoder(X[:45], X[45:], autoencoder, directory=tmp_path)
    longer = autoencoder.model_copy(update={"epochs": 10})
    told = []
    resumed = train_autoencoder(X[:45], X[45:], longer, directory=tmp_path, report=told.append)
    assert [p.done for p in told if "train_loss" in p.values] == [8, 9, 10]
    assert same(resumed.parameters, train_autoencoder(X[:45], X[45:], longer).parameters)
