"""Workbook: the first sheet of an Excel file that has rows, and a new Excel file with one sheet."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from titlenorm.chunk import Chunk, Mark, Table
from titlenorm.dialect import Dialect
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.formats.values import Shown, as_text, defused
from titlenorm.formats.writer import Added, Row
from titlenorm.rows import Reject, render

__all__ = ["WorkbookTable", "WorkbookWriter"]

_ROWS = 1 << 12
_LARGEST = 1 << 33
"""Bytes of a workbook, unpacked, above which nobody has made it by hand or by Excel."""
_MOST_ROWS = 1_048_576
_LONGEST = 32_767
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same rows give the same bytes, today and tomorrow
_DATED = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


class WorkbookTable:
    """A sheet of a workbook: its first row with cells is the header. Formulas count as what they gave last.

    Args:
        stream: the file; it must be seekable.
        name: the file, for messages.
        has_header: whether the first row holds the names of the columns.

    Raises:
        MissingExtraError: openpyxl is not installed.
        InputError: not a workbook, or one without rows.
    """

    kind = "workbook"
    size = 0
    dialect = Dialect("utf-8", b"", ",")

    def __init__(self, stream: BinaryIO, name: str, has_header: bool = True) -> None:
        self.name, self._stream = name, stream
        self._sheet = ""
        self._left: Iterator[Sequence[Any]] = iter(())
        self._number, self._blank, self._skipped = 0, 0, 0
        for title, rows in _sheets(stream, name):
            self._sheet, self._left = title, rows
            first = self._next()
            if first is not None:
                break
        else:
            raise InputError(f"{name} is empty: no header and no rows. Check the export.")
        self._width = len(first)
        self.header = [as_text(value) for value in first] if has_header else [str(number) for number in range(1, len(first) + 1)]
        self.has_header, self._first = has_header, None if has_header else first

    def describe(self) -> str:
        """How the file is written, for people."""
        return f"Excel, sheet {self._sheet!r}"

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """The rows, with the cells of some columns as text; a row with cells beyond the header is rejected.

        Raises:
            InputError: the file is damaged.
        """
        rows: list[list[object]] = []
        rejects: list[Reject] = []
        row, self._first = self._first or self._next(), None
        while row is not None:
            if self._number > self._skipped:
                if len(row) > self._width:
                    rejects.append(Reject(self._number, f"{len(row)} cells, expected {self._width}", render([list(map(as_text, row))], ",")[0]))
                else:
                    rows.append(row + [None] * (self._width - len(row)))
            if len(rows) + len(rejects) == _ROWS:
                yield self._chunk(rows, rejects, columns)
                rows, rejects = [], []
            row = self._next()
        yield self._chunk(rows, rejects, columns)

    def seek(self, mark: Mark) -> None:
        """Go on after a chunk."""
        self._skipped = mark.offset

    def cell(self, text: str) -> str:
        """The text of a cell."""
        return text

    def values(self, rows: Sequence[list[object]]) -> Iterator[list[object]]:
        """The rows as they are."""
        return iter(rows)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _chunk(self, rows: list[list[object]], rejects: list[Reject], columns: Sequence[int]) -> Chunk:
        cells: list[list[str | None]] = [[as_text(row[column]) for row in rows] for column in columns]
        return Chunk(rows, len(rows), cells, rejects, Mark(self._number, self._number + 1, self._blank), self._number)

    def _next(self) -> list[object] | None:
        """The next row that has cells, without empty ones at its end."""
        while True:
            try:
                cells = next(self._left)
            except StopIteration:
                return None
            except Exception as error:  # a damaged workbook trips the reader in ways that it does not document
                raise _damaged(self.name, error) from None
            self._number += 1
            row = [_value(cell) for cell in cells]
            while row and (row[-1] is None or row[-1] == ""):
                row.pop()
            if row:
                return row
            self._blank += 1


class WorkbookWriter:
    """Writes a workbook with one sheet; until the end the rows are lines of JSON.

    Args:
        table: where the rows come from.
        added: the columns to add.
        defuse: put an apostrophe before cells that a spreadsheet would run, should they be pasted elsewhere.
    """

    grows = False

    def __init__(self, table: Table, added: Added, defuse: bool = False) -> None:
        _openpyxl()
        self._table, self._added, self._defuse = table, added, defuse
        self._rows = 0

    def begin(self) -> bytes:
        """The row of names, if the table has one."""
        if not getattr(self._table, "has_header", True) or getattr(self._table, "header_text", None) == "":
            return b""
        return self._line([*self._table.header, *(name for names in self._added.names for name in names)])

    def tails(self, rows: Sequence[Row | None]) -> list[list[object]]:
        """The cells themselves."""
        empty: Row = (None,) * len(self._added.columns)
        return [list(row or empty) for row in rows]

    def encode(self, chunk: Chunk, tails: Sequence[Sequence[list[object]]]) -> bytes:
        """The rows as lines of JSON."""
        ends = zip(*tails, strict=True)
        return b"".join([self._line([*row, *(cell for tail in end for cell in tail)]) for row, end in zip(self._table.values(chunk.rows), ends, strict=True)])

    def finish(self, pieces: str, path: str) -> None:
        """Write the workbook out of the lines.

        Raises:
            InputError: more rows, or a longer cell, than Excel takes.
        """
        openpyxl = _openpyxl()
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("titlenorm")
        with Path(pieces).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number > _MOST_ROWS:
                    raise InputError(f"Excel takes {_MOST_ROWS:,} rows, and there are more. Write CSV or Parquet.")
                sheet.append([_cell(openpyxl, sheet, cell) for cell in json.loads(line)])
        book.save(f"{path}.new")
        _repack(f"{path}.new", path)
        os.unlink(f"{path}.new")

    def _line(self, row: Sequence[object]) -> bytes:
        cells = [_coded(cell) for cell in row]
        for cell in cells:
            if isinstance(cell, str) and len(cell) > _LONGEST:
                raise InputError(f"Excel takes {_LONGEST:,} characters a cell, and {cell[:40]!r}... has {len(cell):,}. Write CSV or Parquet.")
        if self._defuse:
            cells = [defused([cell])[0] if isinstance(cell, str) else cell for cell in cells]
        return json.dumps(cells).encode() + b"\n"


def _sheets(stream: BinaryIO, name: str) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    openpyxl = _openpyxl()
    try:
        with zipfile.ZipFile(stream) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > _LARGEST:
            raise InputError(f"{name} has {size:,} bytes when it is unpacked; that is no table. Check the export.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it does not read
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a sheet says of its size is often wrong, and every row would be filled up to it
                yield sheet.title, sheet.iter_rows()
    except InputError:
        raise
    except Exception as error:
        raise _damaged(name, error) from None


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(f"{name} is not a workbook that can be read ({type(error).__name__}). Save it as .xlsx again, or as CSV.")


def _value(cell: Any) -> object:
    """The value of a cell, with its number format where it has one."""
    value = cell.value
    if value is None or isinstance(value, (str, bool)):
        return value
    return value if cell.number_format == "General" else Shown(value, cell.number_format)


def _coded(value: object) -> object:
    """A value as something that JSON can say and `_cell` can read."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)  # Excel keeps fifteen digits
    if isinstance(value, Shown):
        coded = _coded(value.value)
        return coded if isinstance(coded, str) else {"value": coded, "format": value.format}
    if isinstance(value, datetime.datetime) and value.tzinfo is None and value.year >= 1900:
        return {"value": value.isoformat(), "format": None}
    if isinstance(value, datetime.date) and value.year >= 1900 and not isinstance(value, datetime.datetime):
        return {"value": datetime.datetime.combine(value, datetime.time()).isoformat(), "format": "yyyy-mm-dd"}
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", as_text(value))


def _cell(openpyxl: Any, sheet: Any, coded: object) -> object:
    """A cell to append; text stays text, also when it begins like a formula."""
    if isinstance(coded, dict):
        inner, form = coded["value"], coded["format"]
        if isinstance(inner, dict):
            inner, form = inner["value"], form or inner["format"]
        if isinstance(inner, str):
            inner = datetime.datetime.fromisoformat(inner)
        cell = openpyxl.cell.WriteOnlyCell(sheet, inner)
        if form:
            cell.number_format = form
        return cell
    if isinstance(coded, str) and coded.startswith(("=", "#")):
        cell = openpyxl.cell.WriteOnlyCell(sheet, coded)
        cell.data_type = "s"
        return cell
    return coded


def _repack(before: str, after: str) -> None:
    """The same workbook without the time at which it was written."""
    with zipfile.ZipFile(before) as source, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _WHEN)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with source.open(name) as read, target.open(info, "w") as write:
                if name == "docProps/core.xml":
                    write.write(_DATED.sub(b"", read.read()))
                else:
                    shutil.copyfileobj(read, write)


def _openpyxl() -> Any:
    try:
        import openpyxl
        import openpyxl.cell
    except ImportError:
        raise MissingExtraError.of("openpyxl", "excel") from None
    return openpyxl
