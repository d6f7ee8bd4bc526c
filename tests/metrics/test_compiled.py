"""What one process has compiled for UMAP, the next one reads."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from landmark.metrics.umap import umap_coordinates

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
import numpy as np
from numba.core.dispatcher import Dispatcher
import umap
from landmark.metrics.umap import umap_coordinates
functions = {f for name, module in list(sys.modules.items()) if name.startswith(("umap", "pynndescent"))
             for f in vars(module).values() if isinstance(f, Dispatcher)}
on_import = {f for f in functions if f.stats.cache_misses}  # their types are declared
np.save(sys.argv[1], umap_coordinates(np.load(sys.argv[2])))
found = functions - on_import
print(sum(sum(f.stats.cache_hits.values()) for f in found), sum(sum(f.stats.cache_misses.values()) for f in found))
"""


def test_the_next_process_compiles_nothing(groups, tmp_path):
    values, _ = groups
    here = umap_coordinates(values)
    np.save(tmp_path / "values.npy", values)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "there.npy", tmp_path / "values.npy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    read, compiled = map(int, done.stdout.split())
    assert read > 5
    assert compiled == 0
    np.testing.assert_array_equal(np.load(tmp_path / "there.npy"), here)
