"""Space: the columns of terms, the numbers of the words that have them, and queries as vectors of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from titlenorm.match.query import Query

__all__ = ["Space", "Vectors"]

_SAYS_NOTHING: Final = -1


class Vectors(NamedTuple):
    """Queries whose terms together have length one: query `rows[i]` has word `words[i]` by `shares[i]`; rows rise.

    `sums[r]` is what all terms of query r weigh together.
    """

    rows: Any
    words: Any
    shares: Any
    sums: Any


class Space:
    """Terms and their columns, words and their numbers; what is met in a phrase is learnt, what is met in a query is looked up.

    A word is a pair of terms: itself and its stem. The first column is that of unknown terms: no phrase has it, so that what
    nobody knows makes a query less like anything. The first word has nothing else, and behind the words that were learnt
    come those of which only the stem is known.

    Args:
        cut: the two terms of a word; nothing for a word that says nothing.
    """

    def __init__(self, cut: Callable[[str], tuple[str, ...]]) -> None:
        self._cut = cut
        self._columns: dict[str, int] = {"": 0}
        self._numbers: dict[str, int] = {}
        self._with_stem: dict[int, int] = {0: 0}
        self.pairs: Any = None
        """The columns of the terms of each word."""
        self._rarity: Any = None

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._columns)

    def learn(self, phrases: Sequence[Sequence[str]]) -> tuple[Any, Any]:
        """The rows and columns of the terms of phrases, as often as each is used."""
        import numpy

        pairs = [(0, 0)]
        found: list[int] = []
        sizes: list[int] = []
        for phrase in phrases:
            before = len(found)
            for word in phrase:
                number = self._numbers.get(word)
                if number is None:
                    columns = [self._columns.setdefault(term, len(self._columns)) for term in self._cut(word)]
                    number = self._numbers[word] = len(pairs) if columns else _SAYS_NOTHING
                    if columns:
                        pairs.append((columns[0], columns[1]))
                if number != _SAYS_NOTHING:
                    found.append(number)
            sizes.append(len(found) - before)
        rows = numpy.repeat(numpy.arange(len(phrases)), numpy.array(sizes, dtype=numpy.intp))
        words = numpy.array(found, dtype=numpy.intp)
        for column in dict.fromkeys([stem for _, stem in pairs]):
            if column:
                self._with_stem[column] = len(pairs)
                pairs.append((0, column))
        self.pairs = numpy.array(pairs, dtype=numpy.intp)
        return numpy.repeat(rows, 2), self.pairs[words].ravel()

    def weigh(self, rarity: Any) -> None:
        """Take over the weights of the columns; an unknown term weighs as much as the rarest known one."""
        self._rarity = rarity.copy()
        self._rarity[0] = rarity[1:].max(initial=1.0)

    def vectors(self, queries: Sequence[Query]) -> Vectors:
        """Queries as vectors; their terms are weighted by rarity."""
        import numpy

        found: list[int] = []
        weights: list[float] = []
        sizes: list[int] = []
        for query in queries:
            before = len(found)
            for word, weight in query.items():
                number = self._numbers.get(word)
                if number is None:
                    number = self._number_of_unknown(word)
                if number != _SAYS_NOTHING:
                    found.append(number)
                    weights.append(weight)
            sizes.append(len(found) - before)
        rows = numpy.repeat(numpy.arange(len(queries)), numpy.array(sizes, dtype=numpy.intp))
        words, shares = numpy.array(found, dtype=numpy.intp), numpy.array(weights)
        cells, places = numpy.unique((rows[:, None] * self.width + self.pairs[words]).ravel(), return_inverse=True)
        rows_of, columns = numpy.divmod(cells, self.width)
        values = numpy.bincount(places, numpy.repeat(shares, 2), len(cells)) * self._rarity[columns]
        lengths = numpy.sqrt(numpy.bincount(rows_of, values * values, len(queries)))
        sums = numpy.bincount(rows_of, values, len(queries)) / numpy.maximum(lengths, 1e-9)
        return Vectors(rows, words, shares / lengths[rows], sums)

    def _number_of_unknown(self, word: str) -> int:
        terms = self._cut(word)
        return self._with_stem[self._columns.get(terms[1], 0)] if terms else _SAYS_NOTHING
