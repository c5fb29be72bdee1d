"""The lexicon: all that the tables know, as one token trie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from titlenorm import tables
from titlenorm.errors import TableError
from titlenorm.folding import read_folding
from titlenorm.glossary import Glossary
from titlenorm.result import LEVEL_RANK, Method
from titlenorm.segment import GENDER, fold
from titlenorm.senses import Guards, Head, Kind, Sense, weight_of
from titlenorm.taxonomy import Taxonomy
from titlenorm.text import key
from titlenorm.trie import Node

__all__ = ["WORD_KINDS", "Lexicon"]


_LINKS: Final = (
    "of", "to", "for", "at", "in", "on", "with", "by", "from", "under", "reporting to",
    "fur", "bei", "chez", "de", "del", "di", "da", "do", "des", "du", "van", "von",
)  # fmt: skip
_PLACES: Final = ("any", "before", "after", "alone")
_CONTEXT_KINDS: Final = ("domain", "place", "company", "language")
TECHNOLOGY_AREAS: Final = ("data", "embedded", "hardware", "infrastructure", "network", "plant", "security", "telecom", "test", "tool")
WORD_KINDS: Final = (*_CONTEXT_KINDS, "technology", *(f"technology:{area}" for area in TECHNOLOGY_AREAS), "filler", "occupation", "known", "head")
"""The kinds that a row of words.csv may have."""


_EXACT: Final = Method.EXACT
_TECHNOLOGY_WEIGHT: Final = 6
_OFTEN: Final = 5  # a modifier is met in as many titles as that many aliases
_LOCK: Final = 9  # "Sales Assistant Manager" is an assistant manager, not a sales assistant


class Lexicon:
    """The tables of one taxonomy, folded and indexed.

    Attributes:
        taxonomy: the roles and aliases it was built from.
        folding: standard forms, joined words and units; behind the form of a word lies the trie of the phrases that begin with it.
        names: role id to the words of its name.
        phrases: what the phrases mean: the role or field senses of names, aliases and acronyms, and the words that they use.
        modifiers: surface to its modifier sense.
        heads: head phrase to its rows, narrowest qualifier first.
        labelled: phrase to the role that titles with exactly these words were labelled with, and the share of the titles that were.
        protected: words that are right although no table uses them.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.folding = read_folding()
        self.names: dict[str, tuple[str, ...]] = {}
        self.heads: dict[str, list[Head]] = {}
        self.modifiers: dict[str, Sense] = {}
        self.labelled: dict[str, tuple[str, float]] = {}
        self.protected: set[str] = set()
        self.phrases = Glossary(taxonomy.roles, self.folding, self.protected)
        acronyms = self._read_acronyms()
        self._add_roles()
        self._add_acronyms(acronyms)
        self._add_modifiers()
        self._add_words()
        for link in _LINKS:
            words = self.fold(link)
            self._insert(words, Sense(Kind.LINK, link, weight_of(Kind.LINK, 1) if len(words) == 1 else 2 * _LOCK))
        for joint in ("and", "cum"):  # "Clerk cum Driver" is two jobs
            self._insert((joint,), Sense(Kind.AND, joint, weight_of(Kind.AND, 1)))
        self.gender = Sense(Kind.MODIFIER, GENDER, 5, category="gender", value="any")
        self._insert((GENDER,), self.gender)
        self.gender_form = self.folding.entry(GENDER)
        self._read_heads()
        self._add_labelled()
        self.folding.forget()

    def fold(self, phrase: str) -> tuple[str, ...]:
        """The standard words of a phrase, the same way that a title is read.

        >>> from titlenorm.taxonomy import Taxonomy
        >>> Lexicon(Taxonomy.bundled()).fold("Front-End Engineers & R&D")
        ('frontend', 'engineer', 'and', 'r&d')
        """
        return fold(phrase, self.folding)

    def is_head(self, phrase: str, qualifier: str) -> bool:
        """Whether heads.csv has a row of this qualifier for a phrase."""
        return any(head.qualifier == qualifier for head in self.heads.get(phrase, ()))

    def _insert(self, words: tuple[str, ...], sense: Sense) -> None:
        self._place(words).add(sense)

    def _place(self, words: tuple[str, ...]) -> Node:
        """The place in the trie behind some words, made where it is new; what phrases mean there may still be unread."""
        return self.folding.entry(words[0]).root().after(words)

    def _after(self, words: tuple[str, ...]) -> Node:
        """The same, with what phrases mean there."""
        self.phrases.node(self.folding.entry(words[0]))
        return self._place(words)

    def _add_roles(self) -> None:
        for role in self.taxonomy.roles.values():
            self.names[role.id] = self.fold(role.name)
        names = [(role.name, [role.id, "name", ""]) for role in self.taxonomy.roles.values()]
        self.phrases.add([*names, *self.taxonomy.written()])

    def _read_acronyms(self) -> list[tuple[tuple[str, ...], list[str]]]:
        """Words and cells of the acronyms that mean a role; an acronym with a grade is the acronym ("RN2")."""
        found = []
        for row in tables.cells("acronyms.csv"):
            if not self._known(row[1]):
                continue
            words = self.fold(row[0])
            found.append((words, row))
            if len(words) == 1 and len(words[0]) <= 5:
                for digit in "12345":
                    self.folding.standards.setdefault(words[0] + digit, words[0])
        return found

    def _known(self, role_ids: str) -> list[str]:
        return [role_id for role_id in role_ids.split("|") if role_id in self.taxonomy.roles]

    def _add_acronyms(self, acronyms: list[tuple[tuple[str, ...], list[str]]]) -> None:
        for words, (_, role_ids, policy, level, clue_text, _) in acronyms:
            readings = self._known(role_ids)
            clues = tuple((role_id, frozenset(names)) for role_id, names in self._clues(clue_text) if role_id in self.taxonomy.roles)
            default = readings[0] if policy == "default" else None
            phrase = " ".join(words)
            known = self.phrases.get(phrase)
            kind = Kind.FIELD if known is not None and known.kind == Kind.FIELD else Kind.ROLE
            if known is not None and known.role_id is not None:
                default = known.role_id  # an alias row is firmer than the policy ("qc" is also how "quality control" folds)
            related = tuple(role_id for role_id in readings if role_id != default)
            method = known.method if known is not None else Method.ALIAS
            guards = Guards("alone") if phrase in _LINKS else None  # DE is an acronym, "de" in a Spanish title is not
            sense = Sense(kind, phrase, weight_of(kind, len(words)), default, related, method, clues=clues, level=level, guards=guards)
            node = self._after(words)
            node.means((*(s for s in node.senses if s.kind not in (Kind.ROLE, Kind.FIELD)), sense))
            self.phrases.put(phrase, sense)
            self.protected.update(words)

    def _clues(self, text: str) -> Iterator[tuple[str, list[str]]]:
        for part in filter(None, text.split(";")):
            role_id, _, names = part.partition(":")
            yield role_id.strip(), [word for name in names.split("|") for word in self.fold(name)]

    def _add_modifiers(self) -> None:
        for row in tables.read("modifiers.csv"):
            surface, category, value, level, place, guard = row.cells[:6]
            if place not in _PLACES:
                raise TableError(f"{row.file}:{row.line}: place {place!r} is not one of {', '.join(_PLACES)}")
            if level and level not in LEVEL_RANK:
                raise TableError(f"{row.file}:{row.line}: level {level!r} is not one of {', '.join(LEVEL_RANK)}")
            kind = {"noise": Kind.NOISE, "context": Kind.CONTEXT}.get(category, Kind.MODIFIER)
            words = self.fold(surface)
            guards = self._guards(place, guard)
            only_next = guards.only_next if guards is not None else ()
            weight = weight_of(kind, len(words)) + _LOCK * (category == "management" and len(words) > 1) + bool(only_next)
            sense = Sense(kind, surface, weight, category=category, value=value, level=level, guards=guards)
            if words != (GENDER,):
                self._insert(words, sense)
                self.modifiers[" ".join(words)] = sense
                if level == "training" and not only_next and len(words) == 1 and self.phrases.get(words[0]) is not None:
                    self._keep_alone(words[0])
                self.phrases.count(words * _OFTEN)

    def _keep_alone(self, word: str) -> None:
        """Let a role be read only when it is the whole clause: "Apprentice" is a role, "Engineering Apprentice" a level."""
        node = self._after((word,))
        node.means(tuple([sense.guarded(Guards("alone")) if sense.kind == Kind.ROLE else sense for sense in node.senses]))

    def _guards(self, place: str, guard: str) -> Guards | None:
        """Where a modifier counts: its place, and the words of "not:a|b only:c notafter:d"."""
        if not guard:
            return Guards(place) if place != "any" else None
        named = {name: frozenset([key(word) for word in words.split("|") if word]) for name, _, words in [part.partition(":") for part in guard.split()]}
        nothing: frozenset[str] = frozenset()
        return Guards(place, named.get("not", nothing), named.get("only", nothing), named.get("notafter", nothing))

    def _add_words(self) -> None:
        for surface, kind_name, _ in tables.cells("words.csv"):
            words = self.fold(surface)
            size = len(words)
            if not words:
                continue
            kind_name, _, area = kind_name.partition(":")
            if kind_name == "technology":
                weight = _TECHNOLOGY_WEIGHT * size + 2 * (size - 1)
                sense = Sense(Kind.MODIFIER, surface, weight, category="technology", value=" ".join(words), area=area)
            elif kind_name in _CONTEXT_KINDS:
                sense = Sense(Kind.CONTEXT, surface, weight_of(Kind.CONTEXT, size), category=kind_name, value=" ".join(words))
            elif kind_name == "filler":
                sense = Sense(Kind.NOISE, surface, 2, category="filler", value="")
            elif kind_name == "head":
                sense = Sense(Kind.HEAD, surface, weight_of(Kind.HEAD, size))
            elif kind_name == "occupation":
                sense = Sense(Kind.OCCUPATION, " ".join(words), weight_of(Kind.OCCUPATION, size))
            else:
                self.protected.update(words)
                continue
            self.protected.update(words)
            node = self._place(words)
            if sense.kind != Kind.OCCUPATION or all(other.kind > Kind.OCCUPATION for other in node.senses):  # else a phrase says more
                node.add(sense)

    def _add_labelled(self) -> None:
        """What labelled titles say. It decides whole titles; inside longer ones a phrase counts if no table knows it otherwise."""
        learnt = [(alias, self.fold(alias.alias)) for alias in self.taxonomy.labelled()]
        titles = Counter[tuple[str, ...]]()
        for alias, words in learnt:
            titles[words] += alias.labelled
        for alias, words in learnt:
            if alias.kind == "example" or not words:
                continue
            phrase = " ".join(words)
            self.labelled[phrase] = alias.role_id, alias.labelled / titles[words]
            self.phrases.count(words)
            node = self._after(words)
            if any(not sense.is_person or sense.method is Method.EXACT for sense in node.senses):
                continue  # a field, a level or the name of a role keeps its meaning beside other words
            before = self.phrases.get(phrase)
            sense = Sense(Kind.ROLE, phrase, weight_of(Kind.ROLE, len(words)), alias.role_id)
            if before is not None and before.kind == Kind.ROLE:
                sense = before.meaning(alias.role_id, tuple(r for r in before.related if r != alias.role_id))
            node.means((sense,))
            self.phrases.put(phrase, sense)

    def _read_heads(self) -> None:
        order = ("managed", "never", "function", *(f"technology:{area}" for area in TECHNOLOGY_AREAS), "technology", "domain", "known", "first", "any")
        for row in tables.read("heads.csv"):
            head, qualifier, role_id, _, note = row.cells
            if qualifier not in order:
                raise TableError(f"{row.file}:{row.line}: qualifier {qualifier!r} is not one of {', '.join(order)}")
            phrase = " ".join(self.fold(head))
            named = note.partition("except:")[2].partition(";")[0]
            exceptions = frozenset([word for name in named.split("|") for word in self.fold(name)])
            if qualifier in ("function", "never") or role_id in self.taxonomy.roles:
                self.heads.setdefault(phrase, []).append(Head(phrase, qualifier, role_id, exceptions))
        for rows in self.heads.values():
            rows.sort(key=lambda head: order.index(head.qualifier))
