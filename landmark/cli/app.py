"""The verbs as commands. Exit code 0, or 2 with one line on standard error when the input is at fault."""

import sys
import traceback

import typer

from landmark.cli import runs, serve, verbs
from landmark.errors import LandmarkError
from landmark.runs.home import home

app = typer.Typer(
    help="Mine influential genes with a deep autoencoder (Kong et al. 2021).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("examples")(verbs.examples)
app.command("import")(verbs.import_)
app.command("train")(verbs.train)
app.command("rank")(verbs.rank)
app.command("compare")(verbs.compare)
app.command("cluster")(verbs.cluster)
app.command("path")(verbs.path)
app.add_typer(runs.app, name="runs")
app.command("serve")(serve.serve)


def main() -> None:
    """Run the command line; the last place where an error can be turned into a sentence."""
    try:
        app()
    except LandmarkError as error:
        print(f"landmark: {error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - a defect: its details go to a file, a sentence to the user
        report = home().root / "defect.txt"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(traceback.format_exc(), encoding="utf-8")
        print(
            f"landmark: the program met something it did not expect ({type(error).__name__}); "
            f"the details are in {report}",
            file=sys.stderr,
        )
        sys.exit(1)
