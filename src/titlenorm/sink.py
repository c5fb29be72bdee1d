"""Sink: a file that appears under its name when it is whole, or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from titlenorm.dialect import Dialect
from titlenorm.errors import InputError

__all__ = ["Sink", "is_plain", "refuse_same_file"]

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""What is marked read-only stays as it is, also when root could write it."""


def is_plain(path: str) -> bool:
    """Whether a path is that of a file, there or not yet: not standard output, a device or a pipe."""
    return path != "-" and (not os.path.exists(path) or os.path.isfile(path))


def refuse_same_file(file: str, target: str, option: str = "-o") -> None:
    """Stop before an input would be replaced by an output.

    Args:
        file: the input, "-" for standard input.
        target: the output, "-" for standard output.
        option: the option that named the output, for the message.

    Raises:
        InputError: both are one file.
    """
    if "-" not in (file, target) and os.path.exists(target) and os.path.samefile(file, target):
        raise InputError(f"The output would replace the input {file}. Name another file with {option}.")


class Sink:
    """An output: text is written beside the target, and `publish` renames it to the target.

    Standard output ("-"), devices and pipes are written directly.

    Args:
        path: the target.
        dialect: its encoding and byte order mark.
        option: the option that named the target, for messages.

    Raises:
        InputError: the target cannot be written; so do the methods. `BrokenPipeError` is left as it is.
    """

    def __init__(self, path: str, dialect: Dialect, option: str = "-o") -> None:
        self.path, self._dialect, self._option = path, dialect, option
        self._target = Path(os.path.realpath(path)) if is_plain(path) else None
        self._part: Path | None = None
        with self._explained():
            self._stream = self._open()
            self._stream.write(dialect.bom)

    def write(self, text: str) -> None:
        """Write text."""
        with self._explained():
            self._stream.write(text.encode(self._dialect.encoding, self._dialect.errors))

    def write_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        with self._explained():
            self._stream.write(data)

    def close(self) -> None:
        """Write out what is still held in memory; a full disk shows here at the latest."""
        with self._explained():
            self._stream.flush()
            if self._stream is not _buffer():
                self._stream.close()

    def publish(self) -> None:
        """Give the closed file its name; a file of that name is replaced and keeps its mode."""
        if self._part is None or self._target is None:
            return
        with self._explained():
            if self._target.exists():
                os.chmod(self._part, stat.S_IMODE(self._target.stat().st_mode))
            os.replace(self._part, self._target)
            self._part = None

    def discard(self) -> None:
        """Leave nothing behind; after `publish` this does nothing."""
        if self._stream is not _buffer():
            with suppress(OSError):
                self._stream.close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)

    def _open(self) -> BinaryIO:
        if self.path == "-":
            return _standard_output()
        if self._target is None:
            if os.path.isdir(self.path):
                raise InputError(f"{self.path} is a directory. Name a file in it with {self._option}.")
            return open(self.path, "wb")
        if not self._target.parent.is_dir():
            raise InputError(f"The directory {self._target.parent} does not exist. Create it first, or choose another place with {self._option}.")
        for path in (self._target.parent, self._target):
            if path.exists() and not path.stat().st_mode & _WRITABLE:
                raise PermissionError(errno.EACCES, f"{path} is read-only")
        part = self._target.with_name(f".titlenorm-{os.getpid()}-{secrets.token_hex(4)}.part")
        stream = part.open("xb")
        self._part = part
        return stream

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            name = "Standard output" if self.path == "-" else self.path
            raise InputError(f"{name} cannot be written: {getattr(error, 'strerror', None) or error}. Choose another place with {self._option}.") from None


def _buffer() -> BinaryIO | None:
    """The bytes behind standard output; a notebook has none."""
    return getattr(sys.stdout, "buffer", None)


def _standard_output() -> BinaryIO:
    """Standard output with a buffer of its own, so that nothing is left to be flushed after a failure."""
    sys.stdout.flush()
    try:
        return open(sys.stdout.fileno(), "wb", closefd=False)
    except io.UnsupportedOperation:
        return sys.stdout.buffer
