"""Numbers in titles: grades, tiers, experience, pay, requisition ids, dates, shifts and counts, read from the words around them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from titlenorm.word import Word

__all__ = ["Reading", "begins_number", "read_number"]

_LADDERS: Final = frozenset({"l", "ic", "e", "m", "p", "t", "g", "gs", "nh", "o", "w", "pgy", "band", "grade", "level", "lvl", "lv", "step", "scale"})
_LEADING_LADDERS: Final = frozenset({"band", "grade", "gs", "ic", "pgy"})
_LETTERED_LADDERS: Final = frozenset({"band", "grade", "level", "step"})
_CODE: Final = re.compile(r"(l|ic|e|m|p|t|g|gs|st|ct|pgy|lvl|lv|level|grade|band)(\d{1,2})|(fy)([12])")
_LEADING_CODES: Final = frozenset({"ic", "e", "p", "st", "ct", "pgy", "fy", "band", "grade", "gs"})
_LOW_GRADES: Final = 3  # "L2 Engineer" is second-line support, "L5 Engineer" a grade
_NO_GRADE_LETTERS: Final = frozenset(
    {"class", "team", "group", "type", "part", "plan", "section", "series", "schedule", "vitamin", "hepatitis", "category", "unit"}
)
_NUMBERED: Final = frozenset(
    {"district", "section", "zone", "route", "room", "phase", "region", "ward", "precinct", "floor", "gate", "building", "store", "site", "unit", "lane",
     "area", "stage", "day", "week", "term", "division", "block", "terminal", "warehouse", "plant", "depot", "station", "sector", "batch"}
)  # fmt: skip
"""What is counted: a number behind one is its number and no grade."""
_SUPPORT: Final = frozenset(
    {"support", "helpdesk", "desk", "desktop", "technician", "infrastructure", "network", "noc", "soc", "it", "technical", "tech", "service", "server",
     "customer", "application", "operations", "field", "windows", "linux", "escalation", "system", "systems"}
)  # fmt: skip
_FACILITY: Final = frozenset({"trauma", "nicu", "nursery", "icu", "hospital", "care"})
_IDENTIFIER: Final = re.compile(r"[a-z]{0,4}\d{4,}[a-z]{0,2}|\d+[a-z]+\d+\w*")
_MONEY: Final = re.compile(r"[£$€¥₹]\d.*|(?:rm|myr|sgd|inr|rs|php|usd|aud|eur|gbp)\d{3,}k?|\d+(?:[.,]\d+)*k")
_AFTER_MONEY: Final = frozenset(
    {"k", "per", "hour", "hr", "annum", "pa", "day", "ote", "doe", "bonus", "plus", "to", "month", "week", "year", "yr", "hourly"}
)  # fmt: skip
_UNITS: Final = {
    "year": "experience", "yr": "experience", "yrs": "experience", "yoe": "experience", "month": "duration", "mth": "duration", "mths": "duration",
    "week": "duration", "wk": "duration", "wks": "duration", "hrs": "duration",
    "day": "duration", "hour": "duration", "hr": "duration", "fte": "duration", "pm": "duration", "am": "duration", "position": "count", "post": "count",
    "opening": "count", "vacancy": "count", "no": "count", "nos": "count", "lpa": "pay", "pa": "pay", "per": "pay",
}  # fmt: skip
_AFTER_UNIT: Final = frozenset(
    {"experience", "exp", "old", "initial", "initially", "initiallys", "shift", "hour", "hr", "annum", "rolling", "plus", "day", "week", "month"}
)  # fmt: skip
_LABELS: Final = frozenset(
    {"req", "ref", "requisition", "id", "job", "jr", "vacancy", "posting", "reference", "number", "no", "x", "rm", "myr", "sgd", "inr", "php"}
)
_BEFORE_NUMBERS: Final = _LADDERS | _LABELS | {"tier"}
"""Words of more than one letter that can explain a number behind them."""
_ORDINALS: Final = {"1st": "1", "2nd": "2", "3rd": "3", "4th": "4"}
_CLOCK: Final = re.compile(r"\d{1,2}(?:[.:]\d\d)?[ap]m|\d{1,2}[.:]\d\d")
_COUNT: Final = re.compile(r"x\d{1,2}|\d{1,2}x")
_FISCAL_YEAR: Final = re.compile(r"fy\d{2}|fy\d{4}")


class Reading(NamedTuple):
    """What a number is: words up to `end`, a place (modifier, context, noise), a category and a value."""

    end: int
    place: str
    category: str
    value: str


def read_number(words: list[Word], index: int, later: bool = False) -> Reading | None:
    """What the number or grade letter at `index` (or the label before one) means; None for a word that has nothing of one.

    `later` says that clauses stand before this one: "(Level 3)" behind a role is a grade.

    >>> from titlenorm.word import Form
    >>> word = lambda text: Word(0, len(text), text, text, True, Form(text))
    >>> read_number([word("engineer"), word("level"), word("2")], 1)
    Reading(end=3, place='modifier', category='grade', value='2')
    >>> read_number([word("level"), word("3"), word("support")], 0)
    Reading(end=2, place='modifier', category='tier', value='3')
    """
    word = words[index].standard
    if word.isalpha():
        if len(word) == 1 and (letter := _grade_letter(words, index)):
            return letter
        return _after_label(words, index, later) if word in _BEFORE_NUMBERS else None
    if not any(c.isdecimal() for c in word):
        return None
    if word in _ORDINALS:
        return _ordinal(words, index)
    return _grade_code(words, index) or _pay(words, index) or _quantity(words, index) or _plain(words, index)


def begins_number(word: str) -> bool:
    """Whether a number or a grade letter can begin with a word, in its standard form.

    >>> begins_number("l3"), begins_number("level"), begins_number("b"), begins_number("baker")
    (True, True, True, False)
    """
    return not word.isalpha() or len(word) == 1 or word in _BEFORE_NUMBERS


def _at(words: list[Word], index: int) -> str:
    """The standard form of the word at `index`; empty behind the end."""
    return words[index].standard if index < len(words) else ""


def _grade_letter(words: list[Word], index: int) -> Reading | None:
    """ "Accountant B": a capital at the end of a clause is a grade without a number."""
    word = words[index]
    if not 0 < index == len(words) - 1 or word.standard not in "abcd" or words[index - 1].standard in _NO_GRADE_LETTERS:
        return None
    return Reading(index + 1, "modifier", "grade", word.standard) if word.text.isupper() else None


def _after_label(words: list[Word], index: int, later: bool) -> Reading | None:
    """A number that a word before it explains: "Level 2", "Tier 1", "Req 4567", "GS-0560-12"."""
    word, following = words[index].standard, _at(words, index + 1)
    if word == "tier":
        return Reading(index + 2, "modifier", "tier", following) if following.isdecimal() else None
    if word in _LADDERS and following.isdecimal():
        if len(following) <= 2:
            return _on_ladder(words, index, later)
        if word == "gs" and len(following) == 4 and (grade := _at(words, index + 2)).isdecimal():
            return Reading(index + 3, "modifier", "grade", str(int(grade)))
    if word in _LETTERED_LADDERS and len(following) == 1 and following in "abcd":
        return Reading(index + 2, "modifier", "grade", following)
    if word in _LABELS and following[:1].isdecimal():
        return Reading(index + 2, "noise", "requisition", following)
    return None


def _on_ladder(words: list[Word], index: int, later: bool) -> Reading:
    """ "Data Engineer Level 2" and "Level 2 Data Engineer" have a grade, "Level 2 Support" is a tier."""
    word, number = words[index].standard, words[index + 1].standard
    if word == "grade" and any(other.standard == "teacher" for other in words[index + 2 :]):
        return Reading(index + 2, "context", "number", f"{word} {number}")  # "Grade 4 Math Teacher": that of the pupils
    if index == 0 and word not in _LEADING_LADDERS and not (later and len(words) == 2):
        rest = {word.standard for word in words[2:]}
        if not rest.isdisjoint(_FACILITY) or not rest:
            return Reading(index + 2, "context", "facility", f"{word} {number}")
        if not rest.isdisjoint(_SUPPORT) or _at(words, 2) == "engineer":
            return Reading(index + 2, "modifier", "tier", number)
    return Reading(index + 2, "modifier", "grade", str(int(number)))


def _ordinal(words: list[Word], index: int) -> Reading:
    """ "2nd line" is a tier of support; another ordinal says something of the place or the time."""
    if _at(words, index + 1) == "line":
        return Reading(index + 2, "modifier", "tier", _ORDINALS[words[index].standard])
    return Reading(index + 1, "context", "number", words[index].standard)


def _grade_code(words: list[Word], index: int) -> Reading | None:
    """A letter and a number in one word: "L5", "IC4", "GS12", "ST3"; "L2" before a support word is a tier."""
    found = _CODE.fullmatch(words[index].standard)
    if found is None:
        return None
    code, number = (found[1], found[2]) if found[1] else (found[3], found[4])
    if index == 0 and len(words) > 1 and code not in _LEADING_CODES and int(number) <= _LOW_GRADES:
        tier = code in ("l", "t", "lvl", "level") and (_at(words, 1) == "engineer" or not _SUPPORT.isdisjoint(word.standard for word in words[1:]))
        return Reading(index + 1, "modifier", "tier", number) if tier else Reading(index + 1, "context", "number", words[index].standard)
    return Reading(index + 1, "modifier", "grade", str(int(number)))


def _pay(words: list[Word], index: int) -> Reading | None:
    """An amount of money and the words that belong to it: "£45k per annum"."""
    if not _MONEY.fullmatch(words[index].standard):
        return None
    end = index + 1
    while _at(words, end) in _AFTER_MONEY:
        end += 1
    return Reading(end, "noise", "pay", words[index].standard)


def _quantity(words: list[Word], index: int) -> Reading | None:
    """A number with a unit, a count, a clock or a shift pattern: "5+ years", "x3", "7pm", "4 on 4 off"."""
    word = words[index].standard
    if _COUNT.fullmatch(word):
        return Reading(index + 1, "noise", "count", word)
    if _CLOCK.fullmatch(word) and not word.replace(".", "").isdecimal():
        return Reading(index + 1, "noise", "duration", word)
    number = word.rstrip("+%")
    if not number.isdecimal() or len(number) > 2:
        return None
    if [_at(words, index + n) for n in (1, 3)] == ["on", "off"]:
        return Reading(index + 4, "modifier", "shift", "rotating")
    at, value = index + 1, word
    if _at(words, at) in ("to", "and") and _at(words, at + 1)[:1].isdecimal():
        at += 1
    if _at(words, at).rstrip("+").isdecimal():
        value = f"{word}-{_at(words, at)}"
        at += 1
    unit = _UNITS.get(_at(words, at))
    if unit is None:
        return None
    end = at + 1
    while _at(words, end) in _AFTER_UNIT:
        end += 1
    return Reading(end, "modifier" if unit == "experience" else "noise", unit, value)


def _plain(words: list[Word], index: int) -> Reading:
    """A number that nothing explains: a small one behind other words is a grade, a year a date, a long one an id."""
    word = words[index].standard
    number = word.rstrip("+%")
    if number.isdecimal() and len(number) <= 2:
        single = number == word and len(number) == 1
        behind = index > 0 and words[index - 1].standard not in _NUMBERED and not _at(words, index + 1)[:1].isdecimal()
        if single and (behind or (len(words) == 1 and word in "123456")):
            return Reading(index + 1, "modifier", "grade", word)
        return Reading(index + 1, "context", "number", word)
    if (number.isdecimal() and len(number) == 4 and number[:2] in ("19", "20")) or _FISCAL_YEAR.fullmatch(word):
        return Reading(index + 1, "noise", "date", word)
    if number.isdecimal() or _IDENTIFIER.fullmatch(word):
        return Reading(index + 1, "noise", "requisition", word)
    return Reading(index + 1, "context", "number", word)
