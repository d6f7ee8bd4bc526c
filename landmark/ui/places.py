"""Where each page is, by its name in the address."""

PLACES = {
    "overview": "pages/start/overview.py",
    "import": "pages/data/import_data.py",
    "prepare": "pages/data/prepare.py",
    "quality": "pages/data/quality.py",
    "merge": "pages/data/merge.py",
    "train": "pages/model/train.py",
    "reconstruction": "pages/model/reconstruction.py",
    "ranking": "pages/genes/ranking.py",
    "functions": "pages/genes/functions.py",
    "explain": "pages/genes/explain.py",
    "sets": "pages/genes/sets.py",
    "selection": "pages/genes/selection.py",
    "compare": "pages/evidence/compare.py",
    "size": "pages/evidence/size.py",
    "platform": "pages/evidence/platform.py",
    "seeds": "pages/evidence/seeds.py",
    "tournament": "pages/evidence/tournament.py",
    "clusters": "pages/samples/clusters.py",
    "runs": "pages/runs/history.py",
}
"""Name in the address to file, relative to app.py."""

MADE_BY = {
    "import": "import",
    "prepare": "prepare",
    "quality": "quality",
    "merge": "merge",
    "train": "train",
    "rank": "ranking",
    "select": "selection",
    "fit": "explain",
    "explain": "explain",
    "compare": "compare",
    "size": "size",
    "cross-platform": "platform",
    "cluster": "clusters",
    "enrich": "functions",
    "path": "overview",
    "seeds": "seeds",
    "tournament": "tournament",
    "stability": "selection",
}
"""Kind of run to the name of the page that makes it."""
