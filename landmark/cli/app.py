"""The verbs as commands. Exit code 0, or 2 with one line on standard error when the input is at fault."""

import ast
import sys
import traceback
from collections import UserDict
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from landmark.errors import LandmarkError, known_cause

COMMANDS = {
    "examples": "verbs.examples",
    "import": "verbs.import_",
    "prepare": "data.prepare",
    "quality": "data.quality",
    "merge": "data.merge",
    "export": "export.export",
    "train": "verbs.train",
    "estimate": "estimate.estimate",
    "rank": "verbs.rank",
    "select": "select.select",
    "fit": "fit.fit",
    "compare": "verbs.compare",
    "explain": "fit.explain",
    "stability": "stability.stability",
    "infer": "evidence.infer",
    "size": "evidence.size",
    "cross-platform": "evidence.cross_platform",
    "cluster": "samples.cluster",
    "enrich": "samples.enrich",
    "path": "verbs.path",
    "seeds": "verbs.seeds",
    "tournament": "tournament.tournament",
    "choices": "choices.choices",
    "histones": "epigenome.histones",
    "deepchrome": "epigenome.deepchrome",
    "marks": "epigenome.marks",
    "serve": "serve.serve",
    "runs": "runs.app",
}
"""Commands to the functions under ``landmark.cli`` that carry them out, imported when they are asked for."""


class _Commands(UserDict[str, Any]):
    """Commands by name, each made when it is looked up: a command needs libraries that others do without."""

    def __getitem__(self, name: str) -> Any:
        module, function = self.data[name].split(".")
        found = getattr(import_module(f"landmark.cli.{module}"), function)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
            alone.command(name)(found)
            found = alone
        return typer.main.get_command(found)


class _Group(TyperGroup):
    """All commands, listed from their docstrings without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        listed = [TyperCommand(name, help=_docstring(*place.split("."))) for name, place in COMMANDS.items()]
        TyperGroup(commands=listed).format_commands(ctx, formatter)


def _docstring(module: str, function: str) -> str | None:
    """Read the docstring of a function, or of its module where the name is none of a function's."""
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return ast.get_docstring(defined.get(function, tree))


def _sweep() -> None:
    from landmark.runs.home import Home
    from landmark.runs.sweep import sweep
    from landmark.settings import settings

    sweep(Home(settings().home))


app = typer.Typer(
    cls=_Group,
    callback=_sweep,
    help="Mine influential genes with a deep autoencoder (Kong et al. 2021).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; the last place where an error can be turned into a sentence."""
    try:
        sys.exit(app(standalone_mode=False, prog_name="python -m landmark") or 0)
    except LandmarkError as error:
        _leave(str(error), 2)
    except typer.TyperException as error:  # an unknown option or command, a missing value
        _leave(error.format_message(), 2)
    except typer.Abort:
        _leave("stopped", 130)
    except Exception as error:  # noqa: BLE001 - a defect: its details go to a file, a sentence to the user
        if cause := known_cause(error):
            _leave(cause, 2)
        from landmark.runs.defects import keep  # not needed unless something fails

        _, kept = keep(traceback.format_exc())
        _leave(f"the program met something it did not expect ({type(error).__name__}); {kept}", 1)


def _leave(sentence: str, code: int) -> None:
    text = sentence if "\n" in sentence else f"landmark: {sentence}"
    print(text, file=sys.stderr)
    sys.exit(code)
