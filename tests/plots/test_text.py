"""Names as they are, and densities as they should be."""

import html

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from landmark.plots.distributions import density, grid
from landmark.plots.theme import plain, shortened, wrapped
from landmark.wording import counted


@given(st.text(max_size=40))
def test_a_name_reads_back_as_it_was(name):
    assert html.unescape(plain(name)) == " ".join(html.unescape(name).split()) or "&" in name
    assert not set(plain(name)) & {"<", ">", "$"}
    assert "%{" not in plain(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("a&lt;b", "a&amp;lt;b"),
        ("%{x}", "&#37;{x}"),
        ("$y$", "&#36;y&#36;"),
    ],
)
def test_markup_of_plotly_is_escaped(name, shown):
    assert plain(name) == shown


def test_long_names_are_cut_before_they_are_escaped():
    assert shortened("a" * 30, 10) == "a" * 9 + "…"
    assert wrapped("one two three <four> five six", 9, 3) == "one two<br>three<br>&lt;four&gt; …"


def test_counts():
    assert counted(1, "gene") == "1 gene"
    assert counted(5241, "gene") == "5,241 genes"


def test_density_of_normal_values_is_the_normal_density():
    sample = norm.ppf((np.arange(4000) + 0.5) / 4000)
    at = grid([sample])
    assert np.abs(density(sample, at) - norm.pdf(at)).max() < 0.02


def test_density_of_many_values_is_that_of_all():
    sample = np.random.default_rng(0).gamma(3, size=60_000)
    at = grid([sample])
    assert np.abs(density(sample, at) - density(sample[:20_000], at)).max() < 0.01


@pytest.mark.parametrize("sample", [np.full(5, 2.0), np.array([2.0]), np.array([2.0, np.nan, np.inf])])
def test_density_of_a_constant_is_a_narrow_peak(sample):
    at = grid([sample])
    found = density(sample, at)
    assert at[found.argmax()] == pytest.approx(2.0, abs=0.01)
    assert np.trapezoid(found, at) == pytest.approx(1, abs=0.05)


def test_density_of_nothing_is_zero():
    assert not density(np.array([np.nan]), grid([])).any()


def test_grid_respects_bounds():
    at = grid([np.array([0.01, 0.99])], 0.0, 1.0)
    assert (at[0], at[-1]) == (0.0, 1.0)
