"""Run: one file normalized as the user said, with what is shown meanwhile; `normalize` calls it for each file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from titlenorm.errors import InputError

if TYPE_CHECKING:
    from titlenorm.batch import Progress, Summary
    from titlenorm.chunk import Table
    from titlenorm.normalizer import Normalizer

__all__ = ["Said", "normalize_one"]

_SURE = ("jsonl", "parquet", "arrow")
"""Kinds whose columns have names for certain."""


class Said(NamedTuple):
    """What the user said about a run; the names are those of the options."""

    column: tuple[str, ...]
    context: tuple[str, ...]
    delimiter: str | None
    encoding: str | None
    no_header: bool
    codes: bool
    to: str | None
    defuse: bool
    workers: int | None
    resume: bool
    dry_run: int | None
    progress: bool
    quiet: bool


def normalize_one(file: str, output: str, said: Said, read: tuple[str, ...], built: Callable[[], Normalizer]) -> Summary | None:
    """Normalize one file; None when `--resume` finds that it is done.

    Args:
        file: the input, "-" for standard input.
        output: the output, "-" for standard output.
        said: the options.
        read: further files that are read, and must not be replaced.
        built: what makes the normalizer, once the file has shown that it can be read.
    """
    from titlenorm.formats import open_table
    from titlenorm.sink import is_plain

    if said.resume and not (is_plain(file) and is_plain(output)):
        raise InputError("--resume needs a file to read and a file to write. Name both, or leave it out.")
    source = open_table(file, said.delimiter, said.encoding, not said.no_header)
    try:
        _check_paths(file, output, read)
        columns, context = _columns(source, said, file == "-")
        if not said.quiet:
            click.echo(_describe(source, columns, said), err=True)
        return _write(source, file, output, columns, context, said, built())
    finally:
        source.close()


def _write(source: Table, file: str, output: str, columns: list[int], context: list[int], said: Said, normalizer: Normalizer) -> Summary | None:
    from titlenorm.batch import Keep, normalize_file
    from titlenorm.journal import unfinished
    from titlenorm.record import head_of, is_made
    from titlenorm.sink import is_plain

    if said.dry_run is not None:
        return normalize_file(
            source, "-", columns, normalizer, context, None, said.codes, to=_shown_kind(source, output, said), defuse=said.defuse, first=said.dry_run
        )
    keep = None
    if is_plain(output):
        keep = Keep(file, head_of(file, normalizer, _options(source, output, columns, context, said)), said.resume)
        if said.resume and is_made(output, keep.head):
            if not said.quiet:
                click.echo(f"{output} is there already, whole and from this input.", err=True)
            return None
        if not said.resume and unfinished(output) and not said.quiet:
            click.echo(f"An unfinished run of {output} is begun anew; --resume would have gone on with it.", err=True)
    with _progress(source, output, said) as progress:
        return normalize_file(
            source, output, columns, normalizer, context, progress, said.codes, to=said.to, defuse=said.defuse, workers=said.workers, keep=keep
        )  # fmt: skip


def _options(source: Table, output: str, columns: list[int], context: list[int], said: Said) -> dict[str, Any]:
    """The options that decide what is written, as they are recorded."""
    from titlenorm.formats.kinds import ending_of, packing_of

    return {
        "column": [source.header[index] for index in columns], "column_numbers": [index + 1 for index in columns],
        "context": [source.header[index] for index in context], "read_as": source.describe(), "header": not said.no_header,
        "codes": said.codes, "defuse_formulas": said.defuse, "to": said.to or f"{ending_of(output)}{packing_of(output)}",
    }  # fmt: skip


def _shown_kind(source: Table, output: str, said: Said) -> str | None:
    """The kind in which a dry run shows its rows: that of the output, or CSV for what is no text."""
    from titlenorm.formats.kinds import KINDS, ending_of, kind_of

    kind = KINDS[said.to][0] if said.to else kind_of(output) or source.kind
    if kind == "jsonl":
        return "jsonl"
    if kind != "delimited":
        return "csv"
    ending = KINDS[said.to][1] if said.to else ending_of(output)
    return {".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}.get(ending)


def _check_paths(file: str, output: str, read: tuple[str, ...]) -> None:
    from titlenorm.outputs import rejects_path
    from titlenorm.record import manifest_path
    from titlenorm.sink import refuse_same_file

    for path in (output, rejects_path(output), *((manifest_path(output),) if output != "-" else ())):
        for other in (file, *read):
            refuse_same_file(other, path)


def _columns(source: Table, said: Said, is_stdin: bool) -> tuple[list[int], list[int]]:
    """The indexes of the title columns and the context columns."""
    from titlenorm.columns import find_column, title_columns

    if said.no_header and source.kind in _SURE:
        raise InputError(f"{source.name} has names for its columns: leave out --no-header.")
    if said.column and source.kind in _SURE:
        columns = [find_column(source.header, name, source.name) for name in said.column]
    else:
        columns = []
        for name in said.column or (None,):
            found = title_columns(source.header, source.name, name, not said.no_header)
            columns.append(found[0] if len(found) == 1 else _choose(source, found, is_stdin))
    if len(set(columns)) < len(columns):
        raise InputError("One column is named twice with --column. Name each once.")
    for index in columns:
        if source.kind in ("parquet", "arrow"):
            source.check_titles(index)  # type: ignore[attr-defined]
    return columns, [find_column(source.header, name, source.name) for name in said.context]


def _choose(source: Table, found: list[int], is_stdin: bool) -> int:
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


def _describe(source: Table, columns: list[int], said: Said) -> str:
    """What is read and how; what was guessed, and the options that say otherwise."""
    options: dict[str, object] = {"--encoding": said.encoding, "--delimiter": said.delimiter} if source.kind == "delimited" else {}
    guessed = [option for option, value in {**options, "--column": said.column or None}.items() if value is None]
    hint = f"\nThat is a guess; change it with {', '.join(guessed)}." if guessed else ""
    names = ", ".join(repr(source.header[index]) for index in columns)
    return f"Reading {source.name}: {source.describe()}, titles in column{'s' * (len(columns) > 1)} {names}.{hint}\n"


def _progress(source: Table, output: str, said: Said) -> AbstractContextManager[Progress | None]:
    """The progress: a bar on a terminal, unless rows go to the same one; lines where they are asked for."""
    if said.quiet and not said.progress:
        return nullcontext()
    is_terminal = sys.stderr.isatty()
    if is_terminal and not (output == "-" and sys.stdout.isatty()):
        from titlenorm.console import progress_bar

        return progress_bar(source.size)
    if said.progress:
        from titlenorm.console import progress_lines

        return progress_lines(source.size, os.path.basename(source.name))
    return nullcontext()
