"""Readings: the roles that one sense of the tables proposes, and why."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from titlenorm.draft import Draft
from titlenorm.match.matcher import Proposal
from titlenorm.result import Method
from titlenorm.senses import Sense

__all__ = ["REASONS", "Extra", "Readings"]

_ALIAS: Final = Method.ALIAS
_MEMORY: Final = 50_000

Extra = tuple[tuple[str, float], ...]
"""Features of the words beside a phrase, with their values."""

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


_Key = tuple[object, ...]


class Readings:
    """Makes proposals of what the tables say; what is said again is the same proposal.

    A reason with a place for it ("{!r} has several readings.") tells of a `phrase`.
    """

    def __init__(self) -> None:
        self._made: dict[_Key, tuple[Proposal, ...]] = {}

    def of(
        self, sense: Sense, feature: str, draft: Draft, clues: Collection[str], reason: str, phrase: str = "", extra: Extra = ()
    ) -> tuple[Proposal, ...]:  # fmt: skip
        """The resolving role of a sense and its related readings; words of the title or its context decide an acronym."""
        if sense.clues:
            return _decided(sense, feature, draft, clues, _told(reason, phrase), extra)
        key: _Key = (sense, feature, reason, phrase, extra)
        made = self._made.get(key)
        return made if made is not None else self._keep(key, _all(sense, sense.role_id, feature, _told(reason, phrase), extra))

    def one(self, role_id: str, feature: str, reason: str, phrase: str = "", extra: Extra = ()) -> tuple[Proposal, ...]:
        """A role that no sense says alone."""
        key: _Key = (role_id, feature, reason, phrase, extra)
        made = self._made.get(key)
        return made if made is not None else self._keep(key, (Proposal(role_id, _ALIAS, {feature: 1.0, **dict(extra)}, _told(reason, phrase)),))

    def _keep(self, key: _Key, made: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
        if len(self._made) >= _MEMORY:
            self._made.clear()
        self._made[key] = made
        return made


def _decided(sense: Sense, feature: str, draft: Draft, clues: Collection[str], reason: str, extra: Extra) -> tuple[Proposal, ...]:
    """What an acronym says: the reading that words of the title, or else of its context, decide, before all others."""
    around = {word.standard for part in [*draft.core, *draft.context, *draft.tail_modifiers, *draft.modifiers] for word in part.words}
    for words_there, where in ((around, "title"), (clues, "context")):
        decided = next((role_id for role_id, words in sense.clues if not words.isdisjoint(words_there)), None)
        if decided is not None:
            first = Proposal(decided, _ALIAS, {"clue": 1.0, **dict(extra)}, f"Words of the {where} decide how {sense.phrase!r} is read.")
            return (first, *_all(sense, sense.role_id if sense.role_id != decided else None, "related", reason, extra))
    return _all(sense, sense.role_id, feature, reason, extra)


def _all(sense: Sense, role_id: str | None, feature: str, reason: str, extra: Extra) -> tuple[Proposal, ...]:
    """The readings of a sense, the resolving one, if there is one, first."""
    found: list[Proposal] = []
    if role_id is not None:
        found.append(Proposal(role_id, sense.method, {feature: 1.0, **dict(extra)}, reason))
    ambiguous = role_id is None and feature != "related"
    said = f"{sense.phrase!r} has several readings." if ambiguous else ""
    found += [Proposal(other, _ALIAS, {"ambiguous" if ambiguous else "related": 1.0}, said) for other in sense.related if other != role_id]
    return tuple(found)


def _told(reason: str, phrase: str) -> str:
    return reason.format(phrase) if phrase else reason
