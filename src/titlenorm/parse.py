"""Parse: the best cover of a clause by phrases of the lexicon; every word lands in exactly one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from titlenorm.folding import Word
from titlenorm.lexicon import Lexicon
from titlenorm.numbers import BEFORE_NUMBERS, read_number
from titlenorm.senses import PERSONS, UNKNOWN, Kind, Sense

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
    """The heaviest way through the positions; `seen` says whether a role was met since the start or the last "and"."""
    size = len(words)
    names = [word[0] for word in words]
    whole = _whole(names, lexicon.root)
    if whole is not None:
        return whole.weight, [_new(Piece, (0, size, whole))], words
    weights = ([_NOWHERE] * (size + 1), [_NOWHERE] * (size + 1))  # of the best way to each position, without and with a role seen
    ways: tuple[list[_Step], list[_Step]] = ([_NO_STEP] * (size + 1), [_NO_STEP] * (size + 1))
    weights[0][0] = 0
    for start in range(size):
        if weights[0][start] == weights[1][start] == _NOWHERE:
            continue
        senses = _senses(words, names, start, lexicon.root, later)
        for seen in (0, 1):
            weight_here = weights[seen][start]
            if weight_here == _NOWHERE:
                continue
            for end, sense in senses:
                weight, after = weight_here + sense[2], _SEEN_AFTER[sense[0]][seen]
                if seen and _IS_PERSON[sense[0]]:
                    weight += _SECOND_ROLE
                if weight > weights[after][end]:
                    weights[after][end] = weight
                    ways[after][end] = (start, seen, sense)
    seen = 0 if weights[0][size] >= weights[1][size] else 1
    total, position = weights[seen][size], size
    pieces: list[Piece] = []
    while position:
        start, before, sense = ways[seen][position]
        pieces.append(_new(Piece, (start, position, sense)))
        position, seen = start, before
    pieces.reverse()
    return total, pieces, words


_Step = tuple[int, int, Sense]
"""How a position is reached: from which one, whether a role was seen there, and what the words between mean."""
_NOWHERE = -1_000_000
_NO_STEP: _Step = (0, 0, UNKNOWN)
_IS_PERSON = tuple(kind in PERSONS for kind in Kind)
_SEEN_AFTER = tuple((0, 0) if kind is Kind.AND else (1, 1) if kind in PERSONS else (0, 1) for kind in Kind)
"""By kind of a sense: whether a role is seen behind it when none was before, and when one was."""
_new = tuple.__new__  # a named tuple without the call of its own constructor


def _whole(names: Sequence[str], root: Mapping[str, Any]) -> Sense | None:
    """The role that the whole clause names, if it does: no other cover can be better."""
    node: Any = root
    for name in names:
        node = node.get(name)
        if node is None:
            return None
    for sense in node.get("", ()):
        if sense[0] is Kind.ROLE:
            found: Sense = sense
            return found
    return None


def _senses(words: Sequence[Word], names: Sequence[str], start: int, root: Mapping[str, Any], later: bool) -> list[tuple[int, Sense]]:
    """All that can begin at word `start`: (end, sense) of each phrase, a number, or an unknown word."""
    found: list[tuple[int, Sense]] = []
    size = len(names)
    node: Any = root
    alone = True
    end = start
    while end < size:
        node = node.get(names[end])
        if node is None:
            break
        end += 1
        for sense in node.get("", ()):
            if not sense.guarded or _allowed(sense, words, start, end, size, later):
                found.append((end, sense))
                alone = alone and end - start > 1
    if start >= _MAX_WORDS:
        return [*found, (start + 1, Sense(Kind.NOISE, "", 0, category="excess"))]
    name = names[start]
    reading = read_number(words, start, later) if not name.isalpha() or len(name) == 1 or name in BEFORE_NUMBERS else None
    if reading is not None:
        size_read = reading.end - start
        weight = _NUMBER_WEIGHT * size_read + _LABEL_WEIGHT * (size_read > 1)
        found.append((reading.end, Sense(_NUMBER_KINDS[reading.place], "", weight, category=reading.category, value=reading.value)))
    elif alone:
        found.append((start + 1, UNKNOWN))
    return found


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
