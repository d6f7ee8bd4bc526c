"""The page of published figures: alone, beside ours, and for a dataset that is not read at once."""

from landmark.analyses.compare import view_published
from tests.pages.opened import press, sound, table, words

PAGE = "evidence/published.py"


def test_published_figures_stand_alone_where_there_is_no_dataset(home):
    page = sound(PAGE)
    assert "There is no dataset yet" in words(page)
    assert set(table(page, "published")["here"]) == {"not computed here"}


def test_without_runs_it_says_what_fills_the_lines(real):
    real.dataset()
    assert "Nothing has been computed" in words(sound(PAGE))


def test_ours_stands_beside_them_without_claims(real):
    real("infer")
    real("train")
    page = sound(PAGE)
    assert "None of the published figures can be compared with ours" in words(page)
    assert "Linear regression from L1000, for instance" in words(page)
    page.pills[0].set_value("Kong et al. 2021").run()
    assert not page.exception
    assert set(table(page, "published")["paper"]) == {"Kong et al. 2021"}
    for panel in page.selectbox[0].options:
        page.selectbox[0].select(panel).run()
        assert not page.exception


def test_a_large_dataset_is_read_when_asked(real, monkeypatch):
    real("infer")
    monkeypatch.setattr(view_published, "READ_AT_ONCE", 0)
    page = sound(PAGE)
    shown = table(page, "published").set_index("figure")
    assert shown.loc["MAE of D-GEX made again", "here"] == "not computed here"
    press(page, "Compute the other scales")
    shown = table(page, "published").set_index("figure")
    assert shown.loc["MAE of D-GEX made again", "here"].endswith("0 to 1 per gene")
    assert "Compute the other scales" not in [one.label for one in page.button]
