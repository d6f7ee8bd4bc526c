"""Commands and their options are a promise: scripts that people wrote keep working."""

import json
from pathlib import Path

import pytest
import typer

from landmark.cli.app import app

PROMISED = json.loads((Path(__file__).parent / "options.json").read_text(encoding="utf-8"))


def _commands(command, words=()):
    if hasattr(command, "commands"):
        return {
            name: found
            for word, sub in command.commands.items()
            for name, found in _commands(sub, (*words, word)).items()
        }
    return {" ".join(words): command}


COMMANDS = _commands(typer.main.get_command(app))


def _said(parameter):
    """Return a parameter in one line: its names, how often it may stand, and its default."""
    option = parameter.opts[0].startswith("-")
    line = ", ".join([*parameter.opts, *parameter.secondary_opts]) if option else parameter.name.upper()
    if parameter.required:
        line += " (required)"
    if parameter.multiple or parameter.nargs == -1:
        line += " (repeated)"
    if getattr(parameter, "is_flag", False):
        line += " (flag)"
    return line if parameter.default in (None, "", (), []) else f"{line} = {parameter.default}"


def test_no_command_is_missing():
    assert sorted(COMMANDS) == sorted(PROMISED)


@pytest.mark.parametrize("name", PROMISED)
def test_a_command_takes_what_it_always_took(name):
    assert sorted(map(_said, COMMANDS[name].params)) == PROMISED[name]
