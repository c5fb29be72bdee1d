"""JSON lines: one object a line; its text stays as it was, and the added members stand at its end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from titlenorm.chunk import Chunk, Mark, Table
from titlenorm.dialect import Dialect, readable
from titlenorm.errors import InputError
from titlenorm.formats.values import as_json, as_text
from titlenorm.formats.writer import Added, Row
from titlenorm.lines import Lines
from titlenorm.rows import Reject

__all__ = ["JsonWriter", "JsonlTable"]

_BOM = b"\xef\xbb\xbf"
_CODEC = "utf-8", "surrogateescape"
_decode = json.JSONDecoder().decode


class JsonlTable:
    """A file of JSON objects, one a line, in UTF-8.

    Its columns are the keys of its first objects, in the order in which they come. A row that has none of a column
    misses that cell.

    Args:
        stream: where the bytes come from; they may be packed.
        name: the file, for messages.
        size: bytes in all, or 0 when unknown.

    Raises:
        InputError: no line at the beginning is an object.
    """

    kind = "jsonl"

    def __init__(self, stream: BinaryIO, name: str, size: int = 0) -> None:
        self.name, self.size = name, size
        self._bytes = Lines(stream, name)
        bom = _BOM if self._bytes.sample.startswith(_BOM) else b""
        self.dialect = Dialect("utf-8", bom, ",")
        self._bytes.skip(len(bom))
        self._number, self._blank = 1, 0
        self._reserved, self._is_whole = frozenset[str](), False
        data, final = self._bytes.more()
        self._bytes.put_back(data)
        keys: dict[str, None] = {}
        for line in data.decode(*_CODEC).split("\n"):
            found = _read(line)
            keys.update(dict.fromkeys(found if isinstance(found, dict) else ()))
        if not keys:
            empty = final and not data.strip()
            raise InputError(f"{name} is empty. Check the export." if empty else f"{name} has no JSON object a line. Write it so, or name another format.")
        self.header = list(keys)

    @property
    def position(self) -> int:
        """Bytes read so far, of `size`."""
        return self._bytes.position

    def describe(self) -> str:
        """How the file is written, for people."""
        return "JSON lines"

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """The rows, with the cells of some columns as text."""
        names, final = [self.header[column] for column in columns], False
        while not final:
            data, final = self._bytes.more()
            rows: list[str] = []
            found: list[list[str | None]] = []
            rejects: list[Reject] = []
            lines = data.decode(*_CODEC).split("\n")
            if not lines[-1]:
                lines.pop()
            for number, line in enumerate(lines, start=self._number):
                row = line.strip()
                if not row:
                    self._blank += 1
                    continue
                value = _read(row)
                cells = value if isinstance(value, str) else self._fault(value) or _cells(value, names)
                if isinstance(cells, str):
                    rejects.append(Reject(number, cells, row))
                else:
                    rows.append(row)
                    found.append(cells)
            self._number += len(lines)
            picked = [list(column) for column in zip(*found, strict=True)] or [[] for _ in names]
            yield Chunk(rows, len(rows), picked, rejects, Mark(self._bytes.offset, self._number, self._blank), self.position)

    def seek(self, mark: Mark) -> None:
        """Go on after a chunk."""
        self._bytes.skip(mark.offset)
        self._number, self._blank = mark.line, mark.blank

    def cell(self, text: str) -> str:
        """The text of a cell."""
        return readable(text)

    def values(self, rows: Sequence[str]) -> Iterator[list[object]]:
        """The values of the rows."""
        for row in rows:
            members = _decode(readable(row))
            yield [members.get(name) for name in self.header]

    def restrict(self, reserved: Iterable[str], is_whole: bool) -> None:
        """Reject rows that would lose a cell.

        Args:
            reserved: keys that are added to every row.
            is_whole: whether a row may only have keys that are columns.
        """
        self._reserved, self._is_whole = frozenset(reserved), is_whole

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._bytes.close()

    def _fault(self, members: dict[str, Any]) -> str:
        """Why a row would lose a cell, or nothing."""
        if not self._reserved.isdisjoint(members):
            return f"has the key {next(iter(self._reserved & members.keys()))!r}, which is added to each row"
        if self._is_whole and (new := [key for key in members if key not in self.header]):
            return f"has the key {new[0]!r:.60}, which the first rows do not have"
        return ""


class JsonWriter:
    """Writes JSON lines.

    Args:
        table: where the rows come from.
        added: the members to add.
    """

    grows = True

    def __init__(self, table: Table, added: Added) -> None:
        self._table, self._added = table, added

    def begin(self) -> bytes:
        """Nothing, or the byte order mark of the table."""
        return self._table.dialect.bom if self._table.kind == "jsonl" else b""

    def tails(self, rows: Sequence[Row | None]) -> list[tuple[str, ...]]:
        """For each title column the members, without the braces."""
        empty: Row = (None,) * len(self._added.columns)
        return [tuple([_dump(dict(zip(names, row or empty, strict=True)))[1:-1] for names in self._added.names]) for row in rows]

    def encode(self, chunk: Chunk, tails: Sequence[Sequence[tuple[str, ...]]]) -> bytes:
        """The objects with the members added."""
        ends = [", ".join([tail[place] for place, tail in enumerate(several)]) for several in zip(*tails, strict=True)]
        return "".join([f"{body}{end}}}\n" for body, end in zip(self._bodies(chunk.rows), ends, strict=True)]).encode(*_CODEC)

    def finish(self, pieces: str, path: str) -> None:
        """Nothing is to be done."""

    def _bodies(self, rows: Any) -> list[str]:
        """The objects without the brace at the end, and with a comma where something stands before it."""
        if self._table.kind == "jsonl":
            texts: list[str] = rows
        else:
            header = self._table.header
            texts = [_dump({name: as_json(value) for name, value in zip(header, row, strict=True)}) for row in self._table.values(rows)]
        bodies = [text[:-1].rstrip() for text in texts]
        return [body if body == "{" else f"{body}, " for body in bodies]


def _dump(members: dict[str, object]) -> str:
    text = json.dumps(members, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character
        return json.dumps(members)
    return text


def _read(line: str) -> dict[str, Any] | str:
    """The object of a line, or why there is none."""
    try:
        value = _decode(line)
    except RecursionError:
        return "nested too deeply"
    except ValueError:
        return "not JSON"
    return value if isinstance(value, dict) else "not a JSON object"


def _cells(members: dict[str, Any], names: Sequence[str]) -> list[str | None] | str:
    """Some cells of an object as text, or why they cannot be."""
    cells: list[str | None] = []
    for name in names:
        value = members.get(name)
        if value is not None and not isinstance(value, str):
            if isinstance(value, (list, dict)):
                return f"{name!r:.60} is not text"
            value = as_text(value)
        cells.append(value)
    return cells
