"""What every figure owes its reader."""

from collections.abc import Iterator

import plotly.graph_objects as go
import pytest

from landmark.errors import BadData
from landmark.plots.colours import OTHER_COLOUR
from landmark.plots.samples import sample_scatter
from landmark.plots.theme import TEXT, TEXT_ON_DARK, readable

from . import tables as t
from .cases import FIGURES

WITHOUT_AXES = {"circular tree"}
NAMELESS = {
    "training",
    "training, log",
    "UMAP, clusters",
    "densities",
    "agreement",
    "agreement, intervals",
    "cuts",
    "units",
    "seeds, network",
}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in ("legendgroup", "template"):
                yield from texts(part)
    elif hasattr(value, "__iter__"):
        for part in value:
            yield from texts(part)


@pytest.fixture(params=FIGURES)
def case(request):
    return request.param


def whole(name: str) -> go.Figure:
    return FIGURES[name](lambda table: table)


def test_height_is_fixed_and_zoom_survives_new_data(case):
    figure = whole(case)
    assert 150 <= figure.layout.height <= 750
    assert figure.layout.width is None
    assert figure.layout.uirevision == "kept"


def test_every_axis_that_shows_numbers_has_a_title(case):
    figure = whole(case)
    axes = [*figure.select_xaxes(), *figure.select_yaxes()]
    shown = [axis for axis in axes if axis.visible is not False]
    assert not shown if case in WITHOUT_AXES else shown
    for axis in shown:
        names_only = axis.ticktext is not None or axis.showticklabels is False or axis.type == "category"
        assert axis.title.text or names_only or axis.matches, axis


def test_names_are_text_and_never_markup(case):
    everything = list(texts(whole(case).to_plotly_json()))
    assert not [text for text in everything if "<b>odd" in text or "$x$" in text]
    if case not in NAMELESS:
        assert [text for text in everything if "&lt;b&gt;odd&lt;/b&gt;" in text]


def test_grounds_are_transparent_and_text_is_left_to_the_page(case):
    figure = whole(case)
    assert figure.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"
    assert figure.layout.plot_bgcolor is None
    assert figure.layout.font.color is None
    assert all(axis.tickfont.color is None for axis in figure.select_xaxes())


def test_legend_stands_above_the_data(case):
    legend = whole(case).layout.legend
    assert (legend.orientation, legend.yanchor) == ("h", "bottom")
    assert legend.y > 1


def test_empty_table_gives_one_plain_sentence(case):
    figure = FIGURES[case](lambda table: table.iloc[:0])
    assert not figure.data
    (note,) = figure.layout.annotations
    assert note.text.endswith(".")
    assert figure.layout.height


def test_drawn_twice_is_the_same(case):
    assert whole(case).to_json() == whole(case).to_json()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("training", "train_loss"),
        ("reconstruction", "mae"),
        ("predicted", "predicted"),
        ("importance", "score"),
        ("scatter", "mae_L1000"),
        ("densities", "pcc_D490"),
        ("random band", "pcc"),
        ("overlap", "gene"),
        ("published", "value"),
        ("circular tree", "distance"),
        ("UMAP", "umap_2"),
        ("agreement", "silhouette"),
        ("cuts", "silhouette"),
        ("size", "mae"),
        ("seeds", "value"),
        ("enrichment", "p_adjusted"),
        ("expected errors", "grade"),
        ("one gene", "upper"),
        ("distances", "distance"),
        ("nearest", "measured"),
        ("coverage", "coverage"),
        ("distributions", "q50"),
        ("sample groups", "samples"),
    ],
)
def test_missing_column_is_named(name, column):
    with pytest.raises(BadData, match=column):
        FIGURES[name](lambda table: table.drop(columns=column))


@pytest.mark.parametrize(("dark", "colour"), [(False, TEXT), (True, TEXT_ON_DARK)])
def test_text_is_readable_on_the_page(case, dark, colour):
    figure = readable(whole(case), dark)
    assert figure.layout.font.color == colour
    for axis in [*figure.select_xaxes(), *figure.select_yaxes()]:
        assert axis.tickfont.color == axis.title.font.color == colour
    assert contrast(colour, "#0A0E13" if dark else "#FFFFFF") >= 7


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_missing_labels_are_grey_and_said():
    embedding = t.samples()[0].assign(label=lambda table: table["label"].where(table.index != 3))
    (unlabelled,) = (
        trace
        for trace in sample_scatter(embedding, "umap_1", "umap_2", "label", "1", "2").data
        if trace.name == "no label (1)"
    )
    assert unlabelled.ids == ("3",)
    assert unlabelled.marker.color == OTHER_COLOUR
