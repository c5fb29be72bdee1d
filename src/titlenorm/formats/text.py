"""Text: delimited files as they are written; rows that were delimited text stay as they were, byte for byte."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import repeat

from titlenorm.chunk import Chunk, Table
from titlenorm.delimited import Source
from titlenorm.dialect import Dialect
from titlenorm.formats.values import as_text, defused
from titlenorm.formats.writer import Added, Row
from titlenorm.rows import render

__all__ = ["DelimitedWriter"]

_PLAIN = Dialect("utf-8", b"", ",")


class DelimitedWriter:
    """Writes delimited text in the encoding of the table that it comes from.

    Args:
        table: where the rows come from.
        ending: of the output: .csv and .tsv decide between comma and tab, another one leaves the delimiter as it is.
        added: the columns to add.
        defuse: put an apostrophe before cells that a spreadsheet would run.
    """

    grows = True

    def __init__(self, table: Table, ending: str, added: Added, defuse: bool = False) -> None:
        self._table, self._added, self._defuse = table, added, defuse
        self._source = table if isinstance(table, Source) else None
        before = table.dialect if self._source else _PLAIN
        self.dialect = before._replace(delimiter=_delimiter(ending, before.delimiter))
        self._newline = self._source.newline if self._source else "\n"
        self._stays = self._source is not None and self.dialect.delimiter == before.delimiter

    def begin(self) -> bytes:
        """The byte order mark and the row of names, if the table has one."""
        names = [name for names in self._added.names for name in names]
        if self._source is None:
            return self._bytes(self._line([*self._table.header, *names]) + self._newline)
        if not self._source.header_text:
            return self.dialect.bom
        header = self._source.header_text if self._stays else self._line(self._source.header)
        return self.dialect.bom + self._bytes(header + self.dialect.delimiter + self._line(names) + self._newline)

    def tails(self, rows: Sequence[Row | None]) -> list[str]:
        """The ends of rows: a delimiter and the added cells."""
        empty: Row = (None,) * len(self._added.columns)
        cells: Iterable[Sequence[object]] = (row or empty for row in rows)
        if self._defuse:
            cells = (defused([as_text(cell) for cell in row]) for row in cells)
        return [self._view(self.dialect.delimiter + self._encodable(text)) for text in render(cells, self.dialect.delimiter)]

    def encode(self, chunk: Chunk, tails: Sequence[Sequence[str]]) -> bytes:
        """The rows with their ends."""
        stride = len(tails) + 2
        parts: list[str] = [""] * (stride * chunk.size)
        parts[::stride] = self._bodies(chunk)
        for place, column in enumerate(tails, start=1):
            parts[place::stride] = column
        parts[stride - 1 :: stride] = repeat(self._newline, chunk.size)
        text = "".join(parts)
        return self._source.encode(text) if self._source else self._bytes(text)

    def finish(self, pieces: str, path: str) -> None:
        """Nothing is to be done."""

    def _bodies(self, chunk: Chunk) -> list[str]:
        if self._source is None:
            cells = ([as_text(value) for value in row] for row in self._table.values(chunk.rows))
            return render(map(defused, cells) if self._defuse else cells, self.dialect.delimiter)
        rows: list[str] = chunk.rows
        if self._stays and not self._defuse:
            return rows
        reader = csv.reader(rows, delimiter=self._source.dialect.delimiter)
        if not self._defuse:
            return render(reader, self.dialect.delimiter)
        return [self._defused(row, read) for row, read in zip(rows, reader, strict=True)]

    def _defused(self, row: str, cells: list[str]) -> str:
        """A row without what a spreadsheet would run; as it was when there is nothing of that kind."""
        safe = defused(cells)
        return row if safe == cells and self._stays else self._line(safe)

    def _line(self, cells: Sequence[str]) -> str:
        return render([cells], self.dialect.delimiter)[0]

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.dialect.encoding, self.dialect.errors)

    def _view(self, text: str) -> str:
        return self._source.view(text) if self._source else text

    def _encodable(self, text: str) -> str:
        """Added text in the encoding of the file, with "?" for what that cannot say."""
        if text.isascii():
            return text
        try:
            text.encode(self.dialect.encoding)
        except UnicodeEncodeError:
            return text.encode(self.dialect.encoding, "replace").decode(self.dialect.encoding)
        return text


def _delimiter(ending: str, delimiter: str) -> str:
    if ending in (".tsv", ".tab"):
        return "\t"
    return "," if ending == ".csv" and delimiter == "\t" else delimiter
