"""Rows: lines of delimited text cut into rows, and the rows that cannot be read set aside."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["UNCLOSED", "Block", "Reject", "Rows", "render"]

UNCLOSED = "a quote is opened and not closed"
"""Why a row cannot be read that would take in all that follows."""
_LONGEST = 1 << 23
"""Characters after which a row of several lines is taken for one whose quote was never closed."""


class Reject(NamedTuple):
    """A row that cannot be read: the line where it begins (from 1), why, and its text without the line ending."""

    line: int
    reason: str
    text: str


class Block(NamedTuple):
    """Some rows of a file: `lines` their text with line endings, `picked` what was asked of the cells of each.

    `number` is the line where the block begins, `blank` are the numbers of the blank lines that were left out.
    """

    lines: list[str]
    picked: list[Any]
    rejects: list[Reject]
    number: int
    blank: list[int]

    def numbers(self) -> Iterator[int]:
        r"""For each row the number of the line where it begins; for a block without rejects.

        >>> list(Block(["CEO\n", '"VP,\nSales"\n', "CFO\n"], [], [], 2, [3]).numbers())
        [2, 4, 6]
        """
        number, blank = self.number, set(self.blank)
        for row in self.lines:
            while number in blank:
                number += 1
            yield number
            number += max(1, row.count("\n") or row.count("\r"))


class Rows:
    """How rows of one file are cut.

    A row must have `width` cells. A stray quote that swallows the rows below it costs its own line only: reading goes
    on at the next line.

    Args:
        delimiter: between cells.
        width: cells in a row; 0 while it is not known.
    """

    def __init__(self, delimiter: str, width: int = 0) -> None:
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a long cell is no reason to lose a row
        self.delimiter, self.width, self.blank = delimiter, width, 0

    def cells(self, lines: Sequence[str]) -> Reader:
        """A reader of the cells of rows, as the csv module understands them."""
        return csv.reader(lines, delimiter=self.delimiter)

    def cut(self, lines: list[str], number: int, pick: Callable[[list[str]], Any], final: bool) -> tuple[Block, int]:
        """The rows of some lines, and how many of the lines were used.

        The last row is left for the next call, unless this is the end of the file: it may go on in lines to come.

        Args:
            lines: lines with their endings.
            number: the number of the first line.
            pick: what to keep of the cells of a row.
            final: whether no more lines come.
        """
        block = Block([], [], [], number, [])
        add_line, add_picked = block.lines.append, block.picked.append
        start, total, width = 0, len(lines), self.width
        while start < total:
            base, reader = start, self.cells(lines[start:] if start else lines)
            for cells in reader:
                end = base + reader.line_num
                if len(cells) == width and end - start == 1 and end < total:
                    add_line(lines[start])
                    add_picked(pick(cells))
                    start = end
                    continue
                row = lines[start:end]
                if end == total and not final and (len(row) == 1 or sum(map(len, row)) < _LONGEST):
                    return block, start
                fault = self._fault(row, cells, end == total)
                if fault == UNCLOSED and self._has_swallowed(row):
                    block.rejects.append(Reject(number + start, fault, row[0].rstrip("\r\n")))
                    start += 1
                    break
                if fault:
                    block.rejects.append(Reject(number + start, fault, "".join(row).rstrip("\r\n")))
                elif cells or width == 1:
                    add_line("".join(row))
                    add_picked(pick(cells or [""]))
                else:
                    self.blank += 1
                    block.blank.append(number + start)
                start = end
        return block, start

    def is_closed(self, row: Sequence[str]) -> bool:
        """Whether the next line would be a row of its own."""
        return sum(1 for _ in self.cells([*row, "next"])) == 2

    def _fault(self, row: Sequence[str], cells: Sequence[str], is_last: bool) -> str:
        """Why a row cannot be read, or nothing."""
        if is_last and not self.is_closed(row):
            return UNCLOSED
        if len(row) > 1 and not self._is_strict(row) and self._has_swallowed(row):
            return UNCLOSED
        return f"{len(cells)} cell{'s' * (len(cells) != 1)}, expected {self.width}" if cells and len(cells) != self.width else ""

    def _has_swallowed(self, row: Sequence[str]) -> bool:
        """Whether a line after the first is a whole row by itself."""
        return any(len(cells) == self.width for line in row[1:] for cells in self.cells([line]))

    def _is_strict(self, row: Sequence[str]) -> bool:
        """Whether every quote is where the rules of CSV have it."""
        try:
            return sum(1 for _ in csv.reader(row, delimiter=self.delimiter, strict=True)) == 1
        except csv.Error:
            return False


def render(rows: Iterable[Sequence[object]], delimiter: str) -> list[str]:
    r"""Rows as text, each without a line ending.

    >>> render([["00123", "Engineer, Software"]], ",")
    ['00123,"Engineer, Software"']
    """
    lines = _Lines()
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return [line[:-2] for line in lines]


class _Lines(list[str]):
    """A file for `csv.writer` that keeps each row as a string."""

    write = list.append
