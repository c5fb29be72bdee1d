"""Delimited text: the rows of a file, each as the text it was and as its cells."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from titlenorm.dialect import guess_dialect
from titlenorm.errors import InputError
from titlenorm.rows import UNCLOSED, Block, Rows

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Source", "close_names", "open_source"]

_SAMPLE = 1 << 18
_BLOCK = 1 << 18


class Source:
    """A delimited file opened for reading.

    Bytes that the encoding does not allow are carried through as surrogates, see `Dialect.errors`.

    Attributes:
        name: the file, for messages.
        header: the cells of the first row, or the numbers "1", "2", ... when the file has no header.
        header_text: the first row as it was, without its line ending; empty when the file has no header.
        newline: the line ending of the first row.
        dialect: encoding and delimiter.
        size: bytes in all, or 0 when unknown (a pipe).
    """

    def __init__(self, stream: BinaryIO, name: str, size: int = 0, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> None:
        self.name, self.size, self._stream = name, size, stream
        sample = _read_sample(stream, name)
        self.dialect = guess_dialect(sample, name, delimiter, encoding)
        self._bytes = _Chain(sample[len(self.dialect.bom) :], stream)
        self._text = io.TextIOWrapper(io.BufferedReader(self._bytes, _BLOCK), self.dialect.encoding, self.dialect.errors, newline="")
        self._rows = Rows(self.dialect.delimiter)
        self._lines, self._number = self._read(), 1
        cells, used = self._first()
        text = "".join(self._lines[:used])
        body = text.rstrip("\r\n")
        self.newline = text[len(body) :] or "\n"
        self.header = cells if has_header else [str(number) for number in range(1, len(cells) + 1)]
        self.header_text = body if has_header else ""
        self._rows.width = len(cells)
        if has_header:
            self._drop(used)

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._bytes.position

    @property
    def blank(self) -> int:
        """Blank lines that were left out so far."""
        return self._rows.blank

    def blocks(self, pick: Callable[[list[str]], Any]) -> Iterator[Block]:
        """The rows after the header, some thousands at a time.

        Args:
            pick: what to keep of the cells of a row, such as `operator.itemgetter(2)`.

        Raises:
            InputError: the file cannot be read further.
        """
        final = False
        while not final:
            more = self._read(max(_BLOCK, sum(map(len, self._lines))))
            final = not more
            self._lines += more
            block, used = self._rows.cut(self._lines, self._number, pick, final)
            self._drop(used)
            yield block

    def rows(self, pick: Callable[[list[str]], Any]) -> Iterator[tuple[int, Any]]:
        """The rows after the header, each with the number of the line where it begins: for files of which no row may be missing.

        Args:
            pick: what to keep of the cells of a row.

        Raises:
            InputError: the file cannot be read further, or a row cannot be read.
        """
        for block in self.blocks(pick):
            if block.rejects:
                line, reason, _ = block.rejects[0]
                raise InputError(f"{self.name}:{line}: {reason}. Correct that line first.")
            yield from zip(block.numbers(), block.picked, strict=True)

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

    def _drop(self, used: int) -> None:
        del self._lines[:used]
        self._number += used

    def _first(self) -> tuple[list[str], int]:
        """The first row that is not blank, and how many lines it has; blank lines before it are dropped."""
        blank = next((index for index, line in enumerate(self._lines) if line.strip("\r\n")), len(self._lines))
        self._rows.blank += blank
        self._drop(blank)
        reader = self._rows.cells(self._lines)
        cells = next(reader, None)
        if cells is None:
            raise InputError(f"{self.name} is empty: no header and no rows. Check the export.")
        if not self._rows.is_closed(self._lines[: reader.line_num]):
            raise InputError(f"{self.name}:{self._number}: {UNCLOSED} in the first row. Correct that line first.")
        return cells, reader.line_num


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
        raise InputError(f"{path} does not exist. {close_names(file)}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        return Source(stream, path, size, delimiter, encoding, has_header)
    except BaseException:
        stream.close()
        raise


def close_names(file: Path) -> str:
    """What to try instead of a file that does not exist: close names beside it, as a sentence."""
    from rapidfuzz import fuzz, process

    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        return f"Neither does the directory {file.parent}. Check the path."
    close = [name for name, score, _ in process.extract(file.name, names, scorer=fuzz.ratio, limit=3) if score >= 70]
    return f"Close: {', '.join(close)}." if close else "Check the path."


def _read_sample(stream: BinaryIO, name: str) -> bytes:
    sample = b""
    try:
        while len(sample) < _SAMPLE and (part := stream.read(_SAMPLE - len(sample))):
            sample += part
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from None
    return sample
