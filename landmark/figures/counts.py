"""How many samples or genes there are of each kind."""

import pandas as pd
import plotly.graph_objects as go

from landmark.figures.colours import NEUTRAL, TRAINING, VALIDATION, group_labels, label_styles
from landmark.figures.template import framed, sentence
from landmark.figures.text import plain, shortened

_SPLIT = {"train": ("training", TRAINING, ""), "test": ("test", VALIDATION, "/")}


def label_counts(labels: pd.Series, split: pd.Series | None = None) -> go.Figure:
    """Draw how many samples carry each label, the most frequent first, divided into training and test samples.

    Parameters
    ----------
    labels
        Label of every sample.
    split
        "train" or "test" for every sample; without it the bars have the colours of their labels.
    """
    if not len(labels):
        return sentence("There are no samples to count.", 200)
    groups = group_labels(labels)
    styles = label_styles(groups)
    figure = go.Figure()
    rows = list(styles)
    ticks = [plain(shortened(name, 28)) for name in rows]
    parts: dict[str, tuple[pd.Series, str | list[str], str]] = {}
    if split is None:
        parts["samples"] = (groups, [colour for colour, _ in styles.values()], "")
    else:
        marks = pd.Series(split).reset_index(drop=True)
        for value, (name, shade, pattern) in _SPLIT.items():
            parts[name] = (groups[marks == value], shade, pattern)
    for name, (part, colour, pattern) in parts.items():
        counts = part.value_counts().reindex(rows, fill_value=0)
        figure.add_bar(
            x=counts.to_numpy(),
            y=list(range(len(rows))),
            orientation="h",
            name=f"{name} ({len(part):,})",
            marker={"color": colour, "line": {"width": 0}, "pattern": {"shape": pattern, "size": 6}},
            customdata=[plain(row) for row in rows],
            hovertemplate=f"<b>%{{customdata}}</b><br>%{{x:,}} {name}<extra></extra>",
            showlegend=split is not None,
        )
    framed(figure, "Samples", "Label", 130 + 24 * len(rows), barmode="stack", bargap=0.25)
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=ticks,
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_xaxes(tickformat=",d")
    return figure


def identifier_counts(counts: pd.Series) -> go.Figure:
    """Draw how many gene identifiers are of each kind.

    Parameters
    ----------
    counts
        Number of identifiers, by kind ("gene symbol", "HG-U133A probe", "unknown").
    """
    counts = counts[counts > 0].sort_values(ascending=False)
    if counts.empty:
        return sentence("There are no identifiers to count.", 200)
    figure = go.Figure(
        go.Bar(
            x=counts.to_numpy(),
            y=list(range(len(counts))),
            orientation="h",
            marker={"color": NEUTRAL, "line": {"width": 0}},
            text=[f"{count:,} ({100 * count / counts.sum():.1f}%)" for count in counts],
            textposition="auto",
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    framed(figure, "Identifiers in the file", "Kind", 120 + 36 * len(counts), bargap=0.3)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(counts))),
        ticktext=[plain(name) for name in counts.index],
        range=[len(counts) - 0.4, -0.6],
        showgrid=False,
    )
    figure.update_xaxes(tickformat=",d")
    return figure
