"""The command that lists what can be chosen; the reference in docs/settings.md is its output."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from landmark.analyses.command_line import group_of
from landmark.analyses.registry import ANALYSES
from landmark.configuration import Configuration
from landmark.errors import BadConfiguration

REFERENCE = """# Choices of every command

Made by `python -m landmark choices --markdown`. Any choice of a command is changed by `--with name=value`, several
times; one of a group by `--with group.name=value`, such as `compare --with dgex.epochs=50`. Only `train` takes those of
its network without the group's name. The pages show the same choices.
"""

Choice = tuple[str, str, str]
"""Name, default and meaning."""


def choices(
    command: Annotated[
        str, typer.Argument(help="Command or group of choices; all where it is left out.")
    ] = "",
    markdown: Annotated[bool, typer.Option(help="Print tables in Markdown.")] = False,
) -> None:
    """List what can be chosen by --with: names, defaults and what they mean."""
    known = {**configurations(), **groups()}
    if command and command not in known:
        raise BadConfiguration(f"{command!r} has no choices. Take one of: {', '.join(known)}.")
    if markdown and not command:
        typer.echo(REFERENCE)
    for name in [command] if command else known:
        typer.echo("\n".join(_table(name, known[name]) if markdown else _list(name, known[name])) + "\n")


def configurations() -> dict[str, type[Configuration]]:
    """Return the configuration of every analysis, by its command."""
    return {analysis.verb: analysis.configuration for analysis in ANALYSES.values()}


def groups() -> dict[str, type[Configuration]]:
    """Return the configurations that are a group of choices within others, by the names they have there."""
    found: dict[str, type[Configuration]] = {}
    waiting: list[type[Configuration]] = list(configurations().values())
    for configuration in waiting:
        for name, field in configuration.model_fields.items():
            inner = group_of(field)
            if inner is not None and name not in found:
                found[name] = inner
                waiting.append(inner)
    return found


def _table(name: str, configuration: type[Configuration]) -> Iterator[str]:
    about = cleandoc(configuration.__doc__ or "").replace("``", "`")
    yield f"## {name}\n\n{about}\n\n| choice | default | meaning |\n|---|---|---|"
    for choice, default, meaning in _choices(configuration):
        yield f"| `{choice}` | {f'`{default}`' if default else ''} | {meaning.replace('|', chr(92) + '|')} |"


def _list(name: str, configuration: type[Configuration]) -> Iterator[str]:
    yield f"{name}: {_first_sentence(configuration)}"
    for choice, default, meaning in _choices(configuration):
        yield f"  {choice}{f' = {default}' if default else ''}\n      {meaning}"


def _first_sentence(configuration: type[Configuration]) -> str:
    return " ".join((configuration.__doc__ or "").split("\n\n")[0].split())


def _choices(configuration: type[Configuration]) -> Iterator[Choice]:
    for name, field in configuration.model_fields.items():
        meaning = field.description or ""
        if group_of(field) is not None:
            yield name, "", f"{meaning} A group of choices: see {name}."
            continue
        yield name, _default(field), " ".join(part for part in (meaning, _one_of(field)) if part)


def _one_of(field: FieldInfo) -> str:
    options = list(_options(field.annotation))
    return f"One of: {', '.join(options)}." if options else ""


def _default(field: FieldInfo) -> str:
    value = None if field.is_required() else field.get_default(call_default_factory=True)
    if value in (None, "", ()):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _options(annotation: Any) -> Iterator[str]:
    """Yield the values of a literal type, also within another one."""
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
        return
    for inner in get_args(annotation):
        yield from _options(inner)
