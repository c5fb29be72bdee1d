"""The command `diff`: two outputs of `normalize` in, what an upgrade changes out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from titlenorm.delimited import Source
    from titlenorm.difference import Changed

__all__ = ["diff"]

_WRITTEN = ("role_id", "level", "grade", "status", "score", "method", "other_role_ids")
"""What is written of a changed row, before and after; the other columns follow from the role or from the words of the title."""


@click.command(short_help="Say what changed between two outputs of normalize.")
@click.argument("old")
@click.argument("new")
@click.option("--title", metavar="COLUMN", help="The column with the titles: its name, or its number from 1. Guessed when missing.")
@click.option("--key", metavar="COLUMN", help="A column with an id. Rows then belong together by it, not by their order.")
@click.option("-o", "--output", help="Where to write the rows whose answer changed; '-' is standard output.")
@click.option("--delimiter", help="The delimiter of both files, if the guess is wrong: one character, or 'tab'.")
@click.option("--encoding", help="The encoding of both files, if the guess is wrong.")
def diff(old: str, new: str, title: str | None, key: str | None, output: str | None, delimiter: str | None, encoding: str | None) -> None:
    """Say what changed from OLD to NEW, two outputs of normalize for the same titles.

    Exit code: 0 compared, whatever changed; 2 an error, or files that do not belong together.
    """
    from titlenorm.cli.changes import print_difference
    from titlenorm.delimited import open_source
    from titlenorm.difference import difference
    from titlenorm.sink import refuse_same_file

    for file in (old, new):
        if output is not None:
            refuse_same_file(file, output)
    with open_source(old, delimiter, encoding) as before, open_source(new, delimiter, encoding) as after, _rows(before, after, output) as write:
        found = difference(before, after, title, key, write)
    print_difference(found, output)


@contextmanager
def _rows(old: Source, new: Source, output: str | None) -> Iterator[Callable[[Changed], None] | None]:
    """What writes a changed row: the columns of the export, which parts of the answer changed, and each of them before and after."""
    if output is None:
        yield None
        return
    from titlenorm.dialect import readable
    from titlenorm.difference import answer_columns
    from titlenorm.rows import render
    from titlenorm.sink import Sink

    places = answer_columns(new.header)
    compared = [name for name in answer_columns(old.header) if name in places]
    written = [(index, name) for index, name in enumerate(compared) if name in _WRITTEN]
    kept = [index for index in range(len(new.header)) if index not in places.values()]
    delimiter = {".tsv": "\t", ".tab": "\t"}.get(os.path.splitext(output)[1].lower(), new.dialect.delimiter)
    sink = Sink(output, new.dialect._replace(encoding="utf-8", bom=b"\xef\xbb\xbf" if new.dialect.bom else b""))

    def write_row(cells: list[str]) -> None:
        sink.write("".join(f"{line}{new.newline}" for line in render([[readable(cell) for cell in cells]], delimiter)))

    def write(row: Changed) -> None:
        pairs = [side[index] for index, _ in written for side in (row.before, row.after)]
        write_row([*(row.cells[index] for index in kept), "; ".join(row.answers), *pairs])

    try:
        write_row([*(new.header[index] for index in kept), "changed", *(f"{side}_{name}" for _, name in written for side in ("old", "new"))])
        yield write
        sink.close()
        sink.publish()
    finally:
        sink.discard()
