"""Segment: items become clauses of words; units such as UI/UX stay whole, gender markers become one word."""

from __future__ import annotations

from typing import Final

from titlenorm.folding import Folding, join
from titlenorm.native import mypyc_attr
from titlenorm.word import UNREAD, Runs, Word, joined

__all__ = ["GENDER", "Clause", "fold", "segment"]

GENDER: Final = "(gender)"
"""The word that stands for a gender marker or a gender ending ("m/w/d", ":in", "(e)")."""

_PER: Final = frozenset({"hr", "hour", "h", "day", "week", "wk", "month", "annum", "year", "yr"})
_AMOUNT_ENDINGS: Final = frozenset("0123456789k")
_BREAKS: Final = {"/": "/", ",": ",", "|": "|", ";": "|", "\n": "|", "(": "(", ")": ")"}
_GENDER_LETTERS: Final = frozenset("mwfdxhvkni") | {"gn"}
_GENDER_ENDINGS: Final = frozenset({"in", "innen", "r", "n", "e", "a", "o", "os", "as", "frau", "euse", "trice", "ne", "x", "s", "es"})


@mypyc_attr(acyclic=True, free_list_len=1)
class Clause:
    """The words between two separators; `sign` is the separator before it ("" at the start), `depth` counts brackets."""

    __slots__ = ("depth", "sign", "words")

    def __init__(self, sign: str, words: list[Word], depth: int) -> None:
        self.sign = sign
        self.words = words
        self.depth = depth


def segment(items: list[Word], folding: Folding) -> list[Clause]:
    """Cut `items` into clauses of words.

    Args:
        items: what `Folding.read` gave.
        folding: standard forms, joins and units.

    Returns:
        Clauses in order, none empty; every word of `items` is in exactly one word of one clause.
    """
    index, count = 0, len(items)
    while index < count and items[index].form is not UNREAD:
        index += 1
    if index == count:
        return [Clause("", join(items, folding), 0)] if items else []  # as most titles are: words alone
    clauses: list[Clause] = []
    words = items[:index]
    sign, depth = "", 0
    units = folding.units

    while index < count:
        item = items[index]
        if item.form is not UNREAD:
            words.append(item)
            index += 1
            continue
        name = item.name
        size, standard = _special(items, index, name, units)
        if size:
            words.append(joined(items[index : index + size], folding.form(standard)))
            index += size
            continue
        if item.is_word:
            words.append(item.read_as(folding.form(folding.standard(name))))
            index += 1
            continue
        index += 1
        if name == "#" and words and index < count and items[index].start == item.end and items[index].name[:1].isalpha():
            clauses.append(Clause(sign, join(words, folding), depth))
            words, sign = [], "|"  # a tag: "Technician #MCY"
            continue
        found = _BREAKS.get(name) or _loose_break(items, index - 1, name, folding)
        if found == "/" and words and index < count and items[index].name in _PER and words[-1].standard[-1:] in _AMOUNT_ENDINGS:
            continue  # "$25/hr"
        if not found:
            continue
        if found in ("&", "@"):
            words.append(Word(item.start, item.start, "", "", True, folding.form("and" if found == "&" else "at")))
            continue
        if words:
            clauses.append(Clause(sign, join(words, folding), depth))
            words, sign = [], found
        elif not (sign in ("(", "|") and found in (",", "-", ")")):
            sign = found
        depth = depth + 1 if found == "(" else max(0, depth - 1) if found == ")" else depth
    if words:
        clauses.append(Clause(sign, join(words, folding), depth))
    return clauses


def fold(phrase: str, folding: Folding) -> tuple[str, ...]:
    """The standard words of a phrase, the same way that a title is read."""
    plain = folding.words(phrase)  # as most rows are: the same answer, sooner
    if plain is not None:
        return plain
    return tuple([word.standard for clause in segment(folding.read(phrase), folding) for word in clause.words])


def _special(items: list[Word], index: int, name: str, units: Runs) -> tuple[int, str]:
    """A unit or a gender marker that begins at `index`: how many items it takes, and its standard form; (0, "") when there is none."""
    if name in units:
        size, standard = _unit(items, index, units[name])
        if size:
            return size, standard
    if items[index].is_word:
        size = _gender_run(items, index) if len(name) == 1 else 0
    else:
        size = _ending(items, index)
    return size, GENDER if size else ""


def _loose_break(items: list[Word], index: int, name: str, folding: Folding) -> str:
    """The separator that a sign is here: a hyphen or colon inside a word is none, nor a dot behind a short form; a dash between spaces is one."""
    item = items[index]
    before = index > 0 and items[index - 1].end == item.start
    after = index + 1 < len(items) and items[index + 1].start == item.end
    if name in "&+@":
        return "@" if name == "@" else "&" if index > 0 and index + 1 < len(items) else ""
    if name == "-":
        return "" if before and after else "-"
    if name == ":":
        return "" if before and after else "-"
    if name == ".":
        return "" if after or (before and items[index - 1].name in folding.shortened) else ","
    if name == "*":
        return "" if before or after else "|"
    return ""


def _unit(items: list[Word], index: int, units: list[tuple[tuple[str, ...], str]]) -> tuple[int, str]:
    """The longest unit that begins at `index`: how many items, and its standard form; (0, "") when there is none."""
    for names, standard in units:
        end = index + len(names)
        if end <= len(items) and all(items[index + n].name == name for n, name in enumerate(names)) and _whole(items, index, end):
            return len(names), standard
    return 0, ""


def _whole(items: list[Word], start: int, end: int) -> bool:
    """Whether items[start:end] stand as one unit: dots, plus and hash signs tight, no letter glued at either end."""
    for left, right in zip(items[start : end - 1], items[start + 1 : end], strict=True):
        if left.end != right.start and (left.name in ".+#" or right.name in ".+#"):
            return False
    glued_before = start > 0 and items[start - 1].end == items[start].start and items[start - 1].name in "/&" and items[start].is_word
    if items[end - 1].name == "/":  # "A/Director" is acting, "A/B Tester" is not
        return not glued_before and end < len(items) and items[end].start == items[end - 1].end and len(items[end].name) > 2
    glued_after = end < len(items) and items[end].start == items[end - 1].end and (items[end].is_word or items[end].name == "+")
    return not glued_before and not glued_after


def _gender_run(items: list[Word], index: int) -> int:
    """How many items from `index` are a gender marker such as m/w/d, H/F, m|f|x; 0 when none."""
    end = index
    letters = 0
    while end < len(items) and items[end].is_word and items[end].name in _GENDER_LETTERS:
        letters += 1
        end += 1
        if end + 1 < len(items) and items[end].name in ("/", "|", ",", "-", "*") and items[end + 1].name in _GENDER_LETTERS:
            end += 1
        else:
            break
    return end - index if letters >= 2 and items[index].name != items[end - 1].name else 0


def _ending(items: list[Word], index: int) -> int:
    """How many items from the sign at `index` are a gender or plural ending (":in", "/-in", "(e)", "(s)"); 0 when none."""
    sign = items[index]
    if index == 0 or not items[index - 1].is_word or items[index - 1].end != sign.start or len(items[index - 1].text) < 4:
        return 0
    size = 2
    if sign.name in "/(" and index + 1 < len(items) and items[index + 1].name == "-":
        size = 3
    elif sign.name not in ":/*_(·|":
        return 0
    last = index + size - 1
    if (
        last >= len(items)
        or not items[last].is_word
        or items[last].name not in _GENDER_ENDINGS
        or items[last].start != items[last - 1].end
        or items[last].text.isupper()
    ):
        return 0
    if sign.name == "(":
        return size + 1 if last + 1 < len(items) and items[last + 1].name == ")" else 0
    return size if last + 1 == len(items) or items[last + 1].start > items[last].end or not items[last + 1].is_word else 0
