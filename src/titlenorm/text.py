"""Clean: a raw cell becomes items, words and signs with their span in the raw text, and every word has one key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from titlenorm.native import mypyc_attr

__all__ = ["MAX_CHARS", "Item", "Token", "is_broken", "key", "singular", "tokenize"]

MAX_CHARS: Final = 1000
"""Characters of a cell that are read; no real title is longer, and a megabyte of junk must not take time."""

_LETTER: Final = r"(?:[^\W_]|[\u0300-\u036f\u200b-\u200d\u00ad\u2060])"
_NUMBER: Final = r"(?:[£$€¥₹]|(?i:rm|rs|myr|sgd|inr)(?=\d\d|\d,))?\d+(?:[.,:]\d+)*(?:[^\W\d_]{1,4}(?![^\W_]))?[%+]?"
_SHORT_LEVELS: Final = "".join(f"(?<!{''.join(f'[{c}{c.upper()}]' for c in word)}\\.)" for word in ("sr", "jr", "snr", "asst", "assoc", "dy", "mgr"))
_WORD: Final = rf"{_LETTER}+(?:(?:['’`]|\.{_SHORT_LEVELS}){_LETTER}+)*(?<!\.)"  # "Node.js" is one word, "Sr.Engineer" two
_ITEM: Final = re.compile(rf"({_NUMBER}(?![^\W_])|{_WORD})|([^\s\w]|_|\n)")
_BROKEN: Final = re.compile(r"[ÃÂâ\udc80-\udcff]|&[a-zA-Z#]")
_LONE_BYTE: Final = re.compile(r"[\udc80-\udcff]")  # as `surrogateescape` reads bytes that are no UTF-8
_PLAIN_ENTITY: Final = r"(?i:amp|nbsp|[nm]dash|gt|lt|bull|middot|quot|apos)"
_ITEM_REPAIRING: Final = re.compile(
    rf"({_NUMBER}(?![^\W_])|(?:[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|&(?!{_PLAIN_ENTITY};)[a-zA-Z]+;|[\udc80-\udcff]|(?!â€){_LETTER}|['’`.](?={_LETTER}))+(?<![.'’`]))"
    r"|(&(?:[a-zA-Z]+|#\d+);|â€[\u0080-\uffff]|[^\s\w]|_|\n)"
)
_ABBREVIATION: Final = 5  # a dot after a word of up to this many letters belongs to the word ("Sr.", "Assoc.")


class Token(NamedTuple):
    """A word of a raw title.

    `raw[token.start:token.end] == token.text` always holds; `key` is the folded form that tables are looked up by.
    """

    start: int
    end: int
    text: str
    key: str


@mypyc_attr(acyclic=True)
class Item:
    """A word or a sign of a raw title: `raw[start:end]` is `text`.

    `name` is the key of a word, or the one plain character that a sign is folded to ("/", ",", "-", "(", newline).
    """

    __slots__ = ("end", "is_word", "name", "start", "text")

    def __init__(self, start: int, end: int, text: str, name: str, is_word: bool) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.name = name
        self.is_word = is_word


_SIGNS: Final = {
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "―": "-", "~": "-",
    "•": "|", "·": "|", "¦": "|", "│": "|", "●": "|", "▪": "|", "►": "|", "»": "|", "«": "|", "→": "|", "\\": "/", "⁄": "/", "∕": "/",
    "[": "(", "{": "(", "]": ")", "}": ")", "、": ",", "،": ",", "；": ";",
    "&amp;": "&", "&ndash;": "-", "&mdash;": "-", "&bull;": "|", "&middot;": "|", "&gt;": "|", ">": "|", "&#38;": "&",
    "â€“": "-", "â€”": "-", "â€¢": "|",
}  # fmt: skip


def tokenize(raw: str) -> list[Item]:
    """Words and signs of `raw` in order; only the first `MAX_CHARS` characters are read.

    Args:
        raw: the cell as it came.

    Returns:
        Items whose spans index `raw`.

    >>> [item.text for item in tokenize("Sr. SWE II - Payments (Remote)")]
    ['Sr.', 'SWE', 'II', '-', 'Payments', '(', 'Remote', ')']
    """
    if raw.isascii() and raw.isalpha() and len(raw) <= MAX_CHARS:
        return [Item(0, len(raw), raw, raw.lower(), True)]
    return _scan(raw, _ITEM_REPAIRING if is_broken(raw) else _ITEM)


def is_broken(raw: str) -> bool:
    """Whether a text may hold entities or letters of a broken encoding, which can hold blanks."""
    return not (raw.isascii() and "&" not in raw) and _BROKEN.search(raw) is not None


def _scan(raw: str, pattern: re.Pattern[str]) -> list[Item]:
    """The items of a text, one match after the other."""
    items: list[Item] = []
    for match in pattern.finditer(raw, 0, MAX_CHARS):
        start, end = match.span()
        text = match.group()
        if match.lastindex == 1:
            if raw[end : end + 1] == "." and end - start <= _ABBREVIATION and not raw[end + 1 : end + 2].isalnum() and not text[0].isdigit():
                end += 1
                text = raw[start:end]
            items.append(Item(start, end, text, key(text), True))
        elif text != "." or not items or items[-1].end <= start:
            items.append(Item(start, end, text, _SIGNS.get(text.lower()) or _sign(text), False))
    return items


def _sign(text: str) -> str:
    folded = unicodedata.normalize("NFKC", _unescape(text) if len(text) > 1 else text)[:1]
    return _SIGNS.get(folded, folded or " ")


def key(word: str) -> str:
    """The folded form of one word: case, accents, dots, apostrophes, width, mojibake and entities.

    Tables and input pass through this same function.

    >>> key("C++"), key("C#"), key("V.P."), key("Développeur"), key("Men's")
    ('c++', 'c#', 'vp', 'developpeur', 'mens')
    """
    if word.isascii() and word.isalnum():
        return word.lower()
    if "&" in word and ";" in word:
        word = _unescape(word)
    if _LONE_BYTE.search(word):
        word = word.encode("utf-8", "surrogateescape").decode("cp1252", "ignore")
    if "Ã" in word or "Â" in word:
        word = _repair_mojibake(word)
    word = word.replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if c not in "'’`.\u200b\u200c\u200d\u00ad\u2060" and not unicodedata.combining(c)) or word


def _unescape(text: str) -> str:
    from html import unescape  # brings a table of 2,000 entities, which few need

    return unescape(text)


def _repair_mojibake(word: str) -> str:
    """UTF-8 that was read as cp1252, read again as what it is ("dÃ©veloppeur" is "développeur")."""
    try:
        return word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return word


def singular(word: str) -> str:
    """The singular of a folded English noun by its ending; words that only look plural are the tables' business.

    >>> singular("engineers"), singular("secretaries"), singular("boss"), singular("waitresses")
    ('engineer', 'secretary', 'boss', 'waitress')
    """
    if len(word) < 4 or word[-1] != "s" or word[-2:] in ("ss", "us", "is"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1]
