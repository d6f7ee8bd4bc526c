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
    "predictors": "pages/evidence/predictors.py",
    "size": "pages/evidence/size.py",
    "platform": "pages/evidence/platform.py",
    "seeds": "pages/evidence/seeds.py",
    "tournament": "pages/evidence/tournament.py",
    "clusters": "pages/samples/clusters.py",
    "histones": "pages/epigenome/histones.py",
    "deepchrome": "pages/epigenome/deepchrome.py",
    "marks": "pages/epigenome/marks.py",
    "runs": "pages/runs/history.py",
}
"""Name in the address to file, relative to app.py."""
