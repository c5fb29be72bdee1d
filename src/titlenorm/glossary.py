"""The glossary: what the phrases of a taxonomy mean, read word by word as titles come to need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import RLock
from typing import Final

from titlenorm.choice import KIND, LANGUAGE, ROLE, chosen, resolves
from titlenorm.folding import Folding
from titlenorm.result import Method, Role
from titlenorm.segment import fold
from titlenorm.senses import Kind, Sense, managed_field, weight_of
from titlenorm.trie import Node
from titlenorm.word import Form

__all__ = ["Glossary"]

_EXACT: Final = Method.EXACT
_ALIAS: Final = Method.ALIAS


class Glossary:
    """Names and aliases of the roles, folded, with their senses.

    The phrases that begin with a word are read when a title has the word for the first time: most titles begin with few words, and
    the first answer does not wait for the others. Answers are the same as if all had been read at once.

    Args:
        roles: role id to role.
        folding: standard forms, joined words and units.
        protected: words that are right although no phrase uses them; who makes a glossary may add to them.
    """

    def __init__(self, roles: dict[str, Role], folding: Folding, protected: set[str]) -> None:
        self._roles, self._folding, self._protected = roles, folding, protected
        self._senses: dict[str, Sense] = {}
        self._unread: dict[str, list[tuple[str, list[str]]]] = {}  # first word to the rows of its phrases
        self._grouped: dict[str, dict[tuple[str, ...], list[list[str]]]] = {}  # the same, folded, where only their words were wanted
        self._fields: set[tuple[str, ...]] = set()  # phrases that a function row has
        self._used: list[str] = []  # English words, until they are counted
        self._vocabulary: dict[str, int] | None = None
        self._foreign: dict[str, set[str]] = {}
        self._reading = RLock()  # several threads may ask for titles

    def add(self, rows: Iterable[tuple[str, list[str]]]) -> None:
        """Keep some phrases until titles need them; each with its role id, kind and language, all names of roles first."""
        shelves: dict[str, list[tuple[str, list[str]]]] = {}
        for entry in rows:
            phrase, row = entry
            if row[KIND] == "function":
                self._fields.add(fold(phrase, self._folding))
            start = phrase.partition(" ")[0]
            shelf = shelves.get(start)
            if shelf is None:
                first = self._folding.leading(phrase)
                words = (first.standard,) if first is not None else fold(phrase, self._folding)
                if not words:
                    continue
                shelf = self._shelf(words[0])
                if first is not None and first.joins is None:
                    shelves[start] = shelf
            shelf.append(entry)
        for word in [word for word in self._unread if " " in word]:
            self._read(self._folding.entry(word))  # "A/P": words of a phrase in one, which nobody finds by the first of them

    def _shelf(self, first: str) -> list[tuple[str, list[str]]]:
        """The unread phrases that begin with a standard word."""
        self._folding.entry(first).unread = True
        return self._unread.setdefault(first, [])

    def node(self, form: Form) -> Node | None:
        """The place in the trie behind the first word of a phrase; None when no phrase begins with it."""
        if form.unread:
            self._read(form)
        return form.node

    def get(self, phrase: str) -> Sense | None:
        """The sense of a phrase, given as its standard words."""
        if self._unread:
            first = phrase.partition(" ")[0]
            if first in self._unread:
                self._read(self._folding.entry(first))
        return self._senses.get(phrase)

    def put(self, phrase: str, sense: Sense) -> None:
        """Give a phrase that was asked for, or that no row has, another sense."""
        self._senses[phrase] = sense

    def count(self, words: tuple[str, ...]) -> None:
        """Words that other rows use."""
        self._used += words

    @property
    def vocabulary(self) -> dict[str, int]:
        """Every English word that phrases and other rows use, and how often; the spelling repair aims at these."""
        known = self._vocabulary
        return known if known is not None else self._counted()

    @property
    def foreign(self) -> dict[str, set[str]]:
        """Words that only rows of other languages use, with their languages."""
        return self._foreign if self.vocabulary else {}

    def _counted(self) -> dict[str, int]:
        """The vocabulary, made if nobody else has done so meanwhile."""
        with self._reading:
            known = self._vocabulary
            if known is None:
                for first in self._unread:
                    self._group(first)
                known = dict(Counter(self._used))
                self._used.clear()
                for word in self._foreign.keys() & (known.keys() | self._protected):
                    del self._foreign[word]
                self._vocabulary = known
            return known

    def _read(self, form: Form) -> None:
        """Read the phrases that begin with a word, if nobody else has done so meanwhile."""
        with self._reading:
            if not form.unread:
                return
            self._group(form.standard)
            root = form.root()
            for words, rows in self._grouped.pop(form.standard).items():
                node, sense = root.after(words), self._sense(words, rows)
                if node.sense is None:
                    node.add(sense)
                else:  # what a phrase means goes before its other senses, and an occupation of words.csv is no news then
                    node.means((sense, *[other for other in node.senses if other.kind != Kind.OCCUPATION]))
            form.unread = False
            del self._unread[form.standard]

    def _group(self, first: str) -> None:
        """Fold the phrases that begin with a word, with the rows of each together, and count their words."""
        if first in self._grouped:
            return
        grouped = self._grouped[first] = {}
        for phrase, row in self._unread[first]:
            grouped.setdefault(fold(phrase, self._folding), []).append(row)
        self._unread[first].clear()
        for words, rows in grouped.items():
            if any(not row[LANGUAGE] and row[KIND] != "misspelling" for row in rows):
                self._used += words
                continue
            for word in words:
                for row in rows:
                    if row[LANGUAGE]:
                        self._foreign.setdefault(word, set()).add(row[LANGUAGE])

    def _sense(self, words: tuple[str, ...], rows: list[list[str]]) -> Sense:
        """One sense for all rows of a phrase.

        A phrase that is a field and a management word must not keep a longer field from being read.
        """
        phrase = " ".join(words)
        size = len(words)
        first, related = (rows[0], ()) if len(rows) == 1 and resolves(rows[0]) else chosen(rows)
        managed = managed_field(words) in self._fields
        if first is not None:
            kind = Kind.FIELD if first[KIND] == "function" else Kind.ROLE
            method = _EXACT if first[KIND] == "name" else _ALIAS
            managed = managed and method is _ALIAS and self._roles[first[ROLE]].track != "ic"
            sense = Sense(kind, phrase, weight_of(Kind.MANAGED if managed else kind, size), first[ROLE], related, method, language=first[LANGUAGE])
        elif related:
            kind = Kind.FIELD if any(row[KIND] == "function" for row in rows) else Kind.ROLE
            sense = Sense(kind, phrase, weight_of(Kind.MANAGED if managed else kind, size), None, related)
        else:
            sense = Sense(Kind.OCCUPATION, phrase, weight_of(Kind.OCCUPATION, size))
        self._senses[phrase] = sense
        return sense
