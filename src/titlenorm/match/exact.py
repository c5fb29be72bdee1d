"""Exact: what the tables say of a draft, by name, alias, composition or the head of the title."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from titlenorm.draft import Draft, Part, is_tool
from titlenorm.lexicon import Lexicon
from titlenorm.match.fields import Fields
from titlenorm.match.findings import REASONS, Extra, Finding, Said, say, say_role
from titlenorm.result import Method
from titlenorm.senses import UNKNOWN, Kind, Sense

__all__ = ["Exact"]

_EXACT: Final = Method.EXACT
_MANAGEMENT_WORDS: Final = frozenset({"director", "head", "manager", "vp", "vice", "gm"})
_STUDENTS: Final = ("student", "undergraduate")
_NO_SOFTWARE: Final = ("hardware", "plant", "tool")  # a PLC Engineer and a Revit Technician are not in software


class Exact:
    """Looks a draft up in the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases = lexicon.phrases
        self._roles = lexicon.taxonomy.roles
        self._fields = Fields(lexicon)

    def plain(self, draft: Draft) -> Sense | None:
        """The sense of a draft that is one known role and nothing that could change it; its answer can be remembered."""
        core = draft.core
        if len(core) != 1 or draft.carried is not None or draft.specified is not None:
            return None
        sense = core[0].sense
        if sense.kind != Kind.ROLE or sense.clues or (draft.modifiers and draft.manages() is not None):
            return None
        if draft.modifiers and (_is_chief(draft, core[0]) or _is_trained(draft, core[0])):
            return None
        return sense if self._qualifiers(draft, core[0], []) is None else None

    def plainly(self, sense: Sense, draft: Draft) -> Finding:
        """What the tables say of a draft that is plain, as its sense."""
        feature = _alone(sense)
        return Finding(say(sense, feature, draft, (), REASONS[feature]))

    def read(self, drafts: list[Draft], clues: Collection[str] = ()) -> list[Finding]:
        """What the tables say of each draft.

        Args:
            drafts: the titles of one cell.
            clues: folded words of a context column, which decide between the readings of an acronym.
        """
        if len(drafts) > 1:
            clues = {*clues, *(word.standard for draft in drafts for part in (*draft.core, *draft.modifiers) for word in part.words)}
        return [Finding(self._one(draft, clues)) for draft in drafts]

    def _one(self, draft: Draft, clues: Collection[str]) -> Said:
        if draft.carried is not None:
            return say(draft.carried, "alias", draft, clues, "It shares the words of the title beside it.")
        if draft.specified is not None:
            found = say(draft.specified, "composed", draft, clues, "The words behind the title make it this role.")
            return found + say(draft.core[0].sense, "related", draft, clues, "")
        persons = [part for part in draft.core if part.sense.is_person]
        if persons:
            return self._of_person(draft, self._leading(persons), clues)
        return self._fields.read(draft, clues) if draft.core or draft.modifiers else ()

    def _leading(self, persons: list[Part]) -> Part:
        """The role that a title with several role words is about: the last, unless it is a general word."""
        last = persons[-1]
        if len(persons) > 1 and len(last.words) == 1 and len(persons[-2].words) > 1 and not self._lexicon.is_head(last.phrase, "any"):
            return persons[-2]
        return last

    def _of_person(self, draft: Draft, person: Part, clues: Collection[str]) -> Said:
        if person.sense.kind == Kind.OCCUPATION:
            return ()
        rest = [part for part in draft.core if part is not person and part.sense.kind != Kind.AND]
        sense, reason, phrase = self._composed(draft, person, rest)
        if sense is not None:
            return say(sense, "composed", draft, clues, reason, phrase) + say(person.sense, "related", draft, clues, "")
        feature, role_id = self._feature(draft, person, rest)
        extra = self._extra(feature, person, rest) if rest else ()
        if role_id != person.sense.role_id and role_id is not None:
            found = say_role(role_id, feature, "Qualified {!r} is this role.", person.phrase, extra)
            found += say(person.sense, "related", draft, clues, "")
        else:
            found = say(person.sense, feature, draft, clues, REASONS[feature], "", extra)
        for part in rest:
            if part.sense.kind == Kind.ROLE and part.sense.role_id is not None:
                found += say_role(part.sense.role_id, "related", "A second role in the title.")
        return found

    def _composed(self, draft: Draft, person: Part, rest: list[Part]) -> tuple[Sense | None, str, str]:
        """The role that a person and the words beside it make together, by the first rule that knows one, and why: a reason and its phrase."""
        if (sense := self._trained(draft, person, rest)) is not None:
            return sense, "A student in training is in the field that the title names.", ""
        if (sense := self._managed(draft, person, rest)) is not None:
            return sense, "Read as {!r} with its level.", sense.phrase
        if rest and (sense := self._general_manager(draft, person, rest)) is not None:
            return sense, "{!r} of a field is the manager of that field.", person.phrase
        if rest and (sense := self._shared_head(draft, person, rest)) is not None:
            return sense, "The field shares the head of {!r}.", person.phrase
        return self._with_field(draft, person, rest), "The field and the head are one role.", ""

    def _feature(self, draft: Draft, person: Part, rest: list[Part]) -> tuple[str, str | None]:
        """How a person phrase was met, and the role: the phrase alone, behind other words, or as a qualified head."""
        if _is_chief(draft, person):
            return "weak", person.sense.role_id  # a Chief Distribution Officer is no distribution officer
        before = draft.core[: draft.core.index(person)] if rest else []
        qualifiers = self._qualifiers(draft, person, before)
        if qualifiers is not None:
            return self._by_head(person, [*before, *_technologies(draft)], qualifiers, person.sense.role_id)
        if not rest:
            return _alone(person.sense), person.sense.role_id
        general = person.words[0].standard in _MANAGEMENT_WORDS or (len(person.words) == 1 and not self._lexicon.is_head(person.phrase, "any"))
        behind = draft.core[-1] is not person and general  # an "Artist Handling" is no artist, a "Director of Social Services" no social media manager
        if behind and draft.core[0] is person and self._lexicon.is_head(person.phrase, "first"):
            return "head_any", person.sense.role_id
        return "weak" if behind else "phrase", person.sense.role_id

    def _extra(self, feature: str, person: Part, rest: list[Part]) -> Extra:
        """Evidence of the words beside a person; a head that takes any word before it does not mind fields."""
        found: list[tuple[str, float]] = []
        unknown = sum(len(part.words) for part in rest if part.sense is UNKNOWN)
        if unknown:
            found.append(("unknown", float(unknown)))
        fields = [part for part in rest if part.sense.kind == Kind.FIELD] if feature != "head_any" else []
        if fields:
            found.append(("field", float(len(fields))))
        if any(self._clashes(field, person) for field in fields):
            found.append(("clash", 1.0))
        if any(part.sense.kind == Kind.ROLE for part in rest):
            found.append(("second_role", 1.0))
        return tuple(found)

    def _clashes(self, field: Part, person: Part) -> bool:
        """Whether a field belongs to another family of roles than the person ("Marketing Portfolio Manager")."""
        if field.sense.role_id is None or person.sense.role_id is None:
            return False
        return self._roles[field.sense.role_id].family != self._roles[person.sense.role_id].family

    def _trained(self, draft: Draft, person: Part, rest: list[Part]) -> Sense | None:
        """ "Internship for Marketing Students": the field of the student is the field of the work."""
        if not _is_trained(draft, person):
            return None
        field = self._phrases.get(" ".join(word.standard for word in person.words[:-1])) if len(person.words) > 1 else None
        found = [field] if field is not None else [part.sense for part in rest if part.sense.kind == Kind.FIELD]
        return next((sense.as_role() for sense in found if sense.role_id is not None), None)

    def _managed(self, draft: Draft, person: Part, rest: list[Part]) -> Sense | None:
        """ "Director of Digital Media": with a management word taken off, the manager of a phrase wins over the phrase."""
        manager = draft.manages()
        if rest or manager is None or manager.sense.level == "lead" or manager.phrase == "head" or person.words[-1].standard == "manager":
            return None
        return self._role(f"{person.phrase} manager")

    def _general_manager(self, draft: Draft, person: Part, rest: list[Part]) -> Sense | None:
        """ "General Manager, Sales": a general manager of a field is the manager of that field, "Team Leader, Customer Service" a role of its own."""
        if not self._lexicon.is_head(person.phrase, "function"):
            return None
        own = self._role(f"{rest[0].phrase} {person.phrase}") if len(draft.core) == 2 and rest[0].sense.kind == Kind.FIELD else None
        if own is not None and own.role_id != person.sense.role_id:
            return own
        for field in rest:
            if field.sense.kind == Kind.FIELD:
                sense = self._phrases.get(f"{field.phrase} manager")
                if sense is not None and sense.role_id is not None:
                    return sense
                managing = self._fields.managing(field.sense)
                if managing is not None:
                    return field.sense.meaning(managing)
        return None

    def _shared_head(self, draft: Draft, person: Part, rest: list[Part]) -> Sense | None:
        """ "Strategy and Marketing Manager": the field before the "and" shares the head; the first of the two wins."""
        before = draft.core[: draft.core.index(person)]
        if len(before) < 2 or before[-1].sense.kind != Kind.AND or before[-2].sense.kind not in (Kind.FIELD, Kind.HEAD):
            return None
        sense = self._role(f"{before[-2].phrase} {person.phrase.rpartition(' ')[2]}")
        if sense is None or before[-2].sense.kind == Kind.FIELD:
            return sense
        return sense if self._roles[str(sense.role_id)].track == "management" else None  # "Website and Social Media Manager" is no webmaster

    def _with_field(self, draft: Draft, person: Part, rest: list[Part]) -> Sense | None:
        """ "Engineer 3, Software Development", "Android Senior Developer", "System Sales Engineer": a field or its end and the head are a role."""
        if len(person.words) != 1:
            return None
        if draft.modifiers:
            rest = rest + [part for part in _technologies(draft) if not is_tool(part, draft.modifiers)]
        if not rest:
            return None
        phrases = [part.phrase for part in rest]
        for phrase in [" ".join(phrases), *phrases] if len(phrases) > 1 else phrases:
            sense = self._role(f"{phrase} {person.phrase}") if phrase else None
            if sense is not None:
                return sense
        for field in rest:
            if field.sense.kind == Kind.FIELD:
                sense = self._fields.end_with(field, person.phrase) or self._agreeing(field, person)
                if sense is not None:
                    return sense
        return None

    def _agreeing(self, field: Part, person: Part) -> Sense | None:
        """The role of a field, if it is called by the head: "Signal Processing Engineer" is in the field of electrical engineers."""
        role_id = field.sense.role_id
        if role_id is None or self._lexicon.names[role_id][-1:] != (person.phrase,):
            return None
        return field.sense.as_role()

    def _role(self, phrase: str) -> Sense | None:
        """The sense of a phrase that is one role."""
        sense = self._phrases.get(phrase)
        return sense if sense is not None and sense.kind == Kind.ROLE and sense.role_id is not None else None

    def _qualifiers(self, draft: Draft, person: Part, before: list[Part]) -> set[str] | None:
        """What kinds of words stand beside the head: technology, domain, unknown, field; None when there are none, or it is no head that they qualify."""
        if not (before or draft.context or draft.modifiers) or (len(person.words) > 1 and person.phrase not in self._lexicon.heads):
            return None
        start = person.words[0].start
        found = {"unknown" if part.sense.kind == Kind.HEAD else "field" for part in before if part.sense.kind in (Kind.HEAD, Kind.FIELD)}
        for part in draft.context:
            if part.sense.category in ("domain", "language") and part.words[0].start < start:
                found.add("domain")
        for part in draft.modifiers:
            if part.sense.category == "technology":
                found.add(f"technology:{part.sense.area}" if part.sense.area else "technology")
                if part.sense.area not in _NO_SOFTWARE:
                    found.add("technology")
        return found or None

    def _by_head(self, person: Part, beside: list[Part], qualifiers: set[str], role_id: str | None) -> tuple[str, str | None]:
        """The feature and role that heads.csv gives a qualified head; "weak" when it gives none."""
        words = {word.standard for part in beside for word in part.words}
        for head in self._lexicon.heads.get(person.phrase, ()):
            if head.qualifier == "never":
                return "weak", role_id
            if not head.exceptions.isdisjoint(words):
                continue
            if head.qualifier in qualifiers and head.qualifier.startswith("technology") and "field" not in qualifiers:
                return "head_technology", head.role_id
            if head.qualifier in ("domain", "known") and not qualifiers & {"unknown", "field"} and (head.qualifier == "known" or "domain" in qualifiers):
                return "head_domain", head.role_id
            if head.qualifier == "any":
                return "head_any", head.role_id
        return "phrase" if len(person.words) > 1 else "weak", role_id


def _technologies(draft: Draft) -> list[Part]:
    return [part for part in draft.modifiers if part.sense.category == "technology"]


def _alone(sense: Sense) -> str:
    """The feature of a role phrase that nothing stands beside."""
    return "name" if sense.method is _EXACT else "alias"


def _is_chief(draft: Draft, person: Part) -> bool:
    """Whether "chief" was taken off an officer, whom it makes another one."""
    return person.words[-1].standard == "officer" and any(part.phrase == "chief" for part in draft.modifiers)


def _is_trained(draft: Draft, person: Part) -> bool:
    """Whether a student is in training: then the field counts, not the student."""
    return person.words[-1].standard in _STUDENTS and any(part.sense.level == "training" for part in draft.modifiers)
