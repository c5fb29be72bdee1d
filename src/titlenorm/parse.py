"""Parse: the best cover of a clause by phrases of the lexicon; every word lands in exactly one part."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from titlenorm.draft import Part
from titlenorm.glossary import Glossary
from titlenorm.native import mypyc_attr
from titlenorm.numbers import read_number
from titlenorm.senses import UNKNOWN, Guards, Kind, Sense
from titlenorm.word import Word

__all__ = ["cover"]

_SECOND_ROLE: Final = -6  # two roles in one clause, not joined by "and", are rarely two roles
_SUFFIXED: Final = ("competency", "influence")  # "Engineer, Staff"
_MAX_ALTERNATIVES: Final = 16
_MAX_WORDS: Final = 60
_NUMBER_WEIGHT: Final = 7
_LABEL_WEIGHT: Final = 3  # "JR-00123" is a requisition, not a junior
_NUMBER_KINDS: Final = {"modifier": Kind.MODIFIER, "context": Kind.CONTEXT, "noise": Kind.NOISE}


def cover(words: list[Word], glossary: Glossary, wants_field: bool = False, later: bool = False) -> list[Part]:
    """The best cover of a clause.

    A dynamic program over the positions: phrases bring their weight, unknown words cost, a second role costs unless an
    "and" stands between. Longer phrases weigh more than their parts and so lock their words.

    Args:
        words: the words of one clause.
        glossary: the phrases.
        wants_field: whether a management word stands before the clause ("VP, Eng"), so that a field is likelier than a person.
        later: whether clauses stand before this one, so that what comes after a role may come first here.

    Returns:
        Parts in order; they touch and cover all words, with the readings that were chosen for short forms.
    """
    for word in words:
        if word.form.readings:
            covers = [_cover(reading, glossary, later) for reading in _readings(words)]
            return max(covers, key=lambda covered: _likelihood(covered, wants_field))[1]
    return _cover(words, glossary, later)[1]


def _likelihood(covered: tuple[int, list[Part]], wants_field: bool) -> int:
    """The weight of a reading; behind a management word a person counts less than a field, and so does a lone person before one."""
    weight, parts = covered
    managed = any(_manages(part) for part in parts)
    for part in parts:
        if _manages(part):
            wants_field = True
        elif part.sense.kind == Kind.ROLE and (wants_field or (managed and len(part.words) == 1)):
            weight -= 5 * len(part.words)
    return weight


def _manages(part: Part) -> bool:
    return part.sense.category == "management" or part.sense.level == "director"


def _readings(words: list[Word]) -> Iterator[list[Word]]:
    """The clause once for each reading of its short forms ("eng" as it stands, as engineering, as engineer), likeliest first."""
    options = [(word.form, *word.form.readings) for word in words]
    for count, choice in enumerate(product(*options)):
        if count == _MAX_ALTERNATIVES:
            return
        yield [word if word.form is form else word.read_as(form) for word, form in zip(words, choice, strict=True)]


def _cover(words: list[Word], glossary: Glossary, later: bool) -> tuple[int, list[Part]]:
    """The heaviest way through the positions, and its weight."""
    whole = _whole(words, glossary)
    if whole is not None:
        return whole.weight, [Part(whole, words)]
    size = len(words)
    chart = _Chart(size)
    for start in range(size):
        if chart.is_reached(start):
            _read(chart, words, start, glossary, later)
    return chart.best(words)


@mypyc_attr(acyclic=True, free_list_len=1)
class _Way:
    """The heaviest way to a position: its weight, the way that its last words continue, where it ends, and what these words mean."""

    __slots__ = ("before", "end", "sense", "weight")

    def __init__(self, before: _Way | None, end: int, sense: Sense, weight: int) -> None:
        self.before = before
        self.end = end
        self.sense = sense
        self.weight = weight


_START: Final = _Way(None, 0, UNKNOWN, 0)
_NOWHERE: Final[list[_Way | None]] = [None]


@mypyc_attr(acyclic=True, free_list_len=1)
class _Chart:
    """The heaviest ways to each position between the words of a clause.

    There are two: `fresh` when no role was met since the start or the last "and", `seen` when one was.
    """

    __slots__ = ("_seen", "_ways")

    def __init__(self, size: int) -> None:
        self._seen = size + 1  # where in `_ways`, behind the fresh ones, the seen ones begin
        self._ways: list[_Way | None] = _NOWHERE * (self._seen + self._seen)
        self._ways[0] = _START

    def is_reached(self, start: int) -> bool:
        """Whether a way leads to a position."""
        return self._ways[start] is not None or self._ways[self._seen + start] is not None

    def add(self, start: int, end: int, sense: Sense) -> None:
        """Words that can be read as one sense."""
        fresh, seen = self._ways[start], self._ways[self._seen + start]
        if fresh is not None:
            self._reach(self._seen + end if sense.is_person else end, fresh, end, sense, fresh.weight + sense.weight)
        if seen is not None:
            weight = seen.weight + sense.weight + (_SECOND_ROLE if sense.is_person else 0)
            self._reach(self._seen + end if sense.kind != Kind.AND else end, seen, end, sense, weight)

    def _reach(self, place: int, before: _Way, end: int, sense: Sense, weight: int) -> None:
        """A way to a position, which counts if it is heavier than the one that leads there."""
        way = self._ways[place]
        if way is None:
            self._ways[place] = _Way(before, end, sense, weight)
        elif weight > way.weight:
            way.before, way.sense, way.weight = before, sense, weight

    def best(self, words: list[Word]) -> tuple[int, list[Part]]:
        """The weight of the heaviest way to the end, and its parts."""
        way, seen = self._ways[self._seen - 1], self._ways[-1]
        if seen is not None and (way is None or seen.weight > way.weight):
            way = seen
        total = way.weight if way is not None else 0
        parts: list[Part] = []
        while way is not None and way.before is not None:
            parts.append(Part(way.sense, words[way.before.end : way.end]))
            way = way.before
        parts.reverse()
        return total, parts


def _whole(words: list[Word], glossary: Glossary) -> Sense | None:
    """The role that the whole clause names, if it does: no other cover can be better."""
    node = glossary.node(words[0].form)
    for place in range(1, len(words)):
        if node is None:
            return None
        node = node.step(words[place].standard)
    if node is None or node.sense is None or node.sense.kind == Kind.ROLE:
        return node.sense if node is not None else None
    return next((sense for sense in node.more if sense.kind == Kind.ROLE), None)


def _read(chart: _Chart, words: list[Word], start: int, glossary: Glossary, later: bool) -> None:
    """Add all that can begin at word `start`: each phrase, a number, or an unknown word."""
    size = len(words)
    form = words[start].form
    node = glossary.node(form)
    alone = True
    end = start
    while node is not None:
        end += 1
        if node.sense is not None:
            for sense in node.senses if node.more else (node.sense,):
                if sense.guards is None or _allowed(sense, sense.guards, words, start, end, later):
                    chart.add(start, end, sense)
                    if end - start == 1:
                        alone = False
        node = node.step(words[end].standard) if end < size else None
    if start >= _MAX_WORDS:
        chart.add(start, start + 1, Sense(Kind.NOISE, "", 0, category="excess"))
        return
    reading = read_number(words, start, later) if form.begins_number else None
    if reading is not None:
        read = reading.end - start
        weight = _NUMBER_WEIGHT * read + (_LABEL_WEIGHT if read > 1 else 0)
        chart.add(start, reading.end, Sense(_NUMBER_KINDS[reading.place], "", weight, category=reading.category, value=reading.value))
    elif alone:
        chart.add(start, start + 1, UNKNOWN)


def _allowed(sense: Sense, guards: Guards, words: list[Word], start: int, end: int, later: bool) -> bool:
    """Whether the place and the words beside it let a sense count."""
    size = len(words)
    following = words[end].standard if end < size else ""
    previous = words[start - 1].standard if start else ""
    place = guards.place
    if place == "before" and (not following or following == "and") and not (later and end - start == size and sense.category in _SUFFIXED):
        return False
    if place == "after" and (previous == "and" or not (previous or later)):
        return False
    if place == "alone" and (start > 0 or end < size):
        return False
    if guards.not_next and end < size and _is_among(words[end], guards.not_next):
        return False
    if guards.only_next and (end == size or not _is_among(words[end], guards.only_next)):
        return False
    return not guards.not_previous or previous not in guards.not_previous


def _is_among(word: Word, names: frozenset[str]) -> bool:
    """Whether a word is one of some, as it is folded or as it was written first."""
    return word.standard in names or word.name in names
