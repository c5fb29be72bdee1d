"""Levels: the seniority band and the grade of a draft."""

from __future__ import annotations

from typing import Final

from titlenorm.draft import MANAGEMENT, Draft, Part
from titlenorm.native import mypyc_attr
from titlenorm.result import LEVEL_RANK, Level, Method, Role
from titlenorm.senses import Kind, Sense

__all__ = ["Ladder", "grade_of", "level_of", "own_level"]

_LEVELS: Final = {level.value: level for level in Level}
_TRAINING: Final = Level.TRAINING
_LEAD: Final = Level.LEAD
_SUPERVISOR: Final = Level.SUPERVISOR
_MANAGER: Final = Level.MANAGER
_DIRECTOR: Final = Level.DIRECTOR
_VP: Final = Level.VP
_CXO: Final = Level.CXO
_OWNER: Final = Level.OWNER
_EXACT: Final = Method.EXACT
_LADDER_OF_STAFF: Final = frozenset(
    {"engineering", "information_technology", "product_management", "quality_assurance", "arts_and_design", "program_and_project_management"}
)
_LAST_WORD_LEVELS: Final = {
    "supervisor": Level.SUPERVISOR, "foreman": Level.SUPERVISOR, "lead": Level.LEAD, "leader": Level.LEAD, "head": Level.DIRECTOR,
    "graduate": Level.ENTRY, "trainee": Level.TRAINING, "intern": Level.TRAINING, "apprentice": Level.TRAINING, "extern": Level.TRAINING,
}  # fmt: skip
_PHRASE_LEVELS: Final = {  # what says a level in management roles only
    **_LAST_WORD_LEVELS, "manager": Level.MANAGER, "gm": Level.MANAGER, "dgm": Level.MANAGER, "agm": Level.MANAGER, "vp": Level.VP,
    **dict.fromkeys(("director", "diretor", "diretora", "directora", "directeur", "directrice", "direttore", "direttrice", "direktor"), Level.DIRECTOR),
}  # fmt: skip


_LEADERS_OF_PEOPLE: Final = frozenset({"team", "group", "project", "technical", "tech", "squad", "shift", "section", "practice", "chapter", "program"})
_INDIVIDUAL_FORMS: Final = frozenset(
    {"owner", "executive", "officer", "specialist", "assistant", "coordinator", "associate", "administrator", "analyst", "consultant", "belt", "blackbelt",
     "advisor", "strategist", "expert", "representative", "champion", "developer", "negotiator", "professional", "designer", "facilitator", "liaison",
     "entrepreneur", "builder", "partner"}
)  # fmt: skip
_SERVED: Final = frozenset({"manager", "director", "vp", "cxo"})
_PARTNERSHIPS: Final = frozenset({"legal", "accounting"})
_MANAGED_THINGS: Final = ("account", "case")
"""What a manager manages instead of people."""
_WATCHED: Final = ("cover", "lunch", "lunchtime", "meal", "midday", "playground")
"""When a supervisor watches over pupils, who are no staff."""
_MANAGING_NO_PEOPLE: Final = frozenset({"Manager", "Engineer", "Owner", "Master"})
"""Last words of roles whose aliases say no level: a "Policy Manager" is a manager, an "Identity and Access Manager" or "Iteration Manager" is not."""


@mypyc_attr(acyclic=True)
class Ladder:
    """What of a role counts for levels, with the level that the role itself says."""

    __slots__ = ("family", "function", "id", "level", "name", "track")

    def __init__(self, role: Role) -> None:
        self.id = role.id
        self.name = role.name
        self.family = role.family
        self.function = role.function
        self.track = role.track
        self.level = role.level


def level_of(draft: Draft, role: Ladder | None, own: Level | None) -> Level | None:
    """The level: a word of the leading clause decides, then a word of the tail, then what the role or its phrase says, its `own`.

    Training outranks all ("Marketing Manager Intern"); else the highest word counts, so that a management word outranks
    its qualifiers ("Senior Manager", "Associate Director").
    """
    words = _words(draft.modifiers, role) if draft.modifiers else ()
    if not words and draft.tail_modifiers:
        words = _words(draft.tail_modifiers, role)
    if not words and draft.lent_levels:
        words = _words(draft.lent_levels, role)
    if not (words or draft.modifiers):
        return own
    person = draft.person()
    if "director" in words and any(part.phrase == "head" for part in draft.modifiers):
        if person is not None and (role.track == "ic" if role is not None else person.sense.kind == Kind.OCCUPATION):
            words = tuple(["lead" if word == "director" else word for word in words])  # "Head Stylist" is the first of the stylists
        if any(word in MANAGEMENT and word != "director" for word in words):
            words = tuple([word for word in words if word != "director"])  # a Head Manager is a manager
    if person is not None and person.words[-1].standard == "assistant":
        words = tuple([word for word in words if word not in _SERVED])  # the Director's Personal Assistant is no director
    if draft.core and draft.core[-1].words[-1].standard == "officer" and any(part.phrase == "chief" for part in draft.modifiers):
        return _CXO
    if "training" in words:
        return _TRAINING
    highest = own
    for word in words:
        if highest is None or LEVEL_RANK[word] > LEVEL_RANK[highest]:
            highest = _LEVELS[word]
    return highest


def own_level(draft: Draft, role: Ladder | None) -> Level | None:
    """The level of a role that a phrase names: what the phrase says ("materials supervisor"), else the role's own.

    A role that was composed with a management word ("Sustainability Lead") has the level of that word alone.
    """
    if role is None:
        return _open_level(draft)
    person = draft.person()
    if person is None and draft.carried is None:
        manages = draft.core and draft.core[-1].words[-1].standard == "management"  # a bare "Service Delivery" names no manager
        return role.level if manages and draft.manages() is None else None
    if person is None:
        return role.level
    sense = person.sense
    if sense.role_id == role.id:
        return _named_level(sense, role)
    first, last = person.words[0].standard, person.words[-1].standard  # composed: "Creative Team Lead", "General Manager Marketing"
    if (given := _given_level(first, last, role)) is not None:
        return given
    lends = role.track != "management" or (last not in _INDIVIDUAL_FORMS and draft.manages() is None)  # no "E-commerce & Marketing Executive"
    return _PHRASE_LEVELS.get(last, role.level if lends else None)


def _given_level(first: str, last: str, role: Ladder) -> Level | None:
    """The level that a role has whatever phrase names it, but for the first and the last word."""
    if role.level is _SUPERVISOR:  # a Shift Lead is a Shift Supervisor, a Customer Service Team Leader a lead
        return _LEAD if last in ("lead", "leader") and first != "shift" else _SUPERVISOR
    return _OWNER if last == "partner" and role.family in _PARTNERSHIPS else None  # of a firm: "Litigation Partner", "Partner, Tax"


def _named_level(sense: Sense, role: Ladder) -> Level | None:
    """The level that a phrase of the role says."""
    if sense.level:
        return _LEVELS[sense.level]  # "SMTS" is a senior member of technical staff
    words = sense.phrase.split()
    first, last = words[0], words[-1]
    if (given := _given_level(first, last, role)) is not None:
        return given
    if sense.method is _EXACT:
        return role.level
    if last == "supervisor" and len(words) > 1 and words[-2] in _WATCHED:
        return None  # a Cover Supervisor watches over a class
    if last == "leader" and role.track == "ic" and (len(words) < 2 or words[-2] not in _LEADERS_OF_PEOPLE):
        return None  # a Youth Leader or a Tour Leader is no step of a ladder
    return _LAST_WORD_LEVELS.get(last) or _alias_level(words, sense, role)


def _alias_level(words: list[str], sense: Sense, role: Ladder) -> Level | None:
    """What an alias says: its own management word in a management role, nothing for an individual form of one."""
    first, last = words[0], words[-1]
    if "to" in words[1:3]:
        return None  # the assistant to a manager is none
    if last == "manager" and len(words) > 1 and words[-2] in _MANAGED_THINGS and "and" not in words:
        return None  # an account manager manages accounts
    if first == "chief" and last in ("officer", "executive") and role.family != "public-safety":
        return _CXO
    if first == "charge" and not sense.language:
        return _SUPERVISOR
    if role.track == "executive":
        return _DIRECTOR if last == "director" and role.name != "Managing Director" else role.level
    if role.track == "management":
        if last in _INDIVIDUAL_FORMS:
            return None
        if first in ("vice", "svp", "evp"):
            return _VP
        if first == "head" and words[1:2] != ["of"]:
            return role.level  # a Head Nurse is the first of the nurses
        for word in reversed(words):
            if word in _PHRASE_LEVELS:
                return _PHRASE_LEVELS[word]
        return role.level
    if last == "manager" and role.track == "ic" and role.name.rpartition(" ")[2] not in _MANAGING_NO_PEOPLE:
        return _MANAGER
    return role.level


def _open_level(draft: Draft) -> Level | None:
    """The level that a phrase without a role says: "Museum Manager" is unlisted, "Head of Development" ambiguous."""
    person = draft.person() or draft.field()
    if person is None:
        return None
    if person.sense.level:
        return _LEVELS[person.sense.level]
    first, last = person.words[0].standard, person.words[-1].standard
    if first == "chief" and last == "officer" and len(person.words) > 2:
        return _CXO
    if first in ("director", "head", "vp", "vice") and len(person.words) > 2:
        return _VP if first in ("vp", "vice") else _DIRECTOR
    if last == "director" and person.sense.kind == Kind.OCCUPATION:
        return _DIRECTOR if draft.modifiers else None  # a Casting Director directs a casting; an Assistant Camp Director is no assistant
    return _PHRASE_LEVELS.get(last)


def _words(parts: tuple[Part, ...], role: Ladder | None) -> tuple[str, ...]:
    """The ladder words among modifiers; "staff" is a level in technical functions only."""
    values: tuple[str, ...] = ()
    for part in parts:
        if part.sense.level and part.sense.kind == Kind.MODIFIER:
            values += (part.sense.level,)
    if values and "staff" in values and role is not None and role.function not in _LADDER_OF_STAFF:
        return tuple([value for value in values if value != "staff"])
    return values


def grade_of(draft: Draft) -> int | None:
    """The number in a ladder: a grade that was taken off ("II", "Level 2"), or a digit glued to an acronym ("SDE2")."""
    grade = _grade_among(draft.modifiers) if draft.modifiers else None
    if grade is None and draft.tail_modifiers:
        grade = _grade_among(draft.tail_modifiers)
    if grade is not None:
        return grade
    for part in draft.core:
        for word in part.words:
            name = word.name
            if name != word.standard and not word.more and name[-1:].isdecimal() and name[:-1] == word.standard:
                return int(name[-1])
    return None


def _grade_among(parts: tuple[Part, ...]) -> int | None:
    for part in parts:
        if part.sense.category == "grade" and part.sense.value.isdecimal():
            return int(part.sense.value)
    return None
