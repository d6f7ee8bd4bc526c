"""Tables on a page: how their columns are shown follows from what a result table says of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from landmark.results import Column, Text, Truth, Whole


def column_config(
    columns: Sequence[Column], widths: Mapping[str, Literal["small", "medium", "large"] | int] = {}
) -> dict[str, ColumnConfig]:
    """Describe columns as ``streamlit.dataframe`` takes it, in the order in which they are shown.

    The first column of texts stays in sight. ``widths`` are of columns that are not as wide as what they hold.
    """
    pinned = next((column.name for column in columns if isinstance(column, Text)), "")
    return {
        column.name: _config(column, column.name == pinned, widths.get(column.name)) for column in columns
    }


def _config(column: Column, pinned: bool, width: Any) -> ColumnConfig:
    about: dict[str, Any] = {
        "label": column.title,
        "help": f"{column.meaning} In {column.unit}." if column.unit else column.meaning,
        "pinned": pinned,
        "width": width,
    }
    if isinstance(column, Text):
        return st.column_config.TextColumn(**about)
    if isinstance(column, Truth):
        return st.column_config.CheckboxColumn(**about)
    about["format"] = column.format or ("localized" if isinstance(column, Whole) else "%.3f")
    if column.bar is not None:
        return st.column_config.ProgressColumn(min_value=column.bar[0], max_value=column.bar[1], **about)
    return st.column_config.NumberColumn(**about)


def show_table(frame: Any, columns: Mapping[str, ColumnConfig], **more: Any) -> Any:
    """Show those columns of a table that are described; more arguments as ``streamlit.dataframe`` takes them."""
    order = [name for name in columns if name in frame.columns]
    return st.dataframe(frame, hide_index=True, column_config=columns, column_order=order, **more)


def pick_row(
    frame: pd.DataFrame, columns: Mapping[str, ColumnConfig], key: str, most: int = 420, **more: Any
) -> int | None:
    """Show a table that is as high as it is long, up to ``most`` pixels; return the place of the row ticked in it."""
    event = show_table(
        frame,
        columns,
        key=key,
        height=min(most, 38 + 35 * len(frame)),
        on_select="rerun",
        selection_mode="single-row",
        **more,
    )
    rows = event["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(frame) else None
