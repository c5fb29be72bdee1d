"""Formats: tables of every kind are opened here, and what writes them is chosen here."""

from __future__ import annotations

import sys
import zlib
from typing import BinaryIO

from titlenorm.chunk import Table
from titlenorm.delimited import Source, open_file
from titlenorm.errors import InputError
from titlenorm.formats.jsonl import JsonlTable, JsonWriter
from titlenorm.formats.kinds import KINDS, ending_of, kind_of, sniff
from titlenorm.formats.text import DelimitedWriter
from titlenorm.formats.writer import Added, Writer
from titlenorm.packing import GZIP
from titlenorm.sink import is_plain

__all__ = ["open_table", "writer_for"]

_PEEK = 4096


def open_table(path: str, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> Table:
    """Open a table of any kind, or standard input for "-".

    The kind is that of the ending; without a known one, that of the first bytes.

    Args:
        path: the file.
        delimiter, encoding, has_header: as for `titlenorm.delimited.open_source`, for delimited text.

    Raises:
        InputError: no such file, a directory, no permission, not a file of its kind; the message says the way out.
        MissingExtraError: what reads this kind is not installed.
    """
    if path == "-":
        return _table(sys.stdin.buffer, "standard input", 0, None, delimiter, encoding, has_header)
    stream, size = open_file(path)
    try:
        return _table(stream, path, size, kind_of(path), delimiter, encoding, has_header)
    except BaseException:
        stream.close()
        raise


def _table(stream: BinaryIO, name: str, size: int, kind: str | None, delimiter: str | None, encoding: str | None, has_header: bool) -> Table:
    if kind is None:
        kind = "delimited" if delimiter or encoding else sniff(_start(stream))
    if kind == "delimited":
        return Source(stream, name, size, delimiter, encoding, has_header)
    if delimiter or encoding:
        raise InputError(f"{name} is no delimited text: leave out --delimiter and --encoding.")
    if kind == "jsonl":
        return JsonlTable(stream, name, size)
    if not stream.seekable():
        raise InputError(f"{name} is a pipe, and Parquet, Arrow and Excel files are not read from one. Name the file.")
    if kind == "workbook":
        from titlenorm.formats.workbook import WorkbookTable

        return WorkbookTable(stream, name, has_header)
    from titlenorm.formats.arrow import ArrowTable

    return ArrowTable(stream, name, kind)


def _start(stream: BinaryIO) -> bytes:
    """The first bytes of a stream, unpacked when it is gzip; they stay to be read."""
    if hasattr(stream, "peek"):
        start: bytes = stream.peek(_PEEK)[:_PEEK]
    else:
        start = stream.read(_PEEK)
        stream.seek(0)
    if not start.startswith(GZIP):
        return start
    try:
        return zlib.decompressobj(31).decompress(start, _PEEK)
    except zlib.error:
        return start


def writer_for(table: Table, output: str, added: Added, to: str | None = None, defuse: bool = False) -> Writer:
    """What writes the rows of a table into a file.

    Args:
        table: where the rows come from.
        output: the file, or "-"; its ending says the kind, and without one it is that of the table.
        added: the columns to add.
        to: the kind of the output, one of `titlenorm.formats.kinds.KINDS`, whatever the ending.
        defuse: put an apostrophe before cells that a spreadsheet would run.

    Raises:
        InputError: a kind that cannot be written, or cells to defuse in a kind that no spreadsheet opens as it is.
        MissingExtraError: what writes this kind is not installed.
    """
    kind, ending = KINDS[to] if to else (kind_of(output), ending_of(output))
    kind = kind or table.kind
    if isinstance(table, JsonlTable):
        table.restrict([name for names in added.names for name in names], kind != "jsonl")
    if defuse and kind not in ("delimited", "workbook"):
        raise InputError(f"There is nothing to defuse in {kind} files: no spreadsheet runs them. Leave out --defuse-formulas.")
    if kind == "delimited":
        return DelimitedWriter(table, ending, added, defuse)
    if kind == "jsonl":
        return JsonWriter(table, added)
    if not is_plain(output):
        what = "standard output" if output == "-" else output
        raise InputError(f"Parquet, Arrow and Excel files cannot be written to {what}. Name a file with -o, or another kind with --to.")
    if kind == "workbook":
        from titlenorm.formats.workbook import WorkbookWriter

        return WorkbookWriter(table, added, defuse)
    from titlenorm.formats.arrow import ArrowWriter

    return ArrowWriter(table, kind, added)
