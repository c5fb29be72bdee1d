"""Trace: where each word of a title went, from the parts of its draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from titlenorm.draft import Draft, Part
from titlenorm.result import Modifier, Step, Trace
from titlenorm.text import Token
from titlenorm.tuples import make

__all__ = ["absorbing", "core_of", "has_words", "start_of", "taken_off", "text_of", "trace_of"]

_NO_NOUNS: Final = ("status", "employment")


def core_of(draft: Draft) -> list[Part]:
    """The core; when all was taken off, the highest management word or the last modifier stays, but no status ("Retired")."""
    if draft.core:
        return draft.core
    nouns = [part for part in draft.modifiers or draft.tail_modifiers if part.sense.category not in _NO_NOUNS]
    if not nouns:
        return []
    manages = draft.manages()
    return [manages if manages is not None else nouns[-1]]


def text_of(core: list[Part]) -> str:
    """The folded words of a core."""
    return core[0].phrase if len(core) == 1 else " ".join([part.phrase for part in core])


def taken_off(draft: Draft, core: list[Part]) -> tuple[Part, ...]:
    """What was taken off, in the order of the text, without a modifier that stayed as the core."""
    parts = draft.modifiers + draft.tail_modifiers
    for place in range(1, len(parts)):
        if start_of(parts[place]) < start_of(parts[place - 1]):
            parts = tuple(sorted(parts, key=start_of))
            break
    return tuple([part for part in parts if all(part is not other for other in core)]) if core and not draft.core else parts


def start_of(part: Part) -> int:
    """Where the words of a part begin; 0 for one without words."""
    for word in part.words:
        if word.text:
            return word.start
    return 0


def has_words(part: Part) -> bool:
    """Whether a part has words of the text."""
    return any(word.text for word in part.words)


def _end_of(part: Part) -> int:
    for word in reversed(part.words):
        if word.text:
            return word.end
    return 0


def trace_of(raw: str, draft: Draft, core: list[Part]) -> Trace:
    """Where the words of a title went; `core` are the parts that count as its core."""
    parts = taken_off(draft, core)
    modifiers = []
    for part in parts:
        tokens = _tokens([part])
        if tokens:
            start, end = tokens[0].start, tokens[-1].end
            modifiers.append(make(Modifier, (part.sense.category, part.sense.value, raw[start:end], start, end, tokens)))
    core_tokens, context, noise = _tokens(core), _tokens(draft.context), _tokens(draft.noise)
    placed = [*core_tokens, *context, *noise]
    for modifier in modifiers:
        placed += modifier.tokens
    placed.sort()
    return Trace(tuple(modifiers), tuple(placed), core_tokens, context, noise, _steps(draft, core, parts))


def absorbing(trace: Trace, other: Trace) -> Trace:
    """The trace of a title and of another one without a role of its own, whose words become its context."""
    steps = [step._replace(place="context") if step.place == "core" else step for step in other.steps]
    return Trace(
        tuple(sorted((*trace.modifiers, *other.modifiers), key=lambda modifier: modifier.start)),
        tuple(sorted((*trace.tokens, *other.tokens))),
        trace.core_tokens,
        tuple(sorted((*trace.context, *other.core_tokens, *other.context))),
        tuple(sorted((*trace.noise, *other.noise))),
        (*trace.steps, *steps),
        trace.reason,
    )


def _tokens(parts: Sequence[Part]) -> tuple[Token, ...]:
    return tuple([token for part in parts for word in part.words for token in word.tokens()])


def _steps(draft: Draft, core: list[Part], modifiers: tuple[Part, ...]) -> tuple[Step, ...]:
    """How each run of words was read; core steps come in the order of the core."""
    placed = [("modifier", part, f"{part.sense.category}: {part.sense.value}") for part in modifiers]
    placed += [("context", part, part.sense.category.replace("unknown", "")) for part in sorted(draft.context, key=start_of)]
    placed += [("noise", part, part.sense.category) for part in sorted(draft.noise, key=start_of)]
    placed += [("core", part, part.phrase) for part in core]
    return tuple([make(Step, (place, part.phrase, start_of(part), _end_of(part), reason)) for place, part, reason in placed])
