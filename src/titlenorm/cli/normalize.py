"""The command `normalize`: a file in, the same file with role, level and score out."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import click

from titlenorm.cli.options import BACKOFF, OVERLAY, PRECISION
from titlenorm.cli.run import Said, normalize_one
from titlenorm.errors import InputError, TitlenormError
from titlenorm.formats.kinds import KINDS

if TYPE_CHECKING:
    from titlenorm.batch import Summary
    from titlenorm.files import Files
    from titlenorm.normalizer import Normalizer

__all__ = ["normalize"]

REJECTED_EXIT = 3
"""Exit code of a run that finished but put rows into the rejects file."""


@click.command(short_help="Add role, level, score and more to each row of a file.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-c", "--column", multiple=True, help="The column with the titles: its name, or its number from 1. May be repeated. Guessed when missing.")
@click.option("-o", "--output", help="Where to write; '-' is standard output, a folder for several files. Default: FILE with '.normalized' before its ending.")
@click.option("--to", type=click.Choice(list(KINDS)), help="The format of the output, whatever its ending.")
@click.option("--context", multiple=True, metavar="COLUMN", help="A column whose words decide ambiguous acronyms (department). May be repeated.")
@click.option("--delimiter", help="The delimiter of FILE, if the guess is wrong: one character, or 'tab'.")
@click.option("--encoding", help="The encoding of FILE, if the guess is wrong.")
@click.option("--no-header", is_flag=True, help="The first line of FILE is a row; name columns by their numbers.")
@click.option("--min-score", type=click.FloatRange(0, 1), help="Resolve only from this score on (0 to 1).")
@PRECISION
@BACKOFF
@click.option("--rollup", type=click.Choice(["broader"]), help="Answer with the wider role of each role, where there is one.")
@click.option("--taxonomy", metavar="FILE", help="Answer with the roles of this taxonomy: .titlenorm, .csv, .tsv, .xlsx, .toml, O*NET or ESCO.")
@OVERLAY
@click.option("--codes", is_flag=True, help="Add the codes of the role (SOC, ISCO, ESCO); with --taxonomy they are added anyway.")
@click.option("--defuse-formulas", is_flag=True, help="Put an apostrophe before cells that a spreadsheet would run.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that look up titles; 1 is none beside this one. Default: some when many titles are to come.",
)
@click.option("--resume", is_flag=True, help="Go on after the last chunk of a run that was stopped; leave alone what is whole.")
@click.option("--dry-run", type=click.IntRange(1), metavar="N", help="Print what would come out for the first N rows, and write nothing.")
@click.option("--progress", is_flag=True, help="Say how far it is where there is no terminal, too.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def normalize(
    files: tuple[str, ...], column: tuple[str, ...], output: str | None, to: str | None, context: tuple[str, ...], delimiter: str | None,
    encoding: str | None, no_header: bool, min_score: float | None, precision: float | None, backoff: bool, rollup: str | None, taxonomy: str | None,
    overlays: tuple[str, ...], codes: bool, defuse_formulas: bool, workers: int | None, resume: bool, dry_run: int | None, progress: bool, quiet: bool,
) -> None:  # fmt: skip
    """Add role, level, score and more to each row of FILE (CSV, TSV, JSONL, Parquet, Arrow, Excel; '-' is standard input).

    FILE may also be a folder, or a pattern such as 'exports/*.csv': each file then has an output of its own.

    Every cell stays as it was. Rows that cannot be read go to OUTPUT.rejects.csv with line number and reason.

    Exit code: 0 all rows written; 3 written, but some rows rejected; 2 an error, nothing written; 130 stopped.
    """
    from titlenorm.cli.options import build_normalizer, load_taxonomy, read_options, tell_precision
    from titlenorm.files import find_files

    options = read_options(min_score, precision, backoff, rollup is not None)

    @cache
    def built() -> Normalizer:
        return build_normalizer(load_taxonomy(taxonomy, quiet), overlays, options)

    said = Said(
        column, context, delimiter, encoding, no_header, codes or taxonomy is not None, to, defuse_formulas, workers, resume, dry_run, progress, quiet
    )  # fmt: skip
    read = (taxonomy,) if taxonomy else ()
    with _stoppable():
        found = find_files(files, output, to)
        if found.are_many:
            sys.exit(_normalize_many(found, said, lambda file, target: normalize_one(file, target, said, read, built)))
        summary = normalize_one(*found.pairs[0], said, read, built)
    if summary is not None and not quiet:
        from titlenorm.console import print_summary

        print_summary(summary)
        if precision is not None:
            click.echo(tell_precision(built()), err=True)
    if summary is not None and summary.rejected:
        sys.exit(REJECTED_EXIT)


def _normalize_many(found: Files, said: Said, run: Callable[[str, str], Summary | None]) -> int:
    """Normalize files one after the other; one that cannot be is told, and the others go on. The exit code of all."""
    failed, rejected = 0, 0
    if found.left_out and not said.quiet:
        click.echo(f"Left out, as their endings are not known: {', '.join(found.left_out)}.", err=True)
    for file, target in found.pairs:
        try:
            summary = run(file, target)
        except TitlenormError as error:
            failed += 1
            click.echo(f"titlenorm: {' '.join(str(error).split())}", err=True)
            continue
        if summary is not None:
            rejected += summary.rejected
            if not said.quiet:
                click.echo(f"{target}: {summary.rows:,} rows, {summary.statuses['resolved']:,} titles resolved, {summary.rejected:,} rows rejected\n", err=True)
    if failed:
        raise InputError(f"{failed} of {len(found.pairs)} files could not be normalized; the reasons stand above. The others are done.")
    return REJECTED_EXIT if rejected else 0


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a polite kill end the run like Ctrl-C, so that no unfinished file stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
