"""How an analysis is asked for on the command line, read from the fields of its configuration."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from landmark.analyses.analysis import Analysis
from landmark.configuration import Asked, Configuration, GeneSetText, Newest, is_file_field
from landmark.errors import LandmarkError

PROGRAM = ("python", "-m", "landmark")


@dataclass(frozen=True)
class Parameter:
    """One field of a configuration as an option or argument of a command.

    Attributes
    ----------
    name, field
        The field of the configuration; ``group`` is the field that holds it, for one of a group.
    asked
        What the field says of the command line.
    kind
        The type of one value: text, whole number, number or switch.
    many
        Whether there may be several values.
    """

    name: str
    field: FieldInfo
    asked: Asked
    kind: type
    many: bool
    group: str = ""

    @property
    def option(self) -> str:
        """Name of the option: ``--held-out``."""
        return self.asked.option or f"--{self.name.replace('_', '-')}"

    @property
    def newest(self) -> Newest | None:
        """What is taken where nothing is said, for fields that name a dataset or a run."""
        return next(_marks(self.field, Newest), None)

    @property
    def names_sets(self) -> bool:
        """Whether its values write gene sets."""
        return next(_marks(self.field, GeneSetText), None) is not None

    @property
    def is_file(self) -> bool:
        """Whether it names a file or folder."""
        return is_file_field(self.field)


def parameters(configuration: type[Configuration], group: str = "") -> Iterator[Parameter]:
    """Yield the options and arguments of a configuration; groups of choices are set by ``--with`` alone."""
    for name, field in configuration.model_fields.items():
        asked = next(_marks(field, Asked), Asked())
        inner = group_of(field)
        if inner is not None:
            if asked.within:
                yield from (one for one in parameters(inner, name) if one.name == "seed")
            continue
        kind, many = _kind(field.annotation)
        yield Parameter(name, field, asked, kind, many, group)


def group_of(field: FieldInfo) -> type[Configuration] | None:
    """Return the configuration that a field holds, if it holds one."""
    kind, many = _kind(field.annotation)
    return kind if issubclass(kind, Configuration) and not many else None


def within(configuration: type[Configuration]) -> str:
    """Return the field whose settings are those of the command; "" where there is none."""
    marked = (
        name
        for name, field in configuration.model_fields.items()
        for mark in _marks(field, Asked)
        if mark.within
    )
    return next(marked, "")


def command_line(analysis: Analysis[Any, Any], configuration: Mapping[str, Any]) -> str:
    """Return the command that repeats a run, without what equals the default."""
    known = {one.name: one for one in parameters(analysis.configuration)}
    spread = within(analysis.configuration)
    words = [*PROGRAM, *analysis.verb.split()]
    for name, value in _changed(analysis, configuration).items():
        if isinstance(value, dict):
            for part, chosen in value.items():
                if name == spread and part in known:
                    words += [known[part].option, _text(chosen)]
                else:
                    words += ["--with", f"{'' if name == spread else f'{name}.'}{part}={_text(chosen)}"]
        elif name in known:
            words += _said(known[name], value)
        else:
            words += ["--with", f"{name}={_text(value)}"]
    return shlex.join(words)


def python_lines(analysis: Analysis[Any, Any], configuration: Mapping[str, Any]) -> str:
    """Return the Python lines that repeat a run."""
    return (
        "from landmark.store.workspace import open_workspace\n"
        "from landmark.workflows.execute import execute_now\n\n"
        f"run = execute_now(open_workspace(), {analysis.name!r}, {_changed(analysis, configuration)!r})\n"
        "print(run.manifest.metrics)\n"
    )


def _changed(analysis: Analysis[Any, Any], configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices that are needed or differ from the defaults, nested ones likewise."""
    try:
        parsed: Configuration = analysis.configuration.parse(configuration)
    except LandmarkError:  # a run of another version: say everything
        return dict(configuration)
    fields = analysis.configuration.model_fields
    needed = {
        name
        for name, field in fields.items()
        if field.is_required() or any(a.said for a in _marks(field, Asked))
    }
    return {
        name: configuration[name] for name in fields if name in needed and name in configuration
    } | parsed.model_dump(mode="json", exclude_defaults=True)


def _said(parameter: Parameter, value: Any) -> list[str]:
    if value is None or (parameter.kind is bool and isinstance(value, bool)):
        return [parameter.option if value else f"--no-{parameter.option.removeprefix('--')}"]
    values = [_text(item) for item in (value if isinstance(value, list | tuple) else [value])]
    if parameter.asked.argument:
        return values
    return [word for item in values for word in (parameter.option, item)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _marks(field: FieldInfo, kind: type) -> Iterator[Any]:
    """Yield what a field, or what its values consist of, is annotated with."""
    yield from (mark for mark in field.metadata if isinstance(mark, kind))
    waiting = [field.annotation]
    for annotation in waiting:
        if get_origin(annotation) is Annotated:
            yield from (mark for mark in get_args(annotation)[1:] if isinstance(mark, kind))
        waiting += [part for part in get_args(annotation) if get_origin(part) is not None]


def _kind(annotation: Any) -> tuple[type, bool]:
    """Return the type of one value, and whether a field takes several."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (UnionType, Union):
        return _kind(next(part for part in get_args(annotation) if part is not NoneType))
    if origin is tuple:
        return _kind(get_args(annotation)[0])[0], True
    return (annotation if isinstance(annotation, type) else str), False
