"""Every command and every option explains itself, in the program and in the README."""

import json
from pathlib import Path

import pytest
import typer

from landmark.cli.app import app
from landmark.cli.choices import configurations, groups
from landmark.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

CHOICES = configurations() | groups()


def _commands(command=None, words=()):
    command = command or typer.main.get_command(app)
    if hasattr(command, "commands"):
        return [found for name, sub in command.commands.items() for found in _commands(sub, (*words, name))]
    return [(words, command)]


COMMANDS = _commands()


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_a_command_explains_itself(landmark, words, command):
    assert command.help, words
    for parameter in command.params:
        assert parameter.help, f"{words} {parameter.name}"
    answer = landmark(*words, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: python -m landmark {' '.join(words)}")
    assert command.help.split(".")[0].split("\n")[0][:40] in answer.out
    assert answer.err == ""


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_the_readme_names_every_command(words):
    assert f"`{' '.join(words)}" in README


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_names_every_setting(name):
    assert f"`LANDMARK_{name.upper()}`" in README


def test_the_reference_lists_every_choice_as_it_is(landmark):
    assert landmark("choices", "--markdown").out.strip() == REFERENCE.strip(), "run: make docs"


@pytest.mark.parametrize(("kind", "cls"), CHOICES.items(), ids=CHOICES)
def test_the_choices_of_a_verb_are_explained(landmark, kind, cls):
    answer = landmark("choices", kind).out
    for name, field in cls.model_fields.items():
        assert f"\n  {name}" in answer
        assert field.description.strip() in answer


def test_every_option_that_scripts_use_is_there():
    """Options of version 0.4; each may only go with a line in the changelog."""
    known = {
        " ".join(words): {name for one in command.params for name in one.opts} for words, command in COMMANDS
    }
    for verb, options in json.loads((Path(__file__).parent / "options.json").read_text()).items():
        assert set(options) <= known[verb], verb


def test_an_unknown_verb_has_no_choices(landmark):
    answer = landmark("choices", "nothing")
    assert answer.code == 2
    assert "Take one of: path, import, " in answer.err


def test_no_command_shows_the_help(landmark):
    answer = landmark()
    assert "Commands:" in answer.out + answer.err
    assert "Traceback" not in answer.out + answer.err
