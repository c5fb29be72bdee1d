"""Arrow: Parquet and Arrow (Feather) files; every column keeps its type, and the added ones have theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from titlenorm.answer import CODES, COLUMNS
from titlenorm.chunk import Chunk, Mark, Table
from titlenorm.dialect import Dialect
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.formats.values import as_text
from titlenorm.formats.writer import Added, Row

__all__ = ["ArrowTable", "ArrowWriter"]

_ROWS = 1 << 14
_WORDS = {"parquet": "Parquet", "arrow": "Arrow"}
_NUMBERS = {"grade": "int64", "score": "float64"}


class ArrowTable:
    """A Parquet or Arrow file.

    Args:
        stream: the file; it must be seekable.
        name: the file, for messages.
        kind: "parquet" or "arrow".

    Raises:
        MissingExtraError: pyarrow is not installed.
        InputError: the file cannot be read.
    """

    dialect = Dialect("utf-8", b"", ",")

    def __init__(self, stream: BinaryIO, name: str, kind: str) -> None:
        self.kind, self.name, self._stream = kind, name, stream
        self._arrow = _pyarrow()
        try:
            self._file = _open(stream, kind)
            self.schema: Any = self._file.schema_arrow if kind == "parquet" else self._file.schema
            self.size = self._file.metadata.num_rows if kind == "parquet" else 0
        except (self._arrow.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        self.header = list(self.schema.names)
        if not self.header:
            raise InputError(f"{name} has no columns. Check the export.")
        self._skipped = 0

    def describe(self) -> str:
        """How the file is written, for people."""
        return _WORDS[self.kind]

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """The rows, with the cells of some columns as text.

        Raises:
            InputError: the file is damaged.
        """
        done = 0
        try:
            for batch in self._batches():
                done += batch.num_rows
                if done <= self._skipped:
                    continue
                batch = batch.slice(max(0, self._skipped - (done - batch.num_rows)))
                cells = [[None if value is None else as_text(value) for value in batch.column(column).to_pylist()] for column in columns]
                yield Chunk(batch, batch.num_rows, cells, [], Mark(done, done + 1, 0), done)
        except (self._arrow.ArrowException, OSError) as error:
            raise self._damaged(error) from None

    def seek(self, mark: Mark) -> None:
        """Go on after a chunk."""
        self._skipped = mark.offset

    def cell(self, text: str) -> str:
        """The text of a cell."""
        return text

    def values(self, rows: Any) -> Iterator[Sequence[object]]:
        """The rows of a batch as values of Python."""
        return zip(*[column.to_pylist() for column in rows.columns], strict=True)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def check_titles(self, column: int) -> None:
        """Stop unless a column holds text.

        Raises:
            InputError: it holds something else.
        """
        types, kind = self._arrow.types, self.schema.field(column).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind)):
            raise InputError(f"{self.name}: the column {self.header[column]!r} holds {kind}, not text. Name the column with the titles: --column NAME.")

    def _batches(self) -> Iterator[Any]:
        if self.kind == "parquet":
            yield from self._file.iter_batches(batch_size=_ROWS)
            return
        for number in range(self._file.num_record_batches):
            batch = self._file.get_batch(number)
            for start in range(0, batch.num_rows, _ROWS):
                yield batch.slice(start, _ROWS)

    def _damaged(self, error: Exception) -> InputError:
        return InputError(f"{self.name} cannot be read as {_WORDS[self.kind]}: {str(error).strip().splitlines()[0]:.200}. Copy or export it again.")


class ArrowWriter:
    """Writes Parquet or Arrow files; until the end the chunks are Arrow streams, one after the other.

    Args:
        table: where the rows come from; the columns of a table that is no Arrow or Parquet become text.
        kind: "parquet" or "arrow".
        added: the columns to add.
    """

    grows = False

    def __init__(self, table: Table, kind: str, added: Added) -> None:
        self._arrow = _pyarrow()
        self._table, self._kind, self._added = table, kind, added
        self._source = table if isinstance(table, ArrowTable) else None
        self._fields = [self._arrow.field(name, getattr(self._arrow, _NUMBERS.get(name, "string"))()) for name in (*COLUMNS, CODES)][: len(added.columns)]
        before = self._source.schema if self._source else self._arrow.schema([(name, self._arrow.string()) for name in table.header])
        if len(set(table.header)) != len(table.header):
            twice = next(name for name in table.header if table.header.count(name) > 1)
            raise InputError(f"{table.name} has two columns {twice!r}, which {_WORDS[kind]} cannot keep apart. Rename one, or write CSV.")
        if kind == "arrow" and self._source and self._source.kind == "parquet":
            before = _without_dictionaries(self._arrow, before)
        self._before = before
        self._schema = before
        for names in added.names:
            for name, field in zip(names, self._fields, strict=True):
                self._schema = self._schema.append(field.with_name(name))

    def begin(self) -> bytes:
        """Nothing yet."""
        return b""

    def tails(self, rows: Sequence[Row | None]) -> list[Row]:
        """The cells themselves."""
        empty: Row = (None,) * len(self._added.columns)
        return [row or empty for row in rows]

    def encode(self, chunk: Chunk, tails: Sequence[Sequence[Row]]) -> bytes:
        """The rows as an Arrow stream."""
        arrays = self._arrays(chunk)
        for column in tails:
            distinct = list({id(tail): tail for tail in column}.values())
            places = {id(tail): place for place, tail in enumerate(distinct)}
            take = self._arrow.array([places[id(tail)] for tail in column], self._arrow.int32())
            for index, field in enumerate(self._fields):
                arrays.append(self._arrow.array([tail[index] for tail in distinct], field.type).take(take))
        batch = self._arrow.RecordBatch.from_arrays(arrays, schema=self._schema)
        sink = self._arrow.BufferOutputStream()
        with self._arrow.ipc.new_stream(sink, self._schema) as stream:
            stream.write_batch(batch)
        return bytes(sink.getvalue())

    def finish(self, pieces: str, path: str) -> None:
        """Write the file out of the streams."""
        if self._kind == "parquet":
            from pyarrow import parquet

            target: Any = parquet.ParquetWriter(path, self._schema)
        else:
            target = self._arrow.ipc.new_file(path, self._schema)
        with target, Path(pieces).open("rb") as stream:
            end = Path(pieces).stat().st_size
            while stream.tell() < end:
                for batch in self._arrow.ipc.open_stream(stream):
                    target.write_batch(batch)

    def _arrays(self, chunk: Chunk) -> list[Any]:
        if self._source:
            return [array if array.type == field.type else array.cast(field.type) for array, field in zip(chunk.rows.columns, self._before, strict=True)]
        columns = list(zip(*self._table.values(chunk.rows), strict=True)) or [()] * len(self._before)
        return [self._arrow.array([None if value is None else as_text(value) for value in column], self._arrow.string()) for column in columns]


def _open(stream: BinaryIO, kind: str) -> Any:
    from pyarrow import ipc, parquet

    return parquet.ParquetFile(stream) if kind == "parquet" else ipc.open_file(stream)


def _without_dictionaries(arrow: Any, schema: Any) -> Any:
    """A schema whose columns are plain: an Arrow file can hold one dictionary a column, a Parquet file has one for each group of rows."""
    fields = [field.with_type(field.type.value_type) if arrow.types.is_dictionary(field.type) else field for field in schema]
    return arrow.schema(fields, schema.metadata)


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.ipc
    except ImportError:
        raise MissingExtraError.of("pyarrow", "parquet") from None
    return pyarrow
