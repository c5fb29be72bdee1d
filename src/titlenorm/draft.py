"""Draft: one title of a cell while it is put together from parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from titlenorm.native import mypyc_attr
from titlenorm.result import LEVEL_RANK
from titlenorm.senses import Kind, Sense
from titlenorm.word import Word

__all__ = ["MANAGEMENT", "Draft", "Part", "is_person", "is_tool"]

MANAGEMENT: Final = frozenset({"lead", "supervisor", "manager", "director", "vp", "cxo"})
"""Levels whose words ask for a field: "Head of", "Director", "VP"."""


@mypyc_attr(acyclic=True, free_list_len=1)
class Part:
    """Words of a title, read as one sense."""

    __slots__ = ("sense", "words")

    def __init__(self, sense: Sense, words: list[Word]) -> None:
        self.sense = sense
        self.words = words

    @property
    def phrase(self) -> str:
        """The standard words, joined."""
        if len(self.words) == 1:
            return self.words[0].standard
        if self.sense.kind <= Kind.OCCUPATION:
            return self.sense.phrase  # the same words
        return " ".join([word.standard for word in self.words])


@mypyc_attr(acyclic=True, free_list_len=1)
class Draft:
    """One title of a cell while it is put together.

    Attributes:
        core: roles, fields, general nouns and unknown words that say what the work is, in reading order.
        modifiers, context, noise: what was taken off.
        tail_modifiers: modifiers that stood in a tail; they count when the leading clause says nothing.
        specified: a narrower role that words behind the title make of it ("Software Engineer, Backend").
        raw: the cell, for what reads it once more; `others` are its other titles.
        lent_levels: level words of the title after a slash that count here too ("Marketing/Sales Intern").
        carried: what a lone head means together with words that do not stand before it: those of the title before it
            ("... Analyst / Engineer"), or those behind it ("Controller, Air Traffic").
    """

    __slots__ = ("carried", "context", "core", "lent_levels", "modifiers", "noise", "others", "raw", "specified", "tail_modifiers")

    def __init__(self) -> None:
        self.core: list[Part] = []
        self.modifiers: tuple[Part, ...] = ()
        self.tail_modifiers: tuple[Part, ...] = ()
        self.context: tuple[Part, ...] = ()
        self.noise: tuple[Part, ...] = ()
        self.carried: Sense | None = None
        self.specified: Sense | None = None
        self.lent_levels: tuple[Part, ...] = ()
        self.raw = ""
        self.others: tuple[Draft, ...] = ()

    def person(self) -> Part | None:
        """The last part of the core that names a person."""
        for part in reversed(self.core):
            if part.sense.is_person:
                return part
        return None

    def field(self) -> Part | None:
        """The first part of the core that names a field."""
        for part in self.core:
            if part.sense.kind == Kind.FIELD:
                return part
        return None

    def manages(self) -> Part | None:
        """The highest management word that was taken off, or is lent by the title behind a slash."""
        found = _higher(self.modifiers, None) if self.modifiers else None
        return _higher(self.lent_levels, found) if self.lent_levels else found

    def is_unlisted(self) -> bool:
        """Whether the title names an occupation that the taxonomy does not have."""
        person = self.person()
        sense = self.carried if self.carried is not None else person.sense if person is not None else None
        return sense is not None and sense.kind == Kind.OCCUPATION

    def words(self) -> list[Word]:
        """All words of the title, wherever they went."""
        parts = (*self.core, *self.modifiers, *self.tail_modifiers, *self.context, *self.noise)
        return [word for part in parts for word in part.words]


def is_tool(part: Part, beside: Sequence[Part]) -> bool:
    """Whether a part is a database beside another technology, so that it says nothing of the work: "C# Developer (SQL)"."""
    return part.sense.area == "data" and any(other.sense.category == "technology" and other.sense.area != "data" for other in beside)


def _higher(parts: tuple[Part, ...], found: Part | None) -> Part | None:
    """The highest management word among some parts, if it is higher than one that was found before."""
    for part in parts:
        level = part.sense.level
        if level and level in MANAGEMENT and (found is None or LEVEL_RANK[level] > LEVEL_RANK[found.sense.level]):
            found = part
    return found


def is_person(part: Part) -> bool:
    """Whether a part names a person: a role, or an occupation that the taxonomy does not have."""
    return part.sense.is_person
