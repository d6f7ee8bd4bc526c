"""The form that asks for a run about gene sets: fields by name, each with the one widget of its meaning."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from landmark.configuration import Configuration
from landmark.store.datasets import Dataset
from landmark.ui.form import fields
from landmark.ui.gene_set_choice import choose_set, choose_sets
from landmark.ui.jobs import start, start_button
from landmark.ui.predictor_choice import (
    choose_covariate,
    choose_predictor,
    choose_predictors,
    few_enough,
    network_settings,
)

NETWORKS = "networks"
"""Stands among the names of fields for the settings of those networks that are among the predictors chosen."""

Widget = Callable[[Dataset, str, Mapping[str, Any]], dict[str, Any]]
"""Draws one field for a dataset under a key, knowing what is chosen so far; returns values by field."""

WIDGETS: Mapping[str, Widget] = {
    "sets": lambda data, key, _: {"sets": choose_sets(data, f"{key}-{data.id}")},
    "set": lambda data, key, _: {"set": choose_set(data, f"{key}-set-{data.id}")},
    "predictor": lambda data, key, _: {"predictor": choose_predictor(key)},
    "predictors": lambda data, key, _: {"predictors": choose_predictors(key)},
    "covariate": lambda data, key, _: {"covariate": choose_covariate(data, key)},
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
    kind, configuration
        Of the run.
    rows
        Rows of columns of fields.
    more
        Fields that are folded away.
    button, icon
        What starts the run, and the icon beside it.
    labels
        Labels of fields whose name does not read well.
    key
        Begins the keys of the widgets.
    widgets
        Fields that this form draws in its own way.
    """

    kind: str
    configuration: type[Configuration]
    rows: Sequence[Sequence[Sequence[str]]]
    more: Sequence[str]
    button: str
    icon: str
    key: str
    labels: Mapping[str, str] = field(default_factory=dict)
    widgets: Mapping[str, Widget] = field(default_factory=dict)

    def draw(self, dataset: Dataset, disabled: bool, first: bool = True, **given: Any) -> None:
        """Show the form, and start the run on request.

        Parameters
        ----------
        dataset
            What the run is about.
        disabled
            Whether such a run is at work already.
        first
            Whether this is the main button of the page.
        given
            Values that are chosen elsewhere.
        """
        chosen: dict[str, Any] = {}
        for row in self.rows:
            places: Sequence[AbstractContextManager[Any]]
            places = st.columns(len(row)) if len(row) > 1 else [nullcontext()]
            for place, names in zip(places, row, strict=True):
                with place:
                    self._draw(dataset, names, chosen)
        with st.expander("More settings", icon=":material/tune:"):
            self._draw(dataset, self.more, chosen)
        if start_button(
            self.button, self.icon, disabled, _possible(chosen), first=first, key=f"{self.key}-start"
        ):
            start(self.kind, {"dataset": dataset.id, **given, **chosen})

    def _draw(self, dataset: Dataset, names: Sequence[str], chosen: dict[str, Any]) -> None:
        for name in names:
            widget = self.widgets.get(name) or WIDGETS.get(name)
            if widget is not None:
                chosen |= widget(dataset, self.key, chosen)
            else:
                chosen |= fields(self.configuration, [name], self.key, self.labels)


def _possible(chosen: Mapping[str, Any]) -> bool:
    """Tell whether enough and not too much is chosen, and say so where it is not."""
    if not chosen.get("predictors", ["one"]):
        st.warning("Choose at least one predictor.")
        return False
    return "sets" not in chosen or few_enough(chosen["sets"])
