"""Fields: titles that name a field of work and no person, with or without a management word."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from titlenorm.draft import Draft, Part
from titlenorm.lexicon import Lexicon
from titlenorm.match.findings import REASONS, Extra, Said, say, say_role
from titlenorm.senses import UNKNOWN, Kind, Sense

__all__ = ["Fields"]

_MAKERS: Final = ("engineer", "developer")
_HEADS_BY_LEVEL: Final = {
    "lead": ("lead", "manager"),
    "supervisor": ("supervisor", "manager"),
    "director": ("director", "manager"),
    "vp": ("director", "manager"),
}
"""The heads that a phrase may have for a level: its own word, then those of other levels."""


class Fields:
    """What the tables say of "Head of Sales", "Marketing", "Treasury Specialist"."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases = lexicon.phrases
        self._roles = lexicon.taxonomy.roles

    def read(self, draft: Draft, clues: Collection[str]) -> Said:
        """Titles without a person: "Head of Sales", "Marketing", "Treasury Specialist"."""
        parts = [part for part in draft.core if part.sense.kind != Kind.AND]
        fields = [part for part in parts if part.sense.kind == Kind.FIELD]
        if len(fields) > 1 and len(parts) == len(draft.core):  # no "and": the longest field says most, then the last; with one, the first
            fields.sort(key=lambda part: (-len(part.words), -draft.core.index(part)))
        manager = draft.manages()
        named = " ".join([part.phrase for part in draft.core])
        whole = self._phrases.get(named)
        if manager is not None:
            sense, feature = self._managed(draft, fields, named, manager.sense.level)
            if sense is not None:
                partly = _unknown_words(_leading(draft.core)) if feature == "composed_part" else ()
                return say(sense, feature, draft, clues, "Read as {!r} with its level.", sense.phrase, partly)
        elif whole is not None and whole.kind == Kind.ROLE:
            return say(whole, "composed", draft, clues, "The field and the general word are one role.")
        elif (turned := self._turned_round(parts)) is not None:
            return say(turned, "composed", draft, clues, "The head stands before its field.")
        if not fields:
            return self._of_technology(draft, parts)
        head = parts[-1] if parts[-1].sense.kind == Kind.HEAD and parts[-1].sense is not UNKNOWN else None
        ended = self.end_with(parts[-2], head.phrase) if head is not None and len(parts) > 1 and manager is None else None
        if ended is not None:
            return say(ended, "phrase", draft, clues, REASONS["phrase"])
        feature = "field_level" if manager is not None else "field_head" if head is not None else "function"
        first = whole if whole is not None and whole.kind == Kind.FIELD else fields[0].sense
        if first.role_id is not None and feature == "field_head" and self._roles[first.role_id].track == "management":
            feature = "weak"  # a Service Delivery Specialist is not the manager of it
        managing = self.managing(first) if feature == "field_level" and manager is not None and manager.sense.level != "lead" else None
        extra = _unknown_words(parts)
        if managing is not None:
            found = say_role(managing, "composed_part", "The level asks for the manager of the field.", "", extra)
            found += say(first, "related", draft, clues, "")
        else:
            found = say(first, feature, draft, clues, REASONS[feature], "", extra)
        for field in fields:
            if field.sense.role_id is not None and field.sense is not first:
                found += say_role(field.sense.role_id, "related", "A second field in the title.")
        return found

    def _managed(self, draft: Draft, fields: list[Part], named: str, level: str) -> tuple[Sense | None, str]:
        """The role that the core, called `named`, or a part of it, is with the head that a level asks for, and whether it is the whole core."""
        sense = self._headed(named, level) if named else None
        if sense is not None:
            return sense, "composed"
        for phrase, feature in self._compositions(draft, fields):
            sense = self._headed(phrase, level)
            if sense is not None:
                return sense, "head_any" if feature == "composed_part" and self._takes_any(draft.core, phrase, sense) else feature
        return None, ""

    def _takes_any(self, core: list[Part], phrase: str, managing: Sense) -> bool:
        """Whether the core ends in a field whose manager stays what he is whatever stands before: "Director of Meridian Sales"."""
        last = core[-1]
        if last.sense.kind != Kind.FIELD or last.phrase != phrase or managing.role_id is None:
            return False
        words = {word.standard for part in core[:-1] for word in part.words}
        rows = self._lexicon.heads.get(f"{phrase} manager", ())
        return any(head.qualifier == "any" and head.role_id == managing.role_id and head.exceptions.isdisjoint(words) for head in rows)

    def _headed(self, phrase: str, level: str) -> Sense | None:
        """The role of a phrase with a head that its level asks for; the word of another level but "manager" must name one role.

        Several roles direct a development, so a "VP Development" manages one.
        """
        for noun in _HEADS_BY_LEVEL.get(level, ("manager",)):
            sense = self._phrases.get(f"{phrase} {noun}")
            if sense is not None and sense.kind == Kind.ROLE and (sense.role_id or (sense.related and noun in (level, "manager"))):
                return sense
        return None

    def _turned_round(self, parts: list[Part]) -> Sense | None:
        """ "Coordinator Sales": a general noun and the field behind it are the role that they are the other way round."""
        if len(parts) != 2 or parts[0].sense.kind != Kind.HEAD or parts[0].sense is UNKNOWN or parts[1].sense.kind != Kind.FIELD:
            return None
        sense = self._phrases.get(f"{parts[1].phrase} {parts[0].phrase}")
        return sense if sense is not None and sense.kind == Kind.ROLE else None

    def _of_technology(self, draft: Draft, parts: list[Part]) -> Said:
        """ "Python Ninja", "Computer Vision Intern": a vanity noun or a trainee of a technology stands for its engineer."""
        if parts or not any(part.sense.level == "training" or (part.sense.category == "vanity" and not part.sense.level) for part in draft.modifiers):
            return ()
        for part in draft.modifiers:
            if part.sense.category == "technology":
                named = (self._phrases.get(f"{part.phrase} {head}") for head in _MAKERS)
                known = next((sense for sense in named if sense is not None and sense.kind == Kind.ROLE and sense.role_id is not None), None)
                rows = (head.role_id for head in self._lexicon.heads.get("developer", ()) if head.qualifier == "technology" and not part.sense.area)
                role_id = known.role_id if known is not None else next(rows, None)
                if role_id is not None:
                    return say_role(role_id, "head_technology", "Read as the engineer of the technology.")
        return ()

    def end_with(self, field: Part, head: str) -> Sense | None:
        """The role that the end of a field makes with a head: "Sports Marketing" and "Coordinator" hold a marketing coordinator.

        It must be of the family of the field, and the field must not say a narrower role already.
        """
        own = field.sense.role_id
        words = [word.standard for word in field.words]
        for start in range(1, len(words)):
            sense = self._phrases.get(" ".join([*words[start:], head]))
            if sense is not None and sense.kind == Kind.ROLE and sense.role_id is not None and own is not None:
                alike = self._roles[sense.role_id].family == self._roles[own].family
                narrower = own != sense.role_id and self._lexicon.taxonomy.is_within(own, sense.role_id)
                return sense if alike and not narrower else None
        return None

    def managing(self, field: Sense) -> str | None:
        """The management role over the individual role that a field means, by the `managed` rows of heads.csv."""
        if field.role_id is None:
            return None
        name = " ".join(self._lexicon.names[field.role_id])
        return next((head.role_id for head in self._lexicon.heads.get(name, ()) if head.qualifier == "managed"), None)

    def _compositions(self, draft: Draft, fields: list[Part]) -> Iterator[tuple[str, str]]:
        """Further phrases that may take the head "manager": the core with technologies and domains, then each field."""
        kept = [*draft.core, *(p for p in draft.modifiers if p.sense.category == "technology"), *(p for p in draft.context if p.sense.category == "domain")]
        if len(kept) > len(draft.core):
            kept.sort(key=lambda part: part.words[0].start)
            yield " ".join([part.phrase for part in kept]), "composed"
        if len(draft.core) > 2 and draft.core[-2].sense.kind == Kind.AND and len(draft.core[0].words) > 1:
            yield f"{draft.core[0].words[0].standard} {draft.core[-1].phrase}", "composed_part"
        for field in fields:
            yield field.phrase, "composed_part" if len(draft.core) > 1 else "composed"
        for field in fields:
            words = [word.standard for word in field.words if word.standard not in ("department", "team")]
            for start in range(int(len(words) == len(field.words)), len(words)):
                yield " ".join(words[start:]), "composed_part"


def _leading(core: list[Part]) -> list[Part]:
    """The parts before an "and" that stands behind a field: "Director, Marketing & Brum" is in marketing, whatever brum is."""
    for place, part in enumerate(core):
        if part.sense.kind == Kind.AND and core[place - 1].sense.kind == Kind.FIELD:
            return core[:place]
    return core


def _unknown_words(parts: list[Part]) -> Extra:
    """Evidence of the words beside a field that no table knows."""
    unknown = sum(len(part.words) for part in parts if part.sense is UNKNOWN)
    return (("field_unknown", float(unknown)),) if unknown else ()
