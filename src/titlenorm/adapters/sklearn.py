"""scikit-learn: a transformer that turns titles into columns of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy
from sklearn.base import BaseEstimator, TransformerMixin

from titlenorm.adapters.lookup import look_up
from titlenorm.adapters.schema import wanted
from titlenorm.errors import InputError
from titlenorm.normalizer import Normalizer

__all__ = ["TitleNormalizer"]

Cells = numpy.ndarray[Any, numpy.dtype[numpy.object_]]


class TitleNormalizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Titles in, columns of the answer out.

    It learns nothing from data. Titles are a list, an array, a series, or a frame with one column; a missing one (None,
    NaN, NA) has missing cells, all None.

    Args:
        columns: which columns of the answer, in order.
        normalizer: what answers; the shared one with the bundled taxonomy when None.

    >>> from titlenorm.adapters.sklearn import TitleNormalizer
    >>> TitleNormalizer().fit_transform(["Sr. Accountant", "CEO"]).tolist()
    [['accountant', 'senior'], ['chief-executive-officer', 'cxo']]
    """

    def __init__(self, columns: Sequence[str] = ("role_id", "level"), normalizer: Normalizer | None = None) -> None:
        self.columns = columns
        self.normalizer = normalizer

    def fit(self, X: Any, y: Any = None) -> Self:
        """Check the titles and the names of the columns.

        Raises:
            InputError: no titles, or no such column.
        """
        wanted(self.columns)
        _titles(X)
        return self

    def transform(self, X: Any) -> Cells:
        """The columns of the answer for each title, as an array of objects; as a frame after `set_output`.

        Raises:
            InputError: no titles, or no such column.
        """
        names = wanted(self.columns)
        found = look_up(_titles(X), normalizer=self.normalizer)
        rows: Cells = numpy.empty((len(found.rows), len(names)), dtype=object)
        for place, name in enumerate(names):
            rows[:, place] = found.column(name)
        cells: Cells = rows[found.codes]
        return cells

    def get_feature_names_out(self, input_features: Any = None) -> Cells:
        """The names of the columns, whatever the input was called."""
        return numpy.array(wanted(self.columns), dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = False, True
        tags.input_tags.string = tags.input_tags.categorical = tags.input_tags.allow_nan = True
        return tags


def _titles(X: Any) -> list[object]:
    """The titles of any input that scikit-learn hands on, with None for missing ones."""
    cells = numpy.asarray(X, dtype=None if hasattr(X, "dtype") else object)
    if cells.ndim == 2 and cells.shape[1] == 1:  # what a ColumnTransformer takes out of a frame for ["job_title"]
        cells = cells[:, 0]
    if cells.ndim != 1:
        raise InputError(f"TitleNormalizer takes one column of titles, and this has the shape {cells.shape}. Choose the column, or use a ColumnTransformer.")
    titles = [None if _is_missing(cell) else cell for cell in cells.tolist()]
    if cells.dtype.kind not in "OUST" and any(title is not None for title in titles):
        raise InputError(f"The titles are of the type {cells.dtype}, not text. Choose the column with the titles, or turn it into text first.")
    return titles


def _is_missing(cell: object) -> bool:
    return cell is None or (not isinstance(cell, str) and str(cell == cell) != "True")  # NaN says False, and NA says NA
