"""The form that asks for a run: fields by name, each with the one widget of its meaning."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from landmark.analyses.registry import ANALYSES
from landmark.store.datasets import Dataset
from landmark.store.runs import Run
from landmark.ui import state
from landmark.ui.form import fields
from landmark.ui.gene_set_choice import MOST_SETS, choose_set, choose_sets
from landmark.ui.jobs import start, start_button
from landmark.ui.predictor_choice import (
    choose_covariate,
    choose_predictor,
    choose_predictors,
    network_settings,
    paper_or_own,
)

NETWORKS = "networks"
"""Stands among the names of fields for the settings of those networks that are among the predictors chosen."""

Chosen = Mapping[str, Any]
"""Values by field, as far as they are chosen when a widget further down is drawn."""

Widget = Callable[[Any, str, Chosen], dict[str, Any]]
"""Draws one field for what the form is about under a key, knowing what is chosen so far; returns values by field."""

Row = str | Sequence[str | Sequence[str]]
"""A field as wide as the page, or columns beside each other, each of one field or several; a bold text is a heading."""

WIDGETS: Mapping[str, Widget] = {
    "sets": lambda data, key, _: {"sets": choose_sets(data, f"{key}-{data.id}")},
    "set": lambda data, key, _: {"set": choose_set(data, f"{key}-set-{data.id}")},
    "predictor": lambda data, key, _: {"predictor": choose_predictor(key)},
    "predictors": lambda data, key, _: {"predictors": choose_predictors(key)},
    "covariate": lambda data, key, _: {"covariate": choose_covariate(data, key)},
    "network": lambda data, key, _: {"network": paper_or_own(state.model(), f"{key}-network")},
    NETWORKS: lambda data, key, chosen: network_settings(
        chosen["predictors"] if "predictors" in chosen else [chosen["predictor"]], key
    ),
}
"""Fields with a meaning of their own; all others are drawn by their type."""


@dataclass(frozen=True)
class RunForm:
    """What one form asks.

    Attributes
    ----------
    kind
        Of the run; it says what can be asked, and begins the keys of the widgets.
    rows
        The fields, row by row.
    button, icon, work
        What starts the run, the icon beside it, and what keeps it from being started twice.
    again
        What the button says where such a run is shown already; the same where empty.
    more, fold, unfolded
        Rows that are folded away, under which words, and when they are open at first.
    labels
        Labels of fields whose name does not read well.
    widgets
        Fields that this form draws in its own way.
    when
        Fields that are asked for only where what is chosen before calls for them.
    beside
        Says between fields and button what the run will take; returns whether it can be started.
    role
        Of what the form is about in the configuration; empty where it is not part of it.
    """

    kind: str
    rows: Sequence[Row]
    button: str
    icon: str
    work: str = "Such a request is at work on this dataset"
    again: str = ""
    more: Sequence[Row] = ()
    fold: str = "More settings"
    unfolded: Callable[[Chosen], bool] = lambda chosen: False
    labels: Mapping[str, str] = field(default_factory=dict)
    widgets: Mapping[str, Widget] = field(default_factory=dict)
    when: Mapping[str, Callable[[Chosen], bool]] = field(default_factory=dict)
    beside: Callable[[Any, Chosen], bool] = lambda about, chosen: True
    role: str = "dataset"

    def draw(self, about: Dataset | Run, disabled: bool, first: bool = True, **given: Any) -> None:
        """Show the form, and start the run on request; arguments as for ``ask``."""
        asked = self.ask(about, disabled, first, **given)
        if asked is not None:
            start(self.kind, asked)

    def ask(
        self, about: Dataset | Run, disabled: bool, first: bool = True, **given: Any
    ) -> dict[str, Any] | None:
        """Show the form; return the configuration of the run when it is asked for.

        Parameters
        ----------
        about
            What the run is about.
        disabled
            Whether such a run is at work already.
        first
            Whether this is the main button of the page.
        given
            Values that are chosen elsewhere.
        """
        chosen: dict[str, Any] = {}
        self._draw(about, self.rows, chosen)
        if self.more:
            with st.expander(self.fold, icon=":material/tune:", expanded=self.unfolded(chosen)):
                self._draw(about, self.more, chosen)
        possible = _possible(chosen) and self.beside(about, chosen)
        label = self.button if first else self.again or self.button
        key = f"{self.kind}-start"
        if not start_button(label, self.icon, disabled, possible, first, self.work, key):
            return None
        return ({self.role: about.id} if self.role else {}) | given | chosen

    def _draw(self, about: Dataset | Run, rows: Sequence[Row], chosen: dict[str, Any]) -> None:
        for row in rows:
            if isinstance(row, str):
                chosen |= self._field(about, row, chosen)
                continue
            for place, column in zip(st.columns(len(row)), row, strict=True):
                with place:
                    self._draw(about, [column] if isinstance(column, str) else column, chosen)

    def _field(self, about: Dataset | Run, name: str, chosen: Chosen) -> dict[str, Any]:
        if name in self.when and not self.when[name](chosen):
            return {}
        if name.startswith("**"):
            st.markdown(name)
            return {}
        widget = self.widgets.get(name) or WIDGETS.get(name)
        if widget is not None:
            return widget(about, self.kind, chosen)
        return fields(ANALYSES[self.kind].configuration, [name], self.kind, self.labels)


def _possible(chosen: Chosen) -> bool:
    """Tell whether enough and not too much is chosen, and say so where it is not."""
    if not chosen.get("predictors", ["one"]):
        st.warning("Choose at least one predictor.")
        return False
    count = len(chosen.get("sets", ["one"]))
    if 1 <= count <= MOST_SETS:
        return True
    st.warning(f"Choose between 1 and {MOST_SETS} sets; {count} are chosen.")
    return False
