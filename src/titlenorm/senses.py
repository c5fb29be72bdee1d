"""Senses: what a phrase can mean in a title, and how much it weighs in a cover."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from titlenorm.result import Method

__all__ = ["PERSONS", "UNKNOWN", "Head", "Kind", "Sense", "managed_field", "weight_of"]


class Kind(IntEnum):
    """What a phrase can be in a title."""

    ROLE = 0  # names a person: a role, or an ambiguous phrase with several
    FIELD = 1  # names a field of work and not a person: "marketing"
    OCCUPATION = 2  # a real occupation that the taxonomy does not have
    MODIFIER = 3
    CONTEXT = 4
    NOISE = 5
    HEAD = 6  # a general noun that says no role alone: officer, specialist
    LINK = 7  # of, at, to, for
    AND = 8
    MANAGED = 9  # no kind of a sense: the weight of a role phrase that is a field and a management word


PERSONS = (Kind.ROLE, Kind.OCCUPATION)
"""The kinds that name a person."""


class Sense(NamedTuple):
    """One meaning of a phrase.

    For a role or field: `role_id` (None when ambiguous), `related` further readings, `method`. For a modifier: category,
    value, place and guards (`guarded` when there is any of these) and the `level` that it says; a technology can have an
    `area` (network, plant, ...). `weight` is what the phrase adds to a cover.
    """

    kind: Kind
    phrase: str
    weight: int
    role_id: str | None = None
    related: tuple[str, ...] = ()
    method: Method = Method.ALIAS
    clues: tuple[tuple[str, frozenset[str]], ...] = ()
    category: str = ""
    value: str = ""
    level: str = ""
    place: str = "any"
    guarded: bool = False
    not_next: frozenset[str] = frozenset()
    only_next: frozenset[str] = frozenset()
    not_previous: frozenset[str] = frozenset()
    language: str = ""
    area: str = ""


class Head(NamedTuple):
    """A row of heads.csv: titles that end in `phrase` are `role_id` when the words before are `qualifier` words."""

    phrase: str
    qualifier: str
    role_id: str
    exceptions: frozenset[str]


UNKNOWN = Sense(Kind.HEAD, "", -3, category="unknown")
"""The sense of a word that no table knows."""


def managed_field(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a phrase without the management word that it begins or ends with; nothing when it has none.

    >>> managed_field(("development", "director")), managed_field(("head", "of", "sales")), managed_field(("account", "manager"))
    (('development',), ('sales',), ())
    """
    if words[-1] in _LAST:
        return words[:-1]
    return words[2 if words[1:2] == ("of",) else 1 :] if words[0] in _FIRST else ()


_LAST = frozenset({"director", "head", "lead", "leader", "supervisor", "vp"})
_FIRST = frozenset({"director", "head", "vp"})


def weight_of(kind: Kind, size: int) -> int:
    """What a phrase of `size` words adds to a cover: longer phrases lock their words, roles before all else."""
    first, more = _WEIGHTS[kind]
    return first * size + more * (size - 1)


_WEIGHTS = {
    Kind.ROLE: (10, 4), Kind.FIELD: (8, 3), Kind.OCCUPATION: (10, 4), Kind.MODIFIER: (9, 2), Kind.CONTEXT: (5, 4), Kind.NOISE: (5, 3),
    Kind.HEAD: (3, 0), Kind.LINK: (1, 0), Kind.AND: (1, 0), Kind.MANAGED: (8, 3),
}  # fmt: skip
