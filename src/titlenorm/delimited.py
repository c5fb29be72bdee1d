"""Delimited text: the rows of a file, each as the text it was and as its cells."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from titlenorm.dialect import guess_dialect
from titlenorm.errors import InputError

if TYPE_CHECKING:
    from _csv import Reader

    from _typeshed import WriteableBuffer

__all__ = ["Block", "Reject", "Source", "open_source"]

_SAMPLE = 1 << 18
_BLOCK = 1 << 18
_LONGEST = 1 << 23
"""Characters after which a row of several lines is taken for a row whose quote was never closed."""
_UNCLOSED = "a quote is opened and not closed"


class Reject(NamedTuple):
    """A row that cannot be read: the line where it begins (from 1), why, and its text without the line ending."""

    line: int
    reason: str
    text: str


class Block(NamedTuple):
    """Some rows of a file: `lines` their text with line endings, `cells` the same rows cut into cells."""

    lines: list[str]
    cells: list[list[str]]
    rejects: list[Reject]


class Source:
    """A delimited file opened for reading.

    Bytes that the encoding does not allow are carried through as surrogates, see `Dialect.errors`.
    A row with a stray quote that swallows the rows below it is given up alone: reading goes on at the next line.

    Attributes:
        name: the file, for messages.
        header: the cells of the first row, or the numbers "1", "2", ... when the file has no header.
        header_text: the first row as it was, without its line ending; empty when the file has no header.
        newline: the line ending of the first row.
        dialect: encoding and delimiter.
        size: bytes in all, or 0 when unknown (a pipe).
        blank: blank lines that were left out so far.
    """

    def __init__(self, stream: BinaryIO, name: str, size: int = 0, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> None:
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a long cell is no reason to lose a row
        self.name, self.size, self.blank, self._line = name, size, 0, 1
        self._stream = stream
        sample = _read_sample(stream, name)
        self.dialect = guess_dialect(sample, name, delimiter, encoding)
        self._bytes = _Chain(sample[len(self.dialect.bom) :], stream)
        self._text = io.TextIOWrapper(io.BufferedReader(self._bytes, _BLOCK), self.dialect.encoding, self.dialect.errors, newline="")
        self._lines = self._read()
        cells, used = self._first()
        text = "".join(self._lines[:used])
        body = text.rstrip("\r\n")
        self.newline = text[len(body) :] or "\n"
        self.header = cells if has_header else [str(number) for number in range(1, len(cells) + 1)]
        self.header_text = body if has_header else ""
        if has_header:
            del self._lines[:used]
            self._line += used

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._bytes.position

    def blocks(self) -> Iterator[Block]:
        """The rows after the header, some thousands at a time.

        Raises:
            InputError: the file cannot be read further.
        """
        lines, self._lines = self._lines, []
        final = False
        while not final:
            more = self._read(max(_BLOCK, sum(map(len, lines))))
            final = not more
            lines += more
            block = Block([], [], [])
            used = self._parse(lines, block, final)
            self._line += used
            del lines[:used]
            yield block

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._stream is not sys.stdin.buffer:
            self._stream.close()

    def _read(self, size: int = _BLOCK) -> list[str]:
        try:
            return self._text.readlines(size)
        except OSError as error:
            raise InputError(f"{self.name} cannot be read: {error.strerror or error}.") from None
        except UnicodeError:
            raise InputError(f"{self.name} is not whole {self.dialect.encoding}. Export it again, or name its encoding with --encoding.") from None

    def _first(self) -> tuple[list[str], int]:
        """The first row that is not blank, and how many lines it has; blank lines before it are dropped."""
        while self._lines and not self._lines[0].strip("\r\n"):
            del self._lines[0]
            self.blank += 1
            self._line += 1
        reader = self._reader(self._lines)
        cells = next(reader, None)
        if cells is None:
            raise InputError(f"{self.name} is empty: no header and no rows. Check the export.")
        if not self._is_closed(self._lines[: reader.line_num]):
            raise InputError(f"{self.name}:{self._line}: {_UNCLOSED} in the first row. Correct that line first.")
        return cells, reader.line_num

    def _parse(self, lines: list[str], block: Block, final: bool) -> int:
        """Put the rows of `lines` into `block`; returns how many lines were used.

        The last row stays for the next call unless this is the end of the file: it may go on in lines to come.
        """
        start, total, width = 0, len(lines), len(self.header)
        add_line, add_cells = block.lines.append, block.cells.append
        while start < total:
            base, reader = start, self._reader(lines[start:] if start else lines)
            for cells in reader:
                end = base + reader.line_num
                if end - start == 1 and end < total and len(cells) == width:
                    add_line(lines[start])
                    add_cells(cells)
                    start = end
                    continue
                row = lines[start:end]
                if end == total and not final and (len(row) == 1 or sum(map(len, row)) < _LONGEST):
                    return start
                reason = self._fault(row, cells, end == total)
                if reason and self._has_swallowed(row):
                    block.rejects.append(Reject(self._line + start, _UNCLOSED, row[0].rstrip("\r\n")))
                    start += 1
                    break
                if reason:
                    block.rejects.append(Reject(self._line + start, reason, "".join(row).rstrip("\r\n")))
                elif cells or width == 1:
                    add_line("".join(row))
                    add_cells(cells or [""])
                else:
                    self.blank += 1
                start = end
        return start

    def _fault(self, row: list[str], cells: list[str], is_last: bool) -> str:
        """Why a row cannot be read, or nothing."""
        if is_last and not self._is_closed(row):
            return _UNCLOSED
        if cells and len(cells) != len(self.header):
            return f"{len(cells)} cell{'s' * (len(cells) != 1)}, expected {len(self.header)}"
        if len(row) > 1 and not self._is_strict(row) and self._has_swallowed(row):
            return _UNCLOSED
        return ""

    def _has_swallowed(self, row: list[str]) -> bool:
        """Whether a line after the first is a whole row by itself."""
        return any(len(cells) == len(self.header) for line in row[1:] for cells in self._reader([line]))

    def _is_closed(self, row: list[str]) -> bool:
        """Whether a further line would be a row of its own."""
        return sum(1 for _ in self._reader([*row, "next"])) == 2

    def _is_strict(self, row: list[str]) -> bool:
        try:
            return sum(1 for _ in csv.reader(row, delimiter=self.dialect.delimiter, strict=True)) == 1
        except csv.Error:
            return False

    def _reader(self, lines: list[str]) -> Reader:
        return csv.reader(lines, delimiter=self.dialect.delimiter)


class _Chain(io.RawIOBase):
    """Bytes that were read ahead, and then the rest of the stream."""

    def __init__(self, ahead: bytes, stream: BinaryIO) -> None:
        self._ahead, self._stream, self.position = ahead, stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer)
        if self._ahead:
            data, self._ahead = self._ahead[: len(room)], self._ahead[len(room) :]
        else:
            data = self._stream.read(len(room))
        room[: len(data)] = data
        self.position += len(data)
        return len(data)


def open_source(path: str, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> Source:
    """Open a delimited file, or standard input for "-".

    Args:
        path: the file.
        delimiter, encoding: as in `guess_dialect`; guessed when None.
        has_header: whether the first row holds the names of the columns.

    Raises:
        InputError: no such file, a directory, no permission, a binary file, an empty file; the message says the way out.
    """
    if path == "-":
        return Source(sys.stdin.buffer, "standard input", 0, delimiter, encoding, has_header)
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{path} is a directory. Name a file in it.")
    try:
        stream = file.open("rb")
        size = file.stat().st_size
    except FileNotFoundError:
        raise InputError(f"{path} does not exist. {_close_names(file)}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        return Source(stream, path, size, delimiter, encoding, has_header)
    except BaseException:
        stream.close()
        raise


def _close_names(file: Path) -> str:
    from rapidfuzz import process

    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        return f"Neither does the directory {file.parent}. Check the path."
    close = [name for name, score, _ in process.extract(file.name, names, limit=3) if score >= 75]
    return f"Close: {', '.join(close)}." if close else "Check the path."


def _read_sample(stream: BinaryIO, name: str) -> bytes:
    sample = b""
    try:
        while len(sample) < _SAMPLE and (part := stream.read(_SAMPLE - len(sample))):
            sample += part
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from None
    return sample
