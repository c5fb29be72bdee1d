"""Arrow: answers as Arrow arrays, for the engines that hand over their rows in that form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from titlenorm.adapters.lookup import Lookup, look_up, look_up_distinct
from titlenorm.adapters.schema import TYPES
from titlenorm.errors import InputError
from titlenorm.normalizer import Normalizer

__all__ = ["columns_of", "struct_of"]

Array = Any
"""A `pyarrow.Array` or `pyarrow.ChunkedArray`; pyarrow tells type checkers nothing."""


def columns_of(titles: Array, context: Sequence[Array], normalizer: Normalizer | None, names: Sequence[str]) -> list[Array]:
    """One array for each column that is named; a missing title gives missing cells.

    Args:
        titles: text.
        context: arrays of any kind, as long as titles; their words decide acronyms.
        normalizer: what answers; the shared one with the bundled taxonomy when None.
        names: columns of the answer.

    Raises:
        InputError: the titles are not text.

    >>> import pyarrow
    >>> [level] = columns_of(pyarrow.array(["Sr. Accountant", None]), [], None, ["level"])
    >>> level.to_pylist()
    ['senior', None]
    """
    import pyarrow

    found = _find(titles, context, normalizer)
    codes = pyarrow.array(found.codes)
    return [column.take(codes) for column in _distinct(found, names)]


def struct_of(titles: Array, context: Sequence[Array], normalizer: Normalizer | None, names: Sequence[str]) -> Array:
    """An array of structs with the columns that are named; a missing title gives a missing struct. See `columns_of`."""
    import pyarrow

    found = _find(titles, context, normalizer)
    codes = pyarrow.array(found.codes, mask=found.codes == len(found.rows) - 1)
    return pyarrow.StructArray.from_arrays(_distinct(found, names), names=list(names)).take(codes)


def _find(titles: Array, context: Sequence[Array], normalizer: Normalizer | None) -> Lookup:
    import pyarrow
    from pyarrow import types

    kind = titles.type.value_type if types.is_dictionary(titles.type) else titles.type
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind)):
        raise InputError(f"The titles are of the type {kind}, not text. Name the column with the titles, or cast it to text first.")
    if context:
        return look_up(titles.to_pylist(), [cells.to_pylist() for cells in context], normalizer)
    if types.is_dictionary(titles.type) or types.is_null(kind):
        titles = titles.cast(pyarrow.string() if types.is_null(kind) else kind)  # a dictionary may say one title twice
    encoded = titles.dictionary_encode()
    if isinstance(encoded, pyarrow.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    distinct = encoded.dictionary.to_pylist()
    return look_up_distinct(distinct, encoded.indices.cast(pyarrow.int64()).fill_null(len(distinct)).to_numpy(), normalizer)


def _distinct(found: Lookup, names: Sequence[str]) -> list[Array]:
    import pyarrow

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    return [pyarrow.array(found.column(name), kinds[TYPES[name]]) for name in names]
