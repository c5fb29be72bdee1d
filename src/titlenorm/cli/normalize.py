"""The command `normalize`: a file in, the same file with role, level and score out."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from titlenorm.cli.options import BACKOFF, OVERLAY, PRECISION
from titlenorm.errors import InputError

if TYPE_CHECKING:
    from titlenorm.batch import Progress
    from titlenorm.delimited import Source

__all__ = ["normalize"]

REJECTED_EXIT = 3
"""Exit code of a run that finished but put rows into the rejects file."""


@click.command(short_help="Add role, level, score and more to each row of a file.")
@click.argument("file")
@click.option("-c", "--column", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("-o", "--output", help="Where to write; '-' is standard output. Default: FILE with '.normalized' before its ending.")
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
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
def normalize(
    file: str, column: str | None, output: str | None, context: tuple[str, ...], delimiter: str | None, encoding: str | None, no_header: bool,
    min_score: float | None, precision: float | None, backoff: bool, rollup: str | None, taxonomy: str | None, overlays: tuple[str, ...], codes: bool,
    quiet: bool,
) -> None:  # fmt: skip
    """Add role, level, score and more to each row of FILE (CSV or TSV; '-' is standard input).

    Every cell stays as it was. Rows that cannot be read go to OUTPUT.rejects.csv with line number and reason.

    Exit code: 0 all rows written; 3 written, but some rows rejected; 2 an error, nothing written; 130 stopped.
    """
    from titlenorm.delimited import open_source

    with open_source(file, delimiter, encoding, not no_header) as source, _stoppable():
        from titlenorm.batch import normalize_file, rejects_path
        from titlenorm.cli.options import build_normalizer, load_taxonomy, read_options, tell_precision
        from titlenorm.columns import find_column, title_columns
        from titlenorm.sink import refuse_same_file

        options = read_options(min_score, precision, backoff, rollup is not None)
        target = output or _default_output(file)
        for path in (target, rejects_path(target)):
            for read in filter(None, (file, taxonomy)):
                refuse_same_file(read, path)
        found = title_columns(source.header, source.name, column, not no_header)
        if len(found) > 1:
            found = [_choose(source, found, file == "-")]
            column = source.header[found[0]]
        index = found[0]
        contexts = [find_column(source.header, name, source.name) for name in context]
        if not quiet:
            click.echo(_describe(source, index, column, delimiter, encoding), err=True)
        own = load_taxonomy(taxonomy, quiet)
        normalizer = build_normalizer(own, overlays, options)
        with _progress(source, target, quiet) as progress:
            summary = normalize_file(source, target, index, normalizer, contexts, progress, codes or own is not None)
    if not quiet:
        from titlenorm.console import print_summary

        print_summary(summary)
        if precision is not None:
            click.echo(tell_precision(normalizer), err=True)
    if summary.rejected:
        sys.exit(REJECTED_EXIT)


def _default_output(file: str) -> str:
    if not os.path.isfile(file):  # standard input or a pipe
        return "-"
    path = Path(file)
    return str(path.with_name(f"{path.stem}.normalized{path.suffix}"))


def _choose(source: Source, found: list[int], is_stdin: bool) -> int:
    """One of several columns that fit: ask at a terminal, stop elsewhere."""
    from titlenorm.columns import find_column

    choices = ", ".join(f"{source.header[index]!r} ({index + 1})" for index in found)
    question = f"{len(found)} columns of {source.name} could hold the titles: {choices}."
    if is_stdin or not sys.stdin.isatty():
        raise InputError(f"{question} Choose one by name or number: --column {found[0] + 1}.")

    def column(answer: str) -> int:
        try:
            return find_column(source.header, answer, source.name)
        except InputError as error:
            raise click.UsageError(str(error)) from None

    click.echo(question, err=True)
    chosen: int = click.prompt("Which one", default=str(found[0] + 1), value_proc=column, err=True)
    return chosen


def _describe(source: Source, index: int, column: str | None, delimiter: str | None, encoding: str | None) -> str:
    """What is read and how; what was guessed, and the options that say otherwise."""
    said = {"--encoding": encoding, "--delimiter": delimiter, "--column": column}
    guessed = [option for option, value in said.items() if value is None]
    hint = f"\nThat is a guess; change it with {', '.join(guessed)}." if guessed else ""
    return f"Reading {source.name}: {source.dialect.describe()}, titles in column {source.header[index]!r}.{hint}\n"


def _progress(source: Source, target: str, quiet: bool) -> AbstractContextManager[Progress | None]:
    """The progress bar, unless rows go to the same terminal."""
    if quiet or not sys.stderr.isatty() or (target == "-" and sys.stdout.isatty()):
        return nullcontext()
    from titlenorm.console import progress_bar

    return progress_bar(source.size)


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
