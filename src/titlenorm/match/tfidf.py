"""TF-IDF: candidates for what the tables miss, ranked by how like a title is to the names and aliases of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from titlenorm.choice import KIND, ROLE, names_role
from titlenorm.draft import Draft
from titlenorm.lexicon import Lexicon
from titlenorm.match.index import AGREE, FEATURES, Bridge, Index, Likeness, Phrases
from titlenorm.match.matcher import Proposal
from titlenorm.match.query import query_of
from titlenorm.result import Method
from titlenorm.taxonomy import Taxonomy

__all__ = ["Lender", "Tfidf", "merged", "named"]

_NAMES = tuple(f"like_{name}" for name in FEATURES)
_EVIDENCE = ("tfidf", "margin", *_NAMES, "sole")
_COLUMNS: Final = {name: column for column, name in enumerate(_EVIDENCE)}
_TABLES, _SHARE = FEATURES.index("tables"), FEATURES.index("share")
_WHOLE = frozenset({"alias", "clue", "name"})
"""Evidence of the tables that the whole core is a phrase of the role."""
_DIGITS = 4
_FINE = 32  # bits of a rank behind the title that it belongs to
_TFIDF: Final = Method.TFIDF
_REASON = "The words are like those of known aliases."


class Evidence(Mapping[str, float]):
    """What speaks for a role by likeness: a row of a table with a column for each of `_EVIDENCE`, read when somebody asks.

    Of what is 0, only the margin is told.
    """

    __slots__ = ("_found", "_row", "_table")

    def __init__(self, table: Any, row: int) -> None:
        self._table, self._row = table, row
        self._found: dict[str, float] | None = None

    def __getitem__(self, name: str) -> float:
        if self._found is not None:
            return self._found[name]
        value: float = self._table.item(self._row, _COLUMNS[name])
        if not value and name != "margin":
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return name in _COLUMNS and name in self._read()

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, float]:
        if self._found is None:
            row = self._table[self._row].tolist()
            self._found = {name: value for name, value in zip(_EVIDENCE, row, strict=True) if value or name == "margin"}
        return self._found


class Lender(Protocol):
    """What lends the knowledge of the bundled tables to another taxonomy, see `titlenorm.bridge`."""

    def bridge(self, taxonomy: Taxonomy) -> Bridge:
        """How the bundled roles meet the roles of a taxonomy."""
        ...

    def hints(self, drafts: Sequence[Draft]) -> Sequence[Mapping[int, float]]:
        """The bundled roles that the titles of some drafts are read as: their numbers and scores."""
        ...


class Tfidf:
    """Ranks all roles by likeness; the index is built when it is first needed.

    Args:
        lexicon: the tables; the roles and aliases of its taxonomy are indexed.
        lender: makes what lends the knowledge of the bundled tables; it gives None for the bundled taxonomy itself.
        weights: feature to weight, as in weights.csv.
    """

    def __init__(self, lexicon: Lexicon, lender: Callable[[], Lender | None], weights: Mapping[str, float]) -> None:
        self._lexicon, self._make_lender = lexicon, lender
        self._role_ids = list(lexicon.taxonomy.roles)
        self._weights = [weights[name] for name in _NAMES]
        self._found, self._margin, self._sole = weights["tfidf"], weights["margin"], weights["sole"]
        self._index: Index | None = None
        self._lender: Lender | None = None
        self._order: Any = None

    def propose(self, drafts: Sequence[Draft], limit: int) -> list[list[Proposal]]:
        """Up to `limit` roles for each draft, most similar first."""
        found: list[list[Proposal]] = [[] for _ in drafts]
        queries = [query_of(draft, draft.others) for draft in drafts]
        asked = [index for index, query in enumerate(queries) if query]
        if not asked or limit < 1:
            return found
        if self._index is None:
            self._order = self._order_of_ids()
            self._lender = self._make_lender()
            self._index = Index(self._phrases(), self._weights, self._lender.bridge(self._lexicon.taxonomy) if self._lender is not None else None)
        some = [drafts[index] for index in asked]
        hints = self._lender.hints(some) if self._lender is not None else [{} for _ in some]
        for likeness in self._index.search([queries[index] for index in asked], hints, limit):
            for title, proposals in self._ranked(likeness, limit):
                found[asked[title]] = proposals
        return found

    def _order_of_ids(self) -> Any:
        """The place of each role when all are sorted by id."""
        import numpy

        order = numpy.empty(len(self._role_ids), dtype=numpy.int64)
        order[sorted(range(len(self._role_ids)), key=self._role_ids.__getitem__)] = numpy.arange(len(self._role_ids))
        return order

    def _phrases(self) -> Phrases:
        """The names and aliases of all roles, folded."""
        taxonomy, fold = self._lexicon.taxonomy, self._lexicon.fold
        of_role: dict[str, list[Sequence[str]]] = {role.id: [fold(role.name)] for role in taxonomy.roles.values()}
        labels = dict.fromkeys(of_role, 0)
        for phrase, row in taxonomy.written():
            if names_role(row[ROLE], row[KIND]):
                of_role[row[ROLE]].append(fold(phrase))
        for alias in taxonomy.labelled():
            if names_role(alias.role_id, alias.kind):
                of_role[alias.role_id] += [fold(alias.alias)] * min(alias.labelled, AGREE)
                labels[alias.role_id] += alias.labelled
        words: list[Sequence[str]] = []
        first = []
        for phrases in of_role.values():
            first.append(len(words))
            words += phrases
        return Phrases(words, [*first, len(words)], list(labels.values()))

    def _ranked(self, likeness: Likeness, limit: int) -> Iterator[tuple[int, list[Proposal]]]:
        """The titles of a block and their proposals; roles that are equally like come in the order of their ids."""
        import numpy

        if not len(likeness.titles):
            return
        bounds = numpy.flatnonzero(numpy.concatenate([[True], likeness.titles[1:] != likeness.titles[:-1], [True]]))
        first, sizes = bounds[:-1], bounds[1:] - bounds[:-1]
        values = numpy.round(likeness.features, _DIGITS)
        totals = values @ self._weights
        ranks = numpy.repeat(numpy.arange(len(first), dtype=numpy.int64) << _FINE, sizes) - numpy.rint(totals * 10**_DIGITS).astype(numpy.int64)
        order = numpy.argsort(ranks * len(self._role_ids) + self._order[likeness.roles], kind="stable")
        totals = totals[order]
        lead = numpy.where(sizes > 1, totals[first] - totals[numpy.minimum(first + 1, len(totals) - 1)], numpy.inf)
        best = values[order[first]]
        kept = numpy.flatnonzero(numpy.arange(len(order)) - numpy.repeat(first, sizes) < limit)
        sizes = numpy.minimum(sizes, limit)
        first = numpy.cumsum(sizes) - sizes
        evidence = numpy.zeros((len(kept), len(_EVIDENCE)))
        evidence[:, 0] = 1
        evidence[first, 1] = numpy.round(numpy.tanh(lead / 2), _DIGITS)
        evidence[:, 2:-1] = values[order[kept]]
        evidence[first, -1] = numpy.round(best[:, _TABLES] * best[:, _SHARE], _DIGITS)
        totals = totals[kept] + self._found + self._margin * evidence[:, 1] + self._sole * evidence[:, -1]
        strengths = numpy.round(1 / (1 + numpy.exp(-totals)), 6)
        proposals = [
            Proposal(self._role_ids[role], _TFIDF, Evidence(evidence, place), _REASON, strength)
            for place, (role, strength) in enumerate(zip(likeness.roles[order[kept]].tolist(), strengths.tolist(), strict=True))
        ]
        for title, begin, size in zip(likeness.titles[bounds[:-1]].tolist(), first.tolist(), sizes.tolist(), strict=True):
            yield title, proposals[begin : begin + size]


def merged(listed: Sequence[Proposal], alike: Sequence[Proposal]) -> list[Proposal]:
    """What likeness says, and that the tables of the taxonomy list the words under a role: likeness decides between them.

    Where both put one role first, and its name or no other role has these words, that is evidence of its own. Words that
    are the names of several roles stay ambiguous.
    """
    found = {proposal.role_id: proposal for proposal in reversed(listed) if "related" not in proposal.evidence}
    if not alike or found.keys().isdisjoint([proposal.role_id for proposal in alike]):
        return list(alike or listed)
    both = []
    for place, proposal in enumerate(alike):
        known = found.get(proposal.role_id)
        if known is not None:
            proposal = Proposal(proposal.role_id, known.method, proposal.evidence, known.reason or proposal.reason, proposal.strength)
            if "ambiguous" in known.evidence and _alike(proposal) >= _alike(alike[0]) == _rival(alike):
                proposal = _with(proposal, "ambiguous")
            elif not place and ("name" in known.evidence or (not _WHOLE.isdisjoint(known.evidence) and _alike(proposal) > _rival(alike))):
                proposal = _with(proposal, "listed")
        both.append(proposal)
    return both


def _alike(proposal: Proposal) -> float:
    """How like a title is to the best alias of a role."""
    return proposal.evidence.get("like_alias", 0.0)


def _rival(alike: Sequence[Proposal]) -> float:
    """How like it is to an alias of another role than the first."""
    return max([_alike(proposal) for proposal in alike[1:]], default=0.0)


def named(proposal: Proposal) -> Proposal:
    """A role of another taxonomy whose name is the whole title: no likeness is needed to see that it is listed."""
    return _with(proposal, "listed")


def _with(proposal: Proposal, feature: str) -> Proposal:
    """A proposal with one more evidence; its strength is found anew."""
    return Proposal(proposal.role_id, proposal.method, {**proposal.evidence, feature: 1.0}, proposal.reason)
