"""Widgets for the fields of a configuration: labels, help, bounds and defaults come from the model itself."""

import math
from collections.abc import Iterable, Mapping
from copy import copy
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from landmark.configuration import Configuration
from landmark.ui import choosing

PAPER, CODE, OPEN = (
    f" :gray[· {words}]" for words in ("paper’s value", "public code’s value", "open in the paper")
)
"""What stands beside a label: whether the default is published, in a paper or its code; the help says where."""


def fields(
    configuration_class: type[Configuration],
    names: Iterable[str],
    prefix: str,
    labels: Mapping[str, str] | None = None,
    start: Mapping[str, Any] | None = None,
    width: int | None = None,
) -> dict[str, Any]:
    """Draw one widget per field and return what the user chose, ready for ``configuration_class.parse``.

    Parameters
    ----------
    configuration_class
        A configuration; its fields must be whole numbers, numbers, switches, texts, choices, or configurations of
        such, which stand below their label.
    names
        The fields to draw, in this order.
    prefix
        Of the widgets' keys; one per form. Values are kept while the session lasts.
    labels
        Labels of fields whose name does not read well.
    start
        Values to begin with in place of the defaults.
    width
        Of each widget in pixels, as many beside each other as fit; else one below the other, as wide as there is.
    """
    if width is not None:
        chosen: dict[str, Any] = {}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for name in names:
                with st.container(width=width):
                    chosen |= fields(configuration_class, [name], prefix, labels, start)
        return chosen
    return {
        name: _widget(
            _beginning(configuration_class.model_fields[name], (start or {}).get(name)),
            (labels or {}).get(name) or name.replace("_", " ").capitalize(),
            f"{prefix}-{name}" + (f"-{start[name]}" if start and name in start else ""),
        )
        for name in names
    }


def _beginning(field: FieldInfo, start: Any) -> FieldInfo:
    """Give the field with another default, which then is no published value."""
    if start is None:
        return field
    changed = copy(field)
    changed.default, changed.json_schema_extra = start, None
    return changed


def _widget(field: FieldInfo, label: str, key: str) -> Any:
    kind = _kind(field.annotation)
    if isinstance(kind, type) and issubclass(kind, Configuration):
        st.markdown(f"**{label}**")
        return fields(kind, kind.model_fields, key)
    label += _mark(field)
    common: dict[str, Any] = {"help": field.description, "key": key, "persist_state": "session"}
    if get_origin(kind) is Literal:
        options = get_args(kind)
        return choosing.selectbox(label, options, index=options.index(field.default), **common)
    if kind is bool:
        return st.toggle(label, value=field.default, **common)
    if kind is int:
        return st.number_input(label, value=field.default, step=1, **_bounds(field, int), **common)
    if kind is float:
        return st.number_input(
            label,
            value=field.default,
            step=_step(field.default),
            format="%g",
            placeholder="automatic",
            **_bounds(field, float),
            **common,
        )
    listed = isinstance(field.default, tuple)
    return st.text_input(label, value=", ".join(field.default) if listed else field.default, **common)


def _mark(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or "paper" not in extra:
        return ""
    if not extra["paper"]:
        return OPEN
    return CODE if "public code" in str(extra["source"]) else PAPER


def _kind(annotation: Any) -> Any:
    """Return the type of a field without its ``| None``."""
    if get_origin(annotation) is Literal:
        return annotation
    parts = [part for part in get_args(annotation) if part is not NoneType]
    return parts[0] if parts else annotation


def _bounds(field: FieldInfo, number: type) -> dict[str, Any]:
    """Return the bounds a number widget can hold; a bound that is itself excluded is checked by the model."""
    bounds: dict[str, Any] = {}
    for rule in field.metadata:
        for name, side in (
            ("ge", "min_value"),
            ("gt", "min_value"),
            ("le", "max_value"),
            ("lt", "max_value"),
        ):
            if hasattr(rule, name):
                bounds[side] = number(getattr(rule, name))
    return bounds


def _step(default: float | None) -> float:
    """Return a step that fits the size of a number: 0.1 for 0.1, 1e-6 for 1e-6."""
    return 10.0 ** math.floor(math.log10(default)) if default else 0.01
