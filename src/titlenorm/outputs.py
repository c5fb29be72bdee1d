"""Outputs: the file of a run and that of its rejected rows, written together and named when both are whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from titlenorm.chunk import Mark
from titlenorm.dialect import Dialect
from titlenorm.journal import Journal, part_path, verified
from titlenorm.rows import Reject, render
from titlenorm.sink import Sink, is_plain

__all__ = ["Outputs", "rejects_path"]

_BYTES = Dialect("utf-8", b"", ",")
"""What is written has its encoding already."""
_BLOCK = 1 << 20


def rejects_path(output: str) -> str:
    """Where the rejected rows go: beside the output, or into the working directory when the output is no file.

    >>> rejects_path("out.csv"), rejects_path("-")
    ('out.csv.rejects.csv', 'titlenorm.rejects.csv')
    """
    return f"{output}.rejects.csv" if is_plain(output) else "titlenorm.rejects.csv"


class Outputs:
    """Where a run writes to.

    Args:
        output: a path, or "-".
        rejects: the file of rejected rows, made when the first one comes; empty for none.
        dialect: how the file of rejected rows is written.
        pack: what packs a piece of the output.
        journal: where chunks are noted; None for a run that cannot go on after a stop.

    Attributes:
        rejects: the file of rejected rows; empty as long as there are none.
        mark: where the last chunk of an earlier run ended; None for a run that begins.
        entries: what was counted in the chunks of the earlier run.
    """

    def __init__(self, output: str, rejects: str, dialect: Dialect, pack: Callable[[bytes], bytes], journal: Journal | None = None) -> None:
        self._dialect, self._pack, self._journal = dialect, pack, journal
        self._rejects_path, self.rejects = rejects, ""
        part, rejects_part = (part_path(path, "part") if journal else None for path in (output, rejects))
        self._rejects_part = rejects_part
        self._sink: Sink | None = None
        self._rejects: Sink | None = None
        length, rejected = self._recover(journal, part, rejects_part) if journal and part and rejects_part else (0, 0)
        self.entries = list(journal.entries) if journal else []
        self.mark = Mark(*self.entries[-1]["mark"]) if self.entries else None
        self._file = _Written(part if length else None, length)
        self._sink = Sink(output, _BYTES, part=part, kept=length)
        self._rejected = _Written(rejects_part if rejected else None, rejected)
        if rejected:
            self._open_rejects(rejected)

    def write(self, data: bytes) -> None:
        """Write a piece that is no chunk, such as the header."""
        if data and self._sink:
            packed = self._pack(data)
            self._sink.write_bytes(packed)
            self._file.add(packed)

    def add(self, data: bytes, rejects: Sequence[Reject], mark: Mark, counted: dict[str, Any]) -> None:
        """Write a chunk and its rejected rows, and note it."""
        self.write(data)
        if rejects:
            if self._rejects is None:
                self._open_rejects(0)
                self._write_rejects("line,reason,row\n", self._dialect.bom)
            self._write_rejects("".join(f"{row}\n" for row in render([(str(line), reason, text) for line, reason, text in rejects], ",")))
        if self._journal and self._sink:
            self._sink.flush()
            if self._rejects:
                self._rejects.flush()
            self._journal.add({**counted, "mark": list(mark), "output": self._file.state(), "rejects": self._rejected.state()})

    def finish(self, make: Callable[[str, str], None] | None) -> tuple[int, str]:
        """Give the files their names; the length and the checksum of the output.

        Args:
            make: what makes the file out of its pieces, where it is more than them.
        """
        assert self._sink
        self._sink.close()
        if self._rejects:
            self._rejects.close()
        made = self._file.state()
        if make:
            self._sink.convert(make)
            if part := self._sink.part:
                made = _Written(part, part.stat().st_size).state()
        self._sink.publish()
        if self._rejects:
            self._rejects.publish()
        elif self._rejects_path and os.path.isfile(self._rejects_path):
            with suppress(OSError):
                os.unlink(self._rejects_path)
        if self._journal:
            self._journal.remove()
            self._journal = None
        return made

    def stop(self, for_good: bool = False) -> bool:
        """End before the end: leave nothing behind, or, when a chunk is noted, what is needed to go on.

        Args:
            for_good: going on would not help.

        Returns:
            Whether the run can go on.
        """
        left = self._journal is not None and not self._journal.is_empty and not for_good
        for sink in filter(None, (self._sink, self._rejects)):
            if left:
                sink.leave()
            else:
                sink.discard()
        if self._journal:
            if left:
                self._journal.close()
            else:
                self._journal.remove()
        return left

    def _recover(self, journal: Journal, part: Path, rejects_part: Path) -> tuple[int, int]:
        """How much of the files of an earlier run is whole, by its journal."""
        count = verified(part, journal.entries, "output")
        said = [entry for entry in journal.entries[:count] if entry["rejects"][0]]
        if said:
            whole = verified(rejects_part, said, "rejects")
            if whole < len(said):
                count = journal.entries.index(said[whole])
        if count < len(journal.entries):
            journal.keep(count)
        if not count:
            rejects_part.unlink(missing_ok=True)
            return 0, 0
        last = journal.entries[-1]
        return last["output"][0], last["rejects"][0]

    def _open_rejects(self, kept: int) -> None:
        self._rejects = Sink(self._rejects_path, _BYTES, part=self._rejects_part, kept=kept)
        self.rejects = self._rejects_path

    def _write_rejects(self, text: str, before: bytes = b"") -> None:
        assert self._rejects
        data = before + text.encode(self._dialect.encoding, self._dialect.errors)
        self._rejects.write_bytes(data)
        self._rejected.add(data)


class _Written:
    """The length and the checksum of what was written to a file."""

    def __init__(self, path: Path | None, length: int) -> None:
        self._digest, self._length = sha256(), 0
        if path is not None:
            with path.open("rb") as stream:
                while self._length < length and (data := stream.read(min(_BLOCK, length - self._length))):
                    self.add(data)

    def add(self, data: bytes) -> None:
        self._digest.update(data)
        self._length += len(data)

    def state(self) -> tuple[int, str]:
        return self._length, self._digest.hexdigest()
