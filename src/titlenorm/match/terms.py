"""Terms: what two phrases can have in common: whole words and stems."""

from __future__ import annotations

from typing import Final

__all__ = ["STOP_WORDS", "stem", "terms"]

STOP_WORDS: Final = frozenset({"a", "an", "and", "at", "de", "for", "in", "of", "on", "or", "the", "to", "with"})
"""Words that say nothing of the work."""

_SUFFIXES: Final = (
    "isation", "ization", "ational", "ements", "ations", "ments", "ement", "ation", "ition", "ising", "izing", "ings", "ists", "ions", "ance", "ence", "ment",
    "ness", "ical", "able", "ible", "ist", "ing", "ion", "ers", "ors", "er", "or", "ed", "es", "al", "ic", "ly", "y", "s", "e",
)  # fmt: skip
_BY_LAST_LETTER: Final = {letter: tuple(suffix for suffix in _SUFFIXES if suffix[-1] == letter) for letter in {suffix[-1] for suffix in _SUFFIXES}}
_SHORTEST_STEM: Final = 4


def stem(word: str) -> str:
    """A word without its common endings, at least four letters long.

    >>> stem("engineering"), stem("engineers"), stem("cook")
    ('engin', 'engin', 'cook')
    """
    while True:
        for suffix in _BY_LAST_LETTER.get(word[-1:], ()):
            if len(word) - len(suffix) >= _SHORTEST_STEM and word.endswith(suffix):
                word = word[: -len(suffix)]
                break
        else:
            return word


def terms(word: str) -> tuple[str, ...]:
    """A word and its stem, marked so that they never meet each other; nothing for a stop word.

    >>> terms("engineer"), terms("of")
    (('=engineer', '~engin'), ())
    """
    return () if word in STOP_WORDS else ("=" + word, "~" + stem(word))
