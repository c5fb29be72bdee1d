"""The command `evaluate`: labelled titles in, a report out, and the difference to an earlier run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from titlenorm.cli.options import BACKOFF, OVERLAY, PRECISION

if TYPE_CHECKING:
    from titlenorm.delimited import Source
    from titlenorm.evaluate import Labelled
    from titlenorm.evaluate.figures import Figures

__all__ = ["evaluate"]

BELOW_EXIT = 1
"""Exit code of a run whose precision is below the one that was asked for."""


@click.command(short_help="Report how often labelled titles are answered rightly.")
@click.argument("file")
@click.option("--title", metavar="COLUMN", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("--role", metavar="COLUMN", help="The column with the acceptable role ids, '|' between. Guessed when missing.")
@click.option("--level", metavar="COLUMN", help="The column with the acceptable levels. Guessed when missing, like the next three.")
@click.option("--grade", metavar="COLUMN", help="The column with the grades.")
@click.option("--others", metavar="COLUMN", help="The column with the roles of further titles in the cell, ';' between.")
@click.option("--status", metavar="COLUMN", help="The column that says why a row has no role: no_role, off_list or junk.")
@click.option("--weight", metavar="COLUMN", help="A column that says how many rows each row counts for.")
@click.option("--slice", "slices", multiple=True, metavar="COLUMN", help="Figures for each value of this column too. May be repeated.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Resolve only from this score on (0 to 1).")
@PRECISION
@BACKOFF
@click.option("--taxonomy", metavar="FILE", help="Answer with the roles of this taxonomy: .titlenorm, .csv, .tsv, .xlsx, .toml, O*NET or ESCO.")
@OVERLAY
@click.option("--save", metavar="FILE", help="Keep the run as JSON, for --compare.")
@click.option("--compare", "earlier", metavar="FILE", help="Say what has changed since a run that was kept with --save.")
@click.option("--html", metavar="FILE", help="Write the report as a page, with curves and all rows.")
@click.option("--errors", type=click.IntRange(min=0), help="List up to this many wrong rows, and of the changes as many of each kind.")
@click.option("--min-precision", type=click.FloatRange(0, 1), help="Exit with 1 when precision is lower (0 to 1).")
@click.option("--delimiter", help="The delimiter of FILE, if the guess is wrong: one character, or 'tab'.")
@click.option("--encoding", help="The encoding of FILE, if the guess is wrong.")
def evaluate(
    file: str, slices: tuple[str, ...], min_score: float | None, precision: float | None, backoff: bool, taxonomy: str | None, overlays: tuple[str, ...],
    save: str | None, earlier: str | None, html: str | None, errors: int | None, min_precision: float | None, delimiter: str | None,
    encoding: str | None, **columns: str | None,
) -> None:  # fmt: skip
    """Normalize the labelled titles of FILE and report how often the answers are right.

    An empty role is a label too: the title rightly has none.

    Exit code: 0 reported; 1 precision is below --min-precision; 2 an error, nothing written.
    """
    from titlenorm import evaluate as evaluation
    from titlenorm.cli.options import build_normalizer, load_taxonomy, read_options, tell_precision
    from titlenorm.cli.report import print_comparison, print_report
    from titlenorm.delimited import open_source
    from titlenorm.evaluate.run import publish

    _check_outputs(file, save, html)
    before = evaluation.Run.load(earlier) if earlier is not None else None
    options = read_options(min_score, precision, backoff)
    normalizer = build_normalizer(load_taxonomy(taxonomy), overlays, options)
    with open_source(file, delimiter, encoding) as source:
        said = {what: name for what, name in columns.items() if name is not None}
        labelled = evaluation.read_labels(source, normalizer.taxonomy, said, slices)
        click.echo(_describe(source, labelled), err=True)
    report = evaluation.evaluate(labelled.labels, normalizer)
    run = evaluation.Run.of(report, normalizer, labelled.columns)
    comparison = evaluation.compare(report, run, before, normalizer) if before is not None else None
    if save is not None:
        run.save(save)
    if html is not None:
        from titlenorm.evaluate.page import render

        publish(html, render(Path(source.name).name, report, run, comparison), "--html")
    if precision is not None:
        click.echo(tell_precision(normalizer), err=True)
    to_stderr = "-" in (save, html)
    print_report(report, errors or 0, to_stderr)
    if comparison is not None:
        print_comparison(comparison, 10 if errors is None else errors, to_stderr)
    if min_precision is not None and _is_below(report.figures, min_precision):
        sys.exit(BELOW_EXIT)


def _check_outputs(file: str, save: str | None, html: str | None) -> None:
    """Stop before the work when an output could not be written after it."""
    from titlenorm.sink import refuse_same_file

    for option, path in (("--save", save), ("--html", html)):
        if path is not None:
            refuse_same_file(file, path, option)
    if html is not None:
        from titlenorm.evaluate.page import need_report

        need_report()


def _describe(source: Source, labelled: Labelled) -> str:
    columns = ", ".join(f"{what} in {column!r}" for what, column in labelled.columns.items())
    return "\n".join([f"Reading {source.name}: {source.dialect.describe()}; {columns}.", *labelled.notes])


def _is_below(figures: Figures, wanted: float) -> bool:
    """Whether the precision is too low, which is then said; without a resolved row nothing shows that it is high enough."""
    if figures.precision is not None and figures.precision >= wanted:
        return False
    found = "No row is resolved, so there is no precision" if figures.precision is None else f"Precision {figures.precision:.4f}"
    click.echo(f"titlenorm: {found}; at least {wanted:g} was asked for.", err=True)
    return True
