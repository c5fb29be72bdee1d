"""Joins: which "and" joins two titles, and which joins two fields of one."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import MANAGEMENT, Part, is_person
from titlenorm.lexicon import Lexicon
from titlenorm.native import mypyc_attr
from titlenorm.senses import Kind

__all__ = ["FIELD_LINKS", "ROMANCE_LINKS", "Segment", "is_management", "split_persons"]

_ATTRIBUTIVE: Final = frozenset({"student", "volunteer", "apprentice", "teacher"})  # "Student and Academic Services Officer"
FIELD_LINKS: Final = frozenset({"of", "for", "in", "on", "de", "del", "di", "da", "do", "des", "du", "van", "von", "fur"})
"""Links after which a management word finds its field: "Head of", "Manager in"."""


ROMANCE_LINKS: Final = frozenset({"de", "del", "di", "da", "do", "des", "du"})
"""Links behind which a Romance head finds its other half: "technicien de surface" is a cleaner and no technician."""


@mypyc_attr(acyclic=True, free_list_len=1)
class Segment:
    """A part of a clause that can be a title: the sign before it, its bracket depth, its parts."""

    __slots__ = ("depth", "parts", "sign")

    def __init__(self, sign: str, depth: int, parts: list[Part]) -> None:
        self.sign = sign
        self.depth = depth
        self.parts = parts


def is_management(part: Part) -> bool:
    """Whether a part is a management word that was taken off."""
    return part.sense.kind == Kind.MODIFIER and part.sense.level in MANAGEMENT


def split_persons(sign: str, depth: int, parts: list[Part], lexicon: Lexicon) -> list[Segment]:
    """Cut at each "and" that joins two persons ("Founder & CEO"), not at one that joins two fields."""
    if all(part.sense.kind != Kind.AND for part in parts):
        return [Segment(sign, depth, parts)]
    segments: list[Segment] = []
    left: list[Part] = []
    for index, part in enumerate(parts):
        right = parts[index + 1 :]
        if part.sense.kind == Kind.AND and (_joins_persons(left, right, lexicon) or (part.phrase == "cum" and _says_work(left) and _says_work(right))):
            segments.append(Segment(sign, depth, [*left, part]))
            left, sign = [], "and"
        else:
            left.append(part)
    segments.append(Segment(sign, depth, left))
    return [segment for segment in segments if segment.parts]


def _says_work(parts: list[Part]) -> bool:
    return any(part.sense.kind in (Kind.ROLE, Kind.FIELD, Kind.OCCUPATION, Kind.HEAD) for part in parts)


def _joins_persons(left: list[Part], right: list[Part], lexicon: Lexicon) -> bool:
    if not any(is_person(part) or is_management(part) for part in right):
        return False
    if len(left) == 1 and left[0].phrase in _ATTRIBUTIVE:
        return False
    last = next((p for p in reversed(left) if p.sense.kind not in (Kind.NOISE, Kind.LINK) and (p.sense.kind != Kind.MODIFIER or is_management(p))), None)
    if last is None:
        return False
    if any(part.phrase == "to" for part in left):
        return False  # "EA to the Chairman and CEO"
    if any(part.sense.kind == Kind.LINK for part in left) and not is_person(last):
        last_link = max(i for i, part in enumerate(left) if part.sense.kind == Kind.LINK)
        if left[last_link].phrase not in FIELD_LINKS:
            return False
    if is_person(last) or is_management(last):
        return True
    if last.sense.kind == Kind.CONTEXT:
        return last.sense.category in ("place", "company")
    first = next((part for part in right if is_person(part)), None)
    readings = () if first is None else (first.sense.role_id,) if first.sense.role_id is not None else first.sense.related
    return bool(readings) and all(lexicon.taxonomy.roles[role_id].track in ("executive", "ownership") for role_id in readings)
