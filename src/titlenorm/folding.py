"""Folding: the word-level half of the fold, from forms.csv and glue.csv: standard forms, joined words and units."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Final

from titlenorm import tables
from titlenorm.numbers import begins_number
from titlenorm.text import MAX_CHARS, Item, is_broken, key, singular, tokenize
from titlenorm.word import UNREAD, Form, Runs, Word, joined

__all__ = ["Folding", "join", "read_folding"]

_NAMES: Final = ("place", "company")  # names keep their final s: Leeds, Dallas

_MAYBE_BROKEN: Final = frozenset("ÃÂâ")  # letters that a broken encoding is full of
_REMEMBERED: Final = 100_000
_LONGEST: Final = 40  # longer ones hardly ever come again


class Folding:
    """The word-level half of the fold: standard forms, joined words and units, from forms.csv and glue.csv.

    Args:
        standards: folded word to its standard form.
        units: first key or sign to (all keys and signs, standard form), longest first.
        singular: the rule for words without a standard form of their own.

    Attributes:
        shortened: words that are cut short, so that a dot behind one ends nothing ("Constr. Mgr.").
        spoken: words with which a unit of several words without signs begins.
    """

    __slots__ = ("_chunks", "_forms", "_met", "_singular", "shortened", "spoken", "standards", "units")

    def __init__(self, standards: dict[str, str], units: Runs, singular: Callable[[str], str]) -> None:
        self.standards = standards
        self.units = units
        self._singular = singular
        self.shortened: set[str] = set()
        self.spoken: set[str] = set()
        self._forms: dict[str, Form] = {}
        self._met: dict[str, Form] = {}
        self._chunks: dict[str, Word] = {}

    def forget(self) -> None:
        """Forget what was met: the tables have grown since."""
        self._met.clear()
        self._chunks.clear()

    def entry(self, standard: str) -> Form:
        """The form of a word of the tables, made where it is new."""
        known = self._forms.get(standard)
        if known is None:
            standard = intern(standard)  # one object for each word: a look-up in the trie need not compare letters
            known = self._forms[standard] = Form(standard, begins_number(standard))
        return known

    def form(self, standard: str) -> Form:
        """The form of any word; what the tables do not have is not kept."""
        known = self._forms.get(standard)
        return known if known is not None else Form(intern(standard), begins_number(standard))

    def standard(self, key: str) -> str:
        """The standard form of a folded word; a plural without an entry becomes its singular."""
        known = self.standards.get(key)
        if known is not None:
            return known
        single = self._singular(key)
        return self.standards.get(single, single) if single != key else key

    def read(self, raw: str) -> list[Word]:
        """The words and signs of a cell in order; words that no neighbour can change have their forms.

        What stands between two blanks comes again and again, so that it is remembered.
        """
        if len(raw) > MAX_CHARS:
            return self._words(raw)
        words: list[Word] = []
        start = 0
        for chunk in raw.split(" "):
            word = self._chunks.get(chunk)
            if word is None:
                if is_broken(chunk):
                    return self._words(raw)
                word = self._first(chunk)
            while word is not None:
                words.append(word.behind(start) if start else word)
                word = word.then
            start += len(chunk) + 1
        return words

    def _first(self, chunk: str) -> Word | None:
        """The first word or sign of what stands between two blanks; the others follow it."""
        words = self._words(chunk)
        if not words:
            return None
        for place in range(1, len(words)):
            words[place - 1].then = words[place]
        if len(self._chunks) >= _REMEMBERED:
            self._chunks.clear()
        if len(chunk) <= _LONGEST:
            self._chunks[chunk] = words[0]
        return words[0]

    def _words(self, raw: str) -> list[Word]:
        return [Word(item.start, item.end, item.text, intern(item.name), item.is_word, self._form_of(item)) for item in tokenize(raw)]

    def _form_of(self, item: Item) -> Form:
        """The form of a word that no unit begins with and that is no single letter; of the others the neighbours decide."""
        return self._remember(item.name) if item.is_word and len(item.name) > 1 and item.name not in self.units else UNREAD

    def _remember(self, key: str) -> Form:
        known = self._met.get(key)
        if known is None:
            known = self.form(self.standard(key))
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            if len(key) <= _LONGEST:
                self._met[key] = known
        return known

    def leading(self, phrase: str) -> Form | None:
        """The form of the first word of a phrase; None where the words behind it have a say."""
        start, _, rest = phrase.partition(" ")
        form = self._plain(start)
        if form is None or self._met.get(start) is not form:
            return None  # it may be a part of a unit
        if form.joins is not None and rest:
            second = self._plain(rest.partition(" ")[0])
            if second is None or second.standard in form.joins:
                return None
        return form

    def words(self, phrase: str) -> tuple[str, ...] | None:
        """The standard forms of plain words, with runs that are also written as one word joined; None where one is not plain."""
        forms: list[Form] = []
        joins = False
        for word in phrase.split():
            form = self._plain(word)
            if form is None:
                return None
            forms.append(form)
            joins = joins or form.joins is not None
        words = [form.standard for form in forms]
        if joins:
            for start, end, standard in reversed(_runs(forms)):
                words[start:end] = [standard]
        return tuple(words)

    def _plain(self, word: str) -> Form | None:
        known = self._met.get(word)
        return known if known is not None else self._alone(word)

    def _alone(self, word: str) -> Form | None:
        """The form of a word of letters and digits beside others; None where it may be a part of a unit, or no whole word."""
        plain = word.isascii()
        if not word.isalnum() or not (plain or _MAYBE_BROKEN.isdisjoint(word)):
            return None
        name = word if plain and word.islower() else key(word)
        if name in self.spoken:
            return None
        units = self.units.get(name)
        if units is None and len(name) > 1:
            return self._remember(name)
        if units is not None and len(units[-1][0]) == 1:
            return self.form(units[-1][1])
        return self.form(self.standard(name))


def join(words: list[Word], folding: Folding) -> list[Word]:
    """`words` with runs that are also written as one word made one ("front end" is "frontend")."""
    for place in range(len(words) - 1):
        seconds = words[place].form.joins
        if seconds is not None and words[place + 1].standard in seconds:
            break
    else:
        return words  # as nearly always
    runs = _runs([word.form for word in words])
    found: list[Word] = []
    done = 0
    for start, end, standard in runs:
        found += words[done:start]
        found.append(joined(words[start:end], folding.form(standard)))
        done = end
    return found + words[done:]


def _runs(forms: list[Form]) -> list[tuple[int, int, str]]:
    """Where words are also written as one: first and last place, and the one word."""
    found: list[tuple[int, int, str]] = []
    start, last = 0, len(forms) - 1
    while start < last:
        seconds = forms[start].joins
        longest = seconds.get(forms[start + 1].standard) if seconds is not None else None
        end = start + 1
        if longest is not None:
            for names, standard in longest:
                if tuple([form.standard for form in forms[start : start + len(names)]]) == names:
                    end = start + len(names)
                    found.append((start, end, standard))
                    break
        start = end
    return found


def read_folding() -> Folding:
    """The folding of the bundled tables."""
    standards: dict[str, str] = {}
    readings: dict[str, list[str]] = {}
    joins: dict[str, Runs] = {}
    units: Runs = {}
    folding = Folding(standards, units, singular)
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
            folding.entry(name).readings = tuple([folding.entry(form) for form in forms])
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
        joins.setdefault(names[0], {}).setdefault(names[1], []).append((names, intern(standard)))
    for first, seconds in joins.items():
        folding.entry(first).joins = seconds
        for runs in seconds.values():
            runs.sort(key=lambda run: -len(run[0]))
    return folding


def _keys(text: str) -> list[str]:
    """The keys and signs of a text."""
    words = text.split()
    plain = text.isascii() and text.islower() and all(word.isalnum() for word in words)
    return words if plain else [item.name for item in tokenize(text)]


def _key(word: str) -> str:
    """The key of a word that may hold signs ("c++")."""
    return "".join(_keys(word))
