"""Commands that look at datasets and make new ones of those that are there."""

from typing import Annotated

import typer

from landmark.cli.ask import Change, DatasetOption, Json, changed, do, newest_dataset
from landmark.cli.output import answer


def prepare(
    dataset: DatasetOption = "",
    title: Annotated[str, typer.Option(help="Name of the new dataset shown to people.")] = "",
    log2: Annotated[bool, typer.Option("--log2", help="Take log2(x + 1).")] = False,
    missing: Annotated[str, typer.Option(help="refuse, 'drop genes' or 'gene median'.")] = "refuse",
    collapse: Annotated[str, typer.Option(help="Probes to genes: none, mean or 'most variable'.")] = "none",
    identical: Annotated[
        str, typer.Option(help="Genes with the values of another: keep, 'keep one' or drop.")
    ] = "keep",
    quantile: Annotated[str, typer.Option(help="none, '4 to 15' or 'own range'.")] = "none",
    remove_duplicates: Annotated[
        bool, typer.Option("--remove-duplicates", help="Drop samples that are there twice.")
    ] = False,
    split: Annotated[str, typer.Option(help="keep, random or 'by group'.")] = "keep",
    group: Annotated[str, typer.Option(help="Annotation column that a split must not divide.")] = "",
    test_groups: Annotated[
        list[str] | None,
        typer.Option("--test-group", help="Group held out for testing, such as a tissue; several times."),
    ] = None,
    held_out: Annotated[float, typer.Option(help="Share held out for testing by a new split.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Seed of the split.")] = 0,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Prepare a dataset step by step; prints the id of the new dataset."""
    values = {
        "dataset": dataset or newest_dataset(),
        "title": title,
        "log2": log2,
        "missing": missing,
        "collapse": collapse,
        "identical": identical,
        "quantile": quantile,
        "remove_duplicates": remove_duplicates,
        "split": split,
        "split_group": group,
        "test_groups": tuple(test_groups or ()),
        "held_out": held_out,
        "seed": seed,
    }
    run = do("prepare", values | changed(changes))
    answer(run, as_json, run.manifest.parents["dataset"])


def quality(dataset: DatasetOption = "", changes: Change = None, as_json: Json = False) -> None:
    """Look at the samples: distributions, principal components, outliers, batches."""
    answer(do("quality", {"dataset": dataset or newest_dataset()} | changed(changes)), as_json)


def merge(
    datasets: Annotated[list[str], typer.Argument(help="Ids of two or more datasets.")],
    title: Annotated[str, typer.Option(help="Name of the new dataset shown to people.")] = "",
    collapse: Annotated[
        str, typer.Option(help="Bring all to gene symbols first: none, mean or 'most variable'.")
    ] = "none",
    joint: Annotated[
        bool, typer.Option("--joint", help="Give all samples the distribution of the first dataset, by rank.")
    ] = False,
    changes: Change = None,
    as_json: Json = False,
) -> None:
    """Merge datasets on their common genes; prints the id of the new dataset."""
    values = {"datasets": tuple(datasets), "title": title, "collapse": collapse, "joint": joint}
    run = do("merge", values | changed(changes))
    answer(run, as_json, run.manifest.parents["dataset"])
