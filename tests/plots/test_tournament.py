"""Strategies are told apart, differences stand around zero, and costs say what is shared."""

import numpy as np
import pytest

from landmark.analyses.benchmark.figures import STYLES, benchmark_curves, cost_strips
from landmark.analyses.choices import STRATEGIES
from landmark.plots import colours as c

from . import tournament_tables as k


def test_every_strategy_has_a_look_of_its_own_in_the_colours_of_the_house():
    looks = {(style.colour, style.symbol) for style in STYLES.values()}
    assert len(looks) == len({style.name for style in STYLES.values()}) == len(STYLES)
    assert set(STYLES) == {*STRATEGIES, "L1000"}
    assert STYLES["ranking"].colour == c.DEEPLIFT
    assert STYLES["L1000"].colour == c.L1000
    assert STYLES["left_out"].colour == c.IMPROVED
    assert STYLES["random"].colour == c.RANDOM


def test_points_have_intervals_and_the_true_size_in_the_hover():
    table = k.standing()
    figure = benchmark_curves(table, "mae")
    blend = next(trace for trace in figure.data if trace.name == "Greedy (blend)")
    rows = table[(table["strategy"] == "blend") & (table["measure"] == "mae")]
    np.testing.assert_allclose(blend.y, rows["mean"])
    np.testing.assert_allclose(blend.y + blend.error_y.array, rows["high"])
    np.testing.assert_allclose(blend.y - blend.error_y.arrayminus, rows["low"])
    assert [row[0] for row in blend.customdata] == [122, 245, 490]
    assert list(figure.layout.xaxis.ticktext) == ["122", "245", "490"]
    np.testing.assert_allclose(blend.x, rows["size"], rtol=0.05)


def test_differences_leave_out_the_opponent_and_stand_around_zero():
    figure = benchmark_curves(k.standing(), "pcc", "random")
    assert "Random sets" not in {trace.name for trace in figure.data}
    assert [line.y0 for line in figure.layout.shapes] == [0]
    assert figure.layout.yaxis.title.text.endswith("difference to Random sets")


@pytest.mark.parametrize(("measure", "ascending"), [("mae", True), ("pcc", False)])
def test_of_one_size_the_best_stands_on_top(measure, ascending):
    table = k.standing([490], [measure])
    figure = benchmark_curves(table, measure)
    best = table.sort_values("mean", ascending=ascending)["strategy"].iloc[0]
    assert figure.layout.yaxis.categoryarray[-1] == figure.data[0].name
    assert figure.data[0].name == STYLES[best].name if best in STYLES else True
    assert "490 genes" in figure.layout.xaxis.title.text


def test_costs_are_shown_without_and_with_the_shared_training():
    alone, with_training = cost_strips(k.costs(), ["blend"]).data[:2]
    place = list(alone.y).index("Greedy (blend)")
    assert alone.x[place] == 4
    assert list(with_training.y) == ["Greedy (blend)"]
    assert with_training.x[0] == 94
    memory = cost_strips(k.costs(), ["blend"]).data[3]
    assert memory.x[0] == 600
