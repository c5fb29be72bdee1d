"""Numbers in titles: grades, experience, pay, requisition ids, dates and durations, read from the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from titlenorm.folding import Word

__all__ = ["Reading", "read_number"]

_LADDERS = frozenset({"l", "ic", "e", "m", "p", "t", "g", "gs", "nh", "o", "w", "band", "grade", "level", "lvl", "lv", "step", "scale"})
_LEADING_LADDERS = frozenset({"band", "grade", "gs", "ic"})
_LETTER_GRADE = re.compile(r"(l|ic|e|m|p|t|g|gs|lvl|lv|level|grade|band)(\d{1,2})")
_IDENTIFIER = re.compile(r"[a-z]{0,4}\d{4,}[a-z]{0,2}|\d+[a-z]+\d+\w*")
_MONEY = re.compile(r"[£$€¥₹]\d.*|(?:rm|myr|sgd|inr|rs|php|usd|aud|eur|gbp)\d{3,}k?|\d+(?:[.,]\d+)*k")
_UNITS = {
    "year": "experience", "yr": "experience", "yrs": "experience", "yoe": "experience", "month": "duration", "mth": "duration", "mths": "duration",
    "week": "duration", "wk": "duration", "wks": "duration", "hrs": "duration",
    "day": "duration", "hour": "duration", "hr": "duration", "fte": "duration", "pm": "duration", "am": "duration", "position": "count", "post": "count",
    "opening": "count", "vacancy": "count", "no": "count", "nos": "count", "lpa": "pay", "pa": "pay", "per": "pay",
}  # fmt: skip
_AFTER_UNIT = frozenset(
    {
        "experience",
        "exp",
        "old",
        "initial",
        "initially",
        "initiallys",
        "shift",
        "hour",
        "hr",
        "annum",
        "rolling",
        "plus",
        "day",
        "week",
        "month",
    }
)
_LABELS = frozenset({"req", "ref", "requisition", "id", "job", "jr", "vacancy", "posting", "reference", "number", "no", "x", "rm", "myr", "sgd", "inr", "php"})
_BEFORE_NUMBERS = _LADDERS | _LABELS
_TIERS = frozenset({"1st", "2nd", "3rd", "4th"})


class Reading(NamedTuple):
    """What a number is: words up to `end`, a place (modifier, context, noise), a category and a value."""

    end: int
    place: str
    category: str
    value: str


def read_number(words: Sequence[Word], index: int, later: bool = False) -> Reading | None:
    """What the number at `index` (or the label before one) means; None for a word that has nothing of a number.

    `later` says that clauses stand before this one: "(Level 3)" behind a role is a grade.

    >>> word = lambda text: Word(text, ())
    >>> read_number([word("engineer"), word("level"), word("2")], 1)
    Reading(end=3, place='modifier', category='grade', value='2')
    >>> read_number([word("level"), word("3"), word("support")], 0).place
    'context'
    """
    word = words[index].standard
    if word.isalpha() and word not in _BEFORE_NUMBERS:
        return None
    following = words[index + 1].standard if index + 1 < len(words) else ""
    if not any(c.isdecimal() for c in word):
        if following.isdecimal() and word in _LADDERS and len(following) <= 2:
            if index == 0 and word not in _LEADING_LADDERS and not (later and len(words) == 2):
                return Reading(index + 2, "context", "tier", f"{word} {following}")
            return Reading(index + 2, "modifier", "grade", str(int(following)))
        if word in _LABELS and following[:1].isdecimal():
            return Reading(index + 2, "noise", "requisition", following)
        return None
    if word in _TIERS:
        return Reading(index + 1 + (following == "line"), "context", "tier", word)
    grade = _LETTER_GRADE.fullmatch(word)
    if grade and (index > 0 or grade[1] in ("ic", "e", "p", "band", "grade", "gs") or int(grade[2]) > 3 or len(words) == 1):
        return Reading(index + 1, "modifier", "grade", str(int(grade[2])))
    number = word.rstrip("+%")
    if _MONEY.fullmatch(word):
        end = index + 1
        while end < len(words) and words[end].standard in (
            "k",
            "per",
            "hour",
            "hr",
            "annum",
            "pa",
            "day",
            "ote",
            "doe",
            "bonus",
            "plus",
            "to",
            "month",
            "week",
            "year",
            "hourly",
        ):
            end += 1
        return Reading(end, "noise", "pay", word)
    if number.isdecimal() and len(number) <= 2:
        unit_at = index + 1
        if (unit_at < len(words) and words[unit_at].standard in ("to", "and")) or following.rstrip("+").isdecimal():
            unit_at += 1 + (following in ("to", "and"))
        unit = _UNITS.get(words[unit_at].standard if unit_at < len(words) else "")
        if unit:
            end = unit_at + 1
            while end < len(words) and words[end].standard in _AFTER_UNIT:
                end += 1
            place = "modifier" if unit == "experience" else "noise"
            return Reading(end, place, unit, word)
        if index > 0 and number == word and len(number) == 1 and not (following and following[:1].isdecimal()):
            return Reading(index + 1, "modifier", "grade", number)
        if len(words) == 1 and number == word and word in ("1", "2", "3", "4", "5", "6"):
            return Reading(1, "modifier", "grade", word)
        return Reading(index + 1, "context", "number", word)
    if number.isdecimal() and len(number) == 4 and number[:2] in ("19", "20"):
        return Reading(index + 1, "noise", "date", word)
    if _IDENTIFIER.fullmatch(word) or number.isdecimal():
        return Reading(index + 1, "noise", "requisition", word)
    return Reading(index + 1, "context", "number", word)
