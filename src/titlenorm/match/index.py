"""Index: sparse matrices over the aliases and roles of a taxonomy; the roles that are most like a title, and how they are.

No matrix of titles by aliases is ever built, and none of titles by roles is dense. Titles meet the roles in one sparse
product, which bounds how like the best alias of a role can be; the best few roles of each title are then measured in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from titlenorm.match.query import Query
from titlenorm.match.space import Space, counts
from titlenorm.match.terms import terms

__all__ = ["AGREE", "FEATURES", "Bridge", "Index", "Likeness", "Phrases"]

FEATURES = ("alias", "same", "aliases", "name", "cover", "tables", "share", "taught", "code", "known", "labels")
"""What is measured of a role, in the order of the columns of `Likeness.features`, without the prefix `like_`."""

_BLOCK = 256  # titles that are measured together
_SAME = 0.999  # the words of a title and of an alias are the same
_MEASURED = 16  # roles of a title that are measured in full
AGREE = 4
"""How many aliases of a role are averaged."""


class Likeness(NamedTuple):
    """The roles most like some titles: `features[i]`, a row of `FEATURES`, is of role `roles[i]` and of title `titles[i]`; titles rise."""

    titles: Any
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

        weigh = dict(zip(FEATURES, weights, strict=True))
        self._first = numpy.asarray(phrases.first)
        count = len(self._first) - 1
        names: dict[str, int] = {}
        used = counts(phrases.words, names)
        owners = numpy.repeat(numpy.arange(count), numpy.diff(self._first))
        by_role = sparse.csr_matrix((numpy.ones(len(owners), dtype=numpy.float32), (owners, numpy.arange(len(owners)))), shape=(count, len(owners)))
        self._terms = Space(names, terms)
        said = by_role @ used @ self._terms.matrix
        rarity = TfidfTransformer(sublinear_tf=True).fit(said)
        self._terms.weigh(rarity.idf_)
        self._aliases = rarity.transform(used @ self._terms.matrix).astype(numpy.float32).tocsr()
        self._said = (said > 0).astype(numpy.float32).tocsr()
        self._known = numpy.log1p(numpy.diff(self._first)).astype(numpy.float32)
        self._labels = numpy.log1p(numpy.asarray(phrases.labels)).astype(numpy.float32)
        best = _best_by_role(self._aliases, owners, count)
        bound = best * (weigh["alias"] + weigh["aliases"] + weigh["name"]) + self._said * (weigh["cover"] / 2)
        self._constant = weigh["known"] * self._known + weigh["labels"] * self._labels
        self._bridge = _Joined(bridge) if bridge is not None else None
        lent = self._bridge.total([weigh[name] for name in Bridge._fields]) if self._bridge is not None else sparse.csr_matrix((0, count))
        self._bounds = sparse.vstack([bound.T, lent]).tocsr().astype(numpy.float32)

    def search(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int) -> Iterator[Likeness]:
        """For each query the roles that are most like it, at least `limit` of them where there are any, a block of queries at a time.

        Args:
            queries: weighted words.
            hints: for each query the bundled roles that its title was read as: their numbers and scores.
            limit: how many roles are wanted.
        """
        for start in range(0, len(queries), _BLOCK):
            part = slice(start, start + _BLOCK)
            yield self._search(queries[part], hints[part], max(limit, _MEASURED), start)

    def _search(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int, start: int) -> Likeness:
        import numpy
        from scipy import sparse

        asked = self._terms.vectors(queries)
        hinted = _hint_matrix(hints, self._bounds.shape[0] - asked.shape[1])
        met = (sparse.hstack([asked, hinted], format="csr") @ self._bounds).tocsr()
        met.data += self._constant[met.indices]
        found = _highest(met, limit)
        rows = numpy.repeat(numpy.arange(len(queries)), numpy.diff(met.indptr))[found]
        roles = met.indices[found]
        features = numpy.zeros((len(roles), len(FEATURES)), dtype=numpy.float32)
        self._measure(asked, rows, roles, features)
        if self._bridge is not None:
            features[:, FEATURES.index("tables") : FEATURES.index("code") + 1] = self._bridge.measure(hinted, rows, roles)
        features[:, FEATURES.index("known")] = self._known[roles]
        features[:, FEATURES.index("labels")] = self._labels[roles]
        return Likeness(rows + start, roles, features)

    def _measure(self, asked: Any, rows: Any, roles: Any, features: Any) -> None:
        """Fill in what needs the words of a role: its best alias, some of them together, its name, and how much of the title they cover."""
        import numpy

        if not len(roles):
            return
        dense = asked.toarray()
        begin, end = self._first[roles], self._first[roles + 1]
        sizes = end - begin
        alike = _products(dense, self._aliases, numpy.repeat(rows, sizes), _ranges(begin, end))
        starts = numpy.cumsum(sizes) - sizes
        features[:, FEATURES.index("name")] = alike[starts]
        best = _best(alike, starts, sizes)
        features[:, FEATURES.index("alias")] = best[0]
        features[:, FEATURES.index("same")] = best[0] > _SAME
        features[:, FEATURES.index("aliases")] = sum(best) / AGREE
        features[:, FEATURES.index("cover")] = _products(dense, self._said, rows, roles) / numpy.maximum(dense.sum(axis=1), 1e-9)[rows]


class _Joined:
    """The matrices of a bridge in one: where a cell is, and what each of them has there."""

    def __init__(self, bridge: Bridge) -> None:
        import numpy

        pattern = sum(abs(part) for part in bridge).tocsr()
        pattern.sum_duplicates()
        cells = pattern.tocoo()
        self._values = numpy.zeros((pattern.nnz + 1, len(bridge)), dtype=numpy.float32)
        if pattern.nnz:  # of no cells at all scipy makes a matrix
            self._values[1:] = numpy.array([numpy.asarray(part[cells.row, cells.col]).ravel() for part in bridge]).T
        pattern.data = numpy.arange(1, pattern.nnz + 1, dtype=numpy.float64)
        self._places = pattern

    def total(self, weights: Sequence[float]) -> Any:
        """The weighted sum of the matrices."""
        import numpy

        total = self._places.copy()
        total.data = self._values[1:] @ numpy.array(weights)
        return total

    def measure(self, hinted: Any, rows: Any, roles: Any) -> Any:
        """What the hints of each title say of its roles: a row for each pair, a column for each matrix."""
        import numpy

        sizes = numpy.diff(hinted.indptr)[rows]
        pairs = numpy.repeat(numpy.arange(len(rows)), sizes)
        cells = _ranges(hinted.indptr[rows], hinted.indptr[rows + 1])
        if not len(cells):
            return numpy.zeros((len(rows), self._values.shape[1]), dtype=numpy.float32)
        places = numpy.asarray(self._places[hinted.indices[cells], roles[pairs]]).ravel().astype(numpy.int64)
        values = self._values[places] * hinted.data[cells, None]
        return numpy.stack([numpy.bincount(pairs, column, len(rows)) for column in values.T], axis=1)


def _best_by_role(aliases: Any, owners: Any, count: int) -> Any:
    """Roles by terms: what a term weighs at most in an alias of the role."""
    import numpy
    from scipy import sparse

    cells = aliases.tocoo()
    keys = owners[cells.row].astype(numpy.int64) * aliases.shape[1] + cells.col
    order = numpy.argsort(keys, kind="stable")
    keys, starts = numpy.unique(keys[order], return_index=True)
    values = numpy.maximum.reduceat(cells.data[order], starts) if len(starts) else cells.data
    return sparse.csr_matrix((values, (keys // aliases.shape[1], keys % aliases.shape[1])), shape=(count, aliases.shape[1]))


def _highest(matrix: Any, limit: int) -> Any:
    """Where the highest `limit` cells of each row are, row after row."""
    import numpy

    bounds = matrix.indptr.tolist()
    found = []
    for begin, end in pairwise(bounds):
        if end - begin > limit:
            found.append(numpy.argpartition(matrix.data[begin:end], end - begin - limit)[end - begin - limit :] + begin)
        else:
            found.append(numpy.arange(begin, end))
    return numpy.concatenate(found)


def _products(dense: Any, matrix: Any, rows: Any, others: Any) -> Any:
    """The product of row `rows[i]` of a dense matrix and row `others[i]` of a sparse one, for each i."""
    import numpy
    from scipy import sparse

    width = dense.shape[1]
    picked = matrix[others]
    places = picked.indices + numpy.repeat((rows * width).astype(numpy.int32), numpy.diff(picked.indptr))
    return sparse.csr_matrix((picked.data, places, picked.indptr), shape=(len(others), dense.size)) @ dense.ravel()


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
