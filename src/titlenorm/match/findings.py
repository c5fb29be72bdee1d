"""Findings: what the tables say of a title, and the proposals that this makes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

from titlenorm.draft import Draft
from titlenorm.match.matcher import Proposal
from titlenorm.native import mypyc_attr
from titlenorm.result import Method
from titlenorm.senses import Sense

__all__ = ["REASONS", "Extra", "Finding", "Said", "say", "say_role"]

_ALIAS: Final = Method.ALIAS

Extra = tuple[tuple[str, float], ...]
"""Features of the words beside a phrase, with their values."""
Said = tuple[object, ...]
"""Statements one behind the other, each of five objects: a sense or the id of a role, the feature, the reason, the phrase that it tells of, and an `Extra`."""

REASONS: Final = {
    "name": "The words are the name of the role.",
    "alias": "The words are an alias of the role.",
    "phrase": "A longer title that ends in a known role.",
    "head_any": "The head names the role, whatever stands beside it.",
    "head_technology": "A technology before the last word gives the role.",
    "head_domain": "A subject or industry before the last word leaves the role as it is.",
    "weak": "Only the general last word is known; the words before it may change the role.",
    "function": "The title names a field of work and no person.",
    "field_head": "The field is known and the last word is general.",
    "field_level": "A level in a field that has no manager role of its own.",
    "related": "",
}
"""Feature of an evidence to the sentence that explains it."""


def say(sense: Sense, feature: str, draft: Draft, clues: Collection[str], reason: str, phrase: str = "", extra: Extra = ()) -> Said:
    """A statement on the resolving role of a sense and its related readings; words of the title or its context decide an acronym.

    A reason with a place for it ("{!r} has several readings.") tells of a `phrase`.
    """
    if sense.clues:
        around = {word.standard for part in [*draft.core, *draft.context, *draft.tail_modifiers, *draft.modifiers] for word in part.words}
        for words_there, why in ((around, "Words of the title decide how {!r} is read."), (clues, "Words of the context decide how {!r} is read.")):
            decided = next((role_id for role_id, words in sense.clues if not words.isdisjoint(words_there)), None)
            if decided is not None:
                return (decided, "clue", why, sense.phrase, extra, sense, "related", "", decided, extra)
    if sense.method is _ALIAS and not sense.related and sense.role_id is not None:
        return say_role(sense.role_id, feature, reason, phrase, extra)  # what many aliases of a role say alike is decided once
    return (sense, feature, reason, phrase, extra)


def say_role(role_id: str, feature: str, reason: str, phrase: str = "", extra: Extra = ()) -> Said:
    """A statement on a role that no sense says alone."""
    return (role_id, feature, reason, phrase, extra)


@mypyc_attr(acyclic=True, free_list_len=1)
class Finding:
    """What is known of one title: what the tables say, and the proposals, which are made when they are first asked for.

    `said` is empty where it is not the tables alone that made the proposals.
    """

    __slots__ = ("_proposals", "said")

    def __init__(self, said: Said, proposals: list[Proposal] | None = None) -> None:
        self.said = said
        self._proposals = proposals

    def proposals(self, limit: int) -> list[Proposal]:
        """Roles that may be meant, the resolving one of each statement first; up to `limit` of what the tables say."""
        if self._proposals is None:
            found: list[Proposal] = []
            for start in range(0, len(self.said), 5):
                who, feature, reason, phrase, extra = cast("tuple[Sense | str, str, str, str, Extra]", self.said[start : start + 5])
                found += _proposed(who, feature, reason, phrase, extra)
            self._proposals = found[:limit]
        return self._proposals

    def opened(self, limit: int) -> list[Proposal]:
        """The proposals, to which others add theirs."""
        proposals = self.proposals(limit)
        self.said = ()
        return proposals


def _proposed(who: Sense | str, feature: str, reason: str, phrase: str, extra: Extra) -> list[Proposal]:
    """The proposals of one statement; behind a clue, its phrase is the role that was decided for."""
    if isinstance(who, str):
        return [Proposal(who, _ALIAS, {feature: 1.0, **dict(extra)}, reason.format(phrase) if phrase else reason)]
    role_id = who.role_id
    if feature == "related" and role_id == phrase:
        role_id = None
    found: list[Proposal] = []
    if role_id is not None:
        found.append(Proposal(role_id, who.method, {feature: 1.0, **dict(extra)}, reason.format(phrase) if reason and phrase else reason))
    ambiguous = role_id is None and feature != "related"
    said = f"{who.phrase!r} has several readings." if ambiguous else ""
    return found + [Proposal(other, _ALIAS, {"ambiguous" if ambiguous else "related": 1.0}, said) for other in who.related if other != role_id]
