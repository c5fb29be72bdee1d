"""Polars: `.titlenorm` on expressions and series, in eager, lazy and streaming queries; importing this module is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from titlenorm.adapters.accessor import Accessor
from titlenorm.adapters.frames import column_of, find, struct_of
from titlenorm.adapters.schema import NESTED, TYPES, wanted
from titlenorm.errors import MissingExtraError
from titlenorm.normalizer import Normalizer

try:
    import narwhals
    import polars
    from polars import Expr, Series
except ModuleNotFoundError as error:
    raise MissingExtraError.of(error.name or "polars", "polars") from error

__all__ = ["TitleExpr", "TitleSeries"]

_DTYPES = {name: {str: polars.String(), int: polars.Int64(), float: polars.Float64()}[kind] for name, kind in TYPES.items()}


@polars.api.register_expr_namespace("titlenorm")
class TitleExpr(Accessor[Expr, "str | Expr"]):
    """What `pl.col("job_title").titlenorm` gives; context columns are names or expressions.

    >>> import polars as pl
    >>> import titlenorm.adapters.polars
    >>> people = pl.LazyFrame({"job_title": ["Sr. Accountant", None]})
    >>> title = pl.col("job_title").titlenorm
    >>> people.select(title.role_id(), title.level()).collect().rows()
    [('accountant', 'senior'), (None, None)]
    """

    def __init__(self, expr: Expr) -> None:
        self._expr = expr

    def normalize(
        self, *, normalizer: Normalizer | None = None, context: str | Expr | Iterable[str | Expr] = (), columns: str | Iterable[str] | None = None
    ) -> Expr:
        """A struct `titlenorm` of all columns, or of those named; a missing title gives a missing struct."""
        fields = wanted(columns)
        dtype = polars.Struct({name: _DTYPES[name] for name in fields})
        return self._map(partial(_structs, normalizer=normalizer, fields=fields), dtype, context).alias(NESTED)

    def _column(self, name: str, normalizer: Normalizer | None, context: str | Expr | Iterable[str | Expr]) -> Expr:
        return self._map(partial(_cells, normalizer=normalizer, name=name), _DTYPES[name], context).alias(name)

    def _map(self, function: Callable[[Series], Series], dtype: polars.DataType, context: str | Expr | Iterable[str | Expr]) -> Expr:
        exprs = [polars.col(one) if isinstance(one, str) else one for one in ([context] if isinstance(context, (str, Expr)) else context)]
        asked = polars.struct(self._expr.alias(""), *(expr.alias(str(number)) for number, expr in enumerate(exprs)))
        return asked.map_batches(function, return_dtype=dtype, is_elementwise=True)


@polars.api.register_series_namespace("titlenorm")
class TitleSeries(Accessor[Series, Series]):
    """What `frame["job_title"].titlenorm` gives; context columns are series of the same length.

    >>> import polars as pl
    >>> import titlenorm.adapters.polars
    >>> pl.Series(["Sr. Accountant", None]).titlenorm.level().to_list()
    ['senior', None]
    """

    def __init__(self, series: Series) -> None:
        self._series = series

    def normalize(self, *, normalizer: Normalizer | None = None, context: Series | Iterable[Series] = (), columns: str | Iterable[str] | None = None) -> Series:
        """A series `titlenorm` of structs with all columns, or those named; a missing title gives a missing struct."""
        return _structs(self._asked(context), normalizer, wanted(columns))

    def _column(self, name: str, normalizer: Normalizer | None, context: Series | Iterable[Series]) -> Series:
        return _cells(self._asked(context), normalizer, name)

    def _asked(self, context: Series | Iterable[Series]) -> Series:
        more = [context] if isinstance(context, Series) else context
        return polars.DataFrame([self._series.alias(""), *(series.alias(str(number)) for number, series in enumerate(more))]).to_struct()


def _cells(asked: Series, normalizer: Normalizer | None, name: str) -> Series:
    """One column of answers; titles and context come as one struct, since a batch of a query is one series."""
    titles, *context = _columns(asked)
    series: Series = column_of(find(titles, context, normalizer), name, name, titles).to_native()
    return series


def _structs(asked: Series, normalizer: Normalizer | None, fields: Sequence[str]) -> Series:
    titles, *context = _columns(asked)
    series: Series = struct_of(find(titles, context, normalizer), fields, NESTED, titles).to_native()
    return series


def _columns(asked: Series) -> list[narwhals.Series[Series]]:
    return [narwhals.from_native(series, series_only=True) for series in asked.struct.unnest()]
