"""Sets that are cut to their first genes where they are named."""

import pytest

from landmark.errors import BadConfiguration
from landmark.genesets.sources import l1000
from landmark.workflows.execute import execute_now


def test_a_single_set_can_be_cut_to_its_first_genes(home, dataset):
    asked = {"dataset": dataset, "random_sets": 0}
    for text, size in (("L1000:6", 6), ("L1000-978:7", 7), ("L1000", 40)):
        run = execute_now(home, "compare", asked | {"sets": [text]})
        [found] = run.manifest.metrics["sets"].values()
        assert found["size"] == size
        assert list(run.table("sets")["gene"]) == list(l1000().genes[:size])
    with pytest.raises(BadConfiguration, match="not a number of genes"):
        execute_now(home, "compare", asked | {"sets": ["L1000:few"]})
