"""Complete profiles in figures: expected errors, a gene, a sample, a set of genes, inferred against measured."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.cluster.hierarchy import leaves_list, linkage

from landmark.plots.colours import AUTOENCODER, DEEPLIFT, GRADES, L1000, NEUTRAL, faded
from landmark.plots.distributions import add_density, grid
from landmark.plots.theme import (
    BELOW_ABOVE,
    framed,
    guide,
    interval,
    marks,
    name_rows,
    plain,
    plain_all,
    require,
    sentence,
    shortened,
)

INFERRED = AUTOENCODER
"""Colour of inferred values."""

_BINS = 60
_MOST_BARS = 120
"""Of so many samples each has an interval of its own; of more they make a band."""

_MOST_MARKS = 400
"""Of more genes, marks below a density run into each other."""

_MOST_NAMES = 40
"""So many names can be read below a figure."""

_LONGEST = 16
"""Letters of a sample's name below a figure."""

MEASURES = {"pcc": "Held-out r", "mae": "Held-out error (standard deviations)"}
"""Measures of the expected error of a gene, and what its axis is called."""


def error_histogram(
    genes: pd.DataFrame, measure: str, bounds: Mapping[str, float], gene: str = ""
) -> go.Figure:
    """Draw how the expected errors of the inferred genes are distributed, coloured by grade.

    Parameters
    ----------
    genes
        Columns gene, grade and the measure; measured genes are left out.
    measure
        One of ``MEASURES``.
    bounds
        Of the grades, by name, which are of r; drawn where that is the measure.
    gene
        Is marked, where it is among them.
    """
    require(genes, ["gene", "grade", measure], "the genes")
    known = genes[(genes["grade"] != "measured") & genes[measure].notna()]
    if known.empty:
        return sentence("No gene was inferred whose error is known.", 400)
    values = known[measure].to_numpy(float)
    low, high = float(values.min()), float(values.max())
    if measure == "pcc":
        low, high = min(low, 0.0), 1.0
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    figure = go.Figure()
    for grade in ("trust", "with care", "not"):
        own = values[(known["grade"] == grade).to_numpy()]
        if not own.size:
            continue
        counts, _ = np.histogram(own, edges)
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=edges[1] - edges[0],
            name=f"{grade} ({own.size:,})",
            marker={"color": GRADES[grade], "line": {"width": 0}},
            hovertemplate=f"%{{y:,}} genes at %{{x:.2f}}<br>{grade}<extra></extra>",
        )
    title = MEASURES[measure]
    if measure == "pcc" and bounds:
        title += f" ({', '.join(f'{name} from {bound:g}' for name, bound in bounds.items())})"
    framed(figure, title, "Inferred genes", 400, barmode="stack", bargap=0)
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_yaxes(tickformat=",d", rangemode="tozero")
    figure.update_xaxes(range=[float(edges[0]), float(edges[-1])])
    for name, bound in bounds.items() if measure == "pcc" else ():
        figure.add_vline(x=bound, line=guide(dash="dash"))
        figure.add_annotation(
            x=bound,
            y=1,
            yref="paper",
            xanchor="left",
            yanchor="top",
            text=f" {name}",
            showarrow=False,
        )
    own_value = known.loc[known["gene"].astype(str) == gene, measure]
    if len(own_value):
        figure.add_vline(x=float(own_value.iloc[0]), line={"color": DEEPLIFT, "width": 2})
        figure.add_annotation(
            x=float(own_value.iloc[0]),
            y=0.8,
            yref="paper",
            xanchor="right",
            text=f"<i>{plain(gene)}</i> ",
            showarrow=False,
        )
    return figure


def gene_intervals(values: pd.DataFrame, gene: str, unit: str, level: float) -> go.Figure:
    """Draw one gene over samples, in the order of the table, each value with its interval.

    ``values``: columns sample, value, lower, upper; truth where there is one; group where samples stand in groups, one
    group after the other. Where lower and upper are equal the gene was measured.
    """
    require(values, ["sample", "value", "lower", "upper"], "a gene over the samples")
    if values.empty:
        return sentence("There are no samples to show.")
    measured = bool((values["lower"] == values["upper"]).all())
    place = np.arange(1, len(values) + 1)
    names = plain_all(values["sample"])
    figure = go.Figure()
    few = len(values) <= _MOST_BARS
    share = f"{100 * level:g}% interval"
    if not few and not measured:
        figure.add_scatter(
            x=np.concatenate([place, place[::-1]]),
            y=np.concatenate([values["upper"], values["lower"][::-1]]),
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=faded(INFERRED, 0.22),
            name=share,
            hoverinfo="skip",
        )
    what = "measured" if measured else "inferred"
    colour = GRADES["measured"] if measured else INFERRED
    hover = f"<b>%{{text}}</b><br>{what} <b>%{{y:.3g}}</b>"
    figure.add_trace(
        marks(len(values))(
            x=place,
            y=values["value"],
            mode="markers",
            name=f"{what}, with its {share}" if few and not measured else what,
            text=names,
            customdata=values[["lower", "upper"]].to_numpy(),
            marker={"color": colour, "size": 7 if few else 4},
            error_y=interval(values["value"], values["lower"], values["upper"], faded(INFERRED, 0.6), width=0)
            if few and not measured
            else None,
            hovertemplate=hover
            + ("" if measured else f"<br>{share} %{{customdata[0]:.3g}} to %{{customdata[1]:.3g}}")
            + "<extra></extra>",
        )
    )
    if "truth" in values and not measured and values["truth"].notna().any():
        figure.add_trace(
            marks(len(values))(
                x=place,
                y=values["truth"],
                mode="markers",
                name="measured",
                text=names,
                marker={"color": GRADES["measured"], "size": 7 if few else 4, "symbol": "diamond"},
                hovertemplate="<b>%{text}</b><br>measured <b>%{y:.3g}</b><extra></extra>",
            )
        )
    framed(figure, "Samples, in the order chosen", f"{plain(gene)} ({plain(unit)})")
    figure.update_layout(legend={"itemsizing": "constant"})
    figure.update_xaxes(showgrid=False, tickformat=",d", range=[0.2, len(values) + 0.8])
    if "group" in values:
        _name_groups(figure, values["group"].astype(str))
    elif len(values) <= _MOST_NAMES:
        short = [_end(name) for name in values["sample"]]
        figure.update_xaxes(tickvals=place.tolist(), ticktext=short, tickangle=-45)
    return figure


def _end(name: object) -> str:
    """Cut a long name of a sample at its start: what tells samples apart stands at the end more often than not."""
    text = " ".join(str(name).split())
    return plain(text if len(text) <= _LONGEST else f"…{text[1 - _LONGEST :]}")


def _name_groups(figure: go.Figure, groups: pd.Series) -> None:
    """Name groups of samples that stand beside each other, with a line between them."""
    starts = np.flatnonzero((groups != groups.shift()).to_numpy())
    ends = np.append(starts[1:], len(groups))
    for end in ends[:-1]:
        figure.add_vline(x=end + 0.5, line=guide(width=1))
    names = [plain(shortened(groups.iloc[start])) for start in starts]
    figure.update_xaxes(
        tickvals=((starts + ends + 1) / 2).tolist(), ticktext=names, tickangle=-45 if len(names) > 6 else 0
    )


def sample_distances(samples: pd.DataFrame, held_out: pd.DataFrame | None, sample: str) -> go.Figure:
    """Draw how far new samples lie from the training samples, beside held-out training samples, one sample marked.

    ``samples``: columns sample, distance; ``held_out``: column distance; None where these are not known.
    """
    require(samples, ["sample", "distance"], "the samples")
    height = 320
    if samples.empty:
        return sentence("There are no samples to show.", height)
    distance = samples["distance"].to_numpy(float)
    theirs = np.empty(0) if held_out is None else held_out["distance"].to_numpy(float)
    at = grid([distance, theirs], low=0.0)
    figure = go.Figure()
    if theirs.size:
        hover = "training samples, held out<br>distance %{x:.2f}<extra></extra>"
        add_density(
            figure, theirs, at, NEUTRAL, "dash", name="training samples, held out", hovertemplate=hover
        )
        figure.add_vline(x=float(np.percentile(theirs, 99)), line=guide(dash="dot"))
        figure.add_annotation(
            x=float(np.percentile(theirs, 99)),
            y=1,
            yref="paper",
            xanchor="left",
            yanchor="top",
            text=" beyond 99% of them",
            showarrow=False,
        )
    hover = "new samples<br>distance %{x:.2f}<extra></extra>"
    if len(distance) > 1:
        add_density(figure, distance, at, INFERRED, "solid", name="new samples", hovertemplate=hover)
    top = max((float(np.max(trace.y)) for trace in figure.data), default=1.0)
    figure.add_trace(
        marks(len(distance))(
            x=distance,
            y=np.full(len(distance), -0.06 * top),
            mode="markers",
            name="each new sample",
            showlegend=False,
            text=plain_all(samples["sample"]),
            marker={"color": INFERRED, "symbol": "line-ns-open", "size": 9},
            hovertemplate="<b>%{text}</b><br>distance %{x:.2f}<extra></extra>",
        )
    )
    own = samples.loc[samples["sample"].astype(str) == sample, "distance"]
    if len(own):
        figure.add_vline(x=float(own.iloc[0]), line={"color": DEEPLIFT, "width": 2})
    title = "Distance to training samples (standard deviations)"
    framed(figure, title, "Density of samples", height)
    figure.update_yaxes(showticklabels=False, range=[-0.12 * top, 1.15 * top])
    return figure


def against_nearest(profile: pd.DataFrame, sample: str, nearest: str, unit: str) -> go.Figure:
    """Draw a sample's complete profile against that of a training sample, one dot per gene.

    ``profile``: columns gene, value, nearest, measured.
    """
    require(profile, ["gene", "value", "nearest", "measured"], "a profile")
    if profile.empty:
        return sentence("The two samples have no gene in common.")
    both = profile[["nearest", "value"]].to_numpy(float)
    span = [float(np.nanmin(both)), float(np.nanmax(both))]
    figure = go.Figure()
    figure.add_scatter(
        x=span, y=span, mode="lines", line=guide(dash="dash"), hoverinfo="skip", showlegend=False
    )
    measured = profile["measured"].to_numpy(bool)
    for rows, name, colour in (
        (~measured, "inferred", INFERRED),
        (measured, "measured landmark genes", GRADES["measured"]),
    ):
        part = profile[rows]
        if part.empty:
            continue
        figure.add_trace(
            marks(len(profile))(
                x=part["nearest"],
                y=part["value"],
                mode="markers",
                name=f"{name} ({len(part):,})",
                text=plain_all(part["gene"]),
                marker={"color": colour, "size": 4 if len(profile) > 1000 else 6, "opacity": 0.6},
                hovertemplate=f"<b>%{{text}}</b>, {name}<br>here %{{y:.3g}}<br>there %{{x:.3g}}<extra></extra>",
            )
        )
    framed(
        figure,
        f"{plain(shortened(nearest, 40))}<br>training sample ({plain(unit)})",
        f"{plain(shortened(sample, 30))}<br>({plain(unit)})",
        440,
    )
    figure.update_layout(legend={"itemsizing": "constant"})
    return figure


def profile_heat(values: pd.DataFrame, measured: Mapping[str, bool], unit: str) -> go.Figure:
    """Draw genes over samples, both in the order of a clustering, and mark genes that were measured.

    ``values``: samples as index, genes as columns. With three samples or more it shows how far a value lies from the
    gene's mean over them.
    """
    if values.empty:
        return sentence("There is nothing to show: choose genes.", 300)
    table = values.astype(float)
    compared = len(table) >= 3
    if compared:
        table = table - table.mean(axis=0)
    table = table.iloc[_order(table.to_numpy()), _order(table.to_numpy().T)]
    bound = float(np.nanpercentile(np.abs(table.to_numpy()), 98)) or 1.0
    names = [f"{'◆ ' if measured.get(gene, False) else ''}{plain(shortened(gene, 18))}" for gene in table]
    samples, genes = plain_all(table.index), plain_all(table)
    figure = go.Figure(
        go.Heatmap(
            z=table.to_numpy().T,
            x=np.arange(len(table)),
            y=np.arange(len(names)),
            zmid=0 if compared else None,
            zmin=-bound if compared else None,
            zmax=bound if compared else None,
            colorscale=BELOW_ABOVE if compared else "Viridis",
            customdata=[[f"<b>{gene}</b> in {sample}" for sample in samples] for gene in genes],
            hovertemplate="%{customdata}<br>%{z:.3g}<extra></extra>",
            colorbar={
                "title": {
                    "text": f"From the gene's mean ({plain(unit)})" if compared else plain(unit),
                    "side": "right",
                },
                "thickness": 12,
            },
        )
    )
    framed(figure, "Samples, alike ones beside each other", None, 150 + 12 * max(len(names), 6))
    name_rows(figure, names, tickfont={"size": 10 if len(names) > 30 else 12})
    if len(table) <= _MOST_NAMES:
        short = [_end(name) for name in table.index]
        figure.update_xaxes(tickvals=list(range(len(table))), ticktext=short, tickangle=-45)
    else:
        figure.update_xaxes(showticklabels=False)
    figure.update_xaxes(showgrid=False)
    return figure


def _order(rows: np.ndarray) -> np.ndarray:
    """Order rows so that alike ones stand beside each other (average linkage)."""
    if len(rows) < 3:
        return np.arange(len(rows))
    order: np.ndarray = leaves_list(linkage(rows, "average"))
    return order


def coverage_density(genes: pd.DataFrame, level: float) -> go.Figure:
    """Draw which share of a gene's measured values lies within their intervals; columns gene, coverage."""
    require(genes, ["gene", "coverage"], "the genes")
    known = genes.dropna(subset=["coverage"])
    height = 320
    if known.empty:
        return sentence("No inferred gene was measured as well.", height)
    values = known["coverage"].to_numpy(float)
    figure = go.Figure()
    top = 1.0
    if len(values) > 1:
        at = grid([values], 0.0, 1.0)
        hover = "%{x:.0%} of the values of a gene<extra></extra>"
        height_of = add_density(figure, values, at, INFERRED, "solid", name="genes", hovertemplate=hover)
        top = float(height_of.max()) or 1.0
    if len(values) <= _MOST_MARKS:
        figure.add_scatter(
            x=values,
            y=np.full(len(values), -0.06 * top),
            mode="markers",
            showlegend=False,
            text=plain_all(known["gene"]),
            marker={"color": INFERRED, "symbol": "line-ns-open", "size": 9},
            hovertemplate="<b>%{text}</b><br>%{x:.1%} of its values<extra></extra>",
        )
    figure.add_vline(x=level, line={"color": L1000, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=level,
        y=1,
        yref="paper",
        xanchor="right",
        yanchor="top",
        text=f"promised: {level:.0%} ",
        showarrow=False,
    )
    framed(figure, "Share of a gene's measured values within their intervals", "Density of genes", height)
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(showticklabels=False, range=[-0.12 * top, 1.15 * top])
    return figure
