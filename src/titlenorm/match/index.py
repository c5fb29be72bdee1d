"""Index: where words meet the roles and aliases of a taxonomy; the roles that are most like a title, and how they are.

A cell is a word and a role that uses it or its stem; behind each cell stand the aliases of the role that do. The cells of the
words of a title bound how like the best alias of each role can be; the aliases behind the cells of the best few roles are then
measured in full. No matrix of titles by aliases is ever built, and titles meet roles in blocks of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from titlenorm.match.query import Query
from titlenorm.match.runs import best_of, bounds_of, ranges
from titlenorm.match.space import Space
from titlenorm.match.terms import terms

__all__ = ["AGREE", "FEATURES", "Bridge", "Index", "Likeness", "Phrases"]

FEATURES = ("alias", "same", "aliases", "name", "cover", "tables", "share", "taught", "code", "known", "labels")
"""What is measured of a role, in the order of the columns of `Likeness.features`, without the prefix `like_`."""

_ROLES = 1 << 19  # titles are measured together as long as titles times roles are no more than this,
_ALIASES = 1 << 20  # and titles times the aliases of the roles that are measured in full no more than this
_SAME = 0.999  # the words of a title and of an alias are the same
_MEASURED = 16  # roles of a title that are measured in full
_MEMBERS = 16  # roles of a group
_TINY = 1e-12  # less than any cell adds
_BOUND_GRAIN = 1 << 20  # what is sorted is whole numbers of this grain, which have room for what they belong to
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

    Words are numbered, and behind them the bundled roles, which titles have like words. The cells of word w are those from
    `starts[w]` to `starts[w + 1]`; a cell has a role, what it covers of a title and a bound of what it adds to the likeness of the
    role. Behind cell c of a word stand the uses from `uses[c]` to `uses[c + 1]`: each is an alias, counted within the role, and
    what word and stem weigh in it. Cells of bundled roles have what the bridge has there in place of uses.

    Args:
        phrases: the names and aliases of each role.
        weights: what each of `FEATURES` weighs, to choose the roles that are measured in full.
        bridge: how the bundled roles meet these roles, or None.
    """

    def __init__(self, phrases: Phrases, weights: Sequence[float], bridge: Bridge | None = None) -> None:
        import numpy

        weigh = dict(zip(FEATURES, weights, strict=True))
        first = numpy.asarray(phrases.first, dtype=numpy.intp)
        self._sizes = numpy.diff(first)
        self._count = len(self._sizes)
        self._width = -(-self._count // _MEMBERS) * _MEMBERS
        self._largest = bounds_of(numpy.sort(self._sizes)[::-1])
        self._known = numpy.log1p(self._sizes)
        self._labels = numpy.log1p(numpy.asarray(phrases.labels))
        self._constant = weigh["known"] * self._known + weigh["labels"] * self._labels
        self._slack = (numpy.ptp(self._constant) if self._count else 0.0) + 2 / _BOUND_GRAIN  # between two roles that come out alike
        self._space = Space(terms)
        rows, columns = self._space.learn(phrases.words)
        found, often = numpy.unique(columns * len(phrases.words) + rows, return_counts=True)
        columns, rows = numpy.divmod(found, max(len(phrases.words), 1))
        role_of = numpy.repeat(numpy.arange(self._count), self._sizes)
        cells = numpy.flatnonzero(numpy.diff(columns * self._count + role_of[rows], prepend=-1))
        rarity = 1 + numpy.log((1 + self._count) / (1 + numpy.bincount(columns[cells], minlength=self._space.width)))
        self._space.weigh(rarity)
        alike = (1 + numpy.log(often)) * rarity[columns]
        alike /= numpy.sqrt(numpy.bincount(rows, alike * alike))[rows]
        covers, bounds = numpy.zeros((2, len(found)))
        covers[cells] = 1
        best = numpy.maximum.reduceat(alike, cells) if len(cells) else alike
        bounds[cells] = best * (weigh["alias"] + weigh["aliases"] + weigh["name"]) + weigh["cover"] / 2
        self._gather(columns, rows, role_of, rarity, (alike, covers, bounds))
        self._aliases -= first[role_of[self._aliases]]
        self._lent: Any = None
        if bridge is not None:
            self._join(bridge, [weigh[name] for name in Bridge._fields])

    def _gather(self, columns: Any, rows: Any, role_of: Any, rarity: Any, values: Sequence[Any]) -> None:
        """Give each word the uses of both of its terms; one that is of both becomes one, with the values of both.

        Args:
            columns: for each use the term that is used; they rise.
            rows: the phrase that uses it; those of a term rise.
            role_of: the role of each phrase.
            rarity: what each term weighs.
            values: for each use how like, and what its cell covers and is bound by, once for each cell.
        """
        import numpy

        pairs = self._space.pairs.ravel()
        starts = numpy.searchsorted(columns, numpy.arange(len(rarity) + 1))
        sizes = starts[pairs + 1] - starts[pairs]
        uses = ranges(starts[pairs], sizes)
        weights = numpy.repeat(rarity[pairs], sizes)
        words = numpy.repeat(numpy.arange(len(pairs)) // 2, sizes)
        found, places = numpy.unique(words * len(role_of) + rows[uses], return_inverse=True)
        words, self._aliases = numpy.divmod(found, max(len(role_of), 1))
        roles = role_of[self._aliases]
        is_first = numpy.diff(words * self._count + roles, prepend=-1) != 0
        cells = numpy.flatnonzero(is_first)
        self._uses = numpy.append(cells, len(found))
        self._roles = roles[cells]
        self._starts = numpy.searchsorted(words[cells], numpy.arange(len(self._space.pairs) + 1))
        alike, covers, bounds = (weights * value[uses] for value in values)
        self._alike = numpy.bincount(places, alike, len(found))
        places = (numpy.cumsum(is_first) - 1)[places]
        self._covers = numpy.bincount(places, covers, len(cells))
        self._bounds = numpy.bincount(places, bounds, len(cells))

    def _join(self, bridge: Bridge, weights: Sequence[float]) -> None:
        """Add the cells of the bundled roles behind those of the words."""
        import numpy

        parts = [part.tocoo() for part in bridge]
        places = [part.row.astype(numpy.int64) * self._count + part.col for part in parts]
        cells = numpy.unique(numpy.concatenate(places))
        self._lent = numpy.zeros((len(cells), len(parts)))
        for column, (part, place) in enumerate(zip(parts, places, strict=True)):
            self._lent[numpy.searchsorted(cells, place), column] = part.data
        ends = numpy.searchsorted(cells, numpy.arange(1, parts[0].shape[0] + 1) * self._count)
        self._starts = numpy.concatenate([self._starts, len(self._roles) + ends])
        self._roles = numpy.concatenate([self._roles, cells % max(self._count, 1)])
        self._bounds = numpy.concatenate([self._bounds, self._lent @ weights])

    def search(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int) -> Iterator[Likeness]:
        """For each query the roles that are most like it, at least `limit` of them where there are any, a block of queries at a time.

        Args:
            queries: weighted words.
            hints: for each query the bundled roles that its title was read as: their numbers and scores.
            limit: how many roles are wanted.
        """
        limit = max(limit, _MEASURED)
        aliases = int(self._largest[min(limit, self._count)])
        block = max(1, min(_ROLES // max(self._count, 1), _ALIASES // max(aliases, 1)))
        for start in range(0, len(queries), block):
            part = slice(start, start + block)
            yield self._search(queries[part], hints[part], limit, start)

    def _search(self, queries: Sequence[Query], hints: Sequence[Mapping[int, float]], limit: int, start: int) -> Likeness:
        import numpy

        asked = self._space.vectors(queries)
        hinted = numpy.array([len(self._space.pairs) + number for hint in hints for number in hint], dtype=numpy.intp)
        rows = numpy.concatenate([asked.rows, numpy.repeat(numpy.arange(len(hints)), [len(hint) for hint in hints])])
        words = numpy.concatenate([asked.words, hinted])
        shares = numpy.concatenate([asked.shares, [score for hint in hints for score in hint.values()]])
        begin = self._starts[words]
        sizes = self._starts[words + 1] - begin
        cells = ranges(begin, sizes)
        shares = numpy.repeat(shares, sizes)
        places = numpy.repeat(rows * self._width, sizes) + self._roles.take(cells)
        met = numpy.bincount(places, shares * self._bounds.take(cells), len(queries) * self._width)
        titles, roles = self._highest(met.reshape(len(queries), self._width), limit)
        found = titles * self._width + roles
        chosen, pairs = numpy.zeros(len(met), dtype=bool), numpy.empty(len(met), dtype=numpy.intp)
        chosen[found], pairs[found] = True, numpy.arange(len(found))
        kept = numpy.flatnonzero(chosen.take(places))
        features = self._measure(roles, pairs[places[kept]], cells[kept], shares[kept])
        features[:, FEATURES.index("cover")] /= numpy.maximum(asked.sums, 1e-9)[titles]
        return Likeness(titles + start, roles, features)

    def _highest(self, met: Any, limit: int) -> tuple[Any, Any]:
        """The titles and roles of the highest `limit` numbers of each title; `met` has one for each title and role, 0 if they never met.

        Roles are looked at in groups. What the highest `limit` groups reach, the highest `limit` roles reach as well.
        """
        import numpy

        groups = self._width // _MEMBERS
        highest = met.reshape(len(met), _MEMBERS, groups).max(axis=1)
        floors = numpy.full(len(met), _TINY)
        if groups > limit:
            floors = numpy.maximum(numpy.partition(highest, groups - limit, axis=1)[:, groups - limit] - self._slack, _TINY)
        rows, group = numpy.divmod(numpy.flatnonzero(highest >= floors[:, None]), groups)
        places = (rows * self._width + group)[:, None] + numpy.arange(_MEMBERS) * groups
        values = met.take(places)
        enough = values >= floors[rows][:, None]
        places, values = places[enough], values[enough]
        rows, roles = numpy.divmod(places, self._width)
        scores = ((values + self._constant[roles]) * _BOUND_GRAIN).astype(numpy.int64)
        bits = self._count.bit_length()
        keys = numpy.sort((rows * (scores.max(initial=0) + 1) - scores << bits) + roles)
        sizes = numpy.bincount(rows, minlength=len(met))
        kept = numpy.minimum(sizes, limit)
        return numpy.repeat(numpy.arange(len(met)), kept), keys[ranges(bounds_of(sizes)[:-1], kept)] & (1 << bits) - 1

    def _measure(self, roles: Any, pairs: Any, cells: Any, shares: Any) -> Any:
        """A row of `FEATURES` for each of some roles of titles; `pairs` says whose each cell is, those of words come first.

        What covers the title is still to be divided by the whole title.
        """
        import numpy

        features = numpy.zeros((len(roles), len(FEATURES)))
        features[:, FEATURES.index("known")] = self._known[roles]
        features[:, FEATURES.index("labels")] = self._labels[roles]
        said = numpy.count_nonzero(cells < len(self._uses) - 1)
        if self._lent is not None:
            lent = self._lent[cells[said:] - len(self._uses) + 1] * shares[said:, None]
            width = lent.shape[1]
            places = pairs[said:, None] * width + numpy.arange(width)
            columns = slice(FEATURES.index("tables"), FEATURES.index("code") + 1)
            features[:, columns] = numpy.bincount(places.ravel(), lent.ravel(), features[:, columns].size).reshape(-1, width)
        if not said:
            return features
        pairs, cells, shares = pairs[:said], cells[:said], shares[:said]
        features[:, FEATURES.index("cover")] = numpy.bincount(pairs, shares * self._covers[cells], len(roles))
        begin = self._uses[cells]
        sizes = self._uses[cells + 1] - begin
        uses = ranges(begin, sizes)
        bounds = bounds_of(self._sizes[roles])
        places = numpy.repeat(bounds[pairs], sizes) + self._aliases.take(uses)
        alike = numpy.bincount(places, numpy.repeat(shares, sizes) * self._alike.take(uses), bounds[-1])
        best = best_of(alike, bounds, AGREE)
        features[:, FEATURES.index("alias")] = best[0]
        features[:, FEATURES.index("same")] = best[0] > _SAME
        features[:, FEATURES.index("aliases")] = best.sum(axis=0) / AGREE
        features[:, FEATURES.index("name")] = alike[bounds[:-1]]
        return features
