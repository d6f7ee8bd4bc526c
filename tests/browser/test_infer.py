"""From a small file to complete profiles in a real browser: uploaded, looked at, inferred, downloaded."""

from collections.abc import Iterator
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from landmark.data.reading import read
from landmark.store.runs import RunStore
from landmark.store.workspace import Workspace
from landmark.workflows.execute import execute_now
from tests.browser.driving import MARKS, no_fault, press, served, until
from tests.small import symbols, values

pytestmark = MARKS

GENES, LEARNED, NEW = 60, 80, 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A home with a predictor, and profiles of its own samples."""
    home = Workspace(tmp_path_factory.mktemp("infer") / "home")
    home.root.mkdir()
    path = home.root / "learned.h5ad"
    matrix = anndata.AnnData(
        values(LEARNED + NEW, GENES, 0).astype(np.float32), var=pd.DataFrame(index=symbols(GENES))
    )
    matrix.obs_names = [f"sample {place}" for place in range(LEARNED + NEW)]
    matrix[:LEARNED].write_h5ad(path)
    data = execute_now(home, "import", {"path": str(path)}).manifest.parents["dataset"]
    fit = execute_now(home, "fit", {"dataset": data, "set": "L1000-978"})
    execute_now(home, "profiles", {"dataset": data, "fit": fit.id})
    panel = list(fit.table("set")["gene"])[:-4]
    lines = ["\t".join(["id", *map(str, matrix.obs_names[LEARNED:])])]
    lines += ["\t".join([name, *map(str, matrix[LEARNED:, name].X.ravel())]) for name in panel]
    text = "\n".join(["#1.3", f"{len(panel)}\t{NEW}\t0\t0", *lines, ""])
    (home.root / "panel.gct").write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def address(home: Workspace) -> Iterator[str]:
    with served(home) as address:
        yield address


def test_from_a_small_file_to_complete_profiles(page, address: str, home: Workspace, tmp_path: Path) -> None:
    old = RunStore(home).newest("profiles")
    page.goto(f"{address}/infer?run={old.id}")
    expect(page.get_by_text(f"for {LEARNED} samples of")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(home.root / "panel.gct")
    ahead = page.locator(".st-key-infer-ahead")
    expect(ahead.get_by_text(f"{GENES // 2 - 4} of {GENES // 2} landmark genes")).to_be_visible()
    expect(ahead.get_by_text("4 landmark genes missing")).to_be_visible()
    press(page, "Infer profiles")
    until(lambda: RunStore(home).newest("profiles").id != old.id, 120, home)
    expect(
        page.get_by_text(f"{GENES // 2 + 4} genes inferred for {NEW} samples of panel.gct")
    ).to_be_visible()
    no_fault(page)

    page.get_by_test_id("stPopover").get_by_role("button").first.click()
    with page.expect_download() as begun:
        press(page, "Download as GCT")
    path = tmp_path / "profiles.gct"
    begun.value.save_as(path)
    assert read(path).shape == (NEW, GENES)

    for view in ("One sample", "Heat map", "Against the truth", "All genes", "Landmark genes and scale"):
        tab = page.get_by_role("tab", name=view)
        if tab.count():
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            no_fault(page)
    page.reload()
    expect(
        page.get_by_text(f"{GENES // 2 + 4} genes inferred for {NEW} samples of panel.gct")
    ).to_be_visible()
    no_fault(page)
