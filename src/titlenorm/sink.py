"""Sink: a file that appears under its name when it is whole, or not at all."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from titlenorm.dialect import Dialect
from titlenorm.errors import InputError

__all__ = ["Sink", "check_target", "is_plain", "refuse_same_file"]

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
        part: where to write beside the target, if that is to be found again; a name that nobody else has when None.
        kept: how many bytes of `part` are kept, to go on after them.

    Raises:
        InputError: the target cannot be written; so do the methods. `BrokenPipeError` is left as it is.
    """

    def __init__(self, path: str, dialect: Dialect, option: str = "-o", part: Path | None = None, kept: int = 0) -> None:
        self.path, self._dialect, self._option = path, dialect, option
        self._known_part, self._kept = part, kept
        self._target = Path(os.path.realpath(path)) if is_plain(path) else None
        self.part: Path | None = None
        with _explained(path, option):
            self._stream = self._open()
            if not kept:
                self._stream.write(dialect.bom)

    def write(self, text: str) -> None:
        """Write text."""
        with self._explained():
            self._stream.write(text.encode(self._dialect.encoding, self._dialect.errors))

    def write_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        with self._explained():
            self._stream.write(data)

    def flush(self) -> None:
        """Hand everything that was written to the system: what a kill cannot take back."""
        with self._explained():
            self._stream.flush()

    def close(self) -> None:
        """Write out what is still held in memory; a full disk shows here at the latest."""
        with self._explained():
            self._stream.flush()
            if self._stream is not _buffer():
                self._stream.close()

    def convert(self, make: Callable[[str, str], None]) -> None:
        """Replace the closed file by one that is made of it.

        Args:
            make: called with the path of the file and the one to make.
        """
        if self.part is None:
            return
        made = self.part.with_name(f"{self.part.name}.made")
        try:
            with self._explained():
                make(str(self.part), str(made))
                os.replace(made, self.part)
        finally:
            made.unlink(missing_ok=True)

    def publish(self) -> None:
        """Give the closed file its name; a file of that name is replaced and keeps its mode."""
        if self.part is None or self._target is None:
            return
        with self._explained():
            if self._target.exists():
                os.chmod(self.part, stat.S_IMODE(self._target.stat().st_mode))
            os.replace(self.part, self._target)
            self.part = None

    def discard(self) -> None:
        """Leave nothing behind; after `publish` this does nothing."""
        self.leave()
        if self.part is not None:
            self.part.unlink(missing_ok=True)

    def leave(self) -> None:
        """Leave what was written where it is, unfinished."""
        if self._stream is not _buffer():
            with suppress(OSError):
                self._stream.close()

    def _open(self) -> BinaryIO:
        if self.path == "-":
            return _standard_output()
        if self._target is None:
            if os.path.isdir(self.path):
                raise InputError(f"{self.path} is a directory. Name a file in it with {self._option}.")
            return open(self.path, "wb")
        _check(self._target, self._option)
        if self._known_part is not None:
            part = self._known_part
            stream = part.open("r+b" if self._kept else "wb")
            stream.truncate(self._kept)
            stream.seek(self._kept)
        else:
            part = self._target.with_name(f".titlenorm-{os.getpid()}-{secrets.token_hex(4)}.part")
            stream = part.open("xb")
        self.part = part
        return stream

    def _explained(self) -> AbstractContextManager[None]:
        return _explained(self.path, self._option)


def check_target(path: str, option: str = "-o") -> None:
    """Stop unless a file can be written, as far as can be told before it is.

    Raises:
        InputError: there is no such directory, or something is read-only.
    """
    if is_plain(path):
        with _explained(path, option):
            _check(Path(os.path.realpath(path)), option)


def _check(target: Path, option: str) -> None:
    if not target.parent.is_dir():
        raise InputError(f"The directory {target.parent} does not exist. Create it first, or choose another place with {option}.")
    for path in (target.parent, target):
        if path.exists() and not path.stat().st_mode & _WRITABLE:
            raise PermissionError(errno.EACCES, f"{path} is read-only")


@contextmanager
def _explained(name: str, option: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        name = "Standard output" if name == "-" else name
        raise InputError(f"{name} cannot be written: {getattr(error, 'strerror', None) or error}. Choose another place with {option}.") from None


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
