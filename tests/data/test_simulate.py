"""The simulation: its truth, its seed, its bounds."""

import numpy as np
import pytest

from landmark.data.gene_identifiers import landmark_symbols
from landmark.data.history import fact, history
from landmark.data.sources.simulate import SimulationConfiguration, simulate
from landmark.errors import BadConfiguration, Cancelled
from landmark.progress import Progress

SMALL = SimulationConfiguration(samples=300, genes=200, programs=4, drivers=5)


def test_shape_scale_and_truth() -> None:
    adata = simulate(SMALL)
    assert adata.shape == (300, 200)
    assert adata.X.dtype == np.float32
    assert adata.X.min() >= 4
    assert adata.X.max() <= 15
    assert adata.var["driver"].sum() == 20
    assert (adata.var.loc[adata.var["driver"], "program"].value_counts() == 5).all()
    assert (adata.var.loc[~adata.var["driver"], "program"] == -1).all()
    assert adata.obs["tissue"].nunique() == 8
    assert adata.var_names.is_unique
    assert len(set(adata.var_names) & landmark_symbols()) == 50
    assert fact(adata, "unit") == "log2 expression"
    assert history(adata)[0]["seed"] == 0


def test_seed() -> None:
    assert np.array_equal(simulate(SMALL).X, simulate(SMALL).X)
    other = simulate(SMALL.model_copy(update={"seed": 1}))
    assert not np.array_equal(simulate(SMALL).X, other.X)


def test_drivers_of_one_program_vary_together() -> None:
    adata = simulate(SMALL)
    correlation = np.corrcoef(adata.X.T)
    program = adata.var["program"].to_numpy()
    drivers = np.flatnonzero(program >= 0)
    pairs = [(correlation[i, j], program[i] == program[j]) for i in drivers for j in drivers if i < j]
    assert min(r for r, same in pairs if same) > 0.5
    assert np.mean([abs(r) for r, same in pairs if not same]) < 0.4


def test_targets_depend_on_drivers_and_the_rest_does_not() -> None:
    adata = simulate(SMALL.model_copy(update={"samples": 2000}))
    X = (adata.X - adata.X.mean(axis=0)) / adata.X.std(axis=0)
    drivers = adata.var["driver"].to_numpy()
    coefficients, *_ = np.linalg.lstsq(X[:, drivers], X[:, ~drivers], rcond=None)
    explained = 1 - (X[:, ~drivers] - X[:, drivers] @ coefficients).var(axis=0)
    # 40 of the 180 genes answer to nothing: 20 predictors explain 1% of their variance by chance.
    assert 40 <= (explained < 0.04).sum() <= 60
    assert np.median(explained) > 0.1


def test_no_room_for_targets() -> None:
    with pytest.raises(BadConfiguration, match="leave no target genes"):
        simulate(SimulationConfiguration(genes=100))
    with pytest.raises(BadConfiguration, match="samples = 1"):
        SimulationConfiguration.parse({"samples": 1})


def test_progress_and_cancel() -> None:
    seen: list[Progress] = []
    simulate(SMALL, seen.append)
    assert seen[-1].done == seen[-1].total == 300

    def stop(progress: Progress) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        simulate(SMALL, stop)
