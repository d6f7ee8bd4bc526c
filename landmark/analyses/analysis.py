"""One analysis: everything that the store, the jobs, the command line and the pages need to know of it."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from landmark.configuration import Configuration
from landmark.results import Results, Table

if TYPE_CHECKING:
    from landmark.store.runs import RunStore

C = TypeVar("C", bound=Configuration)
R = TypeVar("R", bound=Results)


def always(values: Mapping[str, Any]) -> bool:
    """Whatever is asked."""
    return True


def never(values: Mapping[str, Any]) -> bool:
    """Whatever is asked, not."""
    return False


@dataclass(frozen=True)
class Entry:
    """A page in the menu.

    Attributes
    ----------
    section, title, icon
        The group of pages it stands in, what it is called there, and its icon of Material Symbols.
    file
        The page, relative to app.py.
    """

    section: str
    title: str
    icon: str
    file: str


@dataclass(frozen=True)
class Analysis(Generic[C, R]):
    """One analysis, declared in the ``__init__`` of its folder and named in the registry.

    Attributes
    ----------
    name
        Of the kind of run that is stored.
    title
        What a run of it is called on pages.
    page, entry
        Name in the address of the page that makes it, and that page in the menu; None where another analysis has it.
    configuration, results, tables
        What is asked, what is found, and the tables of a run by name.
    headline
        Says the main finding in one line without a full stop.
    uses_device
        Whether a run with these values of its configuration trains or asks a network, which takes all of a machine's
        accelerators or cores, so that it waits for others that do.
    trains
        Whether it trains a network that several processes can train together. ``run.py`` then has
        ``take_part(configuration, context)``, which trains exactly as ``run`` and writes nothing, unless only the
        steps of the run train.
    gives_sets
        Whether a run of it is a gene set: ``<run>:<number of genes>``.
    complete
        Fills in what a command was not told and only this analysis knows, such as the newest ranking as the set.
    command
        Of the command line, of two words where it stands in a group; that of the kind where it is empty.
    adopts
        What pages work on once a run is finished: the dataset or the model it made, or the run itself.
    """

    name: str
    title: str
    page: str
    configuration: type[C]
    results: type[R]
    headline: Callable[[R], str]
    entry: Entry | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    uses_device: Callable[[Mapping[str, Any]], bool] = always
    trains: Callable[[Mapping[str, Any]], bool] = never
    gives_sets: bool = False
    complete: Callable[[Mapping[str, Any], "RunStore"], Mapping[str, Any]] = lambda values, store: values
    command: str = ""
    adopts: Literal["dataset", "model", "itself"] | None = None

    @property
    def module(self) -> str:
        """Dotted name of ``run.py`` beside its configuration, whose ``run(configuration, context)`` does it."""
        return f"{self.configuration.__module__.rpartition('.')[0]}.run"

    @property
    def verb(self) -> str:
        """Name of its command."""
        return self.command or self.name

    def run(self) -> Callable[[C, Any], Any]:
        """Import what computes it; only then, as it may load JAX."""
        return cast("Callable[[C, Any], Any]", importlib.import_module(self.module).run)

    def read(self, metrics: Mapping[str, Any]) -> R:
        """Read the figures of one of its runs: ``COMPARE.read(run.manifest.metrics)``."""
        return self.results.read(metrics)
