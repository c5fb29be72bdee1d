"""Packing: compressed bytes, read as what they hold and written piece by piece."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from titlenorm.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["GZIP", "PACKED", "Counted", "packer", "unpacked"]

PACKED = (".gz", ".zst")
"""The endings of compressed files."""

GZIP = b"\x1f\x8b"
"""What a gzip file begins with."""
_ZSTD = b"\x28\xb5\x2f\xfd"
_BLOCK = 1 << 18
_PIECE = 1 << 12
"""Packed bytes that are unpacked at once: few enough that a file made to burst does not fill the memory."""
_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3
_LARGEST_WINDOW = 1 << 27
"""Bytes that a zstd file may ask to be held in memory, as for the zstd program."""


class Counted(io.RawIOBase):
    """A stream that counts what was read from it.

    Attributes:
        count: bytes so far.
        name: the file, for messages.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self.name, self.count = stream, name, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into a buffer; how many bytes."""
        room = memoryview(buffer).cast("B")
        data = self._stream.read(len(room))
        room[: len(data)] = data
        self.count += len(data)
        return len(data)


def unpacked(stream: BinaryIO, name: str) -> BinaryIO:
    """A stream of what a gzip or zstd stream holds, by its first bytes; any other stream as it is, but buffered.

    Args:
        stream: where the bytes come from.
        name: the file, for messages.

    Raises:
        MissingExtraError: a zstd file, and nothing is installed that reads it.
        InputError: when it is read: damaged or cut off.
    """
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), _BLOCK)
    start = buffered.peek(4)[:4]
    if start.startswith(GZIP):
        opened: BinaryIO = cast(BinaryIO, gzip.GzipFile(fileobj=buffered))
    elif start == _ZSTD:
        opened = _open_zstd(buffered)
    else:
        return buffered
    return io.BufferedReader(_Unpacked(opened, name), _BLOCK)


class _Unpacked(io.RawIOBase):
    """The contents of a packed stream; what is wrong with it is said in words."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream, self._name = stream, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(room))
        except EOFError:
            raise InputError(f"{self._name} is cut off: the compressed data end too early. Copy or export it again.") from None
        except Exception as error:  # zlib, gzip and the zstd libraries each have errors of their own
            if isinstance(error, InputError):
                raise
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise InputError(f"{self._name} cannot be unpacked: {error}. Copy or export it again.") from None
        room[: len(data)] = data
        return len(data)


def packer(ending: str) -> Callable[[bytes], bytes]:
    """What packs one piece of an output; pieces stand one after the other, and each can be unpacked without the others.

    Args:
        ending: one of `PACKED`.

    Raises:
        MissingExtraError: nothing is installed that writes zstd.

    >>> gzip.decompress(packer(".gz")(b"title\\n") + packer(".gz")(b"CEO\\n"))
    b'title\\nCEO\\n'
    """
    return _pack_gzip if ending == ".gz" else _zstd_packer()


def _pack_gzip(data: bytes) -> bytes:
    """A gzip member without a time in it: the same data gives the same bytes."""
    body = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31)
    return body.compress(data) + body.flush()


def _open_zstd(stream: BinaryIO) -> BinaryIO:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return cast(BinaryIO, _Frames(stream, _zstandard().ZstdDecompressor(max_window_size=_LARGEST_WINDOW)))
    return cast(BinaryIO, zstd.ZstdFile(stream))


def _zstd_packer() -> Callable[[bytes], bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return cast("Callable[[bytes], bytes]", _zstandard().ZstdCompressor(level=_ZSTD_LEVEL).compress)
    return lambda data: cast(bytes, zstd.compress(data, _ZSTD_LEVEL))


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError.of("zstandard", "zstd") from None
    return zstandard


class _Frames:
    """The contents of zstd frames; the reader of zstandard itself takes a file that is cut off for a whole one."""

    def __init__(self, stream: BinaryIO, decompressor: Any) -> None:
        self._stream, self._decompressor = stream, decompressor
        self._frame: Any = None
        self._data, self._packed = b"", b""

    def read(self, size: int) -> bytes:
        while not self._data:
            self._packed = self._packed or self._stream.read(_PIECE)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError
                return b""
            self._frame = self._frame or self._decompressor.decompressobj()
            self._data, self._packed = self._frame.decompress(self._packed), b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        data, self._data = self._data[:size], self._data[size:]
        return data
