"""Compose: covered clauses become drafts of titles; tails, inversions and shared words find their place."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import Draft, Part, is_person
from titlenorm.joins import FIELD_LINKS, ROMANCE_LINKS, Segment, is_management, split_persons
from titlenorm.lexicon import Lexicon
from titlenorm.parse import cover
from titlenorm.result import Method
from titlenorm.segment import Clause
from titlenorm.senses import UNKNOWN, Kind, Sense
from titlenorm.tails import (
    inverts,
    is_lone_head,
    is_rank_of_owner,
    lead_in,
    put_plain,
    put_tail,
    read_as_modifier,
    read_last_as_level,
    specific_role,
    unlisted_role,
)

__all__ = ["compose"]

_BEHIND: Final = ("credential", "segment")
"""What an acronym that is also a role says in a tail: "Project Manager, PMP", "Account Manager - SME"."""


def compose(clauses: list[Clause], lexicon: Lexicon) -> list[Draft]:
    """The titles of a cell.

    Args:
        clauses: what `segment` gave.
        lexicon: the tables.

    Returns:
        Drafts in order; every word of `clauses` is in exactly one part of one draft.
    """
    drafts: list[Draft] = []
    for clause in _rejoined(clauses):
        plain, markers = clause.words, None
        gender = lexicon.gender_form
        if any(word.form is gender for word in plain):
            plain, markers = [word for word in plain if word.form is not gender], [word for word in plain if word.form is gender]
            if not plain:
                plain, markers = markers, None
        parts = cover(plain, lexicon.phrases, wants_field=bool(drafts) and not drafts[-1].core and drafts[-1].manages() is not None, later=bool(drafts))
        segments = split_persons(clause.sign, clause.depth, parts, lexicon)
        if markers is not None:
            segments[0].parts += [Part(lexicon.gender, [marker]) for marker in markers]  # "Ingeniero/a de Software" is one phrase
        for segment in segments:
            if drafts:
                _attach(drafts, segment, lexicon)
            else:
                drafts.append(_start(segment.parts, None, lexicon))
    return drafts


def _rejoined(clauses: list[Clause]) -> list[Clause]:
    """The clauses with what follows a bracket joined to what stood before it: "Business Intelligence (BI) Analyst"."""
    if all(clause.sign != ")" for clause in clauses):
        return clauses
    joined: list[Clause] = []
    for clause in clauses:
        before = next((place for place in range(len(joined) - 1, -1, -1) if joined[place].depth <= clause.depth), None)
        if clause.sign == ")" and before is not None and before < len(joined) - 1 and joined[before].depth == clause.depth:
            first = joined[before]
            joined[before] = Clause(first.sign, [*first.words, *clause.words], first.depth)
        else:
            joined.append(clause)
    return joined


def _start(parts: list[Part], before: Draft | None, lexicon: Lexicon) -> Draft:
    """A new draft from the parts of a segment; a lone head takes over the words of the title before it."""
    draft = Draft()
    _take(draft, parts, lexicon)
    if before is not None and len(draft.core) == 1 and len(draft.core[0].words) == 1 and not _stands_alone(draft.core[0], lexicon):
        person = before.person()
        phrase = before.carried.phrase if before.carried else person.phrase if person else ""
        if " " in phrase:
            draft.carried = lexicon.phrases.get(f"{phrase.rpartition(' ')[0]} {draft.core[0].phrase}")
            if draft.carried is not None and not _lends(draft.carried, before.carried or (person.sense if person else None), draft.core[0], lexicon):
                draft.carried = None
    return draft


def _stands_alone(head: Part, lexicon: Lexicon) -> bool:
    """Whether a lone head says enough without the words of the title before it: a cashier, a driver."""
    return lexicon.is_head(head.phrase, "any")


def _lends(carried: Sense, lender: Sense | None, head: Part, lexicon: Lexicon) -> bool:
    """Whether a lent word gives the name of a role, or a role of the same family: "QA Analyst / Engineer", not "Project Manager / Developer"."""
    if carried.kind != Kind.ROLE or carried.role_id is None:
        return False
    if lender is None or lender.role_id is None or head.sense.kind == Kind.HEAD:
        return True
    roles = lexicon.taxonomy.roles
    if carried.method is Method.EXACT and roles[lender.role_id].track not in ("executive", "ownership"):
        return True  # a "Business Owner / Consultant" is any consultant
    return roles[carried.role_id].family == roles[lender.role_id].family


def _take(draft: Draft, parts: list[Part], lexicon: Lexicon) -> None:
    """Put the parts of a leading segment where they belong; what follows a link is its tail."""
    size = len(parts)
    for index in range(1, size):
        if parts[index].sense.kind == Kind.LINK:
            size = index
            break
    for index in range(size):
        part = parts[index]
        kind = part.sense.kind
        if is_person(part) and index + 1 < size and parts[index + 1].phrase == "office":
            kind = Kind.CONTEXT  # "CTO Office Intern" is not the CTO
        if kind == Kind.MODIFIER:
            draft.modifiers += (part,)
        elif kind == Kind.CONTEXT:
            draft.context += (part,)
        elif kind in (Kind.NOISE, Kind.LINK) or (kind == Kind.AND and not draft.core):
            draft.noise += (part,)
        else:
            draft.core.append(part)
    while draft.core and draft.core[-1].sense.kind == Kind.AND:
        draft.noise += (draft.core.pop(),)
    read_last_as_level(draft, lexicon)
    if size < len(parts):
        tail = parts[size:]
        lone = is_lone_head(draft)
        if tail[0].phrase in FIELD_LINKS and (_wants_field(draft) or lone or _manages_fields(draft, tail, lexicon)):
            draft.noise += (tail[0],)
            _take(draft, tail[1:], lexicon)
            if lone:
                draft.core.append(draft.core.pop(0))  # "Member of the Committee" is a committee member
        elif tail[0].phrase in ROMANCE_LINKS and draft.core and tail[-1].sense.kind != Kind.CONTEXT:
            draft.core += tail
        else:
            put_tail(draft, tail)


def _manages_fields(draft: Draft, tail: list[Part], lexicon: Lexicon) -> bool:
    """Whether the title so far is a general manager, and the tail says of what ("General Manager of Sales")."""
    if len(draft.core) != 1 or not any(part.sense.kind == Kind.FIELD for part in tail):
        return False
    return lexicon.is_head(draft.core[0].phrase, "function")


def _wants_field(draft: Draft) -> bool:
    """Whether the title so far is only a level or a management word, so that a field must follow."""
    return not draft.core and any(part.sense.level for part in draft.modifiers)


def _attach(drafts: list[Draft], segment: Segment, lexicon: Lexicon) -> None:
    """Give a further segment to the title before it, or begin a new title with it."""
    draft = drafts[-1]
    parts, sign = segment.parts, segment.sign
    if parts[0].sense.kind == Kind.LINK and not (parts[0].phrase in FIELD_LINKS and _wants_field(draft)):
        put_tail(draft, parts)  # "- reporting to the CFO"
        return
    if person_or_field := next((part for part in parts if is_person(part) or part.sense.kind == Kind.FIELD), None):
        read_as_modifier(draft, person_or_field, lexicon)
    if sign != "and":
        parts = lead_in(parts, lexicon)
    person = next((part for part in reversed(parts) if is_person(part)), None)
    field = next((part for part in parts if part.sense.kind == Kind.FIELD), None)
    content = [part for part in parts if part.sense.kind not in (Kind.NOISE, Kind.AND, Kind.LINK)]
    if sign == "and" and not (len(content) == 1 and person is not None and is_rank_of_owner(draft, person, lexicon)):
        drafts.append(_start(parts, draft, lexicon))
        return
    bracket = segment.depth > 0
    specific = specific_role(draft, parts, lexicon) if sign != "/" else None
    if specific is not None:
        _take(draft, parts, lexicon)
        draft.specified = specific
        return
    if not any(part.sense.kind in (Kind.ROLE, Kind.FIELD, Kind.OCCUPATION, Kind.HEAD) for part in content):
        put_plain(draft, segment, lexicon)
        return
    modifier = lexicon.modifiers.get(person.phrase) if person is not None and len(content) == 1 and draft.person() is not None else None
    if person is not None and modifier is not None and (modifier.level or modifier.category in _BEHIND or person.sense.role_id is None):
        put_tail(draft, [Part(modifier, part.words) if part is person else part for part in parts])
        return
    if sign != "/" and (unlisted := unlisted_role(draft, content, lexicon)) is not None:
        _take(draft, parts, lexicon)
        draft.carried = unlisted
        return
    if sign != "/" and inverts(draft, parts, lexicon):
        _take(draft, parts, lexicon)
        head = draft.core.pop(0)
        draft.core.append(head)
        return
    if sign == "/" and person is not None and len(content) == 1 and len(draft.core) == 1 and draft.carried is None:
        pair = lexicon.phrases.get(f"{draft.core[0].phrase} {person.phrase}")
        if pair is not None and pair.role_id is not None and _names_a_role(pair, lexicon):
            draft.carried = pair  # "Analyst / Programmer" is one title: a role is called by both words
            _take(draft, parts, lexicon)
            return
    if draft.person() is None:
        if sign == "/" and person is not None and draft.core and draft.manages() is None and not bracket:
            shared = lexicon.phrases.get(f"{' '.join([p.phrase for p in draft.core])} {person.phrase.rpartition(' ')[2]}")
            if shared is not None and shared.kind == Kind.ROLE:
                draft.carried = shared
                drafts.append(_start(parts, draft, lexicon))
                return
        if person is not None and draft.manages() is None and draft.carried is None:
            if draft.core and sign == "/":
                drafts.append(_start(parts, draft, lexicon))
                return
            if not (lexicon.is_head(person.phrase, "function") and all(part.sense.kind == Kind.FIELD for part in draft.core)):
                draft.context += tuple(draft.core)
                draft.core = []  # of a field that stands before it a general manager is the manager: "Customer Service - Team Leader"
            _take(draft, parts, lexicon)
            return
        if not draft.core and field is not None and (person is None or content[0] is field):
            _take(draft, parts, lexicon)
            return
        if not draft.core and person is None and any(is_management(part) for part in draft.modifiers) and not bracket:
            _take(draft, parts, lexicon)
            return
    if bracket or sign in ("(", ")"):
        if person is not None and not draft.core:
            _take(draft, parts, lexicon)
        else:
            put_tail(draft, parts)
        return
    if _begins_title(draft, segment, content, person, field):
        drafts.append(_start(parts, draft, lexicon))
        if sign == "/" and draft.person() is None and not draft.modifiers:
            draft.lent_levels = tuple([part for part in drafts[-1].modifiers if part.sense.level == "training" or is_management(part)])
    else:
        put_tail(draft, parts)


def _names_a_role(pair: Sense, lexicon: Lexicon) -> bool:
    """Whether the words of a pair are those of the name of its role, in any order."""
    return pair.kind == Kind.ROLE and sorted(pair.phrase.split()) == sorted(lexicon.names[str(pair.role_id)])


def _begins_title(draft: Draft, segment: Segment, content: list[Part], person: Part | None, field: Part | None) -> bool:
    """Whether a segment behind a complete title is a title of its own, and not the context of that title."""
    sign = segment.sign
    manages = any(is_management(part) for part in segment.parts)
    if person is not None:
        return sign in ("/", "|") or next((part for part in reversed(content) if part.sense.category != "grade"), None) is person
    if sign == "/":
        head = len(content) == 1 and draft.person() is not None and content[0].sense.kind == Kind.HEAD and content[0].sense is not UNKNOWN
        return manages or head or (content[0] is field and _ends_complete(draft) and not _has_tail(draft))
    return sign == "," and manages and field is not None and draft.person() is not None


def _has_tail(draft: Draft) -> bool:
    """Whether a field or a technology stands behind the title already: "Solutions Architect - Java/AWS"."""
    return any(part.sense.kind == Kind.FIELD for part in draft.context) or any(part.sense.category == "technology" for part in draft.tail_modifiers)


def _ends_complete(draft: Draft) -> bool:
    """Whether the title so far ends in a person, or is a field without one: then a field after a slash is a title too."""
    if not draft.core or draft.manages() is not None:
        return False
    last = draft.core[-1]
    return (is_person(last) or last.sense.kind == Kind.FIELD) and (draft.person() is None or draft.person() is last)
