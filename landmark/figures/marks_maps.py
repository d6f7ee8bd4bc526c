"""What a network takes for typical of each class of genes, marks by bins."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.marks import CLASS_COLOURS, CLASSES, grid_of, order_of
from landmark.figures.marks_layers import AMOUNT, Layer, contribution_layer, stacked
from landmark.figures.tables import require
from landmark.figures.template import sentence


def pattern_maps(maps: pd.DataFrame, frequency: pd.DataFrame) -> go.Figure:
    """Draw the input that a network takes for the best example of each class, and how often each mark is up in it.

    Parameters
    ----------
    maps
        Columns label, mark, bin, value (0 to 1); of one cell type.
    frequency
        Columns label, mark, frequency (0 to 1): share of the bins that are active.
    """
    require(maps, ["label", "mark", "bin", "value"], "the pattern maps")
    require(frequency, ["label", "mark", "frequency"], "the frequency of marks")
    if maps.empty or frequency.empty:
        return sentence("No pattern map is known of this cell type.")
    marks = order_of(maps["mark"])
    layers = []
    for label, name in CLASSES.items():
        part, up = maps[maps["label"] == label], frequency[frequency["label"] == label]
        if len(part) and len(up):
            layers.append(
                Layer(
                    f"Typical of {name}",
                    grid_of(part, "value", marks),
                    "Value",
                    AMOUNT,
                    (0.0, 1.0),
                    "value <b>%{z:.2f}</b>",
                    up.set_index("mark")["frequency"].loc[marks].to_numpy(float),
                    "Active bins",
                    [CLASS_COLOURS[label]] * len(marks),
                    "active in <b>%{x:.0%}</b> of the bins",
                )
            )
    figure = stacked(layers, marks)
    figure.update_xaxes(range=[0, 1.05], tickvals=[0, 0.5, 1], ticktext=["0", "50", "100%"], col=2)
    return figure


def class_contributions(average: pd.DataFrame) -> go.Figure:
    """Draw what each mark and bin contributes on average to genes of each class, and its sum per mark.

    Parameters
    ----------
    average
        Columns label, mark, bin, contribution.
    """
    require(average, ["label", "mark", "bin", "contribution"], "the average contributions")
    if average.empty:
        return sentence("No average contribution is known.")
    marks = order_of(average["mark"])
    reach = float(average["contribution"].abs().max())
    layers = [
        contribution_layer(f"Mean of {name}", average[average["label"] == label], marks, reach)
        for label, name in CLASSES.items()
        if (average["label"] == label).any()
    ]
    return stacked(layers, marks)
