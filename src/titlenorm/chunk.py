"""Chunk: rows of a table of any kind on their way through, and what a table that can be read has to offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from titlenorm.dialect import Dialect
from titlenorm.rows import Reject

__all__ = ["Chunk", "Mark", "Table"]


class Mark(NamedTuple):
    """A place between two chunks: `offset` in units of the table, the number of the next line, and the blank lines so far."""

    offset: int
    line: int
    blank: int


class Chunk(NamedTuple):
    """Some rows of a table.

    Attributes:
        rows: the rows in the form that the table's kind has for them.
        size: how many.
        cells: for each column that was asked for its cells; None is a missing one, where the kind knows such.
        rejects: rows that cannot be read.
        mark: where the chunk ends.
        position: how much of the table has been read, in units of its size.
    """

    rows: Any
    size: int
    cells: list[list[str | None]]
    rejects: list[Reject]
    mark: Mark
    position: int


class Table(Protocol):
    """A table that can be read.

    Attributes:
        kind: one of `titlenorm.formats.kinds.KINDS`.
        name: the file, for messages.
        header: the names of the columns.
        size: how much there is to read (bytes or rows); 0 when unknown.
        dialect: how its text is written, also in the file of rejected rows.
    """

    kind: str
    name: str
    header: list[str]
    size: int
    dialect: Dialect

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """The rows, with the cells of some columns."""

    def seek(self, mark: Mark) -> None:
        """Go on after a chunk that another reader of the same file gave."""

    def cell(self, text: str) -> str:
        """What a cell of a chunk says."""

    def values(self, rows: Any) -> Iterator[Sequence[object]]:
        """The rows of a chunk, each as the values of its cells, for a file of another kind."""

    def describe(self) -> str:
        """How the file is written, for people."""

    def close(self) -> None:
        """Close the file."""
