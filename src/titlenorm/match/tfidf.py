"""TF-IDF: candidates for what the tables miss, ranked by how like a title is to the names and aliases of each role."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from titlenorm.draft import Draft
from titlenorm.lexicon import Lexicon
from titlenorm.match.index import AGREE, FEATURES, Bridge, Index, Likeness, Phrases
from titlenorm.match.matcher import Proposal
from titlenorm.match.query import query_of
from titlenorm.result import Method
from titlenorm.taxonomy import Alias, Taxonomy

__all__ = ["Lender", "Tfidf", "merged", "named"]

_NAMES = tuple(f"like_{name}" for name in FEATURES)
_WHOLE = frozenset({"alias", "clue", "name"})
"""Evidence of the tables that the whole core is a phrase of the role."""


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
        self._index: Index | None = None
        self._lender: Lender | None = None

    def propose(self, drafts: Sequence[Draft], limit: int) -> list[list[Proposal]]:
        """Up to `limit` roles for each draft, most similar first."""
        found: list[list[Proposal]] = [[] for _ in drafts]
        queries = [query_of(draft, draft.others) for draft in drafts]
        asked = [index for index, query in enumerate(queries) if query]
        if not asked:
            return found
        if self._index is None:
            self._lender = self._make_lender()
            self._index = Index(self._phrases(), self._weights, self._lender.bridge(self._lexicon.taxonomy) if self._lender is not None else None)
        some = [drafts[index] for index in asked]
        hints = self._lender.hints(some) if self._lender is not None else [{} for _ in some]
        for index, likeness in zip(asked, self._index.search([queries[index] for index in asked], hints, limit), strict=True):
            found[index] = self._ranked(likeness, limit)
        return found

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

    def _ranked(self, likeness: Likeness, limit: int) -> list[Proposal]:
        import numpy

        totals = likeness.features @ numpy.array(self._weights, dtype=numpy.float32)
        entries = [(-round(float(total), 5), self._role_ids[role], place) for place, (total, role) in enumerate(zip(totals, likeness.roles, strict=True))]
        entries.sort()
        margin = math.tanh((entries[1][0] - entries[0][0]) / 2) if len(entries) > 1 else 1.0
        proposals = []
        for rank, (_, role_id, place) in enumerate(entries[:limit]):
            evidence = {"tfidf": 1.0}
            evidence.update((name, round(value, 4)) for name, value in zip(_NAMES, likeness.features[place].tolist(), strict=True) if value)
            if not rank:
                evidence["margin"] = round(margin, 4)
                sole = evidence.get("like_tables", 0.0) * evidence.get("like_share", 0.0)
                evidence.update({"sole": round(sole, 4)} if sole else {})
            proposals.append(Proposal(role_id, Method.TFIDF, evidence, "The words are like those of known aliases."))
        return proposals


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
            evidence = dict(proposal.evidence)
            if "ambiguous" in known.evidence:
                evidence.update({"ambiguous": 1.0} if evidence.get("like_alias", 0.0) >= best == rival else {})
            elif not place and ("name" in known.evidence or (best > rival and not _WHOLE.isdisjoint(known.evidence))):
                evidence["listed"] = 1.0
            proposal = Proposal(known.role_id, known.method, evidence, known.reason or proposal.reason)
        both.append(proposal)
    return both or list(listed)


def named(proposal: Proposal) -> Proposal:
    """A role of another taxonomy whose name is the whole title: no likeness is needed to see that it is listed."""
    return proposal._replace(evidence={**proposal.evidence, "listed": 1.0})
