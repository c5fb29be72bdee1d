"""Index: sparse matrices over the aliases and roles of a taxonomy; the roles that are most like a title, and how they are.

No matrix of titles by aliases is ever dense. A block of titles meets the informative words of all aliases in one sparse
product; the best few roles of each title are then measured in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from titlenorm.match.query import Query
from titlenorm.match.space import Space, counts, scaled, sums, without_common
from titlenorm.match.terms import runs, terms

__all__ = ["AGREE", "FEATURES", "Index", "Likeness"]

FEATURES = ("alias", "same", "aliases", "name", "cover", "letters", "tables", "share", "taught", "code", "known", "labels")
"""What is measured of a role, in the order of the columns of `Likeness.features`, without the prefix `like_`."""

_BLOCK_CELLS = 1 << 20  # titles by roles in one block
_SAME = 0.999  # the words of a title and of an alias are the same
_RARE = 0.05  # a term in more aliases than this share finds too many of them
_RUN_SHARE = 0.3  # a run of letters in more roles than this share says nothing
_MEASURED_LATER = ("same", "aliases", "name")
_MEASURED = 24  # roles of a title that are measured in full
AGREE = 4
"""How many aliases of a role are averaged."""


class Likeness(NamedTuple):
    """The roles most like one title: their numbers, and a row of `FEATURES` for each."""

    roles: Any
    features: Any


class Phrases(NamedTuple):
    """What the index is built from: the words of each phrase, grouped by role, the name of the role first.

    `first[r]` is where the phrases of role r begin; `labels[r]` counts the labelled titles among them.
    """

    words: list[Sequence[str]]
    first: Any
    labels: Any


class Bridge(NamedTuple):
    """How the roles of the bundled tables (rows) meet the roles of a taxonomy (columns), as sparse matrices.

    `tables`: how strongly the names and aliases of a role are read as the bundled role; `share`: the share of all that is
    read as the bundled role which is this role; `taught`: the same of the labelled titles alone; `code`: whether both carry one code.
    """

    tables: Any
    share: Any
    taught: Any
    code: Any


class Index:
    """Built once from the phrases of a taxonomy, then shared between calls; it never changes.

    Args:
        phrases: the names and aliases of each role.
        weights: what each of `FEATURES` weighs, to choose the roles that are measured in full.
        bridge: how the bundled roles meet these roles, or None.
    """

    def __init__(self, phrases: Phrases, weights: Sequence[float], bridge: Bridge | None = None) -> None:
        import numpy
        from scipy import sparse
        from sklearn.feature_extraction.text import TfidfTransformer

        self._bridge = bridge
        self._weights = dict(zip(FEATURES, weights, strict=True))
        for name in _MEASURED_LATER:
            later = self._weights.pop(name)
            self._weights["alias"] += later if name != "same" else 0.0
        self.first = numpy.asarray(phrases.first)
        count = len(self.first) - 1
        names: dict[str, int] = {}
        used = counts(phrases.words, names)
        owners = numpy.repeat(numpy.arange(count), numpy.diff(self.first))
        by_role = sparse.csr_matrix((numpy.ones(len(owners), dtype=numpy.float32), (owners, numpy.arange(len(owners)))), shape=(count, len(owners)))
        self._terms = Space(names, terms)
        self._runs = Space(names, runs)
        role_words = by_role @ used
        weigh = TfidfTransformer(sublinear_tf=True).fit(role_words @ self._terms.matrix)
        self._terms.weigh(weigh.idf_)
        self._aliases = weigh.transform(used @ self._terms.matrix).astype(numpy.float32)
        self._cover = ((role_words @ self._terms.matrix).T.tocsr() > 0).astype(numpy.float32)
        weigh = TfidfTransformer(sublinear_tf=True).fit(role_words @ self._runs.matrix)
        self._runs.weigh(weigh.idf_)
        letters = weigh.transform(role_words @ self._runs.matrix).astype(numpy.float32)
        self._letters = without_common(letters, _RUN_SHARE).T.tocsr()
        self._rare = without_common(self._aliases, _RARE).T.tocsr()
        self._owners = owners
        self._known = numpy.log1p(numpy.diff(self.first)).astype(numpy.float32)
        self._labels = numpy.log1p(numpy.asarray(phrases.labels)).astype(numpy.float32)

    def search(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int) -> Iterator[Likeness]:
        """For each query the roles that are most like it, at least `limit` of them where there are any.

        Args:
            queries: weighted words.
            hints: for each query the bundled roles that its title was read as: their numbers and scores.
            limit: how many roles are wanted.
        """
        size = max(1, _BLOCK_CELLS // max(1, len(self._known)))
        for start in range(0, len(queries), size):
            yield from self._search_block(queries[start : start + size], hints[start : start + size], max(limit, _MEASURED))

    def _search_block(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int) -> Iterator[Likeness]:
        import numpy

        count = len(self._known)
        asked = self._terms.vectors(queries)
        dense = {
            "alias": self._best_alias(asked),
            "cover": (scaled(asked, 1) @ self._cover).toarray(),
            "letters": (self._runs.vectors(queries) @ self._letters).toarray(),
            "known": numpy.broadcast_to(self._known, (len(queries), count)),
            "labels": numpy.broadcast_to(self._labels, (len(queries), count)),
        }
        if self._bridge is not None:
            hinted = _hint_matrix(hints, self._bridge.tables.shape[0])
            for name, matrix in zip(Bridge._fields, self._bridge, strict=True):
                dense[name] = (hinted @ matrix).toarray()
        total = sum(self._weights[name] * values for name, values in dense.items())
        limit = min(limit, count)
        found = numpy.argpartition(-total, limit - 1, axis=1)[:, :limit]
        rows = numpy.repeat(numpy.arange(len(queries)), limit)
        roles = found.ravel()
        features = numpy.zeros((len(roles), len(FEATURES)), dtype=numpy.float32)
        for name, values in dense.items():
            features[:, FEATURES.index(name)] = values[rows, roles]
        self._measure(asked, rows, roles, features)
        for row in range(len(queries)):
            part = slice(row * limit, (row + 1) * limit)
            kept = total[row, roles[part]] > 0 if queries[row] or hints[row] else slice(0, 0)
            yield Likeness(roles[part][kept], features[part][kept])

    def _best_alias(self, asked: Any) -> Any:
        """For each title and role the likeness of its best alias, by informative words only."""
        import numpy

        met = (asked @ self._rare).tocsr()
        best = numpy.zeros(asked.shape[0] * len(self._known), dtype=numpy.float32)
        cells = numpy.repeat(numpy.arange(asked.shape[0]) * len(self._known), numpy.diff(met.indptr)) + self._owners[met.indices]
        numpy.maximum.at(best, cells, met.data)
        return best.reshape(asked.shape[0], -1)

    def _measure(self, asked: Any, rows: Any, roles: Any, features: Any) -> None:
        """Fill in what needs every alias of a role: the best one, some of them together, and its name."""
        import numpy

        matrix = self._aliases
        begin, end = self.first[roles], self.first[roles + 1]
        aliases = _ranges(begin, end)
        cells = _ranges(matrix.indptr[begin], matrix.indptr[end])
        row_of_cell = numpy.repeat(rows, matrix.indptr[end] - matrix.indptr[begin])
        values = asked.toarray()[row_of_cell, matrix.indices[cells]] * matrix.data[cells]
        alike = sums(values, numpy.diff(matrix.indptr)[aliases])
        sizes = end - begin
        starts = numpy.cumsum(sizes) - sizes
        features[:, FEATURES.index("name")] = alike[starts]
        best = _best(alike, starts, sizes)
        features[:, FEATURES.index("alias")] = best[0]
        features[:, FEATURES.index("same")] = best[0] > _SAME
        features[:, FEATURES.index("aliases")] = sum(best) / AGREE


def _hint_matrix(hints: Sequence[Mapping[int, float]], width: int) -> Any:
    import numpy
    from scipy import sparse

    bounds = numpy.concatenate([[0], numpy.cumsum([len(hint) for hint in hints])])
    cells = [number for hint in hints for number in hint]
    values = numpy.array([score for hint in hints for score in hint.values()], dtype=numpy.float32)
    return sparse.csr_matrix((values, cells, bounds), shape=(len(hints), width))


def _ranges(begin: Any, end: Any) -> Any:
    """The numbers begin[0]..end[0]-1, begin[1]..end[1]-1, ... in one array."""
    import numpy

    sizes = end - begin
    offsets = numpy.repeat(begin - (numpy.cumsum(sizes) - sizes), sizes)
    return offsets + numpy.arange(len(offsets))


def _best(values: Any, starts: Any, counts: Any) -> list[Any]:
    """The best, second best, ... of each run of `values`, as many as are averaged; 0 where a run is shorter."""
    import numpy

    left = values.copy()
    owners = numpy.repeat(numpy.arange(len(starts)), counts)
    found = []
    for _ in range(AGREE):
        best = numpy.maximum.reduceat(left, starts)
        found.append(numpy.maximum(best, 0))
        places = numpy.flatnonzero(left == best[owners])
        firsts = places[numpy.concatenate([[True], owners[places][1:] != owners[places][:-1]])]
        left[firsts] = -1
    return found
