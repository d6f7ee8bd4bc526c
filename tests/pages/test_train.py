import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landmark.analyses.train import view as train_view
from landmark.models import size
from landmark.models.settings import AutoencoderConfiguration
from landmark.store import machine
from landmark.store.activity import activities
from landmark.workflows.notes import paper_changes
from tests.pages.opened import button, opened, press, sound, words
from tests.pages.stored import dataset, stopped
from tests.real_runs import altered

PAGE = "model/train.py"
START = "Start training"


def test_without_a_dataset_it_leads_to_the_import(home):
    page = opened(PAGE)
    assert "There is no dataset yet" in words(page)
    assert [button.label for button in page.button] == ["Bring a dataset in"]


def test_the_papers_settings_stand_ready(home, fitting):
    page = opened(PAGE)
    assert not page.exception
    assert "48 training samples of 120 genes" in words(page)
    choices = page.table[0].value.set_index("Choice")
    assert choices.loc["hidden"][["Value", "The paper"]].tolist() == ["500", "stated"]
    assert choices.loc["learning rate", "The paper"] == "left open"
    assert page.number_input(key="train-epochs").value == 100


def test_a_changed_choice_is_marked_with_the_papers_value(home, fitting):
    page = opened(PAGE)
    page.number_input(key="train-hidden").set_value(50).run()
    assert page.table[0].value.set_index("Choice").loc["hidden", "The paper"] == "changed (paper: 500)"


def test_start_asks_for_what_the_form_says(home, asked):
    data = dataset(home)
    page = opened(PAGE)
    page.number_input(key="train-bottleneck-10").set_value(8)
    page.number_input(key="train-batch_size-24").set_value(16).run()
    press(page, START)
    [(kind, values)] = asked
    assert (kind, values["dataset"], values["network"]["bottleneck"]) == ("train", data.id, 8)


def test_what_the_data_cannot_carry_is_refused_in_a_sentence(home):
    dataset(home)
    page = opened(PAGE)
    page.number_input(key="train-batch_size-24").set_value(32).run()
    assert "This will not fit: batch_size = 32" in page.error[0].value
    assert "choose at most 24" in page.error[0].value
    assert button(page, START).disabled
    assert not activities(home)


@pytest.mark.parametrize(("samples", "genes"), [(17, 500), (30, 40), (12, 120)])
def test_small_data_can_be_started_at_once_with_what_the_whole_path_would_take(home, samples, genes, asked):
    data = dataset(home, samples=samples, genes=genes)
    page = opened(PAGE)
    assert not page.error
    assert "made smaller for these data" in words(page)
    assert "This dataset is small" in words(page) + " ".join(caption.value for caption in page.caption)
    assert not button(page, START).disabled
    press(page, START)
    changed = paper_changes(data.manifest)
    assert changed
    [(_, values)] = asked
    assert changed.items() <= values["network"].items()


def test_too_few_held_out_samples_are_refused_before_the_start(home):
    dataset(home, samples=9, genes=200)
    page = opened(PAGE)
    assert "1 sample is held out" in page.error[0].value
    assert button(page, START).disabled


@pytest.fixture
def fitting(home):
    """A dataset that carries the paper's settings."""
    return dataset(home, samples=60, genes=120)


def test_memory_and_disk_are_shown_before_the_start_and_where_the_time_will_be(home, fitting):
    page = opened(PAGE)
    assert not page.error
    shown = figures(page)
    assert shown["Memory, at most"].delta.endswith("free")
    assert shown["Disk"].value == "6 MB"
    assert "The time left is shown soon after the start." in [caption.value for caption in page.caption]
    assert not button(page, START).disabled


def test_the_memory_of_this_machine_says_nothing_of_a_cluster(home, fitting, monkeypatch):
    monkeypatch.setenv("LANDMARK_EXECUTOR", "slurm")
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(10**8, 10**8))
    page = opened(PAGE)
    assert not page.error
    assert not figures(page)["Memory, at most"].delta


def test_little_memory_is_a_warning_and_too_little_a_refusal(home, fitting, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(2 * 10**9, 10**8))
    page = opened(PAGE)
    assert "Only 0.1 GB of memory are free now" in page.warning[0].value
    assert not button(page, START).disabled
    monkeypatch.setattr(machine, "memory", lambda: machine.Memory(10**8, 10**8))
    page = opened(PAGE)
    assert "hidden = 500: training would need 1.0 GB of memory in all" in page.error[0].value
    assert button(page, START).disabled


def test_a_large_dataset_is_said_to_be_streamed(home, fitting, monkeypatch):
    monkeypatch.setattr(size, "IN_MEMORY_SHARE", 0)
    assert "it is read from the disk while training runs" in words(opened(PAGE))


def test_a_finished_training_shows_its_figures(real):
    altered(real("train"), metrics={"samples_per_second": 60.0})
    page = sound(PAGE)
    assert f"{real('train').manifest.metrics['reconstruction_pcc']:.3f}" in words(page)
    assert figures(page)["Samples per second"].value == "60"


def test_a_failed_training_says_why(home):
    data = dataset(home)
    stopped(home, "train", {"dataset": data.id}, "The disk is full.")
    assert "The disk is full." in words(opened(PAGE))


def _live():
    from types import SimpleNamespace

    import streamlit as st

    from landmark.analyses.train.view import live_curve

    losses = {"train_loss": 0.5, "validation_loss": 0.6}
    epochs = range(1, st.session_state["epochs"] + 1)
    lines = [{"stage": "Training", "done": epoch, "values": losses} for epoch in epochs]
    request = SimpleNamespace(configuration={"network": {"epochs": 9}})
    live_curve(SimpleNamespace(id="train-1", active=True, request=request, progress=lambda: lines))


def test_a_curve_that_is_held_stays_while_training_goes_on():
    def drawn():
        epochs = json.loads(page.get("plotly_chart")[0].proto.spec)["data"][0]["x"]
        return len(np.frombuffer(base64.b64decode(epochs["bdata"]), epochs["dtype"]))

    page = AppTest.from_function(_live)
    page.session_state["epochs"] = 3
    assert (page.run(), drawn())[1] == 3
    page.toggle(key="live-train-1-held").set_value(True).run()
    page.session_state["epochs"] = 5
    assert (page.run(), drawn())[1] == 3
    assert (page.toggle(key="live-train-1-held").set_value(False).run(), drawn())[1] == 5


def test_every_choice_has_a_field(home, fitting):
    page = opened(PAGE)
    drawn = {widget.key for kind in (page.number_input, page.selectbox) for widget in kind}
    assert drawn >= {f"train-{name}" for name in AutoencoderConfiguration.model_fields}


def test_choices_that_surprise_are_explained(home, fitting):
    page = opened(PAGE)
    page.selectbox(key="train-precision").set_value("bfloat16")
    page.number_input(key="train-early_stopping").set_value(7).run()
    assert "rounds both factors of every matrix product" in words(page)
    assert "stops 7 epochs after the lowest held-out loss" in words(page)
    page.selectbox(key="train-keep").set_value("best").run()
    assert "stops 7 epochs" not in words(page)


@pytest.mark.parametrize(("choice", "stands"), [({}, "stated"), ({"dropout": 0.2}, "changed (paper: 0.1)")])
def test_the_table_names_every_choice_once(choice, stands):
    table = train_view.preset_table(AutoencoderConfiguration(**choice), 40).set_index("Choice")
    assert table.index.is_unique
    assert table.loc["dropout", "The paper"] == stands


def figures(page):
    return {metric.label: metric for metric in page.metric}
