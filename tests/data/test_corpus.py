"""Several hundred bad files: each imports, or is refused with one clear error, in bounded time and memory."""

import dataclasses
import resource
import time
from pathlib import Path

import numpy as np
import pytest

from landmark.data import read
from landmark.data.io.files import MEGABYTE, limits
from landmark.errors import BadData
from tests.data.corpus import bad_files, good_files


def test_the_good_files_are_good(tmp_path: Path) -> None:
    for path in good_files(tmp_path):
        assert read(path).shape == (12, 8), path.name


@pytest.mark.slow
def test_bad_files_import_or_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_MAX_UPLOAD_MB", "50")
    within = dataclasses.replace(limits(), seconds=3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    imported = refused = 0
    for path in bad_files(tmp_path):
        started = time.monotonic()
        try:
            adata = read(path, within)
        except BadData:
            refused += 1
        else:
            imported += 1
            assert adata.n_obs >= 2, path.name
            assert np.isfinite(adata.X).all(), path.name
            assert adata.obs_names.is_unique, path.name
            assert adata.var_names.is_unique, path.name
        assert time.monotonic() - started < 20, path.name
    assert refused > 300
    assert imported > 50
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 500 * MEGABYTE
