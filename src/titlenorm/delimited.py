"""Delimited text: the rows of a file, each as the text it was and as its cells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from titlenorm.chunk import Chunk, Mark
from titlenorm.dialect import Dialect, guess_dialect, readable
from titlenorm.errors import InputError
from titlenorm.lines import Lines, split_lines
from titlenorm.rows import UNCLOSED, Block, Reject, Rows
from titlenorm.scan import scan

__all__ = ["Source", "close_names", "open_file", "open_source"]

_WORTH_IT = 1 << 16
"""Bytes of text from which on numpy is worth its import."""


class Source:
    """A delimited file opened for reading.

    Bytes that the encoding does not allow are carried through as surrogates, see `Dialect.errors`.

    Attributes:
        kind: "delimited".
        name: the file, for messages.
        header: the cells of the first row, or the numbers "1", "2", ... when the file has no header.
        header_text: the first row as it was, without its line ending; empty when the file has no header.
        newline: the line ending of the first row.
        dialect: encoding and delimiter.
        size: bytes in all, or 0 when unknown (a pipe).
    """

    kind = "delimited"

    def __init__(self, stream: BinaryIO, name: str, size: int = 0, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> None:
        self.name, self.size = name, size
        self._bytes = Lines(stream, name)
        self.dialect = guess_dialect(self._bytes.sample, name, delimiter, encoding)
        self._codec = self.dialect.encoding, self.dialect.errors
        self._view = ("latin-1", "strict") if _is_plain(self.dialect) else self._codec
        self._rows = Rows(self.dialect.delimiter)
        self._held, self._held_bytes, self._number = list[str](), 0, 1
        self._start(has_header)

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def position(self) -> int:
        """Bytes read so far, of `size`."""
        return self._bytes.position

    @property
    def blank(self) -> int:
        """Blank lines that were left out so far."""
        return self._rows.blank

    def describe(self) -> str:
        """How the file is written, for people."""
        return self.dialect.describe()

    def blocks(self, pick: Callable[[list[str]], Any]) -> Iterator[Block]:
        """The rows after the header, some thousands at a time.

        Args:
            pick: what to keep of the cells of a row, such as `operator.itemgetter(2)`.

        Raises:
            InputError: the file cannot be read further.
        """
        final = False
        while not final:
            data, final = self._bytes.more(sum(map(len, self._held)))
            yield self._cut(data, final, pick, self._codec)

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """The rows after the header with the cells of some columns, in large pieces; as text of one character a byte where
        the encoding allows that, so that every byte stays what it is. `cell` reads such text.

        Raises:
            InputError: the file cannot be read further.
        """
        final = False
        many = len(columns) > 1
        pick: Callable[[list[str]], Any] = itemgetter(*columns)
        while not final:
            data, final = self._bytes.more(sum(map(len, self._held)))
            found = self._scan(data, columns) if len(data) >= _WORTH_IT else None
            if found is not None:
                rows, cells = found
                rejects: list[Reject] = []
            else:
                block = self._cut(data, final, pick, self._view)
                rows, rejects = [line.rstrip("\r\n") for line in block.lines], block.rejects
                cells = [list(column) for column in zip(*block.picked, strict=True)] if many and rows else [block.picked] * len(columns)
            yield Chunk(rows, len(rows), cells, rejects, Mark(self._bytes.offset - self._held_bytes, self._number, self.blank), self.position)

    def seek(self, mark: Mark) -> None:
        """Go on after a chunk that another reader of the same file gave.

        Raises:
            InputError: the file is shorter than that, or cannot be read.
        """
        self._bytes.skip(mark.offset)
        self._number, self._rows.blank = mark.line, mark.blank

    def cell(self, text: str) -> str:
        """What a cell of a chunk says, with stray bytes read as their usual letters."""
        return text if text.isascii() else readable(self.decode(text))

    def decode(self, text: str) -> str:
        """Text of a chunk as text of the file's encoding."""
        return text if self._view is self._codec else text.encode(*self._view).decode(*self._codec)

    def view(self, text: str) -> str:
        """Text of the file's encoding as text of a chunk: the opposite of `decode`."""
        return text if self._view is self._codec or text.isascii() else text.encode(*self._codec).decode(*self._view)

    def encode(self, text: str) -> bytes:
        """Text of a chunk as the bytes of the file."""
        return text.encode(*self._view)

    def values(self, rows: Sequence[str]) -> Iterator[list[str]]:
        """The cells of the rows of a chunk."""
        for cells in self._rows.cells(rows):
            yield list(map(self.cell, cells)) or [""]

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
        self._bytes.close()

    def _start(self, has_header: bool) -> None:
        """Read the first row that is not blank; blank lines before it are dropped."""
        self._bytes.skip(len(self.dialect.bom))
        old_macintosh = "\n".encode(self.dialect.encoding) not in self._bytes.sample
        self._bytes.cut_at("\r" if old_macintosh else "\n", self.dialect.encoding)
        data, _ = self._bytes.more()
        lines = split_lines(self._decoded(data, self._codec))
        blank = next((index for index, line in enumerate(lines) if line.strip("\r\n")), len(lines))
        reader = self._rows.cells(lines[blank:])
        cells = next(reader, None)
        if cells is None:
            raise InputError(f"{self.name} is empty: no header and no rows. Check the export.")
        used = blank + reader.line_num
        if not self._rows.is_closed(lines[blank:used]):
            raise InputError(f"{self.name}:{blank + 1}: {UNCLOSED} in the first row. Correct that line first.")
        text = "".join(lines[blank:used])
        body = text.rstrip("\r\n")
        self.newline = text[len(body) :] or "\n"
        self.header = cells if has_header else [str(number) for number in range(1, len(cells) + 1)]
        self.header_text = body if has_header else ""
        self._rows.width, self._rows.blank = len(cells), blank
        gone = lines[: used if has_header else blank]
        self._number += len(gone)
        self._bytes.put_back(data[len("".join(gone).encode(*self._codec)) :])
        self._bytes.cut_at(self.newline, self.dialect.encoding)

    def _scan(self, data: bytes, columns: Sequence[int]) -> tuple[list[str], list[list[str | None]]] | None:
        """The rows of some lines, if all of them are as plain as most are."""
        if self._held or self._view is self._codec or self._rows.width < 2:
            return None
        found = scan(data, data.decode(*self._view), self.dialect.delimiter, self._rows.width, columns)
        if found is not None:
            self._number += len(found[0])
        return found

    def _cut(self, data: bytes, final: bool, pick: Callable[[list[str]], Any], codec: tuple[str, str]) -> Block:
        """The rows of some lines, one by one. What may go on in lines to come is held back."""
        lines = self._held + split_lines(self._decoded(data, codec))
        block, used = self._rows.cut(lines, self._number, pick, final)
        self._number += used
        self._held = lines[used:]
        self._held_bytes = len("".join(self._held).encode(*codec))
        return block

    def _decoded(self, data: bytes, codec: tuple[str, str]) -> str:
        try:
            return data.decode(*codec)
        except UnicodeError:
            raise InputError(f"{self.name} is not whole {self.dialect.encoding}. Export it again, or name its encoding with --encoding.") from None


def _is_plain(dialect: Dialect) -> bool:
    """Whether the signs of CSV are single bytes that are never part of another character."""
    if dialect.encoding == "utf-8":
        return dialect.delimiter.isascii()
    try:
        text = bytes(range(256)).decode(dialect.encoding, "replace")
    except UnicodeError:
        return False
    return len(text) == 256 and text.startswith(bytes(range(128)).decode("ascii")) and dialect.delimiter.isascii()


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
    stream, size = open_file(path)
    try:
        return Source(stream, path, size, delimiter, encoding, has_header)
    except BaseException:
        stream.close()
        raise


def open_file(path: str) -> tuple[BinaryIO, int]:
    """A file as bytes, and its size.

    Raises:
        InputError: no such file, a directory, no permission; the message says the way out.
    """
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
    return stream, size


def close_names(file: Path) -> str:
    """What to try instead of a file that does not exist: close names beside it, as a sentence."""
    from rapidfuzz import fuzz, process

    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        return f"Neither does the directory {file.parent}. Check the path."
    close = [name for name, score, _ in process.extract(file.name, names, scorer=fuzz.ratio, limit=3) if score >= 70]
    return f"Close: {', '.join(close)}." if close else "Check the path."
