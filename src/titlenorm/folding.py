"""Folding: the word-level half of the fold, from forms.csv and glue.csv: standard forms, joined words and units."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Final

from titlenorm import tables
from titlenorm.native import mypyc_attr
from titlenorm.text import Item, key, singular, tokenize

__all__ = ["Folding", "Word", "join", "read_folding"]

_NAMES: Final = ("place", "company")  # names keep their final s: Leeds, Dallas

_PLAIN_LIMIT: Final = 100_000
_MAYBE_BROKEN: Final = frozenset("ÃÂâ")  # letters that a broken encoding is full of
_PLAIN_CHARS: Final = 40

Runs = dict[str, list[tuple[tuple[str, ...], str]]]
"""First word of a run to (all its words, the standard form), longest first."""
Joins = dict[str, Runs]
"""First word of a run to its second to (all its words, the standard form), longest first."""


@mypyc_attr(acyclic=True)
class Word:
    """A unit of a clause: its standard form and the words of the text that it covers (none for a "&")."""

    __slots__ = ("standard", "tokens")

    def __init__(self, standard: str, tokens: tuple[Item, ...]) -> None:
        self.standard = standard
        self.tokens = tokens


class Folding:
    """The word-level half of the fold: standard forms, joined words and units, from forms.csv and glue.csv.

    Args:
        standards: folded word to its standard form.
        joins: first and second word to (all words, standard form), longest first.
        units: first key or sign to (all keys and signs, standard form), longest first.
        singular: the rule for words without a standard form of their own.

    Attributes:
        shortened: words that are cut short, so that a dot behind one ends nothing ("Constr. Mgr.").
        spoken: words with which a unit of several words without signs begins.
        plain: keys of words that stand for themselves in any company, met so far, to their standard forms.
    """

    __slots__ = ("_singular", "joins", "plain", "shortened", "spoken", "standards", "units")

    def __init__(self, standards: dict[str, str], joins: Joins, units: Runs, singular: Callable[[str], str]) -> None:
        self.standards = standards
        self.joins = joins
        self.units = units
        self._singular = singular
        self.shortened: set[str] = set()
        self.spoken: set[str] = set()
        self.plain: dict[str, str] = {}

    def standard(self, key: str) -> str:
        """The standard form of a folded word; a plural without an entry becomes its singular."""
        known = self.standards.get(key)
        if known is not None:
            return known
        single = self._singular(key)
        return self.standards.get(single, single) if single != key else key

    def remember(self, key: str) -> str:
        """The standard form of a folded word that no unit begins with and that is no single letter; kept in `plain`."""
        if len(self.plain) >= _PLAIN_LIMIT:
            self.plain.clear()
        standard = intern(self.standard(key))  # one object for each word: a look-up in the trie need not compare letters
        if len(key) <= _PLAIN_CHARS:
            self.plain[key] = standard
        return standard

    def words(self, phrase: str) -> tuple[str, ...] | None:
        """The standard forms of plain words, with runs that are also written as one word joined; None where one is not plain."""
        words = phrase.split()
        for index in range(len(words)):
            standard = self.plain.get(words[index]) or self._alone(words[index])
            if not standard:
                return None
            words[index] = standard
        for start, end, standard in reversed(_runs(words, self.joins)):
            words[start:end] = [standard]
        return tuple(words)

    def _alone(self, word: str) -> str:
        """The standard form of a word of letters and digits beside others; nothing where it may be a part of a unit, or no whole word."""
        plain = word.isascii()
        if not word.isalnum() or not (plain or _MAYBE_BROKEN.isdisjoint(word)):
            return ""
        name = word if plain and word.islower() else key(word)
        if name in self.spoken:
            return ""
        units = self.units.get(name)
        if units is None:
            return self.remember(name) if len(name) > 1 else intern(self.standard(name))
        shortest, standard = units[-1]
        return intern(standard if len(shortest) == 1 else self.standard(name))


def join(words: list[Word], folding: Folding) -> list[Word]:
    """`words` with runs that are also written as one word made one ("front end" is "frontend")."""
    if len(words) < 2:
        return words
    for word in words:
        if word.standard in folding.joins:
            break
    else:
        return words
    runs = _runs([word.standard for word in words], folding.joins)
    if not runs:
        return words
    joined: list[Word] = []
    done = 0
    for start, end, standard in runs:
        joined += words[done:start]
        joined.append(Word(standard, tuple([token for word in words[start:end] for token in word.tokens])))
        done = end
    return joined + words[done:]


def _runs(words: list[str], joins: Joins) -> list[tuple[int, int, str]]:
    """Where words are also written as one: first and last place, and the one word."""
    found: list[tuple[int, int, str]] = []
    start, last = 0, len(words) - 1
    while start < last:
        seconds = joins.get(words[start])
        longest = seconds.get(words[start + 1]) if seconds is not None else None
        end = start + 1
        if longest is not None:
            for names, standard in longest:
                if tuple(words[start : start + len(names)]) == names:
                    end = start + len(names)
                    found.append((start, end, standard))
                    break
        start = end
    return found


def read_folding() -> tuple[Folding, dict[str, tuple[str, ...]]]:
    """The folding of the bundled tables, and the short forms that have several readings ("eng": engineering, engineer)."""
    standards: dict[str, str] = {}
    alternatives: dict[str, tuple[str, ...]] = {}
    readings: dict[str, list[str]] = {}
    joins: Joins = {}
    units: Runs = {}
    folding = Folding(standards, joins, units, singular)
    pending = []
    for form, standard, kind, _ in tables.cells("forms.csv"):
        if kind == "abbreviation":
            folding.shortened.add(form)
        if " " in form or "-" in form or " " in standard:
            pending.append((form, standard))
        else:
            readings.setdefault(_key(form), []).append(_key(standard))
    for name, forms in readings.items():
        standards[name] = forms[0] if len(forms) == 1 else name
        if len(forms) > 1:
            alternatives[name] = tuple(forms)
    for word, kind, _ in tables.cells("words.csv"):
        if kind in _NAMES or (kind.startswith("technology") and " " not in word):
            for name in _keys(word):
                standards.setdefault(name, name)
    for row in tables.cells("acronyms.csv"):
        standards.setdefault(row[0], row[0])
    for unit, standard, _ in tables.cells("glue.csv"):
        names = tuple([item.name for item in tokenize(unit)])
        units.setdefault(names[0], []).append((names, standard))
        if len(names) > 1 and all(name.isalnum() for name in names):
            folding.spoken.add(names[0])
    for runs in units.values():
        runs.sort(key=lambda run: -len(run[0]))
    for form, standard in pending:
        names = tuple([folding.standard(name) for name in _keys(form) if name[0].isalnum()])
        joins.setdefault(names[0], {}).setdefault(names[1], []).append((names, standard))
    for seconds in joins.values():
        for runs in seconds.values():
            runs.sort(key=lambda run: -len(run[0]))
    return folding, alternatives


def _keys(text: str) -> list[str]:
    """The keys and signs of a text."""
    words = text.split()
    plain = text.isascii() and text.islower() and all(word.isalnum() for word in words)
    return words if plain else [item.name for item in tokenize(text)]


def _key(word: str) -> str:
    """The key of a word that may hold signs ("c++")."""
    return "".join(_keys(word))
