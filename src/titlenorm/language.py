"""Language: whether a title is plainly not English, so that it is said and not forced into a role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from titlenorm.word import Word

__all__ = ["NAMES", "guess_language"]

NAMES = {
    "da": "Danish", "de": "German", "es": "Spanish", "fr": "French", "id": "Indonesian", "it": "Italian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish",
}  # fmt: skip
"""Language codes of the alias rows to their names."""

_FUNCTION_WORDS: Final = {
    "de": {"der", "die", "das", "und", "fur", "im", "bei", "mit", "von", "zur", "zum", "leiter", "mitarbeiter", "fachkraft", "sachbearbeiter"},
    "es": {"el", "los", "las", "y", "del", "para", "por", "encargado", "responsable", "jefe", "asistente", "auxiliar"},
    "fr": {"le", "les", "et", "du", "des", "aux", "chez", "pour", "charge", "chargee", "responsable", "assistante", "conseiller"},
    "it": {"il", "lo", "gli", "di", "della", "dello", "delle", "responsabile", "addetto", "impiegato"},
    "nl": {"het", "een", "en", "van", "voor", "medewerker", "adviseur", "hoofd"},
    "pt": {"o", "os", "e", "do", "dos", "da", "das", "para", "encarregado", "auxiliar", "assistente", "analista"},
}


_FUNCTION_CODES: Final = {word: [code for code, words in _FUNCTION_WORDS.items() if word in words] for words in _FUNCTION_WORDS.values() for word in words}


def guess_language(words: Iterable[Word], english: Collection[str], foreign: Mapping[str, Collection[str]]) -> str:
    """The language that a title is plainly in, as a sentence part; "" when it is English or nobody can tell.

    Args:
        words: all words of the title.
        english: words that the English rows use.
        foreign: words that only rows of other languages use, with the codes of these languages.

    >>> from titlenorm.word import Form
    >>> word = lambda text: Word(0, len(text), text, text, True, Form(text))
    >>> guess_language([word("leiter"), word("der"), word("montage")], {"assembly"}, {})
    'German'
    """
    votes: dict[str, int] = {}
    against = 0
    for word in words:
        text = word.standard
        if text[:1].isalpha() and ord(text[0]) > 0x24F:
            return "a language that is not written in Latin letters"
        if text in foreign:
            for code in foreign[text]:
                votes[code] = votes.get(code, 0) + 2
        elif text in english:
            against += 2
        for code in _FUNCTION_CODES.get(text, ()):
            votes[code] = votes.get(code, 0) + 1
    most = max(votes.values(), default=0)
    best = [code for code, some in votes.items() if some == most]
    return NAMES[best[0]] if len(best) == 1 and most - against >= 2 else ""
