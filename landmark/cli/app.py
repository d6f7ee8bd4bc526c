"""The command line. Exit code 0, or 2 with one line on standard error when the input is at fault."""

import shlex
import sys
from typing import Annotated

import typer

from landmark.analyses.keep import KEPT
from landmark.analyses.registry import ANALYSES
from landmark.cli import choices, doctor, estimate, kept, serve, stored
from landmark.cli.commands import command
from landmark.errors import LandmarkError, known_cause


def with_commands() -> typer.Typer:
    """Return the program with a command for every analysis of the registry and for what is around them."""
    program = typer.Typer(
        help="Mine influential genes with a deep autoencoder (Kong et al. 2021).",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    program.callback()(_first)
    program.command("examples")(stored.examples)
    groups = {KEPT: kept.commands()}
    for analysis in ANALYSES.values():
        *group, verb = analysis.verb.split()
        (groups[group[0]] if group else program).command(verb)(command(analysis))
    program.command("export")(stored.export)
    program.command("estimate")(estimate.estimate)
    program.command("choices")(choices.choices)
    program.command("doctor")(doctor.doctor)
    for name, grouped in {**groups, "runs": stored.app}.items():
        program.add_typer(grouped, name=name)
    program.command("serve")(serve.serve)
    return program


def _version(asked: bool) -> None:
    if asked:
        from landmark.store.runs import versions  # what reads the versions is slow to import

        typer.echo(", ".join(f"{name} {version}" for name, version in versions().items()))
        raise typer.Exit


def _first(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the versions of program and libraries."
        ),
    ] = False,
) -> None:
    """Tidy up before a command; the help does without it."""
    from landmark.settings import settings
    from landmark.store.sweep import sweep
    from landmark.store.workspace import Workspace

    sweep(Workspace(settings().home))


app = with_commands()


def main() -> None:
    """Run the command line; the last place where an error can be turned into a sentence."""
    try:
        sys.exit(app(standalone_mode=False, prog_name="python -m landmark") or 0)
    except LandmarkError as error:
        _leave(str(error), 2)
    except typer.TyperException as error:  # an unknown option or command, a missing value
        _leave(f"{error.format_message()}{_moved(sys.argv[1:])}", 2)
    except typer.Abort:
        _leave("stopped", 130)
    except Exception as error:  # noqa: BLE001 - a defect: its details go to a file, a sentence to the user
        if cause := known_cause(error):
            _leave(cause, 2)
        from landmark.store.log import report_defect

        _, kept = report_defect(error, f"command: {shlex.join(sys.argv[1:])}")
        _leave(f"the program met something it did not expect ({type(error).__name__}); {kept}", 1)


def _moved(words: list[str]) -> str:
    """Say where the options of a command have gone that is called otherwise now."""
    if words[:1] != ["infer"] or not any(word.startswith("--null") for word in words):
        return ""
    return (
        ". Comparing predictors on one dataset is the command `predictors` now; infer completes new samples"
    )


def _leave(sentence: str, code: int) -> None:
    text = sentence if "\n" in sentence else f"landmark: {sentence}"
    print(text, file=sys.stderr)
    sys.exit(code)
