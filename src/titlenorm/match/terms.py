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
_SHORTEST_STEM: Final = 4


def stem(word: str) -> str:
    """A word without its common endings, at least four letters long.

    >>> stem("engineering"), stem("engineers"), stem("cook")
    ('engin', 'engin', 'cook')
    """
    while True:
        ending = next((suffix for suffix in _SUFFIXES if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM), "")
        if not ending:
            return word
        word = word[: -len(ending)]


def terms(word: str) -> tuple[str, ...]:
    """A word and its stem, marked so that they never meet each other; nothing for a stop word.

    >>> terms("engineer"), terms("of")
    (('=engineer', '~engin'), ())
    """
    return () if word in STOP_WORDS else ("=" + word, "~" + stem(word))
