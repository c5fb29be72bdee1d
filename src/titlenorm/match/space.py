"""Space: the columns that words and stems have in a sparse matrix, and vectors in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from titlenorm.match.query import Query

__all__ = ["Space", "counts"]


class Space:
    """The terms of words: a matrix of known words by terms, and vectors of queries in the same columns.

    The first column is that of unknown words: no phrase has it, so that what nobody knows makes a query less like anything.
    """

    def __init__(self, words: Mapping[str, int], cut: Any) -> None:
        import numpy
        from scipy import sparse

        self._cut = cut
        self._columns: dict[str, int] = {"": 0}
        parts = [numpy.array([self._columns.setdefault(term, len(self._columns)) for term in cut(word)], dtype=numpy.int32) for word in words]
        self._memory = dict(zip(words, parts, strict=True))
        self._idf: Any = None
        bounds = numpy.concatenate([[0], numpy.cumsum([len(part) for part in parts])]) if parts else [0]
        cells = numpy.concatenate(parts) if parts else numpy.zeros(0, dtype=numpy.int32)
        self.matrix = sparse.csr_matrix((numpy.ones(len(cells), dtype=numpy.float32), cells, bounds), shape=(len(parts), len(self._columns)))

    def weigh(self, idf: Any) -> None:
        """Take over the weights of the columns; an unknown word weighs as much as the rarest known one."""
        import numpy

        self._idf = idf.astype(numpy.float32)
        self._idf[0] = self._idf[1:].max(initial=1.0)

    def vectors(self, queries: Sequence[Query]) -> Any:
        """Queries as rows of length one, weighted by rarity."""
        import numpy
        from scipy import sparse
        from sklearn.preprocessing import normalize

        parts: list[Any] = []
        weights: list[float] = []
        bounds = [0]
        for query in queries:
            used = 0
            for word, weight in query.items():
                part = self._memory.get(word)
                if part is None:
                    part = numpy.array([self._columns.get(term, 0) for term in self._cut(word)], dtype=numpy.int32)
                parts.append(part)
                weights.append(weight)
                used += len(part)
            bounds.append(bounds[-1] + used)
        cells = numpy.concatenate(parts) if parts else numpy.zeros(0, dtype=numpy.int32)
        values = numpy.repeat(numpy.array(weights, dtype=numpy.float32), [len(part) for part in parts])
        matrix = sparse.csr_matrix((values, cells, bounds), shape=(len(queries), len(self._columns)))
        matrix.sum_duplicates()
        matrix.data *= self._idf[matrix.indices]
        return normalize(matrix, copy=False)


def counts(phrases: Sequence[Sequence[str]], words: dict[str, int]) -> Any:
    """Phrases by words; new words get the next number."""
    import numpy
    from scipy import sparse

    cells = [words.setdefault(word, len(words)) for phrase in phrases for word in phrase]
    bounds = numpy.concatenate([[0], numpy.cumsum([len(phrase) for phrase in phrases])])
    matrix = sparse.csr_matrix((numpy.ones(len(cells), dtype=numpy.float32), cells, bounds), shape=(len(phrases), len(words)))
    matrix.sum_duplicates()
    return matrix
