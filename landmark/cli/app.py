"""The verbs as commands. Exit code 0, or 2 with one line on standard error when the input is at fault."""

import sys
import traceback

import typer

from landmark.cli import (
    choices,
    data,
    epigenome,
    estimate,
    evidence,
    export,
    fit,
    runs,
    samples,
    select,
    serve,
    stability,
    tournament,
    verbs,
)
from landmark.errors import LandmarkError, known_cause
from landmark.runs.defects import keep
from landmark.runs.home import Home
from landmark.runs.sweep import sweep
from landmark.settings import settings

app = typer.Typer(
    help="Mine influential genes with a deep autoencoder (Kong et al. 2021).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("examples")(verbs.examples)
app.command("import")(verbs.import_)
app.command("prepare")(data.prepare)
app.command("quality")(data.quality)
app.command("merge")(data.merge)
app.command("export")(export.export)
app.command("train")(verbs.train)
app.command("estimate")(estimate.estimate)
app.command("rank")(verbs.rank)
app.command("select")(select.select)
app.command("fit")(fit.fit)
app.command("compare")(verbs.compare)
app.command("explain")(fit.explain)
app.command("stability")(stability.stability)
app.command("infer")(evidence.infer)
app.command("size")(evidence.size)
app.command("cross-platform")(evidence.cross_platform)
app.command("cluster")(samples.cluster)
app.command("enrich")(samples.enrich)
app.command("path")(verbs.path)
app.command("seeds")(verbs.seeds)
app.command("tournament")(tournament.tournament)
app.command("choices")(choices.choices)
app.command("histones")(epigenome.histones)
app.command("deepchrome")(epigenome.deepchrome)
app.command("marks")(epigenome.marks)
app.add_typer(runs.app, name="runs")
app.command("serve")(serve.serve)


def main() -> None:
    """Run the command line; the last place where an error can be turned into a sentence."""
    try:
        sweep(Home(settings().home))
        sys.exit(app(standalone_mode=False, prog_name="python -m landmark") or 0)
    except LandmarkError as error:
        _leave(str(error), 2)
    except typer.TyperException as error:  # an unknown option or command, a missing value
        _leave(error.format_message(), 2)
    except typer.Abort:
        _leave("stopped", 130)
    except Exception as error:  # noqa: BLE001 - a defect: its details go to a file, a sentence to the user
        if cause := known_cause(error):
            _leave(cause, 2)
        _, kept = keep(traceback.format_exc())
        _leave(f"the program met something it did not expect ({type(error).__name__}); {kept}", 1)


def _leave(sentence: str, code: int) -> None:
    text = sentence if "\n" in sentence else f"landmark: {sentence}"
    print(text, file=sys.stderr)
    sys.exit(code)
