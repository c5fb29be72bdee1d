"""Releases: the files of a download, in a folder or a zip, also when they sit in a folder of their own there."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from titlenorm.delimited import close_names
from titlenorm.errors import TableError
from titlenorm.taxonomy.sheet import LARGEST

__all__ = ["Release", "read_file", "version_in"]

_DEPTH = 2
_MOST_NAMES = 10_000
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, OverflowError, KeyError)


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        TableError: no such file, no permission, too large; the message says the way out.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise TableError(f"{path} has {size:,} bytes; that is no list of jobs.")
        return path.read_bytes()
    except FileNotFoundError:
        raise TableError(f"{path} does not exist. {close_names(path)}") from None
    except IsADirectoryError:
        raise TableError(f"{path} is a folder. Name a file in it.") from None
    except (OSError, ValueError) as error:
        raise TableError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


class Release:
    """The files of a download.

    Attributes:
        path: the folder or zip.
        names: the files in it, at most two folders down, with "/" between.

    Raises:
        TableError: neither a folder nor a zip; so do the methods.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            self.names = sorted(_names_below(path, _DEPTH))
        elif not path.exists():
            raise TableError(f"{path} does not exist. {close_names(path)}")
        else:
            self.names = sorted(info.filename for info in self._infos() if not info.is_dir() and info.filename.count("/") <= _DEPTH)
        hidden = ("._", "~$", ".")
        self.names = [name for name in self.names if not PurePosixPath(name).name.startswith(hidden) and "__MACOSX" not in name]

    def find(self, *wanted: str) -> str | None:
        """The name of the first of some files that is there, in any case; the one least deep when there are several."""
        for file in wanted:
            found = [name for name in self.names if PurePosixPath(name).name.casefold() == file.casefold()]
            if found:
                return min(found, key=lambda name: (name.count("/"), name))
        return None

    def label(self, name: str) -> str:
        """A file of the release, for messages."""
        return f"{self.path / name}"

    def read(self, name: str) -> bytes:
        """The bytes of a file of the release."""
        if self.path.is_dir():
            return read_file(self.path / name)
        try:
            with zipfile.ZipFile(self.path) as archive:
                if archive.getinfo(name).file_size > LARGEST:
                    raise TableError(f"{self.label(name)} has {archive.getinfo(name).file_size:,} bytes; that is no list of jobs.")
                return archive.read(name)
        except TableError:
            raise
        except _UNREADABLE:
            raise TableError(f"{self.label(name)} is damaged or locked. Download the zip again, or unpack it and name the folder.") from None

    def version(self, pattern: str) -> str:
        """The version that the path or a folder in it says; see `version_in`."""
        folders = {part for name in self.names for part in PurePosixPath(name).parts[:-1]}
        return version_in([self.path.resolve().name, *sorted(folders)], pattern)

    def _infos(self) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                infos = archive.infolist()
        except _UNREADABLE:
            raise TableError(f"{self.path} is no folder and no zip that can be read. Name the folder or zip as it was downloaded.") from None
        if len(infos) > _MOST_NAMES:
            raise TableError(f"{self.path} holds {len(infos):,} files. Name the zip as it was downloaded.")
        return infos


def _names_below(folder: Path, depth: int) -> Iterator[str]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise TableError(f"{folder} cannot be read: {error.strerror or error}.") from None
    for entry in entries:
        if entry.is_file():
            yield entry.name
        elif depth and entry.is_dir() and not entry.name.startswith("."):
            yield from (f"{entry.name}/{name}" for name in _names_below(entry, depth - 1))


def version_in(texts: Iterable[str], pattern: str) -> str:
    r"""The version that the first of some names says; empty when none does.

    Args:
        texts: names of folders and files.
        pattern: a regular expression with a group for each number.

    >>> version_in(["downloads", "db_30_0_text"], r"db_(\d+)_(\d)")
    '30.0'
    """
    for text in texts:
        if match := re.search(pattern, text, re.IGNORECASE):
            return ".".join(filter(None, match.groups()))
    return ""
