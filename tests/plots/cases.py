"""Every figure with tables that fit it, for the laws they all obey."""

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from landmark.analyses.benchmark.figures import benchmark_curves, cost_strips
from landmark.analyses.clusters.figures import agreement_bars, cut_curve, unit_heat
from landmark.analyses.clusters.figures_tree import dendrogram
from landmark.analyses.compare.figures_published import published_dots
from landmark.analyses.explain.figures import driver_bars, driver_groups
from landmark.analyses.functions.figures import enrichment_dots, term_overlap
from landmark.analyses.infer.figures import (
    against_nearest,
    coverage_density,
    error_histogram,
    gene_intervals,
    profile_heat,
    sample_distances,
)
from landmark.analyses.platform.figures import tissue_dots
from landmark.analyses.quality.figures import (
    correlation_heat,
    explained_bars,
    explained_heat,
    outlier_plane,
    sample_boxes,
)
from landmark.analyses.ranking.figures import gene_profile, group_profile, importance_curve
from landmark.analyses.replicates.figures import network_strips, prediction_strips
from landmark.analyses.selection.figures import expression_by_group, score_curve, selection_curve
from landmark.analyses.size.figures import size_curve
from landmark.analyses.stability.figures import stability_bars
from landmark.analyses.train.figures import gene_accuracy_densities, training_curve
from landmark.data.quality import sample_quantiles
from landmark.epigenome.figures import (
    area_dots,
    class_contributions,
    gene_contributions,
    mean_profiles,
    pattern_maps,
    roc_curves,
)
from landmark.plots.comparison import comparison_densities, comparison_scatter, random_band, set_overlap
from landmark.plots.distributions import (
    before_and_after,
    expression_densities,
    genes_shared,
    sample_distributions,
)
from landmark.plots.samples import predicted_against_measured, sample_scatter

from . import data_tables as d
from . import marks_tables as m
from . import profile_tables as p
from . import tables as t
from . import tournament_tables as k

Cut = Callable[[pd.DataFrame], pd.DataFrame]


def _map(cut: Cut, colour: str) -> go.Figure:
    return sample_scatter(cut(t.samples()[0]), "umap_1", "umap_2", colour, "UMAP 1", "UMAP 2")


def _distributions(cut: Cut) -> go.Figure:
    X = t.comparison(40)[["mae_D490", "pcc_D490"]].to_numpy()
    return sample_distributions(cut(sample_quantiles(X, t.names("S", 40))), t.ODD)


FIGURES: dict[str, Callable[[Cut], go.Figure]] = {
    "training": lambda cut: training_curve(cut(t.history())),
    "training, log": lambda cut: training_curve(cut(t.history()), log=True, epochs=100),
    "reconstruction": lambda cut: gene_accuracy_densities(cut(t.reconstruction())),
    "predicted": lambda cut: predicted_against_measured(cut(t.predictions()), t.ODD, "log2", 0.2, 0.9),
    "importance": lambda cut: importance_curve(cut(t.ranking()), 50, [t.ODD, "G200"]),
    "importance, log": lambda cut: importance_curve(cut(t.ranking()), 50, [t.ODD, "G200"], log=True),
    "selection": lambda cut: selection_curve(cut(t.ranking().assign(given=False)), "G200"),
    "scores of chosen genes": lambda cut: score_curve(cut(t.ranking().assign(given=False)), t.ODD, "G200"),
    "repeated choices": lambda cut: stability_bars(cut(t.repeated_choices())),
    "expression by group": lambda cut: expression_by_group(cut(t.expression()), t.ODD, "log2"),
    "scatter": lambda cut: comparison_scatter(cut(t.comparison()), t.ODD, "L1000"),
    "scatter, PCC": lambda cut: comparison_scatter(cut(t.comparison()), "D490", t.ODD, "pcc"),
    "densities": lambda cut: comparison_densities(cut(t.comparison()), ["D490", "L1000", t.ODD], "pcc"),
    "random band": lambda cut: random_band(cut(t.random()), cut(t.summary()), "pcc"),
    "overlap": lambda cut: set_overlap(cut(t.sets())),
    "published": lambda cut: published_dots(cut(t.published()), "mae", "standardised"),
    "circular tree": lambda cut: dendrogram(cut(t.samples()[1]), t.samples()[0]),
    "upright tree": lambda cut: dendrogram(
        cut(t.samples()[1]), t.samples()[0], circular=False, distance=t.ODD
    ),
    "UMAP": lambda cut: _map(cut, "label"),
    "UMAP, clusters": lambda cut: _map(cut, "cluster"),
    "agreement": lambda cut: agreement_bars(cut(t.agreement())),
    "agreement, intervals": lambda cut: agreement_bars(cut(t.agreement_with_intervals())),
    "cuts": lambda cut: cut_curve(cut(t.cuts()), 3),
    "units": lambda cut: unit_heat(cut(t.unit_profiles()), {1: 30, 2: 20, 3: 10}),
    "size": lambda cut: size_curve(cut(t.sizes()), t.random_sizes(), "mae", cursor=100, wished=0.5),
    "tissues": lambda cut: tissue_dots(cut(t.tissues())),
    "size, recovered": lambda cut: size_curve(cut(t.sizes()), t.random_sizes(), "recovered"),
    "seeds": lambda cut: prediction_strips(cut(t.seeds()), t.ODD, t.seed_overlaps(), 490, 0.08),
    "seeds, network": lambda cut: network_strips(cut(t.seeds())),
    "enrichment": lambda cut: enrichment_dots(cut(t.enrichment()), 490),
    "shared genes": lambda cut: term_overlap(cut(t.enrichment())),
    "distributions": _distributions,
    "boxes": lambda cut: sample_boxes(cut(d.quality()), cut(d.groups().to_frame("g"))["g"], t.ODD),
    "outliers": lambda cut: outlier_plane(cut(d.quality()), 5.0),
    "correlation": lambda cut: correlation_heat(
        cut(d.correlation()), d.groups(12).set_axis(d.correlation()["sample"])
    ),
    "explained": lambda cut: explained_bars(cut(d.overall())),
    "explained, components": lambda cut: explained_heat(cut(d.explained()), ["batch", t.ODD, "split"]),
    "genes shared": lambda cut: genes_shared(cut(d.counts())),
    "before and after": lambda cut: before_and_after(
        *(cut(d.values())[name].to_numpy() for name in ("before", "after")), t.ODD
    ),
    "profile": lambda cut: gene_profile(cut(t.contributions().to_frame()).squeeze(axis=1)),
    "sample groups": lambda cut: group_profile(cut(t.sample_groups()), t.ODD),
    "drivers": lambda cut: driver_bars(cut(t.drivers()), t.ODD),
    "drivers by group": lambda cut: driver_groups(cut(t.driver_groups()), [t.ODD, "G1"], t.ODD),
    "mark profiles": lambda cut: mean_profiles(cut(m.means())),
    "mark patterns": lambda cut: pattern_maps(cut(m.maps()), cut(m.frequency())),
    "marks of classes": lambda cut: class_contributions(cut(m.average())),
    "marks of a gene": lambda cut: gene_contributions(cut(m.contributions())),
    "tournament": lambda cut: benchmark_curves(cut(k.standing()), "mae"),
    "tournament, one size": lambda cut: benchmark_curves(cut(k.standing([490])), "pcc", "L1000"),
    "tournament, costs": lambda cut: cost_strips(cut(k.costs()), ["blend"]),
    "AUC": lambda cut: area_dots(cut(m.cells()), t.ODD),
    "ROC": lambda cut: roc_curves(cut(m.roc()), t.ODD, {t.ODD: 0.9}),
    "expected errors": lambda cut: error_histogram(cut(p.genes()), "pcc", {"trust": 0.5}, t.ODD),
    "expected errors, MAE": lambda cut: error_histogram(cut(p.genes()), "mae", {"trust": 0.5}, t.ODD),
    "one gene": lambda cut: gene_intervals(cut(p.gene()), t.ODD, "log2", 0.9),
    "one gene, many samples": lambda cut: gene_intervals(cut(p.gene(400, truth=False)), t.ODD, "log2", 0.9),
    "one gene, groups": lambda cut: gene_intervals(cut(p.grouped()), "G1", t.ODD, 0.9),
    "distances": lambda cut: sample_distances(cut(p.distances()), p.distances(90), t.ODD),
    "distances, nothing held out": lambda cut: sample_distances(cut(p.distances(1)), None, t.ODD),
    "nearest": lambda cut: against_nearest(cut(p.profile()), t.ODD, "S2", "log2"),
    "profiles": lambda cut: profile_heat(cut(p.heat()), {t.ODD: True}, "log2"),
    "profiles, one sample": lambda cut: profile_heat(cut(p.heat(1)), {t.ODD: True}, t.ODD),
    "coverage": lambda cut: coverage_density(cut(p.genes()), 0.9),
    "expression": lambda cut: expression_densities(
        {
            t.ODD: cut(t.comparison())["mae_D490"].to_numpy(),
            "after": cut(t.comparison())["mae_L1000"].to_numpy(),
        }
    ),
}
