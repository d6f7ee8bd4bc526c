"""The command of every analysis, made from the fields of its configuration."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from landmark.analyses.analysis import Analysis
from landmark.analyses.command_line import Parameter, parameters, within
from landmark.configuration import LEFT_OPEN, STATED, may_be_stored
from landmark.errors import BadConfiguration

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object: id, kind, metrics, notes, files.")]
Change = Annotated[
    list[str] | None,
    typer.Option(
        "--with", help="Change a setting, as name=value; may be given several times. See `choices`."
    ),
]
PAPER = "paper"
Preset = Annotated[str, typer.Option(help="Only `paper`: the published settings.")]


def command(analysis: Analysis[Any, Any]) -> Callable[..., None]:
    """Return the function of a command, with one parameter for every option and argument."""
    known = {one.name: one for one in parameters(analysis.configuration)}
    spread = within(analysis.configuration)

    def run(changes: list[str] | None, as_json: bool, preset: str = PAPER, **given: Any) -> None:
        from landmark.cli.ask import answer_run

        if preset != PAPER:
            raise BadConfiguration(
                f"preset = {preset!r}: the only preset is {PAPER!r}; change settings with --with"
            )
        values = _values(given, known)
        others = changed(changes)
        if spread:
            others = {spread: values.pop(spread, {}) | others}
        answer_run(analysis, values | others, as_json)

    signature = {one.name: (_annotation(one), _default(one)) for one in known.values()}
    signature |= {"preset": (Preset, PAPER)} if spread else {}
    signature |= {"changes": (Change, None), "as_json": (Json, False)}
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in signature.items()
        ]
    )
    run.__annotations__ = {name: annotation for name, (annotation, _) in signature.items()}
    run.__doc__ = " ".join((analysis.configuration.__doc__ or "").split("\n\n")[0].split())
    return run


def changed(changes: list[str] | None) -> dict[str, Any]:
    """Turn ``--with`` name=value pairs into nested settings."""
    values: dict[str, Any] = {}
    for change in changes or ():
        name, sign, value = change.partition("=")
        if not sign:
            raise BadConfiguration(f"--with {change}: write it as name=value")
        *groups, name = (part.strip() for part in name.split("."))
        inner = values
        for group in groups:  # dgex.epochs=20 is the setting epochs within dgex
            inner = inner.setdefault(group, {})
            if not isinstance(inner, dict):
                raise BadConfiguration(f"--with {change}: {group} was given a value of its own before")
        inner[name] = value.strip()
    return values


def _values(given: dict[str, Any], known: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return what was said, as the configuration holds it."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        parameter = known[name]
        if value is None or (parameter.many and not value):
            continue
        into = values.setdefault(parameter.group, {}) if parameter.group else values
        if parameter.is_file:
            into[name] = _of_file(Path(value), may_be_stored(parameter.field))
        else:
            into[name] = tuple(value) if parameter.many else value
    return values


def _of_file(path: Path, may_be_stored: bool) -> str:
    """Write a path in full, unless no file is there and it may name something stored."""
    return str(path) if may_be_stored and not path.exists() else str(path.resolve())


def _annotation(parameter: Parameter) -> Any:
    kind: Any = Path if parameter.is_file else parameter.kind
    kind = list[kind] if parameter.many else kind
    if not _required(parameter):
        kind = kind | None
    if parameter.asked.argument:
        return Annotated[kind, typer.Argument(help=_help(parameter))]
    option = parameter.option
    names = [f"{option}/--no-{option[2:]}"] if parameter.kind is bool else [option]
    return Annotated[kind, typer.Option(*names, help=_help(parameter), show_default=_shown(parameter))]


def _required(parameter: Parameter) -> bool:
    return parameter.field.is_required() and parameter.newest is None


def _default(parameter: Parameter) -> Any:
    return inspect.Parameter.empty if _required(parameter) else None


def _shown(parameter: Parameter) -> str | bool:
    """Return the default in words, where the description does not say it."""
    if parameter.field.is_required():
        return False
    value = parameter.field.get_default(call_default_factory=True)
    if value in (None, "", (), False):
        return False
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _help(parameter: Parameter) -> str:
    return " ".join(_sentences(parameter))


def _sentences(parameter: Parameter) -> Iterator[str]:
    yield (parameter.field.description or "").split(STATED)[0].removesuffix(LEFT_OPEN)
    if parameter.many:
        yield "Several times."
    if parameter.newest is not None and parameter.field.is_required():
        yield "By default the newest."
