"""The base of all configurations: frozen, validated once, with errors a person can act on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from landmark.errors import BadConfiguration

STATED = " Stated in: "
"""Stands in the description of a field before where its default is published."""

LEFT_OPEN = " Left open by the paper."
"""Ends the description of a field that the paper leaves open."""


class Configuration(BaseModel):
    """A frozen set of choices. ``parse`` is the way in for anything a user wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """Validate values, for instance from a form, a command line or a manifest.

        BadConfiguration naming each field at fault, its value and its bound.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise BadConfiguration("; ".join(_sentence(e) for e in error.errors())) from error


def stated(default: Any, text: str, source: str, **bounds: Any) -> Any:
    """Declare a field whose default is published; ``source`` says where, such as "Kong 2021, Methods"."""
    return Field(
        default,
        description=f"{text}{STATED}{source}.",
        json_schema_extra={"paper": True, "source": source},
        **bounds,
    )


def left_open(default: Any, text: str, **bounds: Any) -> Any:
    """Declare a field that the paper leaves open; ``text`` says why this default."""
    return Field(default, description=f"{text}{LEFT_OPEN}", json_schema_extra={"paper": False}, **bounds)


@dataclass(frozen=True)
class Asked:
    """How the command line asks for a field, where its name and type do not say it; stands in ``Annotated``.

    Attributes
    ----------
    option
        Name of the option; made from the field's name where it is empty.
    argument
        Whether it is an argument and no option.
    said
        Whether the line that repeats a run says it even where it is the default.
    within
        Whether it is a group whose settings are those of the command: ``--with epochs=5``, ``--seed 3``.
    """

    option: str = ""
    argument: bool = False
    said: bool = False
    within: bool = False


@dataclass(frozen=True)
class Newest:
    """Names a dataset or a finished run; where nothing is said, the newest of this kind; stands in ``Annotated``."""

    kind: str


@dataclass(frozen=True)
class GeneSetText:
    """Writes a gene set as people do: L1000, <run>:<number of genes>, list:<file>; stands in ``Annotated``."""


def names_file(text: str) -> Any:
    """Declare a field that names a file or folder, empty by default: what a page may give for it is restricted."""
    return Field("", description=text, json_schema_extra={"file": True})


def names_file_or(text: str, required: bool = False) -> Any:
    """Declare a field that names something stored, or else a file by its absolute path, which pages may not choose."""
    return Field(... if required else "", description=text, json_schema_extra={"file": True, "stored": True})


def may_be_stored(field: FieldInfo) -> bool:
    """Say whether a field that names a file may name something stored instead."""
    return isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get("stored"))


def is_file_field(field: FieldInfo) -> bool:
    """Say whether a field names a file or folder."""
    return isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get("file"))


def texts_in(value: object) -> Iterator[str]:
    """Yield all texts within nested mappings, lists and tuples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def _sentence(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the settings"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return f"{where} is not a setting here"
    if error["type"] == "missing":
        return f"{where} is missing"
    if not error["loc"]:
        return message
    return f"{where} = {error['input']!r}: {message[:1].lower()}{message[1:]}"
