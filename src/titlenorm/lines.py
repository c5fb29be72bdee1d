"""Lines: a file of text, packed or not, read as bytes that end where a line ends."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO, cast

from titlenorm.errors import InputError
from titlenorm.packing import Counted, unpacked

__all__ = ["Lines", "split_lines"]

_SAMPLE = 1 << 18
_BLOCK = 1 << 18


class Lines:
    r"""The bytes of a file of text, in pieces of whole lines.

    Args:
        stream: where the bytes come from; they may be packed.
        name: the file, for messages.

    Attributes:
        sample: the first bytes.
        offset: bytes that were taken so far.

    Raises:
        InputError: the file cannot be read; so do the methods.

    >>> lines = Lines(io.BytesIO(b"title\nCEO\nCF"), "people.csv")
    >>> lines.more()
    (b'title\nCEO\nCF', True)
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name, self._raw = name, stream
        self._counted = Counted(stream, name)
        self.cut_at("\n", "ascii")
        try:
            self._stream = unpacked(cast(BinaryIO, self._counted), name)
        except OSError as error:
            raise self._unreadable(error) from None
        self._ahead = b""
        while len(self._ahead) < _SAMPLE and (part := self._read(_SAMPLE - len(self._ahead))):
            self._ahead += part
        self.sample, self.offset = self._ahead, 0

    @property
    def position(self) -> int:
        """Bytes of the file read so far; of a packed one, packed bytes."""
        return self._counted.count

    def cut_at(self, newline: str, encoding: str) -> None:
        r"""Say how lines end: "\r" alone, or anything else."""
        self._carriage = newline == "\r"
        self._newline = ("\r" if self._carriage else "\n").encode(encoding)
        self._follows = "\n".encode(encoding)

    def more(self, least: int = 0) -> tuple[bytes, bool]:
        """Whole lines, and whether they are the last.

        Args:
            least: how many bytes there should be at least.
        """
        parts, size = [self._ahead], max(_BLOCK, least)
        while data := self._read(size):
            parts.append(data)
            whole = b"".join(parts)
            cut = self._line_end(whole)
            if cut:
                self._ahead = whole[cut:]
                self.offset += cut
                return whole[:cut], False
            parts, size = [whole], max(size, len(whole))
        self._ahead, whole = b"", b"".join(parts)
        self.offset += len(whole)
        return whole, True

    def put_back(self, data: bytes) -> None:
        """Have the last bytes taken once more."""
        self._ahead = data + self._ahead
        self.offset -= len(data)

    def skip(self, offset: int) -> None:
        """Go on where `offset` bytes are taken."""
        missing = offset - self.offset
        while missing > len(self._ahead):
            missing -= len(self._ahead)
            self._ahead = self._read(_BLOCK)
            if not self._ahead:
                raise InputError(f"{self.name} is shorter than it was. Run again without --resume.")
        self._ahead, self.offset = self._ahead[missing:], offset

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._raw is not sys.stdin.buffer:
            self._raw.close()

    def _line_end(self, data: bytes) -> int:
        """Where the last whole line of some bytes ends; 0 when none does."""
        unit = len(self._newline)
        end = len(data) - unit * self._carriage  # what follows a "\r" must be known: it may be a "\n"
        found = data.rfind(self._newline, 0, end)
        while found > 0 and found % unit:
            found = data.rfind(self._newline, 0, found + unit - 1)
        if found < 0 or found % unit:
            return 0
        found += unit
        return found + unit if self._carriage and data[found : found + unit] == self._follows else found

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> InputError:
        return InputError(f"{self.name} cannot be read: {error.strerror or error}.")


def split_lines(text: str) -> list[str]:
    r"""Lines with their endings, which may be any.

    >>> split_lines("a\r\nb\rc\nd")
    ['a\r\n', 'b\r', 'c\n', 'd']
    """
    return io.StringIO(text, newline="").readlines()
