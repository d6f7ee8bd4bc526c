"""What a page shows of a table follows from its schema."""

import pytest
from streamlit.testing.v1 import AppTest

from landmark.results import Number, Table, Text, Truth, Whole
from landmark.ui.tables import column_config

TABLE = Table(
    "One gene.",
    Whole("rank", "1 is the first."),
    Text("gene", "Its name."),
    Number("mae_NAME", "Mean absolute error.", "standard deviations"),
    Number("share", "Of all.", "", "Share of NAME", "percent", bar=(0, 1)),
    Truth("is_known", "Whether it is known."),
)


@pytest.mark.parametrize(
    ("name", "heading", "tip"),
    [
        ("gene", "Gene", "Its name."),
        ("mae_D 10", "MAE, D 10", "Mean absolute error. In standard deviations."),
        ("share", "Share of NAME", "Of all."),
        ("is_known", "Is known", "Whether it is known."),
    ],
)
def test_headings_and_tips_come_from_the_schema(name: str, heading: str, tip: str) -> None:
    (column,) = column_config(TABLE.pick(name)).values()
    assert (column["label"], column["help"]) == (heading, tip)


def test_numbers_are_written_as_the_kind_or_the_column_says() -> None:
    columns = column_config(TABLE.pick("rank", "gene", "mae_x", "share", "is_known"))
    assert list(columns) == ["rank", "gene", "mae_x", "share", "is_known"]
    types = {name: column["type_config"]["type"] for name, column in columns.items()}
    assert types == {
        "rank": "number",
        "gene": "text",
        "mae_x": "number",
        "share": "progress",
        "is_known": "checkbox",
    }
    formats = {name: column["type_config"].get("format") for name, column in columns.items()}
    assert (formats["rank"], formats["mae_x"], formats["share"]) == ("localized", "%.3f", "percent")
    assert [name for name, column in columns.items() if column["pinned"]] == ["gene"]


def test_a_column_of_the_page_stands_where_it_is_named_and_widths_are_those_asked_for() -> None:
    own = Text("why", "The reason.")
    columns = column_config(TABLE.pick("rank", own, "gene"), widths={"gene": "large"})
    assert list(columns) == ["rank", "why", "gene"]
    assert columns["gene"]["width"] == "large"
    assert columns["why"]["width"] is None


def test_a_column_that_is_not_promised_is_an_error_of_the_page() -> None:
    with pytest.raises(KeyError, match="unknown"):
        TABLE.pick("unknown")


def test_what_a_table_lacks_is_not_shown() -> None:
    def page() -> None:
        import pandas as pd

        from landmark.ui.tables import show_table
        from tests.ui.test_tables import TABLE, column_config

        columns = column_config(TABLE.pick("gene", "rank", "is_known"))
        show_table(pd.DataFrame({"rank": [1], "other": [2], "gene": ["A"]}), columns)

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert list(app.dataframe[0].proto.column_order) == ["gene", "rank"]
