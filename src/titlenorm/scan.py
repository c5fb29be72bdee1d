"""Scan: the rows of plain delimited text, found all at once; what every file mostly consists of."""

from __future__ import annotations

import csv
from collections.abc import Sequence

__all__ = ["scan"]

_QUOTE, _NEWLINE = ord('"'), ord("\n")


def scan(data: bytes, text: str, delimiter: str, width: int, columns: Sequence[int]) -> tuple[list[str], list[list[str | None]]] | None:
    r"""The rows of some lines, and the cells of some columns.

    Args:
        data: whole lines.
        text: the same as text, one character a byte.
        delimiter: between cells.
        width: cells in a row, at least 2.
        columns: which cells are wanted.

    Returns:
        The rows without line endings, and for each column its cells; None when a line is not exactly one row of `width`
        cells, so that the lines must be looked at one by one.

    >>> scan(b'1,CEO\n2,"VP, Sales"\n', '1,CEO\n2,"VP, Sales"\n', ",", 2, [1])
    (['1,CEO', '2,"VP, Sales"'], [['CEO', 'VP, Sales']])
    >>> scan(b'1,"CEO\n"\n', '1,"CEO\n"\n', ",", 2, [1])
    """
    import numpy

    ending = "\r\n" if "\r" in text else "\n"
    if "\r" in text and not text.count("\r") == text.count("\n") == text.count("\r\n"):
        return None
    signs = numpy.frombuffer(data, numpy.uint8)
    ends = numpy.flatnonzero(signs == _NEWLINE)
    between = numpy.flatnonzero(signs == ord(delimiter))
    if not len(ends) or ends[-1] != len(data) - 1 or len(between) < 2:
        return None
    until = numpy.searchsorted(between, ends)
    first = numpy.concatenate(([0], until[:-1]))
    fits = until - first == width - 1
    quoted: list[int] = []
    if '"' in text:
        numbers = numpy.unique(numpy.searchsorted(ends, numpy.flatnonzero(signs == _QUOTE)))
        fits[numbers] = True
        quoted = numbers.tolist()
    if not fits.all():
        return None
    rows = text.split(ending)
    rows.pop()
    read = _read_quoted([rows[number] for number in quoted], delimiter, width)
    if read is None:
        return None
    starts = numpy.concatenate(([0], ends[:-1] + 1))
    stops = ends - (len(ending) - 1)
    found = []
    for column in columns:
        begin = starts if column == 0 else between[numpy.minimum(first + (column - 1), len(between) - 1)] + 1
        end = stops if column == width - 1 else between[numpy.minimum(first + column, len(between) - 1)]
        cells: list[str | None] = [text[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
        for number, row in zip(quoted, read, strict=True):
            cells[number] = row[column]
        found.append(cells)
    return rows, found


def _read_quoted(rows: list[str], delimiter: str, width: int) -> list[list[str]] | None:
    """The cells of rows with quotes; None unless each is a whole row by itself."""
    if not rows:
        return []
    read = list(csv.reader(rows, delimiter=delimiter))
    if len(read) != len(rows) or set(map(len, read)) != {width}:
        return None
    return read if sum(1 for _ in csv.reader([rows[-1], "next"], delimiter=delimiter)) == 2 else None
