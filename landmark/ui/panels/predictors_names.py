"""Predictors of a run by names for people, and as rows of a figure."""

from landmark.analyses.choices import predictor_name
from landmark.analyses.predictors.results import InferResults
from landmark.figures.predictors import Row
from landmark.runs.store import Run
from landmark.ui import resources
from landmark.wording import capital


def rows_of(run: Run) -> list[Row]:
    """Return the predictors of a run, the best first."""
    overall = resources.table(run.id, "overall")
    return [
        Row(name, title(run, name), method)
        for name, method in zip(overall["name"], overall["predictor"], strict=True)
        if method
    ]


def title(run: Run, name: str) -> str:
    """Name a predictor of a run for people, with a capital."""
    about = InferResults.read(run.manifest.metrics).predictors.get(name)
    return capital(predictor_name(about.predictor, about.covariate)) if about else "Gene means alone"


def predictor_in(run: Run, name: str) -> str:
    """Name a predictor of a run within a sentence."""
    about = InferResults.read(run.manifest.metrics).predictors[name]
    return predictor_name(about.predictor, about.covariate)
