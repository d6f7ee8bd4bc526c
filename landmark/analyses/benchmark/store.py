"""Finished folds of a benchmark at work, kept one by one so that none is computed twice. Imports no jax."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

TABLES = ("results", "duels", "chosen", "costs")
"""Tables of a fold, as of the whole benchmark."""


class FoldStore:
    """Finished folds in the folder of a run, which are dropped when the run is published."""

    def __init__(self, draft: Path) -> None:
        self._folder = draft / "checkpoints"

    def working(self, seed: int, fold: int) -> Path:
        """Return the folder for checkpoints of a fold at work."""
        return self._folder / f"work-{seed}-{fold}"

    def finished(self, seed: int, fold: int) -> bool:
        """Tell whether a fold is finished."""
        return self._place(seed, fold).is_dir()

    def save(self, seed: int, fold: int, tables: Mapping[str, pd.DataFrame]) -> None:
        """Keep the tables of a finished fold, in one step for any reader, and drop its checkpoints."""
        draft = self._folder / f".{self._place(seed, fold).name}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for name in TABLES:
            tables[name].assign(seed=seed, fold=fold).to_parquet(draft / f"{name}.parquet", index=False)
        draft.rename(self._place(seed, fold))
        shutil.rmtree(self.working(seed, fold), ignore_errors=True)

    def count(self) -> int:
        """Return the number of finished folds."""
        return len(self._all())

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of all finished folds, by seed and fold; there must be one."""
        return pd.concat(
            [pd.read_parquet(place / f"{name}.parquet") for place in self._all()], ignore_index=True
        )

    def _place(self, seed: int, fold: int) -> Path:
        return self._folder / f"fold-{seed}-{fold}"

    def _all(self) -> list[Path]:
        places = self._folder.glob("fold-*-*")
        return sorted(places, key=lambda place: [int(part) for part in place.name.split("-")[1:]])
