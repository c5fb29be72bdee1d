"""Readings: the roles that one sense of the tables proposes, and why."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from titlenorm.draft import Draft
from titlenorm.match.matcher import Proposal
from titlenorm.result import Method
from titlenorm.senses import Sense

__all__ = ["REASONS", "readings"]

_ALIAS: Final = Method.ALIAS

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


def readings(sense: Sense, feature: str, draft: Draft, clues: Collection[str], reason: str, extra: dict[str, float] | None = None) -> list[Proposal]:
    """The resolving role of a sense and its related readings; words of the title or its context decide an acronym."""
    role_id = sense.role_id
    found: list[Proposal] = []
    extra = extra or {}
    if sense.clues:
        around = {word.standard for part in [*draft.core, *draft.context, *draft.tail_modifiers, *draft.modifiers] for word in part.words}
        for words_there, where in ((around, "title"), (clues, "context")):
            decided = [candidate for candidate, words in sense.clues if not words.isdisjoint(words_there)]
            if decided:
                found.append(Proposal(decided[0], _ALIAS, {"clue": 1.0, **extra}, f"Words of the {where} decide how {sense.phrase!r} is read."))
                role_id, feature = (role_id if role_id != decided[0] else None), "related"
                break
    if role_id is not None:
        found.append(Proposal(role_id, sense.method, {feature: 1.0, **extra} if extra else {feature: 1.0}, reason))
    ambiguous = role_id is None and feature != "related"
    for related in sense.related:
        if related != role_id:
            said = f"{sense.phrase!r} has several readings." if ambiguous else ""
            found.append(Proposal(related, _ALIAS, {"ambiguous" if ambiguous else "related": 1.0}, said))
    return found
