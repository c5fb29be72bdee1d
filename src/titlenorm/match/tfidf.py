"""TF-IDF: candidates for what the tables miss, ranked by how like a title is to the names and aliases of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, Protocol

from titlenorm.draft import Draft
from titlenorm.lexicon import Lexicon
from titlenorm.match.index import AGREE, FEATURES, Bridge, Index, Likeness, Phrases
from titlenorm.match.matcher import Proposal
from titlenorm.match.query import query_of
from titlenorm.result import Method
from titlenorm.taxonomy import Alias, Taxonomy

__all__ = ["Lender", "Tfidf", "merged", "named"]

_NAMES = tuple(f"like_{name}" for name in FEATURES)
_EVIDENCE = ("tfidf", "margin", *_NAMES, "sole")
_TABLES, _SHARE = FEATURES.index("tables"), FEATURES.index("share")
_WHOLE = frozenset({"alias", "clue", "name"})
"""Evidence of the tables that the whole core is a phrase of the role."""
_DIGITS = 4
_FINE = 32  # bits of a rank behind the title that it belongs to
_REASON = "The words are like those of known aliases."


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
        words: list[Sequence[str]] = []
        first, labels = [], []
        aliases: dict[str, list[Alias]] = {}
        for alias in taxonomy.aliases:
            if alias.role_id and alias.kind != "related":
                aliases.setdefault(alias.role_id, []).append(alias)
        for role in taxonomy.roles.values():
            first.append(len(words))
            words.append(fold(role.name))
            for alias in aliases.get(role.id, ()):
                words += [fold(alias.alias)] * max(1, min(alias.labelled, AGREE))
            labels.append(sum(alias.labelled for alias in aliases.get(role.id, ())))
        return Phrases(words, [*first, len(words)], labels)

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
        proposals = self._proposals(likeness.roles[order[kept]], evidence, strengths)
        for title, size in zip(likeness.titles[bounds[:-1]].tolist(), sizes.tolist(), strict=True):
            yield title, list(islice(proposals, size))

    def _proposals(self, roles: Any, evidence: Any, strengths: Any) -> Iterator[Proposal]:
        """A proposal for each row of `evidence`, which has a column for each of `_EVIDENCE`; of what is 0, only the margin is told."""
        import numpy

        told = evidence != 0
        told[:, 1] = True
        names = numpy.broadcast_to(numpy.array(_EVIDENCE, dtype=object), told.shape)
        cells = zip(names[told].tolist(), evidence[told].tolist(), strict=True)
        rows = (dict(islice(cells, size)) for size in told.sum(axis=1).tolist())
        role_ids = map(self._role_ids.__getitem__, roles.tolist())
        return map(Proposal, role_ids, repeat(Method.TFIDF), rows, repeat(_REASON), strengths.tolist())


def merged(listed: Sequence[Proposal], alike: Sequence[Proposal]) -> list[Proposal]:
    """What likeness says, and that the tables of the taxonomy list the words under a role: likeness decides between them.

    Where both put one role first, and its name or no other role has these words, that is evidence of its own. Words that
    are the names of several roles stay ambiguous.
    """
    found = {proposal.role_id: proposal for proposal in reversed(listed) if "related" not in proposal.evidence}
    best, rival = (max((proposal.evidence.get("like_alias", 0.0) for proposal in some), default=0.0) for some in (alike[:1], alike[1:]))
    both = []
    for place, proposal in enumerate(alike):
        known = found.get(proposal.role_id)
        if known is not None:
            proposal = Proposal(proposal.role_id, known.method, proposal.evidence, known.reason or proposal.reason, proposal.strength)
            if "ambiguous" in known.evidence and proposal.evidence.get("like_alias", 0.0) >= best == rival:
                proposal = _with(proposal, "ambiguous")
            elif not place and ("name" in known.evidence or (best > rival and not _WHOLE.isdisjoint(known.evidence))):
                proposal = _with(proposal, "listed")
        both.append(proposal)
    return both or list(listed)


def named(proposal: Proposal) -> Proposal:
    """A role of another taxonomy whose name is the whole title: no likeness is needed to see that it is listed."""
    return _with(proposal, "listed")


def _with(proposal: Proposal, feature: str) -> Proposal:
    """A proposal with one more evidence; its strength is found anew."""
    return Proposal(proposal.role_id, proposal.method, {**proposal.evidence, feature: 1.0}, proposal.reason)
