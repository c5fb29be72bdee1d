"""Senses: what a phrase can mean in a title, and how much it weighs in a cover."""

from __future__ import annotations

from typing import Final, NamedTuple

from titlenorm.native import mypyc_attr
from titlenorm.result import Method

__all__ = ["UNKNOWN", "Guards", "Head", "Kind", "Sense", "managed_field", "weight_of"]


class Kind:
    """What a phrase can be in a title, as a number: kinds are compared for every word of every title."""

    ROLE: Final = 0  # names a person: a role, or an ambiguous phrase with several
    FIELD: Final = 1  # names a field of work and not a person: "marketing"
    OCCUPATION: Final = 2  # a real occupation that the taxonomy does not have
    MODIFIER: Final = 3
    CONTEXT: Final = 4
    NOISE: Final = 5
    HEAD: Final = 6  # a general noun that says no role alone: officer, specialist
    LINK: Final = 7  # of, at, to, for
    AND: Final = 8
    MANAGED: Final = 9  # no kind of a sense: the weight of a role phrase that is a field and a management word


class Guards(NamedTuple):
    """Where a sense counts: at a `place` of its clause (any, before, after, alone), and by the words next to it."""

    place: str
    not_next: frozenset[str] = frozenset()
    only_next: frozenset[str] = frozenset()
    not_previous: frozenset[str] = frozenset()


@mypyc_attr(acyclic=True)
class Sense:
    """One meaning of a phrase; each is its own, and what it means never changes.

    For a role or field: `role_id` (None when ambiguous), `related` further readings, `method`, and `clues`, the words that
    decide between readings. For a modifier: category, value, the `level` that it says, and `guards` where it does not count
    everywhere; a technology can have an `area` (network, plant, ...), `told` is what rows tell. `weight` is what the phrase adds to
    a cover. `is_person` says whether the phrase names a person: a role, or an occupation that the taxonomy does not have.
    `decided` is where the pipeline keeps what it decided for titles that are the phrase alone.
    """

    __slots__ = (
        "area", "category", "clues", "decided", "guards", "is_person", "kind", "language", "level", "method", "phrase", "related", "role_id", "told",
        "value", "weight",
    )  # fmt: skip

    def __init__(
        self, kind: int, phrase: str, weight: int, role_id: str | None = None, related: tuple[str, ...] = (), method: Method = Method.ALIAS,
        *, clues: tuple[tuple[str, frozenset[str]], ...] = (), category: str = "", value: str = "", level: str = "", language: str = "", area: str = "",
        guards: Guards | None = None,
    ) -> None:  # fmt: skip
        self.kind = kind  # what every reading of a title asks for stands together
        self.is_person = kind == Kind.ROLE or kind == Kind.OCCUPATION
        self.weight = weight
        self.guards = guards
        self.level = level
        self.category = category
        self.role_id = role_id
        self.phrase = phrase
        self.method = method
        self.related = related
        self.clues = clues
        self.value = value
        self.decided: object = None
        self.told = f"{category}={value}" if category else ""
        self.language = language
        self.area = area

    @property
    def place(self) -> str:
        """Where in its clause the phrase counts: any, before, after or alone."""
        return self.guards.place if self.guards is not None else "any"

    def as_role(self) -> Sense:
        """The same phrase, read as a role."""
        return self._but(Kind.ROLE, self.role_id, self.related, self.guards)

    def meaning(self, role_id: str, related: tuple[str, ...] = ()) -> Sense:
        """The same phrase for another role."""
        return self._but(self.kind, role_id, related, self.guards)

    def guarded(self, guards: Guards) -> Sense:
        """The same phrase, where it counts only at some places."""
        return self._but(self.kind, self.role_id, self.related, guards)

    def _but(self, kind: int, role_id: str | None, related: tuple[str, ...], guards: Guards | None) -> Sense:
        return Sense(
            kind, self.phrase, self.weight, role_id, related, self.method, clues=self.clues, category=self.category, value=self.value,
            level=self.level, language=self.language, area=self.area, guards=guards,
        )  # fmt: skip


class Head(NamedTuple):
    """A row of heads.csv: titles whose head is `phrase` are `role_id` when the words beside it are `qualifier` words."""

    phrase: str
    qualifier: str
    role_id: str
    exceptions: frozenset[str]


UNKNOWN: Final = Sense(Kind.HEAD, "", -3, category="unknown")
"""The sense of a word that no table knows."""


def managed_field(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a phrase without the management word that it begins or ends with; nothing when it has none.

    >>> managed_field(("development", "director")), managed_field(("head", "of", "sales")), managed_field(("account", "manager"))
    (('development',), ('sales',), ())
    """
    if words[-1] in _LAST:
        return words[:-1]
    return words[2 if words[1:2] == ("of",) else 1 :] if words[0] in _FIRST else ()


_LAST: Final = frozenset({"director", "head", "lead", "leader", "supervisor", "vp"})
_FIRST: Final = frozenset({"director", "head", "vp"})


def weight_of(kind: int, size: int) -> int:
    """What a phrase of `size` words adds to a cover: longer phrases lock their words, roles before all else."""
    return _WORD_WEIGHTS[kind] * size + _MORE_WEIGHTS[kind] * (size - 1)


# in the order of `Kind`; a list, as the numbers of a tuple are boxed for every look
_WORD_WEIGHTS: Final = [10, 8, 10, 9, 5, 5, 3, 1, 1, 8]
_MORE_WEIGHTS: Final = [4, 3, 4, 2, 4, 3, 0, 0, 0, 3]
