"""Journal: which chunks of a run are written, so that a run that was stopped can go on after the last whole one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from titlenorm.errors import InputError
from titlenorm.sink import is_plain

__all__ = ["Journal", "part_path", "unfinished", "verified"]

_SHOWN_NAME = 40
_BLOCK = 1 << 20


def part_path(target: str, ending: str) -> Path:
    """Where what belongs to an unfinished output is kept: beside it, under a hidden name that says whose it is.

    >>> part_path("people.csv", "part").name
    '.titlenorm-people.csv-cea331bf.part'
    """
    path = Path(os.path.realpath(target))
    mark = sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return path.with_name(f".titlenorm-{path.name[:_SHOWN_NAME]}-{mark}.{ending}")


def unfinished(target: str) -> bool:
    """Whether a run that was to write a file was stopped, and can go on."""
    return is_plain(target) and part_path(target, "journal").is_file()


class Journal:
    """The chunks of a run that are written, a line of JSON each.

    Args:
        target: the output.
        head: what the run depends on: versions, options, checksum of the input. A run goes on only if all of it is the same.
        resume: go on after the chunks that are in the journal and whole in the output; else begin anew.

    Attributes:
        entries: the chunks of the earlier run, oldest first.

    Raises:
        InputError: another run writes to the same output; the input or an option is not what it was; no permission.
    """

    def __init__(self, target: str, head: Mapping[str, Any], resume: bool) -> None:
        self._path = part_path(target, "journal")
        self.entries: list[dict[str, Any]] = []
        try:
            self._stream = self._path.open("a+b")
            try:
                self._begin(head, target, resume)
            except BaseException:
                self._stream.close()
                raise
        except OSError as error:
            raise InputError(f"{target} cannot be written: {error.strerror or error}. Choose another place with -o.") from None

    @property
    def is_empty(self) -> bool:
        """Whether no chunk is written yet."""
        return not self.entries

    def add(self, entry: dict[str, Any]) -> None:
        """Note a chunk whose bytes are in the files."""
        self._write(entry)
        self.entries[:] = [entry]  # that there is one is all that matters from here on

    def keep(self, count: int) -> None:
        """Keep the first entries only: what later ones speak of is not whole."""
        self._stream.seek(0)
        lines = self._stream.readlines()[: count + 1]
        self._stream.truncate(sum(map(len, lines)))
        del self.entries[count:]

    def close(self) -> None:
        """Leave the journal for a later run."""
        self._stream.close()

    def give_up(self) -> None:
        """Close the journal, and remove it when there is nothing to go on with."""
        if self.is_empty:
            self.remove()
        else:
            self.close()

    def remove(self) -> None:
        """Remove the journal: the run is finished, or nothing of it is worth going on with."""
        self._path.unlink(missing_ok=True)
        self._stream.close()

    def _begin(self, head: Mapping[str, Any], target: str, resume: bool) -> None:
        _lock(self._stream.fileno(), target)
        size = self._read(head, target) if resume else 0
        self._stream.truncate(size)
        if not size:
            self._write(dict(head))

    def _read(self, head: Mapping[str, Any], target: str) -> int:
        """Read the entries of an earlier run; how many bytes of the journal are whole."""
        self._stream.seek(0)
        size = 0
        for number, line in enumerate(self._stream):
            entry = _parse(line)
            if entry is None:
                break
            if number:
                self.entries.append(entry)
            elif entry != json.loads(json.dumps(head)):
                raise _differs(entry, head, target)
            size += len(line)
        return size

    def _write(self, entry: dict[str, Any]) -> None:
        self._stream.write(json.dumps(entry).encode() + b"\n")
        self._stream.flush()


def verified(path: Path, entries: list[dict[str, Any]], name: str) -> int:
    """How many entries speak of bytes that are in a file as they were written.

    Args:
        path: the unfinished file.
        entries: each has under `name` the length of the file after its chunk, and the checksum up to there.
    """
    digest, done, count = sha256(), 0, 0
    try:
        with path.open("rb") as stream:
            for entry in entries:
                length, checksum = entry[name]
                while done < length and (data := stream.read(min(_BLOCK, length - done))):
                    digest.update(data)
                    done += len(data)
                if done != length or digest.hexdigest() != checksum:
                    break
                count += 1
    except OSError:
        return 0
    return count


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _differs(before: Mapping[str, Any], now: Mapping[str, Any], target: str) -> InputError:
    """The error for a run that is not the one that was stopped."""
    way_out = "Run it as before, or without --resume to begin anew."
    if before.get("input") != now.get("input"):
        return InputError(f"The input of {target} has changed since the run was stopped. {way_out}")
    said, says = dict(before.get("options", {})), dict(now.get("options", {}))
    names = sorted(name for name in said.keys() | says.keys() if said.get(name) != says.get(name))
    if names:
        return InputError(f"{target} was begun with {names[0]} {said.get(names[0])!r:.80}, not {says.get(names[0])!r:.80}. {way_out}")
    return InputError(f"{target} was begun with another version of titlenorm, its packages or its taxonomy. {way_out}")


def _lock(handle: int, target: str) -> None:
    """Two runs do not write to one output; where the system has no such locks, nobody looks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise InputError(f"Another run is writing {target}. Wait for it, or choose another place with -o.") from None
