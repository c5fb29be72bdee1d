"""Frames: the columns of titlenorm beside those of a pandas, Polars, PyArrow or Modin frame, through narwhals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from titlenorm.adapters.lookup import Lookup, look_up
from titlenorm.adapters.schema import NESTED, TYPES, added, listed, position, wanted
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.normalizer import Normalizer

if TYPE_CHECKING:
    import narwhals
    from narwhals.typing import IntoDataFrameT

    Series = narwhals.Series[Any]

__all__ = ["column_of", "find", "normalize_frame", "struct_of"]


def normalize_frame(
    frame: IntoDataFrameT,
    column: str,
    *,
    normalizer: Normalizer | None = None,
    context: str | Iterable[str] = (),
    columns: str | Iterable[str] | None = None,
    nested: bool = False,
) -> IntoDataFrameT:
    """A frame with the columns of titlenorm added; its own columns, their order and the index stay as they are.

    Args:
        frame: an eager frame: pandas, Polars, PyArrow or Modin.
        column: the column with the raw titles. A missing title gives missing cells; an empty one the status `empty`.
        normalizer: what answers; the shared one with the bundled taxonomy when None.
        context: columns whose words decide between the readings of an acronym, such as the department.
        columns: which columns to add, in this order; all twelve when None. A name that the frame already has gets the prefix `titlenorm_`.
        nested: add one column `titlenorm` of structs instead; of dicts where the library has no structs.

    Returns:
        A frame of the same kind. Columns are strings, but for `grade` (a nullable integer) and `score` (a float from 0 to 1).

    Raises:
        InputError: no eager frame, no such column, or one that holds no text.
        MissingExtraError: narwhals is not installed.

    >>> import pyarrow
    >>> people = pyarrow.table({"id": ["00123", "00124"], "job_title": ["Sr. Accountant", None]})
    >>> normalize_frame(people, "job_title", columns=["role_id", "level"]).to_pylist()[0]
    {'id': '00123', 'job_title': 'Sr. Accountant', 'role_id': 'accountant', 'level': 'senior'}
    """
    table = _eager(frame)
    titles, *more = [_column(table, name) for name in (column, *listed(context))]
    names = added(table.columns, columns, nested)
    found = find(titles, more, normalizer)
    if nested:
        return table.with_columns(struct_of(found, wanted(columns), names[NESTED], titles)).to_native()
    return table.with_columns(*[column_of(found, name, called, titles) for name, called in names.items()]).to_native()


def find(titles: Series, context: Iterable[Series], normalizer: Normalizer | None) -> Lookup:
    """The answers for a series of titles.

    Raises:
        InputError: the series holds no text.
    """
    import narwhals

    text = (narwhals.String, narwhals.Categorical, narwhals.Enum, narwhals.Object)
    if titles.dtype not in text and titles.null_count() < len(titles):
        where = f"column {titles.name!r}" if titles.name else "column of titles"
        raise InputError(f"The {where} holds {titles.dtype}, not text. Name the column with the titles, or turn it into text first.")
    return look_up(_cells(titles), [_cells(series) for series in context], normalizer)


def column_of(found: Lookup, name: str, called: str, like: Series) -> Series:
    """One column of answers, as a series of the library that `like` is of."""
    import narwhals

    cells, library = found.column(name), like.implementation
    if TYPES[name] is int and library.is_pandas_like():
        nullable = library.to_native_namespace().Series(cells, name=called, dtype="Int64")
        return _spread(narwhals.from_native(nullable, series_only=True), found)
    return _spread(narwhals.new_series(called, cells, _dtype(name), backend=library), found)


def struct_of(found: Lookup, fields: Sequence[str], called: str, like: Series) -> Series:
    """Several columns of answers as one series of structs; of dicts, each its own, where the library has no structs."""
    import narwhals

    cells: list[dict[str, Any] | None] = [dict(zip(fields, row, strict=True)) for row in zip(*map(found.column, fields), strict=True)]
    cells[-1] = None
    library = like.implementation
    if library.is_pandas_like():
        own = [cell if cell is None else dict(cell) for cell in map(cells.__getitem__, found.codes.tolist())]
        return narwhals.from_native(library.to_native_namespace().Series(own, name=called, dtype="object"), series_only=True)
    return _spread(narwhals.new_series(called, cells, narwhals.Struct({name: _dtype(name) for name in fields}), backend=library), found)


def _eager(frame: IntoDataFrameT) -> narwhals.DataFrame[IntoDataFrameT]:
    try:
        import narwhals
        from narwhals.exceptions import DuplicateError
    except ModuleNotFoundError as error:
        raise MissingExtraError.of("narwhals", "frames") from error

    try:
        return narwhals.from_native(frame, eager_only=True)
    except DuplicateError as error:
        raise InputError(f"Columns of the frame have the same name. Rename all but one. {' '.join(str(error).split())}.") from None
    except TypeError:
        way_out = "Collect a lazy frame first, or see titlenorm.adapters.polars, .duckdb and .spark."
        raise InputError(f"normalize_frame takes a frame of pandas, Polars, PyArrow or Modin, not {type(frame).__name__}. {way_out}") from None


def _column(table: narwhals.DataFrame[Any], name: str) -> Series:
    position(table.columns, name)
    if isinstance(name, tuple):
        raise InputError("The columns of the frame have several levels. Flatten them first: frame.columns = frame.columns.map(' '.join)")
    return table.get_column(name)


def _cells(series: Series) -> list[object]:
    """The cells with None where the library says missing: NaN, NA and NaT are."""
    if not series.null_count():
        return series.to_list()
    return [None if missing else cell for cell, missing in zip(series.to_list(), series.is_null().to_list(), strict=True)]


def _spread(distinct: Series, found: Lookup) -> Series:
    """A cell for each row, out of the cells of the distinct titles."""
    series: Series = distinct[found.codes]
    return series


def _dtype(name: str) -> narwhals.dtypes.DType:
    import narwhals

    kinds: dict[type, narwhals.dtypes.DType] = {str: narwhals.String(), int: narwhals.Int64(), float: narwhals.Float64()}
    return kinds[TYPES[name]]
