"""One meaning, one colour; labels that can be told apart."""

import tomllib
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landmark.plots import colours as c

from .test_laws import contrast

CONFIG = "/".join((*__file__.split("/")[:-3], ".streamlit/config.toml"))


def test_sets_have_the_colour_of_their_kind():
    assert c.set_colours(["D490", "L1000", "mine", "random 1", "random 2"]) == {
        "D490": "#D55E00",
        "L1000": "#0072B2",
        "mine": c.OTHER_SETS[0],
        "random 1": "#8A8A8A",
        "random 2": "#8A8A8A",
    }


def test_kinds_given_are_stronger_than_names():
    given_kinds = {"D490": "list", "greedy": "improved", "mine": "ranking"}
    found = c.set_colours(["D490", "greedy", "mine"], given_kinds)
    assert found == {"D490": c.OTHER_SETS[0], "greedy": "#009E73", "mine": "#D55E00"}


@given(
    st.lists(st.sampled_from(["D100", "D490", "D943", "L1000", "L1000 (943)", "a", "b", "c"]), unique=True)
)
def test_no_two_sets_look_the_same(names):
    assert len(set(c.set_colours(names).values())) == len(names)


def test_labels_beyond_twenty_become_other():
    labels = [f"tissue {place}" for place in range(30) for _ in range(40 - place)]
    groups = c.group_labels(labels)
    styles = c.label_styles(groups)
    assert len(styles) == 21
    assert list(styles)[:2] == ["tissue 0", "tissue 1"]
    assert list(styles)[-1] == "other"
    assert (groups == "other").sum() == sum(40 - place for place in range(20, 30))


@given(st.lists(st.one_of(st.none(), st.text(max_size=3), st.just(float("nan"))), max_size=80))
@example(["²", "٣"])
def test_grouping_keeps_every_sample(labels):
    groups = c.group_labels(labels)
    assert len(groups) == len(labels)
    assert set(groups) == set(c.label_styles(groups))


def test_same_labels_have_the_same_colours_in_any_order():
    labels = pd.Series(["b"] * 3 + ["a"] * 3 + ["c"] * 5)
    assert c.label_styles(c.group_labels(labels)) == c.label_styles(c.group_labels(labels[::-1]))


def test_clusters_of_one_size_come_in_the_order_of_their_numbers():
    groups = c.group_labels([f"cluster {number}" for number in (10, 2, 1)])
    assert list(c.label_styles(groups)) == ["cluster 1", "cluster 2", "cluster 10"]


@pytest.mark.parametrize("ground", ["#FFFFFF", "#0A0E13"])
def test_every_colour_shows_on_both_pages(ground):
    for colour in (
        *c.LABELS,
        *c.OTHER_SETS,
        c.DEEPLIFT,
        c.L1000,
        c.IMPROVED,
        c.RANDOM,
        c.AUTOENCODER,
        c.PCA,
        c.NEUTRAL,
    ):
        assert contrast(colour, ground) >= 2, colour


SIMULATED = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
"""Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB."""


@pytest.mark.parametrize(
    ("vision", "least"), [("normal", 0.12), ("protanopia", 0.06), ("deuteranopia", 0.06)]
)
def test_labels_differ_to_every_eye(vision, least):
    seen = [oklab(np.asarray(SIMULATED[vision]) @ linear(colour)) for colour in c.LABELS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > least


def test_labels_never_borrow_the_colour_of_a_meaning():
    assert not set(c.LABELS) & {c.DEEPLIFT, c.L1000, c.IMPROVED, c.RANDOM, c.AUTOENCODER, c.PCA}
    assert len(set(c.LABELS)) == len(c.LABELS) == 20


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Ottosson (2020), A perceptual color space for image processing."""
    to_cone = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
               [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
              [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
    return np.asarray(to_lab) @ np.cbrt(np.asarray(to_cone) @ np.clip(rgb, 0, 1))


@pytest.fixture(scope="module")
def theme():
    with open(CONFIG, "rb") as file:
        return tomllib.load(file)["theme"]


@pytest.mark.parametrize("side", ["light", "dark"])
def test_theme_text_is_readable(theme, side):
    page = theme[side]
    for part in (page, page["sidebar"]):
        for ground in (part["backgroundColor"], part["secondaryBackgroundColor"]):
            assert contrast(page["textColor"], ground) >= 7
            assert contrast(page["linkColor"], ground) >= 4.5
            assert contrast(page["primaryColor"], ground) >= 3
    # Streamlit writes white on buttons of the primary colour.
    assert contrast(page["primaryColor"], "#FFFFFF") >= 4.5


def test_theme_draws_with_the_colours_of_the_figures(theme):
    ours = {c.DEEPLIFT, c.L1000, c.IMPROVED, c.RANDOM, c.AUTOENCODER, c.PCA, *c.OTHER_SETS}
    assert theme["chartCategoricalColors"][:3] == [c.DEEPLIFT, c.L1000, c.IMPROVED]
    assert set(theme["chartCategoricalColors"]) <= ours
    assert len(theme["chartDivergingColors"]) == 10


def test_streamlit_knows_every_option(theme):
    from streamlit import config

    with open(CONFIG, "rb") as file:
        options = tomllib.load(file)
    known = config._config_options_template
    for section in ("server", "browser", "client"):
        assert all(f"{section}.{name}" in known for name in options[section])
    for name, value in theme.items():
        keys = [f"theme.{name}"]
        if isinstance(value, dict):
            flat = {k: v for k, v in value.items() if k != "sidebar"}
            keys = [f"theme.{name}.{k}" for k in flat] + [
                f"theme.{name}.sidebar.{k}" for k in value["sidebar"]
            ]
        assert all(key in known for key in keys), keys
