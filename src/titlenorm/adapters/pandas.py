"""pandas: `.titlenorm` on series and frames; importing this module is enough."""

from __future__ import annotations

from collections.abc import Iterable

from titlenorm.adapters.accessor import Accessor
from titlenorm.adapters.frames import column_of, find, normalize_frame
from titlenorm.adapters.lookup import Lookup
from titlenorm.adapters.schema import wanted
from titlenorm.errors import InputError, MissingExtraError
from titlenorm.normalizer import Normalizer

try:
    import narwhals
    import pandas
    from pandas import DataFrame, Series
except ModuleNotFoundError as error:
    raise MissingExtraError.of(error.name or "pandas", "pandas") from error

__all__ = ["TitleFrame", "TitleSeries"]


@pandas.api.extensions.register_series_accessor("titlenorm")
class TitleSeries(Accessor[Series, Series]):
    """What `frame["job_title"].titlenorm` gives, with the index of the series; context columns are series with that index.

    >>> import pandas as pd
    >>> import titlenorm.adapters.pandas
    >>> titles = pd.Series(["Sr. Accountant", "CEO"], index=["00123", "00124"])
    >>> titles.titlenorm.role_id().to_dict()
    {'00123': 'accountant', '00124': 'chief-executive-officer'}
    """

    def __init__(self, series: Series) -> None:
        self._series = series

    def normalize(
        self, *, normalizer: Normalizer | None = None, context: Series | Iterable[Series] = (), columns: str | Iterable[str] | None = None
    ) -> DataFrame:
        """A frame of all columns, or of those named, with the index of the series."""
        found = self._find(normalizer, context)
        return DataFrame({name: self._cells(found, name) for name in wanted(columns)}, index=self._series.index)

    def _column(self, name: str, normalizer: Normalizer | None, context: Series | Iterable[Series]) -> Series:
        return self._cells(self._find(normalizer, context), name)

    def _find(self, normalizer: Normalizer | None, context: Series | Iterable[Series]) -> Lookup:
        more = [context] if isinstance(context, Series) else list(context)
        for series in more:
            if not series.index.equals(self._series.index):
                raise InputError(f"The context column {series.name!r} has another index than the titles. Take both from one frame.")
        return find(_wrapped(self._series), map(_wrapped, more), normalizer)

    def _cells(self, found: Lookup, name: str) -> Series:
        return column_of(found, name, name, _wrapped(self._series)).to_native().set_axis(self._series.index)


@pandas.api.extensions.register_dataframe_accessor("titlenorm")
class TitleFrame:
    """What `frame.titlenorm` gives.

    >>> import pandas as pd
    >>> import titlenorm.adapters.pandas
    >>> people = pd.DataFrame({"job_title": ["Sr. Accountant", "CEO"]}, index=["00123", "00124"])
    >>> people.titlenorm.normalize("job_title", columns=["role_id", "level"]).loc["00124", "level"]
    'cxo'
    """

    def __init__(self, frame: DataFrame) -> None:
        self._frame = frame

    def normalize(
        self,
        column: str,
        *,
        normalizer: Normalizer | None = None,
        context: str | Iterable[str] = (),
        columns: str | Iterable[str] | None = None,
        nested: bool = False,
    ) -> DataFrame:
        """The frame with the columns of titlenorm added; see `titlenorm.adapters.frames.normalize_frame`."""
        return normalize_frame(self._frame, column, normalizer=normalizer, context=context, columns=columns, nested=nested)


def _wrapped(series: Series) -> narwhals.Series[Series]:
    return narwhals.from_native(series, series_only=True)
