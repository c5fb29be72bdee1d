"""Spark: the columns of titlenorm beside those of a Spark frame, computed by the workers; and functions for SQL."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from titlenorm.adapters.arrow import Array, columns_of, struct_of
from titlenorm.adapters.schema import NESTED, TYPES, added, listed, position, wanted
from titlenorm.answer import COLUMNS
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.normalizer import Normalizer

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

__all__ = ["normalize_frame", "register"]


def normalize_frame(
    frame: DataFrame,
    column: str,
    *,
    normalizer: Normalizer | None = None,
    context: str | Iterable[str] = (),
    columns: str | Iterable[str] | None = None,
    nested: bool = False,
) -> DataFrame:
    """A Spark frame with the columns of titlenorm added; the workers look up when the frame is used, the driver sees no row.

    titlenorm must be installed where the workers run. Each worker process builds its normalizer once.

    Args:
        frame: a Spark frame.
        column: the column with the raw titles. A NULL title gives NULL in all added columns; an empty one the status `empty`.
        normalizer: what answers; one with the bundled taxonomy when None. What it is made of travels to the workers.
        context: columns whose words decide between the readings of an acronym, such as the department.
        columns: which columns to add, in this order; all twelve when None. A name that the frame already has gets the prefix `titlenorm_`.
        nested: add one struct column `titlenorm` instead.

    Returns:
        The columns of `frame`, then the added ones: strings, but for `grade` (bigint) and `score` (double, 0 to 1).

    Raises:
        InputError: no such column, or one that holds no text.
        MissingExtraError: pyspark, or a package that it needs, is not installed.
    """
    _require()
    from pyspark.sql import types

    places = [position(frame.columns, name) for name in (column, *listed(context))]
    kind = frame.schema.fields[places[0]].dataType
    if not isinstance(kind, types.StringType | types.CharType | types.VarcharType | types.NullType):
        raise InputError(f"The column {column!r} holds {kind.simpleString()}, not text. Name the column with the titles, or cast it to text first.")
    fields = wanted(columns)
    new = _answer_type(fields)
    more = [types.StructField(NESTED, new)] if nested else new.fields
    # mapInArrow takes no name twice and no name with a dot: numbers go in and come out.
    numbers = types.StructType()
    for number, field in enumerate([*frame.schema.fields, *more]):
        numbers.add(str(number), field.dataType, field.nullable, field.metadata)
    work = partial(_batches, parcel=_packed(normalizer), places=places, fields=fields, nested=nested)
    return frame.toDF(*numbers.names[: len(frame.columns)]).mapInArrow(work, numbers).toDF(*frame.columns, *added(frame.columns, columns, nested).values())


def register(spark: SparkSession, normalizer: Normalizer | None = None) -> None:
    """Give a session the SQL functions `titlenorm` and `titlenorm_role`; registering again replaces them.

    - `titlenorm(title)` is a struct with the columns of the command line as fields.
    - `titlenorm_role(title)` is the name of the role.

    Both take further columns whose words decide between the readings of an acronym: `titlenorm(title, department)`.
    NULL gives NULL.

    Args:
        spark: a session of Spark 4.1 or newer.
        normalizer: what answers; one with the bundled taxonomy when None.

    Raises:
        InputError: Spark is too old for functions over Arrow.
        MissingExtraError: pyspark, or a package that it needs, is not installed.
    """
    _require()
    import pyarrow
    from pyspark.sql import types

    try:
        from pyspark.sql.pandas.functions import arrow_udf
    except ImportError:
        raise InputError(f"SQL functions need Spark 4.1 or newer, and this is {spark.version}. Use titlenorm.adapters.spark.normalize_frame.") from None

    parcel = _packed(normalizer)

    def structs(*cells: Array) -> Array:
        return struct_of(cells[0], cells[1:], _unpacked(parcel), COLUMNS)

    def roles(*cells: Array) -> Array:
        return columns_of(cells[0], cells[1:], _unpacked(parcel), ["role"])[0]

    kinds: list[tuple[str, Callable[..., Array], types.DataType]] = [
        ("titlenorm", structs, _answer_type(COLUMNS)),
        ("titlenorm_role", roles, types.StringType()),
    ]
    for name, function, kind in kinds:
        function.__annotations__ = {"cells": pyarrow.Array, "return": pyarrow.Array}  # from these Spark knows what to hand over
        spark.udf.register(name, arrow_udf(function, kind))  # type: ignore[call-overload]  # it reads them at run time


def _require() -> None:
    try:
        import pandas  # noqa: F401  pyspark asks for it before it runs anything over Arrow
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError.of(error.name or "pyspark", "spark") from error


def _answer_type(names: Sequence[str]) -> StructType:
    from pyspark.sql import types

    kinds: dict[type, types.DataType] = {str: types.StringType(), int: types.LongType(), float: types.DoubleType()}
    return types.StructType([types.StructField(name, kinds[TYPES[name]]) for name in names])


def _packed(normalizer: Normalizer | None) -> bytes | None:
    """What a worker builds a normalizer from: its taxonomy, options and matchers, and not what it made of them."""
    if normalizer is None:
        return None
    from pyspark import cloudpickle  # takes matchers that a notebook defines

    parcel: bytes = cloudpickle.dumps(normalizer)  # type: ignore[no-untyped-call]
    return parcel


@lru_cache(maxsize=8)
def _unpacked(parcel: bytes | None) -> Normalizer | None:
    """The normalizer of a worker process: a task that comes later, with the same parcel, finds it built."""
    normalizer: Normalizer | None = None if parcel is None else pickle.loads(parcel)
    return normalizer


def _batches(batches: Iterable[RecordBatch], parcel: bytes | None, places: Sequence[int], fields: Sequence[str], nested: bool) -> Iterator[RecordBatch]:
    """What a worker does: batches of rows in, the same with the added columns out."""
    from pyarrow import RecordBatch

    normalizer = _unpacked(parcel)
    for batch in batches:
        titles, *context = [batch.column(place) for place in places]
        answer: list[Any] = [struct_of(titles, context, normalizer, fields)] if nested else columns_of(titles, context, normalizer, fields)
        arrays = [*batch.columns, *answer]
        yield RecordBatch.from_arrays(arrays, names=list(map(str, range(len(arrays)))))
