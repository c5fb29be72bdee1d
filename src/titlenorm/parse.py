"""Parse: the best cover of a clause by phrases of the lexicon; every word lands in exactly one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from titlenorm.folding import Word
from titlenorm.lexicon import Lexicon
from titlenorm.numbers import read_number
from titlenorm.senses import UNKNOWN, Kind, Sense

__all__ = ["Piece", "cover"]

_SECOND_ROLE = -6  # two roles in one clause, not joined by "and", are rarely two roles
_SUFFIXED = ("competency", "influence")  # "Engineer, Staff"
_MAX_ALTERNATIVES = 16
_MAX_WORDS = 60
_NUMBER_WEIGHT = 7
_LABEL_WEIGHT = 3  # "JR-00123" is a requisition, not a junior
_NUMBER_KINDS = {"modifier": Kind.MODIFIER, "context": Kind.CONTEXT, "noise": Kind.NOISE}


class Piece(NamedTuple):
    """Words `start` to `end` of a clause, read as `sense`."""

    start: int
    end: int
    sense: Sense


class _Way(NamedTuple):
    """The best way to a position: its weight, the position before, whether a role was seen by then, and the last sense."""

    weight: int
    start: int
    seen: int
    sense: Sense


_NOWHERE = _Way(-1_000_000, 0, 0, UNKNOWN)


def cover(words: Sequence[Word], lexicon: Lexicon, wants_field: bool = False, later: bool = False) -> tuple[int, list[Piece], Sequence[Word]]:
    """The best cover of a clause.

    A dynamic program over the positions: phrases bring their weight, unknown words cost, a second role costs unless an
    "and" stands between. Longer phrases weigh more than their parts and so lock their words.

    Args:
        words: the words of one clause.
        lexicon: the tables.
        wants_field: whether a management word stands before the clause ("VP, Eng"), so that a field is likelier than a person.
        later: whether clauses stand before this one, so that what comes after a role may come first here.

    Returns:
        The weight, the pieces in order (they touch and cover all words), and the words with their chosen readings.
    """
    if lexicon.alternatives and any(word[0] in lexicon.alternatives for word in words):
        return max((_cover(reading, lexicon, later) for reading in _readings(words, lexicon)), key=lambda covered: _likelihood(covered, wants_field))
    return _cover(words, lexicon, later)


def _likelihood(covered: tuple[int, list[Piece], Sequence[Word]], wants_field: bool) -> int:
    """The weight of a reading; after a management word a lone person counts less than a field."""
    weight, pieces, _ = covered
    if not wants_field:
        wants_field = any(piece.sense.category == "management" or piece.sense.level == "director" for piece in pieces)
    return weight - 5 * (wants_field and any(piece.sense.kind is Kind.ROLE and piece.end - piece.start == 1 for piece in pieces))


def _readings(words: Sequence[Word], lexicon: Lexicon) -> Iterator[list[Word]]:
    """The clause once for each reading of its short forms ("eng" as it stands, as engineering, as engineer), likeliest first."""
    options = [(word.standard, *lexicon.alternatives.get(word.standard, ())) for word in words]
    for count, choice in enumerate(product(*options)):
        if count == _MAX_ALTERNATIVES:
            return
        yield [word if word.standard == standard else Word(standard, word.tokens) for word, standard in zip(words, choice, strict=True)]


def _cover(words: Sequence[Word], lexicon: Lexicon, later: bool) -> tuple[int, list[Piece], Sequence[Word]]:
    size = len(words)
    whole = _whole(words, lexicon.root)
    if whole is not None:
        return whole.weight, [Piece(0, size, whole)], words
    best: list[list[_Way]] = [[_NOWHERE, _NOWHERE] for _ in range(size + 1)]
    best[0][0] = _Way(0, 0, 0, UNKNOWN)
    for start in range(size):
        row = best[start]
        if row[0] is _NOWHERE and row[1] is _NOWHERE:
            continue
        senses = list(_senses(words, start, size, lexicon, later))
        for seen in (0, 1):
            if row[seen] is _NOWHERE:
                continue
            weight_here = row[seen][0]
            for end, sense in senses:
                weight, after = weight_here + sense.weight, seen
                if sense.kind <= Kind.OCCUPATION and sense.kind != Kind.FIELD:
                    weight += _SECOND_ROLE * seen
                    after = 1
                elif sense.kind == Kind.AND:
                    after = 0
                if weight > best[end][after][0]:
                    best[end][after] = _Way(weight, start, seen, sense)
    seen = 0 if best[size][0][0] >= best[size][1][0] else 1
    total, position = best[size][seen].weight, size
    pieces: list[Piece] = []
    while position:
        _, start, before, sense = best[position][seen]
        pieces.append(Piece(start, position, sense))
        position, seen = start, before
    pieces.reverse()
    return total, pieces, words


def _whole(words: Sequence[Word], root: Mapping[str, Any]) -> Sense | None:
    """The role that the whole clause names, if it does: no other cover can be better."""
    node: Any = root
    for word in words:
        node = node.get(word[0])
        if node is None:
            return None
    return next((sense for sense in node.get("", ()) if sense.kind is Kind.ROLE), None)


def _senses(words: Sequence[Word], start: int, size: int, lexicon: Lexicon, later: bool) -> Iterator[tuple[int, Sense]]:
    """All that can begin at word `start`: (end, sense) of each phrase, a number, or an unknown word."""
    node: Any = lexicon.root
    alone = True
    for position in range(start, size):
        node = node.get(words[position][0])
        if node is None:
            break
        for sense in node.get("", ()):
            end = position + 1
            if sense.place != "any" or sense.not_next or sense.not_previous or sense.only_next:
                if not _allowed(sense, words, start, end, size, later):
                    continue
            yield end, sense
            alone = alone and end - start > 1
    if start >= _MAX_WORDS:
        yield start + 1, Sense(Kind.NOISE, "", 0, category="excess")
        return
    reading = read_number(words, start, later)
    if reading is not None:
        size_read = reading.end - start
        weight = _NUMBER_WEIGHT * size_read + _LABEL_WEIGHT * (size_read > 1)
        yield reading.end, Sense(_NUMBER_KINDS[reading.place], "", weight, category=reading.category, value=reading.value)
    elif alone:
        yield start + 1, UNKNOWN


def _allowed(sense: Sense, words: Sequence[Word], start: int, end: int, size: int, later: bool) -> bool:
    """Whether the place and the guards of a modifier let it count here."""
    following = words[end].standard if end < size else ""
    previous = words[start - 1].standard if start else ""
    if sense.place == "before" and (not following or following == "and") and not (later and end - start == size and sense.category in _SUFFIXED):
        return False
    if sense.place == "after" and (previous == "and" or not (previous or later)):
        return False
    if sense.place == "alone" and (start or end < size):
        return False
    if sense.not_next and end < size and not sense.not_next.isdisjoint((following, *(token.key for token in words[end].tokens[:1]))):
        return False
    if sense.only_next and sense.only_next.isdisjoint((following, *(token.key for token in words[end].tokens[:1])) if end < size else ()):
        return False
    return not sense.not_previous or previous not in sense.not_previous
