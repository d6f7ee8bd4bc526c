import builders
import pytest
from opened import opened, words

from landmark.runs.activity import activities
from landmark.training.configuration import AutoencoderConfiguration
from landmark.ui.panels import train


def test_without_a_dataset_it_leads_to_the_import(home):
    page = opened("model/train.py")
    assert "There is no dataset yet" in words(page)
    assert [button.label for button in page.button] == ["Bring a dataset in"]


def test_the_papers_settings_stand_ready(home):
    builders.dataset(home)
    page = opened("model/train.py")
    assert not page.exception
    assert "24 training samples of 40 genes" in words(page)
    choices = page.table[0].value.set_index("Choice")
    assert choices.loc["hidden"][["Value", "The paper"]].tolist() == ["500", "stated"]
    assert choices.loc["learning rate", "The paper"] == "left open"
    assert page.number_input(key="train-epochs").value == 100


def test_a_changed_choice_is_marked_with_the_papers_value(home):
    builders.dataset(home)
    page = opened("model/train.py")
    page.number_input(key="train-hidden").set_value(50).run()
    assert page.table[0].value.set_index("Choice").loc["hidden", "The paper"] == "changed (paper: 500)"


def test_start_asks_for_what_the_form_says(home, monkeypatch):
    asked = {}
    monkeypatch.setattr(train, "start_run", lambda kind, values: asked.update({kind: values}))
    data = builders.dataset(home)
    page = opened("model/train.py")
    page.number_input(key="train-bottleneck").set_value(8)
    page.number_input(key="train-batch_size").set_value(16)
    _start(page).click().run()
    assert asked["train"]["dataset"] == data.id
    assert asked["train"]["network"]["bottleneck"] == 8


def test_what_the_data_cannot_carry_is_refused_in_a_sentence(home):
    builders.dataset(home)
    page = opened("model/train.py")
    _start(page).click().run()
    assert "choose at most 24" in page.error[0].value
    assert not activities(home)


def test_a_finished_training_shows_its_figures(home):
    data = builders.dataset(home)
    model = builders.train(home, data)
    page = opened("model/train.py")
    assert not page.exception
    assert not page.error
    assert f"{model.manifest.metrics['reconstruction_pcc']:.3f}" in words(page)
    assert "at the pace of" in words(page)


def test_a_failed_training_says_why(home):
    data = builders.dataset(home)
    builders.stopped(home, "train", {"dataset": data.id}, "The disk is full.")
    assert "The disk is full." in words(opened("model/train.py"))


@pytest.mark.parametrize(("choice", "stands"), [({}, "stated"), ({"dropout": 0.2}, "changed (paper: 0.1)")])
def test_the_table_names_every_choice_once(choice, stands):
    table = train.preset_table(AutoencoderConfiguration(**choice), 40).set_index("Choice")
    assert table.index.is_unique
    assert table.loc["dropout", "The paper"] == stands


def _start(page):
    return next(button for button in page.button if button.label == "Start training")
