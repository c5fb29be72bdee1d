"""Taught: titles whose words are those of labelled titles; what the label says goes before what the tables say."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import Draft
from titlenorm.lexicon import Lexicon
from titlenorm.match.matcher import Proposal
from titlenorm.match.query import phrase_of
from titlenorm.result import Method

__all__ = ["Taught"]

_OF_THE_FIRST: Final = frozenset({"listed", "margin", "name", "sole"})
"""Evidence that says that a role stands alone, which it does not beside a label."""
_OF_THESE_WORDS: Final = frozenset({"listed", "name", "like_same"})
"""Evidence that says that the words mean a role, which a label overrules."""

_REASON: Final = "Titles with these words were labelled with the role."


class Taught:
    """The roles that labelled titles say; of no account where nobody labelled any."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._roles = lexicon.labelled
        self.has_labels = bool(self._roles)

    def knows(self, draft: Draft) -> bool:
        """Whether titles with the words of this one were labelled."""
        return self.has_labels and phrase_of(draft) in self._roles

    def over_tables(self, draft: Draft, proposals: list[Proposal]) -> list[Proposal]:
        """Proposals of the tables with the labelled role first and the others as further readings; as they were where it is the name of the role."""
        label = self._label(draft)
        first = next((proposal for proposal in proposals if "related" not in proposal.evidence), None)
        if first is not None and first.role_id == label.role_id and "name" in first.evidence:
            return proposals
        return [label, *(Proposal(other.role_id, other.method, {"related": 1.0}) for other in proposals if other.role_id != label.role_id)]

    def over_likeness(self, draft: Draft, proposals: list[Proposal]) -> list[Proposal]:
        """Proposals of likeness with the label as evidence beside it; another role does not stand alone any more."""
        label = self._label(draft)
        others = []
        for proposal in proposals:
            if proposal.role_id == label.role_id:
                label = Proposal(label.role_id, label.method, {**proposal.evidence, "listed": 1.0, **label.evidence}, label.reason)
                continue
            left = {name: value for name, value in proposal.evidence.items() if name not in _OF_THE_FIRST}
            if not _OF_THESE_WORDS.isdisjoint(proposal.evidence):
                left["related"] = 1.0
            others.append(Proposal(proposal.role_id, proposal.method, left, proposal.reason))
        return [label, *others]

    def _label(self, draft: Draft) -> Proposal:
        role_id, share = self._roles[phrase_of(draft)]
        return Proposal(role_id, Method.EXACT if share == 1 else Method.ALIAS, {"labelled": round(share, 4)}, _REASON)
