"""Widgets that offer a choice, in which an option is known by what it is and not by how it is labelled.

Streamlit tells the options of a widget apart by their labels: when a label has changed since the browser drew it, or
its option is gone, the widget hands over the old label instead of an option. The functions here take the same arguments
as Streamlit's; options may come as a mapping to their labels. They remember the labels that were shown and give back
the option that a label stood for; a label that stands for nothing any more changes nothing. Their callbacks are
guarded.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from landmark.ui.page import guarded

REMEMBERED = 500
"""Labels kept for each widget; the oldest go first."""

PRESETS = ("index", "default", "value")
"""Names of the arguments that say what is chosen at first."""


def distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Add the id to every label that occurs more than once; ``labels`` by id."""
    counts = Counter(labels.values())
    return {name: f"{label} · {name}" if counts[label] > 1 else label for name, label in labels.items()}


def selectbox(label: str, options: Iterable[Any], index: int | None = 0, **more: Any) -> Any:
    """Offer one of several options in a list that opens; ``where`` names the column it is drawn in."""
    return _offer("selectbox", label, options, {"index": index, **more})


def radio(label: str, options: Iterable[Any], index: int | None = 0, **more: Any) -> Any:
    """Offer one of a few options, all in sight."""
    return _offer("radio", label, options, {"index": index, **more})


def segmented_control(label: str, options: Iterable[Any], **more: Any) -> Any:
    """Offer one of a few options in a row."""
    return _offer("segmented_control", label, options, more)


def pills(label: str, options: Iterable[Any], **more: Any) -> Any:
    """Offer one or several of a few options."""
    return _offer("pills", label, options, more)


def multiselect(label: str, options: Iterable[Any], default: Any = None, **more: Any) -> Any:
    """Offer several of many options."""
    return _offer("multiselect", label, options, {"default": default, **more})


def select_slider(label: str, options: Iterable[Any], **more: Any) -> Any:
    """Offer one of several options in their order."""
    return _offer("select_slider", label, options, more)


def _offer(widget: str, label: str, options: Iterable[Any], more: dict[str, Any]) -> Any:
    labels = options.__getitem__ if isinstance(options, Mapping) else str
    key, wanted, where = more.get("key"), more.pop("format_func", labels), more.pop("where", st)
    offered = {option: wanted(option) for option in options}

    def format_func(option: Any) -> str:
        """Label an option; what is not offered, such as an old label, has no label of ours."""
        return offered.get(option, str(option))

    if key is not None:
        if _settle(key, offered):  # a widget takes its value from the session or from the call, not from both
            more = {name: value for name, value in more.items() if name not in PRESETS}
        _remember(key, offered)
        if callable(more.get("on_change")):
            more["on_change"] = _heeding(key, offered, more["on_change"])
    return getattr(where, widget)(label, list(offered), format_func=format_func, **more)


def _heeding(key: str, offered: Mapping[Any, str], callback: Callable[..., None]) -> Callable[..., None]:
    """Wrap a callback: it is told of options only, and its errors are shown as sentences."""

    def heed(*args: Any, **kwargs: Any) -> None:
        with guarded():
            _settle(key, offered)
            value = st.session_state.get(key)
            if isinstance(value, list | tuple) or value is None or value in offered:
                callback(*args, **kwargs)

    return heed


def _settle(key: str, offered: Mapping[Any, str]) -> bool:
    """Replace old labels in the value of a widget by the options they stood for, and say whether there were any."""
    value = st.session_state.get(key)
    remembered = st.session_state.get(_labels(key), {})
    if isinstance(value, str) and value not in offered:
        if remembered.get(value) not in offered:
            return False
        st.session_state[key] = remembered[value]
        return True
    if isinstance(value, list) and any(item not in offered for item in value):
        options = [item if item in offered else remembered.get(item) for item in value]
        st.session_state[key] = [option for option in options if option in offered]
        return True
    return False


def _remember(key: str, offered: Mapping[Any, str]) -> None:
    labels = {label: option for option, label in offered.items() if label != option}
    known = {**st.session_state.get(_labels(key), {}), **labels}
    st.session_state[_labels(key)] = dict(list(known.items())[-REMEMBERED:])


def _labels(key: str) -> str:
    return f"labels of {key}"
