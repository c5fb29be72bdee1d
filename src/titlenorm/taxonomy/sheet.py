"""Sheets: a table of text or a workbook as rows of cells, each with its file and line."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from titlenorm.dialect import guess_dialect
from titlenorm.errors import InputError, MissingExtraError, TableError
from titlenorm.tables import Row

__all__ = ["LARGEST", "columns", "read_text", "read_workbook", "shown"]

LARGEST = 1 << 28
"""Bytes of a file, unpacked, above which it is no list of jobs."""

_SAMPLE = 1 << 18
_MOST_CELLS = 20_000_000
_SHOWN = 20


def read_text(name: str, data: bytes, delimiter: str | None = None, quoted: bool = True) -> Iterator[Row]:
    r"""The rows of a delimited text that are not blank, the header among them.

    Args:
        name: the file, for messages.
        data: its bytes; their encoding is guessed.
        delimiter: between cells; guessed when None.
        quoted: whether quotes enclose cells.

    Raises:
        TableError: an empty or binary file, a wrong byte, a quote that is not closed; the message has the line.

    >>> [(row.line, row.cells) for row in read_text("a.csv", b"id;name\n1;Baker\n")]
    [(1, ('id', 'name')), (2, ('1', 'Baker'))]
    """
    empty = TableError(f"{name} is empty: no header and no rows. Check the export.")
    if not data.strip():
        raise empty
    try:
        dialect = guess_dialect(data[:_SAMPLE], name, delimiter)
    except InputError:
        raise TableError(f"{name} is not a table of text. Save it as CSV in UTF-8, or as .xlsx, with that ending.") from None
    try:
        text = data[len(dialect.bom) :].decode(dialect.encoding)
    except UnicodeDecodeError as error:
        line = data[: len(dialect.bom) + error.start].count(b"\n") + 1
        raise TableError(f"{name}:{line}: a byte that is not {dialect.encoding}. Save the file as UTF-8.") from None
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True, quoting=quoting)  # type: ignore[arg-type]
    line, found = 1, False
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found = True
                yield Row(name, line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{name}:{line}: {error}. Check the quotes of this row.") from None
    if not found:
        raise empty


def read_workbook(name: str, data: bytes) -> list[list[Row]]:
    """The sheets of an .xlsx file that have rows; blank rows are left out, dates and numbers are as people write them.

    Args:
        name: the file, for messages; a sheet after the first one is named too.
        data: its bytes.

    Raises:
        MissingExtraError: openpyxl is not installed.
        TableError: not a workbook, or one that is too large.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError.of("openpyxl", "excel") from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > LARGEST:
            raise TableError(f"{name} has {size:,} bytes when it is unpacked; that is no list of jobs.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it does not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = []
            for number, sheet in enumerate(book.worksheets):
                where = f"{name} [{sheet.title}]" if number else name
                sheet.reset_dimensions()  # what a sheet says of its size is often wrong, and every row would be filled up to it
                sheets.append(list(_sheet_rows(where, sheet.iter_rows(values_only=True))))
    except TableError:
        raise
    except Exception as error:  # a damaged workbook trips the reader in ways that it does not document
        raise TableError(f"{name} is not a workbook that can be read ({type(error).__name__}). Save it as .xlsx or .csv again.") from None
    if not any(sheets):
        raise TableError(f"{name} is empty: no header and no rows. Check the export.")
    return [rows for rows in sheets if rows]


def _sheet_rows(where: str, values: Iterable[Sequence[object]]) -> Iterator[Row]:
    cells_seen = 0
    for line, cells in enumerate(values, start=1):
        cells_seen += len(cells)
        if cells_seen > _MOST_CELLS:
            raise TableError(f"{where}:{line}: more cells than a list of jobs has. Delete what stands far right or far below.")
        texts = tuple([_text(cell) for cell in cells])
        if any(texts):
            yield Row(where, line, texts)


def _text(cell: object) -> str:
    """A cell of a workbook as a person sees it.

    >>> _text(1042.0), _text(None), _text(True), _text(datetime.datetime(2024, 5, 1))
    ('1042', '', 'TRUE', '2024-05-01')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell).strip()


def columns(header: Row, wanted: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
    """Where the columns of a table stand, by their names in any case.

    Args:
        header: the first row.
        wanted: columns that must be there.
        optional: columns that may be there.

    Raises:
        TableError: one is missing; the message has the columns that were found.

    >>> columns(Row("a.txt", 1, ("Code", "TITLE")), ["Title"])
    {'Title': 1}
    """
    places = {cell.strip().casefold(): place for place, cell in reversed(list(enumerate(header.cells)))}
    for name in wanted:
        if name.casefold() not in places:
            raise TableError(f"{header.file}:{header.line}: there is no column {name!r}. Columns found: {shown(header.cells)}.")
    return {name: places[name.casefold()] for name in (*wanted, *optional) if name.casefold() in places}


def shown(cells: Sequence[str]) -> str:
    """The names of columns, for people; long names and long headers are cut."""
    names = [repr(cell if len(cell) <= 40 else cell[:40] + "...") for cell in cells[:_SHOWN]]
    return ", ".join(names) + (f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else "")
