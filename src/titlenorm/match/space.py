"""Space: the columns that words and stems have, and vectors in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from titlenorm.match.query import Query

__all__ = ["Space", "Vectors"]


class Vectors(NamedTuple):
    """Sparse rows: row `rows[i]` has `values[i]` in column `columns[i]`; rows rise, and no cell comes twice."""

    rows: Any
    columns: Any
    values: Any


class Space:
    """The columns of terms: those of all words that were learnt, and vectors of queries in them.

    The first column is that of unknown words: no phrase has it, so that what nobody knows makes a query less like anything.

    Args:
        cut: the terms of a word.
    """

    def __init__(self, cut: Callable[[str], tuple[str, ...]]) -> None:
        self._cut = cut
        self._columns: dict[str, int] = {"": 0}
        self._memory: dict[str, tuple[int, ...]] = {}
        self._rarity: Any = None

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._columns)

    def learn(self, phrases: Sequence[Sequence[str]]) -> tuple[Any, Any]:
        """The rows and columns of the terms of phrases, as often as each is used; terms not met before get the next columns."""
        import numpy

        columns: list[int] = []
        bounds = [0]
        for phrase in phrases:
            for word in phrase:
                known = self._memory.get(word)
                if known is None:
                    known = self._memory[word] = tuple([self._columns.setdefault(term, len(self._columns)) for term in self._cut(word)])
                columns += known
            bounds.append(len(columns))
        return numpy.repeat(numpy.arange(len(phrases)), numpy.diff(bounds)), numpy.array(columns, dtype=numpy.intp)

    def weigh(self, rarity: Any) -> None:
        """Take over the weights of the columns; an unknown word weighs as much as the rarest known one."""
        self._rarity = rarity.copy()
        self._rarity[0] = rarity[1:].max(initial=1.0)

    def vectors(self, queries: Sequence[Query]) -> Vectors:
        """Queries as rows of length one, weighted by rarity."""
        import numpy

        cells: list[int] = []
        weights: list[float] = []
        sizes: list[int] = []
        for query in queries:
            found: dict[int, float] = {}
            for word, weight in query.items():
                known = self._memory.get(word)
                for column in known if known is not None else [self._columns.get(term, 0) for term in self._cut(word)]:
                    found[column] = found.get(column, 0.0) + weight
            cells += found
            weights += found.values()
            sizes.append(len(found))
        rows = numpy.repeat(numpy.arange(len(queries)), sizes)
        columns = numpy.array(cells, dtype=numpy.intp)
        values = numpy.array(weights) * self._rarity[columns]
        lengths = numpy.sqrt(numpy.bincount(rows, values * values, len(queries)))
        return Vectors(rows, columns, values / lengths[rows])
