"""Query: the words of a title and how much each counts when roles are ranked by likeness."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import Draft, Part
from titlenorm.result import Level
from titlenorm.senses import Kind

__all__ = ["Query", "has_content", "phrase_of", "query_of"]

Query = dict[str, float]
"""Standard word to its weight, 0 to 1."""

_CONTEXT: Final = 0.8
_OTHER_TITLE: Final = 0.7
_MODIFIER: Final = 0.6
_CATEGORIES: Final = {
    "technology": 0.8, "credential": 0.3, "status": 0.2, "employment": 0.1, "workplace": 0.1, "gender": 0.0, "experience": 0.0, "grade": 0.0, "tier": 0.0,
}  # fmt: skip
_LEVELS: Final[dict[str, float]] = {
    Level.MANAGER: 1.0, Level.SUPERVISOR: 1.0, Level.DIRECTOR: 0.6, Level.VP: 0.4, Level.LEAD: 0.4, Level.PRINCIPAL: 0.2, Level.ENTRY: 0.15,
    Level.TRAINING: 0.1, Level.STAFF: 0.1, Level.SENIOR: 0.05, Level.MID: 0.0,
}  # fmt: skip
_SHORT: Final = 3  # two or three letters are like too many words
_TELLING: Final = 0.5  # a modifier that says at least this much of the role belongs to the phrase of a title: a manager, a technology


def has_content(draft: Draft) -> bool:
    """Whether a title says more than a level or a general noun, so that looking for like roles makes sense."""
    content = [part for part in draft.core if part.sense.kind != Kind.AND]
    if not content or all(part.sense.kind == Kind.HEAD and part.sense.category != "unknown" for part in content):
        return False
    return len(content) > 1 or len(content[0].phrase) > _SHORT


def query_of(draft: Draft, others: tuple[Draft, ...] = ()) -> Query:
    """The words of a title with their weights; words of further titles in the cell count less.

    The core says most. Context and modifiers still say something: an "Engineer - Payments" is nearer to payments.
    """
    found: Query = {}
    for title in (draft, *others):
        share = 1.0 if title is draft else _OTHER_TITLE
        _add(found, [part for part in title.core if part.sense.kind != Kind.AND], share)
        _add(found, list(title.context), _CONTEXT * share)
        for part in (*title.modifiers, *title.tail_modifiers):
            weight = _weight_of_modifier(part)
            if weight:
                _add(found, [part], weight * share)
    return found


def phrase_of(draft: Draft) -> str:
    """The words of a title that say what the work is, in the order of the text: without level, employment, grade and noise.

    A management word over a field of work stays: a "VP, Sales" is more than "sales".
    """
    if draft.carried is not None:
        return draft.carried.phrase
    manager = draft.manages() if draft.person() is None else None
    telling = [part for part in (*draft.modifiers, *draft.tail_modifiers) if part is manager or _weight_of_modifier(part) >= _TELLING]
    words = [word for part in (*draft.core, *draft.context, *telling) for word in part.words if word.text]
    words.sort(key=lambda word: word.start)
    return " ".join([word.standard for word in words])


def _weight_of_modifier(part: Part) -> float:
    """How much a modifier still says of the role, 0 to 1: a manager much, a grade nothing."""
    return _LEVELS[part.sense.level] if part.sense.level else _CATEGORIES.get(part.sense.category, _MODIFIER)


def _add(found: Query, parts: list[Part], weight: float) -> None:
    for part in parts:
        for word in part.words:
            for single in word.standard.split():
                if weight > found.get(single, 0.0) and (single.isalpha() or any(map(str.isalpha, single))):
                    found[single] = weight
