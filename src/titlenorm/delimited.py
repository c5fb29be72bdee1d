"""Delimited text: what encoding, delimiter and line ending a file has, and its rows with every cell as it was."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from titlenorm.errors import InputError

__all__ = ["Dialect", "Source", "guess_dialect", "open_source"]

_SAMPLE = 1 << 18
_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MAGIC = {
    b"PK\x03\x04": "a zip or Excel file; save it as CSV first",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save it as CSV first",
    b"PAR1": "a Parquet file; export it as CSV first",
    b"\x1f\x8b": "a gzip file; unpack it first, or pipe it in: gunzip -c FILE | titlenorm normalize -",
    b"%PDF": "a PDF; export the table as CSV first",
    b"\x28\xb5\x2f\xfd": "a zstd file; unpack it first",
}
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a long cell is no reason to lose a row


class Dialect(NamedTuple):
    """How a file is written. `bom` is the byte order mark that it begins with; it is written back."""

    encoding: str
    bom: bytes
    delimiter: str
    newline: str

    def describe(self) -> str:
        """The guess, for people.

        >>> Dialect("utf-8", b"", ",", "\\n").describe()
        'utf-8, comma'
        """
        return f"{self.encoding}{' with BOM' if self.bom else ''}, {_NAMES.get(self.delimiter, repr(self.delimiter))}"


class Source:
    """A delimited file opened for reading.

    Iterating gives (line number, cells) for each row after the header; blank lines are left out and counted in `blank`.
    Bytes that the encoding does not allow are carried through unchanged (as surrogate escapes).

    Attributes:
        header: the cells of the first line, or the numbers "1", "2", ... when the file has none.
        dialect: encoding, delimiter and line ending.
        size: bytes in all, or 0 when unknown (a pipe).
        blank: blank lines so far.
    """

    def __init__(self, stream: BinaryIO, name: str, size: int, delimiter: str | None, encoding: str | None, has_header: bool) -> None:
        self.name, self.size, self.blank = name, size, 0
        self._stream = stream
        sample = _read_sample(stream)
        self.dialect = guess_dialect(sample, name, delimiter, encoding)
        self._raw = _Chain(sample[len(self.dialect.bom) :], stream)
        text = io.TextIOWrapper(io.BufferedReader(self._raw, 1 << 20), self.dialect.encoding, errors="surrogateescape", newline="")
        self._reader = csv.reader(text, delimiter=self.dialect.delimiter)
        self._first: list[str] | None = None
        first = self._next_row()
        if first is None:
            raise InputError(f"{name} is empty: no header and no rows. Check the export.")
        if has_header:
            self.header = first
        else:
            self.header, self._first = [str(number) for number in range(1, len(first) + 1)], first

    def _next_row(self) -> list[str] | None:
        for row in self._reader:
            if row:
                return row
        return None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._raw.position

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = self._reader
        if self._first is not None:
            yield reader.line_num, self._first
        single = len(self.header) == 1
        for row in reader:
            if row:
                yield reader.line_num, row
            elif single:
                yield reader.line_num, [""]
            else:
                self.blank += 1

    def close(self) -> None:
        """Close the file."""
        if self._stream is not sys.stdin.buffer:
            self._stream.close()


class _Chain(io.RawIOBase):
    """A sample that was read ahead, and then the rest of the stream."""

    def __init__(self, sample: bytes, stream: BinaryIO) -> None:
        self._sample, self._stream, self.position = memoryview(sample), stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def, override]
        data = self._sample[: len(buffer)] if self._sample else self._stream.read(len(buffer))
        self._sample = self._sample[len(data) :]
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)


def open_source(path: str, delimiter: str | None = None, encoding: str | None = None, has_header: bool = True) -> Source:
    """Open a delimited file, or standard input for "-".

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
    except FileNotFoundError:
        raise InputError(f"{path} does not exist. {_close_names(file)}".rstrip()) from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return Source(stream, path, file.stat().st_size, delimiter, encoding, has_header)
    except BaseException:
        stream.close()
        raise


def _close_names(file: Path) -> str:
    from rapidfuzz import process

    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.is_file()]
    except OSError:
        return ""
    close = [name for name, score, _ in process.extract(file.name, names, limit=3) if score >= 75]
    return f"Close: {', '.join(close)}." if close else "Check the path."


def _read_sample(stream: BinaryIO) -> bytes:
    parts, size = [], 0
    while size < _SAMPLE:
        part = stream.read(_SAMPLE - size)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def guess_dialect(sample: bytes, name: str, delimiter: str | None = None, encoding: str | None = None) -> Dialect:
    """Encoding, delimiter and line ending of a sample of bytes.

    Args:
        sample: the beginning of the file.
        name: the file, for messages.
        delimiter, encoding: what the user said, if she did; then nothing is guessed.

    Raises:
        InputError: an empty or binary file, or an encoding that does not exist.
    """
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise InputError(f"{name} is empty: no header and no rows. Check the export.")
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise InputError(f"{name} is {what}.")
    codec, bom = _guess_encoding(sample, name)
    if encoding is not None:
        try:
            codec = codecs.lookup(encoding).name
        except LookupError:
            raise InputError(f"There is no encoding {encoding!r}. Usual ones: utf-8, utf-16, cp1252.") from None
    text = sample[len(bom) :].decode(codec, errors="replace")
    newline = "\r\n" if "\r\n" in text else "\n"
    if delimiter == "\\t":
        delimiter = "\t"
    if delimiter is not None and len(delimiter) != 1:
        raise InputError(f"A delimiter is one character, not {delimiter!r}. For a tab: --delimiter '\\t'.")
    return Dialect(codec, bom, delimiter or _guess_delimiter(text), newline)


def _guess_encoding(sample: bytes, name: str) -> tuple[str, bytes]:
    for bom, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if sample.startswith(bom):
            return codec, bom
    head = sample[:4096]
    if head.count(0) > len(head) // 4:
        for codec, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if zeros.count(0) > len(zeros) * 0.8:
                return codec, b""
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if control > max(8, len(head) // 20):
        raise InputError(f"{name} looks like a binary file, not text. Export the table as CSV first.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        damaged = sample.decode("utf-8", errors="surrogateescape")
        valid = sum(ord(c) > 127 and not 0xDC80 <= ord(c) <= 0xDCFF for c in damaged)
        broken = sum(0xDC80 <= ord(c) <= 0xDCFF for c in damaged)
        return ("utf-8", b"") if valid > broken else ("cp1252", b"")
    return "utf-8", b""


def _guess_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of cells, the more the better."""
    lines = text.splitlines(keepends=True)[:60]
    best, best_score = ",", 1.0
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        agreeing = sum(width == widths[0] for width in widths) / len(widths)
        score = agreeing * (1 + widths[0] / 100)
        if agreeing >= 0.5 and score + 1 > best_score:
            best, best_score = delimiter, score + 1
    return best
