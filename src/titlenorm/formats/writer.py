"""Writer: what a file that is written has to offer, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from titlenorm.chunk import Chunk

__all__ = ["Added", "Writer"]

Row = tuple[Any, ...]


class Added(NamedTuple):
    """The columns to add.

    Attributes:
        names: for each title column how the columns of its answer are called in the file.
        columns: how they are called in an answer.
    """

    names: list[list[str]]
    columns: Sequence[str]


class Writer(Protocol):
    """Makes the bytes of a file, chunk by chunk.

    Attributes:
        grows: whether the bytes of the chunks, one after the other, are the file; otherwise `finish` makes it of them.
    """

    grows: bool

    def begin(self) -> bytes:
        """What the file begins with."""

    def tails(self, rows: Sequence[Row | None]) -> list[Any]:
        """Answers in the form in which they are added to rows, kept ready for each distinct title; None is a missing title's."""

    def encode(self, chunk: Chunk, tails: Sequence[Sequence[Any]]) -> bytes:
        """The rows of a chunk with their answers.

        Args:
            chunk: the rows.
            tails: for each title column, for each row its tail.
        """

    def finish(self, pieces: str, path: str) -> None:
        """Make the file out of its pieces, where it is more than them.

        Args:
            pieces: where the bytes of all chunks are.
            path: the file to make.
        """
