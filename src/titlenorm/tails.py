"""Tails: what the words behind a title mean: modifiers, context, an inversion, or a narrower role."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import Draft, Part, is_person, is_tool
from titlenorm.joins import FIELD_LINKS, Segment, is_management
from titlenorm.lexicon import Lexicon
from titlenorm.senses import UNKNOWN, Kind, Sense

__all__ = [
    "inverts",
    "is_lone_head",
    "is_rank_of_owner",
    "lead_in",
    "put_plain",
    "put_tail",
    "read_as_modifier",
    "read_last_as_level",
    "specific_role",
    "unlisted_role",
]


_RANKS: Final = frozenset({"executive", "specialist", "associate", "officer", "professional", "staff"})
"""Nouns that leave a tail a mere rank: "Business Development (Senior Executive)"."""


def put_tail(draft: Draft, parts: list[Part]) -> None:
    """Words after the title proper: modifiers that do not speak of seniority stay modifiers, the rest is context."""
    content = any(part.sense.kind in (Kind.ROLE, Kind.FIELD, Kind.OCCUPATION, Kind.HEAD) and part.phrase not in _RANKS for part in parts)
    if parts[0].sense.kind == Kind.LINK:  # neither "PA to Director" nor "Driver for Director" is a director
        content = content or parts[0].phrase not in FIELD_LINKS or (parts[0].phrase == "for" and draft.person() is not None)
    for part in parts:
        kind = part.sense.kind
        if kind == Kind.MODIFIER and not (content and (part.sense.level or part.sense.category == "grade")):
            draft.tail_modifiers += (part,)
        elif kind in (Kind.NOISE, Kind.AND):
            draft.noise += (part,)
        else:
            draft.context += (part,)


def put_plain(draft: Draft, segment: Segment, lexicon: Lexicon) -> None:
    """A segment without roles, fields or unknown nouns: modifiers, context and noise."""
    leading = [_counts_as_leading(part, draft, lexicon) for part in segment.parts]
    for part, leads in zip(segment.parts, leading, strict=True):
        kind = part.sense.kind
        if kind == Kind.MODIFIER:
            if leads:
                draft.modifiers += (part,)
            else:
                draft.tail_modifiers += (part,)
        elif kind in (Kind.NOISE, Kind.AND):
            draft.noise += (part,)
        else:
            draft.context += (part,)


def _counts_as_leading(part: Part, draft: Draft, lexicon: Lexicon) -> bool:
    """Whether a modifier behind the title so far counts as if it stood before it.

    Any does where nothing says the work yet, a management word behind a field ("Business Development, Manager"), and a technology
    behind a head that takes one ("Administrator - Linux").
    """
    if not draft.core:
        return True
    if is_management(part):
        return draft.manages() is None and all(said.sense.kind == Kind.FIELD for said in draft.core)
    return part.sense.category == "technology" and len(draft.core) == 1 and lexicon.is_head(draft.core[0].phrase, "technology")


def specific_role(draft: Draft, parts: list[Part], lexicon: Lexicon) -> Sense | None:
    """The narrower role that a tail makes of a title ("Software Engineer, Backend"), if the tables know it."""
    if len(draft.core) != 1 or draft.carried is not None or draft.specified is not None:
        return None
    person = draft.core[0]
    content = [part for part in parts if part.sense.kind != Kind.NOISE]
    if person.sense.kind != Kind.ROLE or not content or not all(_says_field(part) for part in content):
        return None
    if all(is_tool(part, draft.modifiers + draft.tail_modifiers) for part in content):
        return None
    if len(content) == 1 and content[0].sense.kind == Kind.FIELD and _narrows(content[0].sense, person.sense, lexicon):
        return content[0].sense.as_role()  # "Engineer - Production Engineering"
    field = " ".join([part.phrase for part in content])
    for head in (person.phrase, person.words[-1].standard) if len(person.words) > 1 else (person.phrase,):
        sense = lexicon.phrases.get(f"{field} {head}")
        if sense is not None and sense.kind == Kind.ROLE and _narrows(sense, person.sense, lexicon):
            return sense
    return None


def _narrows(sense: Sense, person: Sense, lexicon: Lexicon) -> bool:
    """Whether a role is narrower than that of a person phrase, or one of its readings where it has several: "General Worker (Production)"."""
    if sense.role_id is None or sense.role_id == person.role_id:
        return False
    readings = person.related if person.role_id is None else (person.role_id,)
    return any(lexicon.taxonomy.is_within(sense.role_id, role_id) for role_id in readings)


def unlisted_role(draft: Draft, content: list[Part], lexicon: Lexicon) -> Sense | None:
    """The occupation without a role that a head and the words behind it are: "Assistant - Physician", "Controller, Air Traffic"."""
    if len(draft.core) != 1 or len(draft.core[0].words) != 1 or draft.carried is not None or not content:
        return None
    sense = lexicon.phrases.get(" ".join([*[part.phrase for part in content], draft.core[0].phrase]))
    return sense if sense is not None and sense.kind == Kind.OCCUPATION else None


def _says_field(part: Part) -> bool:
    """Whether a part can say what field a title is in: a field, a general noun, a technology or an industry."""
    return part.sense.kind in (Kind.FIELD, Kind.HEAD) or part.sense.category in ("technology", "domain")


def read_as_modifier(draft: Draft, following: Part, lexicon: Lexicon) -> None:
    """Read a lone "Principal" as a level, a lone "PMP" as a credential, when a field or another role stands beside it."""
    if len(draft.core) != 1 or not is_person(draft.core[0]) or following.phrase == draft.core[0].phrase:
        return
    sense = lexicon.modifiers.get(draft.core[0].phrase)
    if sense is None:
        return
    if (sense.level and (sense.place == "before" or sense.level == "training")) or (sense.category == "credential" and draft.core[0].sense.role_id is None):
        draft.modifiers += (Part(sense, draft.core.pop().words),)


def read_last_as_level(draft: Draft, lexicon: Lexicon) -> None:
    """Read a "Principal" right behind another role as a level: a "Systems Architect Principal" leads no school."""
    if len(draft.core) < 2 or not is_person(draft.core[-1]) or not is_person(draft.core[-2]):
        return
    sense = lexicon.modifiers.get(draft.core[-1].phrase)
    if sense is not None and sense.level not in ("", "training") and sense.place == "before":
        draft.modifiers += (Part(sense, draft.core.pop().words),)


def lead_in(parts: list[Part], lexicon: Lexicon) -> list[Part]:
    """A tail with a "Principal" before its field read as a level: "Engineer, Principal Software"."""
    if len(parts) < 2 or not is_person(parts[0]) or parts[1].sense.kind not in (Kind.FIELD, Kind.HEAD):
        return parts
    sense = lexicon.modifiers.get(parts[0].phrase)
    if sense is None or sense.level in ("", "training") or sense.place != "before":
        return parts
    return [Part(sense, parts[0].words), *parts[1:]]


def is_rank_of_owner(draft: Draft, person: Part, lexicon: Lexicon) -> bool:
    """Whether a role is a mere rank beside an owner or an executive: a "Founder & Principal" leads no school."""
    owner = draft.person()
    sense = lexicon.modifiers.get(person.phrase)
    if owner is None or owner.sense.role_id is None or sense is None or sense.level in ("", "training") or sense.place != "before":
        return False
    return lexicon.taxonomy.roles[owner.sense.role_id].track in ("executive", "ownership")


def is_lone_head(draft: Draft) -> bool:
    """Whether the title so far is one general noun that asks for its field: "Officer", "Member"."""
    return len(draft.core) == 1 and draft.core[0].sense.kind == Kind.HEAD and draft.core[0].sense is not UNKNOWN


def inverts(draft: Draft, parts: list[Part], lexicon: Lexicon) -> bool:
    """Whether the segment says what the lone head before it is: "Engineer, Software"."""
    if len(draft.core) != 1 or draft.carried is not None or draft.core[0].sense is UNKNOWN:
        return False
    person = draft.core[0]
    if parts[0].sense.kind == Kind.ROLE or any(is_person(part) for part in parts):
        return False
    if lexicon.is_head(person.phrase, "function"):
        return any(part.sense.kind == Kind.FIELD for part in parts)
    if is_lone_head(draft) and any(part.sense.kind == Kind.FIELD for part in parts):
        return True
    if len(person.words) != 1 or any(part.sense.category == "technology" for part in draft.modifiers):
        return False
    content = [part for part in parts if part.sense.kind in (Kind.FIELD, Kind.HEAD) or part.sense.category == "domain"]
    phrases = [" ".join([part.phrase for part in content]), *[part.phrase for part in content]]
    found = (lexicon.phrases.get(f"{phrase} {person.phrase}") for phrase in phrases)
    return any(sense is not None and sense.kind == Kind.ROLE for sense in found)
