"""Lookup: the answers for the cells of a column, one row for each distinct title; what all adapters stand on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from titlenorm.answer import COLUMNS
from titlenorm.normalizer import Normalizer, shared

if TYPE_CHECKING:
    import numpy

__all__ = ["REMEMBERED", "Lookup", "look_up", "look_up_distinct"]

REMEMBERED = 100_000
"""How many distinct titles a normalizer remembers between two batches of rows, some 90 MB; then it begins anew."""

_BLOCK = 10_000
"""How many titles are looked up in one go: enough for TF-IDF to be fast, and not so many that their drafts fill the memory."""

_Key = str | tuple[str, ...]
"""What an answer depends on: the title, or with context a tuple of it and the context cells."""
_Row = tuple[Any, ...]

_NONE: _Row = (None,) * len(COLUMNS)

_memories: WeakKeyDictionary[Normalizer, dict[_Key, _Row]] = WeakKeyDictionary()
"""Engines ask in small batches, and once for each column that a user wants: the same titles come again and again."""


class Lookup(NamedTuple):
    """The distinct rows of `COLUMNS`, and for each cell the number of its row; the last row is that of a missing title."""

    rows: list[_Row]
    codes: numpy.ndarray[Any, numpy.dtype[numpy.int64]]

    def column(self, name: str) -> list[Any]:
        """The cells of the distinct rows in the column `name`."""
        return list(map(itemgetter(COLUMNS.index(name)), self.rows))


def look_up(titles: Sequence[object], context: Sequence[Sequence[object]] = (), normalizer: Normalizer | None = None) -> Lookup:
    """Look up each distinct title once.

    Args:
        titles: raw titles; None is a missing one and has no answer, an empty string has the status `empty`.
        context: for each context column its cells, as many as titles.
        normalizer: what answers; the shared one with the bundled taxonomy when None.

    >>> found = look_up(["Sr. Accountant", None, "Sr. Accountant"])
    >>> found.column("role_id"), found.codes.tolist()
    (['accountant', None], [0, 1, 0])
    """
    import numpy

    keys: Iterable[_Key | None] = (None if title is None else str(title) for title in titles)
    if context:
        more = zip(*([("" if cell is None else str(cell)) for cell in column] for column in context), strict=True)
        keys = (None if title is None else (str(title), *cells) for title, cells in zip(titles, more, strict=True))
    numbers: dict[_Key, int] = {}
    codes = numpy.fromiter((-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys), numpy.int64, len(titles))
    codes[codes < 0] = len(numbers)
    return look_up_distinct(numbers, codes, normalizer)


def look_up_distinct(keys: Collection[_Key], codes: numpy.ndarray[Any, numpy.dtype[numpy.int64]], normalizer: Normalizer | None = None) -> Lookup:
    """Look up titles that are told apart already.

    Args:
        keys: the distinct titles, or with context tuples of a title and its context cells.
        codes: for each cell the number of its title; one more than all others where it is missing.
        normalizer: as for `look_up`.

    >>> import numpy
    >>> look_up_distinct(["Sr. Accountant"], numpy.array([0, 1, 0])).column("role_id")
    ['accountant', None]
    """
    return Lookup([*_rows(keys, shared() if normalizer is None else normalizer), _NONE], codes)


def _rows(keys: Iterable[_Key], normalizer: Normalizer) -> list[_Row]:
    """The rows of distinct keys. Threads share the memory, so what one has read from it is kept here."""
    memory = _memories.setdefault(normalizer, {})
    rows = dict.fromkeys(keys, _NONE)
    for key in rows:
        rows[key] = memory.get(key, _NONE)
    missing = [key for key, row in rows.items() if row is _NONE]
    for start in range(0, len(missing), _BLOCK):
        block = missing[start : start + _BLOCK]
        titles = [key if isinstance(key, str) else key[0] for key in block]
        contexts = None if isinstance(block[0], str) else [{str(number): cell for number, cell in enumerate(key[1:]) if cell} for key in block]
        rows.update(zip(block, zip(*normalizer.normalize_columns(titles, contexts=contexts).values(), strict=True), strict=True))
    if len(memory) + len(missing) > REMEMBERED:
        memory.clear()
    memory.update((key, rows[key]) for key in missing[:REMEMBERED])
    return list(rows.values())
